"""When scheduled tasks last ran, and when other machines last did what they were asked to."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("proctoring", "0007_inbox_sent_at"),
    ]

    operations = [
        migrations.CreateModel(
            name="Contact",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=64, unique=True, verbose_name="name")),
                ("succeeded_at", models.DateTimeField(blank=True, null=True, verbose_name="last success")),
                ("failed_at", models.DateTimeField(blank=True, null=True, verbose_name="last failure")),
                ("failing_since", models.DateTimeField(blank=True, null=True, verbose_name="failing since")),
                ("error_code", models.CharField(blank=True, default="", max_length=128, verbose_name="last error")),
            ],
            options={
                "verbose_name": "contact",
                "verbose_name_plural": "contacts",
                "db_table": "proctoring_contact",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="ScheduledRun",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=128, unique=True, verbose_name="task")),
                (
                    "created",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="first run"),
                ),
                ("started_at", models.DateTimeField(verbose_name="started")),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="finished")),
                ("succeeded_at", models.DateTimeField(blank=True, null=True, verbose_name="last success")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("done", "done"), ("failed", "failed")],
                        default="",
                        max_length=16,
                        verbose_name="outcome",
                    ),
                ),
                ("done", models.PositiveIntegerField(default=0, verbose_name="done")),
                ("error_code", models.CharField(blank=True, default="", max_length=128, verbose_name="error")),
            ],
            options={
                "verbose_name": "scheduled task",
                "verbose_name_plural": "operations",
                "db_table": "proctoring_scheduledrun",
                "permissions": [("view_operations", "Can see how operations stand")],
                "default_permissions": (),
            },
        ),
    ]

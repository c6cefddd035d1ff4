"""What staff do to rows in the admin, and who may decide."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("proctoring", "0009_attempt_lists"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="proctoredexamsoftwaresecurereview",
            options={
                "permissions": [
                    ("review_attempts", "Can decide on reviews and attempts"),
                    ("view_review_payload", "Can see what vendors say in reviews"),
                ],
                "verbose_name": "review",
                "verbose_name_plural": "reviews",
            },
        ),
        migrations.CreateModel(
            name="StaffAction",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("verb", models.CharField(max_length=64, verbose_name="action")),
                ("ids", models.JSONField(default=list, editable=False)),
                ("marks", models.JSONField(default=list, editable=False)),
                ("reason", models.CharField(blank=True, default="", max_length=500, verbose_name="reason")),
                (
                    "state",
                    models.CharField(
                        choices=[("planned", "not confirmed"), ("running", "under way"), ("done", "done")],
                        default="planned",
                        max_length=16,
                        verbose_name="state",
                    ),
                ),
                ("total", models.PositiveIntegerField(default=0, verbose_name="rows")),
                ("position", models.PositiveIntegerField(default=0, editable=False)),
                ("done", models.PositiveIntegerField(default=0, verbose_name="done")),
                ("refused", models.PositiveIntegerField(default=0, verbose_name="refused")),
                ("refusals", models.JSONField(default=list, editable=False, verbose_name="what was refused")),
                (
                    "created",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="chosen"),
                ),
                ("confirmed_at", models.DateTimeField(blank=True, null=True, verbose_name="confirmed")),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="finished")),
                ("leased_until", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "action of staff",
                "verbose_name_plural": "actions of staff",
                "db_table": "proctoring_staffaction",
                "default_permissions": ("view",),
                "indexes": [models.Index(fields=["state", "created"], name="proctoring_action_state")],
            },
        ),
    ]

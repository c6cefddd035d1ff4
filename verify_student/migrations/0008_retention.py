"""Legal holds, certificates of erasure, and checksums of photos that are gone."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import proctoring.common.retention.holds


class Migration(migrations.Migration):
    dependencies = [
        ("verify_student", "0007_audit_log"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ErasureCertificate",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("learner", models.CharField(db_index=True, max_length=64, verbose_name="learner")),
                (
                    "erased_at",
                    models.DateTimeField(
                        db_index=True, default=django.utils.timezone.now, editable=False, verbose_name="erased"
                    ),
                ),
                ("content", models.JSONField(default=dict, editable=False)),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
            ],
            options={
                "verbose_name": "certificate of erasure",
                "verbose_name_plural": "certificates of erasure",
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="PendingErasure",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("user_id", models.BigIntegerField(unique=True, verbose_name="learner")),
                (
                    "asked_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="asked"),
                ),
                ("asked_by", models.CharField(default="platform", max_length=64, verbose_name="asked by")),
                ("is_held", models.BooleanField(default=False, verbose_name="held")),
                ("parts", models.JSONField(default=list, editable=False)),
                ("withheld", models.PositiveIntegerField(default=0, editable=False)),
                ("erased", models.JSONField(default=list, editable=False)),
            ],
            options={
                "verbose_name": "erasure that is not complete",
                "verbose_name_plural": "erasures that are not complete",
                "default_permissions": ("view",),
            },
        ),
        migrations.AddField(
            model_name="storedphoto",
            name="sha256",
            field=models.CharField(blank=True, default="", max_length=64, verbose_name="SHA-256"),
        ),
        migrations.CreateModel(
            name="VendorErasure",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("learner", models.CharField(max_length=64, verbose_name="learner")),
                ("vendor", models.CharField(max_length=191, verbose_name="vendor")),
                (
                    "asked_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="asked"),
                ),
                ("confirmed_at", models.DateTimeField(blank=True, null=True, verbose_name="confirmed")),
            ],
            options={
                "verbose_name": "erasure by a provider",
                "verbose_name_plural": "erasures by providers",
                "default_permissions": ("view",),
                "constraints": [
                    models.UniqueConstraint(fields=("learner", "vendor"), name="verify_student_vendorerasure_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="RetentionHold",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("reason", models.CharField(max_length=500, verbose_name="reason")),
                ("case_reference", models.CharField(blank=True, default="", max_length=100, verbose_name="case")),
                (
                    "placed_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="placed"),
                ),
                ("lifted_at", models.DateTimeField(editable=False, null=True, verbose_name="lifted")),
                (
                    "lifted_because",
                    models.CharField(blank=True, default="", max_length=500, verbose_name="reason for lifting"),
                ),
                (
                    "lifted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="lifted by",
                    ),
                ),
                (
                    "placed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="placed by",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=proctoring.common.retention.holds.keep_while_held,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="learner",
                    ),
                ),
            ],
            options={
                "verbose_name": "legal hold",
                "verbose_name_plural": "legal holds",
                "permissions": [("hold_data", "Can place and lift legal holds")],
                "default_permissions": ("view",),
                "indexes": [models.Index(fields=["lifted_at", "user"], name="verify_student_hold_learner")],
            },
        ),
    ]

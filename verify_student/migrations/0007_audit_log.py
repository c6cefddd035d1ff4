"""Decisions, and looks at evidence, in a log that nobody can change unseen."""

import uuid

import django.utils.timezone
from django.db import migrations, models

from proctoring.common.audit.triggers import AppendOnlyTrigger


class Migration(migrations.Migration):
    dependencies = [
        ("verify_student", "0006_staff_lists"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "at",
                    models.DateTimeField(
                        db_index=True, default=django.utils.timezone.now, editable=False, verbose_name="when"
                    ),
                ),
                ("event", models.CharField(db_index=True, max_length=64, verbose_name="event")),
                ("subject_kind", models.CharField(max_length=64, verbose_name="kind of subject")),
                ("subject_id", models.CharField(max_length=128, verbose_name="subject")),
                ("actor_id", models.BigIntegerField(blank=True, db_index=True, null=True, verbose_name="who")),
                (
                    "actor_kind",
                    models.CharField(
                        choices=[("person", "person"), ("vendor", "vendor"), ("system", "system")],
                        max_length=16,
                        verbose_name="kind of actor",
                    ),
                ),
                ("facts", models.TextField(default="{}", verbose_name="facts")),
                ("stamp", models.CharField(editable=False, max_length=160)),
                (
                    "sequence",
                    models.BigIntegerField(blank=True, editable=False, null=True, unique=True, verbose_name="place"),
                ),
                (
                    "previous",
                    models.CharField(blank=True, default="", editable=False, max_length=64, verbose_name="seal before"),
                ),
                ("seal", models.CharField(blank=True, default="", editable=False, max_length=64, verbose_name="seal")),
                ("key_id", models.CharField(blank=True, default="", editable=False, max_length=64, verbose_name="key")),
            ],
            options={
                "verbose_name": "audit entry",
                "verbose_name_plural": "audit log",
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["sequence", "id"], name="verify_student_audit_unsealed"),
                    models.Index(fields=["subject_id", "subject_kind"], name="verify_student_audit_subject"),
                ],
            },
        ),
        AppendOnlyTrigger("verify_student_auditentry"),
    ]

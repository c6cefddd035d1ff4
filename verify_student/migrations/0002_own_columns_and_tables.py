import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("verify_student", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="softwaresecurephotoverification",
            name="provider",
            field=models.CharField(blank=True, default="", max_length=64, verbose_name="provider"),
        ),
        migrations.AddField(
            model_name="softwaresecurephotoverification",
            name="queued_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="queued"),
        ),
        migrations.CreateModel(
            name="InboxDelivery",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("source", models.CharField(max_length=64, verbose_name="source")),
                ("kind", models.CharField(max_length=64, verbose_name="kind")),
                ("subject", models.CharField(db_index=True, max_length=191, verbose_name="subject")),
                ("delivery_id", models.CharField(max_length=128, verbose_name="delivery id")),
                ("body", models.BinaryField()),
                ("body_size", models.PositiveIntegerField(verbose_name="size in bytes")),
                ("sender", models.CharField(blank=True, default="", max_length=191, verbose_name="sender")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "received"),
                            ("applied", "applied"),
                            ("refused", "refused"),
                            ("failed", "failed"),
                        ],
                        default="received",
                        max_length=16,
                        verbose_name="state",
                    ),
                ),
                ("tries", models.PositiveIntegerField(default=0, verbose_name="tries")),
                ("deliveries", models.PositiveIntegerField(default=1, verbose_name="times delivered")),
                ("error_code", models.CharField(blank=True, default="", max_length=128, verbose_name="error")),
                (
                    "received_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="received"),
                ),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent")),
                ("handled_at", models.DateTimeField(blank=True, null=True, verbose_name="handled")),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="next try")),
            ],
            options={
                "verbose_name": "provider's result",
                "verbose_name_plural": "providers' results",
                "permissions": [
                    ("view_inboxdelivery_payload", "Can see the contents of providers' results"),
                    ("replay_inboxdelivery", "Can apply providers' results again"),
                ],
                "indexes": [
                    models.Index(fields=["state", "received_at"], name="verify_student_inbox_state"),
                    models.Index(fields=["state", "due_at"], name="verify_student_inbox_due"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("source", "delivery_id"), name="verify_student_inbox_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="OutboxMessage",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=64, verbose_name="kind")),
                ("destination", models.CharField(blank=True, default="", max_length=64, verbose_name="destination")),
                ("stream", models.CharField(blank=True, default="", max_length=64)),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("payload", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[("pending", "waiting"), ("done", "done"), ("dead", "dead letter")],
                        default="pending",
                        max_length=16,
                        verbose_name="state",
                    ),
                ),
                ("tries", models.PositiveIntegerField(default=0, verbose_name="tries")),
                ("due_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="next try")),
                ("leased_until", models.DateTimeField(blank=True, null=True)),
                ("error_code", models.CharField(blank=True, default="", max_length=128, verbose_name="last error")),
                (
                    "created",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="written"),
                ),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="done at")),
            ],
            options={
                "verbose_name": "outgoing message",
                "verbose_name_plural": "outgoing messages",
                "permissions": [("redeliver_outboxmessage", "Can send outgoing messages again")],
                "indexes": [
                    models.Index(fields=["state", "due_at"], name="verify_student_outbox_due"),
                    models.Index(fields=["stream", "state"], name="verify_student_outbox_stream"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PhotoAccess",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[("face", "face"), ("photo_id", "ID")], max_length=16, verbose_name="kind"
                    ),
                ),
                ("purpose", models.CharField(max_length=64, verbose_name="purpose")),
                (
                    "at",
                    models.DateTimeField(
                        db_index=True, default=django.utils.timezone.now, editable=False, verbose_name="when"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who",
                    ),
                ),
                (
                    "verification",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="accesses",
                        to="verify_student.softwaresecurephotoverification",
                        verbose_name="verification",
                    ),
                ),
            ],
            options={
                "verbose_name": "look at a photo",
                "verbose_name_plural": "looks at photos",
            },
        ),
        migrations.CreateModel(
            name="LocalOpinion",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("approves", models.BooleanField(verbose_name="approves")),
                ("reasons", models.CharField(blank=True, default="", max_length=255, verbose_name="reasons")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="when")),
                (
                    "reviewer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="reviewer",
                    ),
                ),
                (
                    "verification",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="opinions",
                        to="verify_student.softwaresecurephotoverification",
                        verbose_name="verification",
                    ),
                ),
            ],
            options={
                "verbose_name": "reviewer's opinion",
                "verbose_name_plural": "reviewers' opinions",
                "constraints": [
                    models.UniqueConstraint(fields=("verification", "reviewer"), name="verify_student_opinion_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="StoredPhoto",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[("face", "face"), ("photo_id", "ID")], max_length=16, verbose_name="kind"
                    ),
                ),
                ("name", models.CharField(max_length=255, verbose_name="file")),
                ("vendor_name", models.CharField(blank=True, default="", max_length=255, verbose_name="vendor's file")),
                ("key_id", models.CharField(max_length=64, verbose_name="key")),
                ("content_type", models.CharField(max_length=32, verbose_name="type")),
                ("size", models.PositiveIntegerField(verbose_name="size in bytes")),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="taken"),
                ),
                ("deleted_at", models.DateTimeField(blank=True, null=True, verbose_name="deleted")),
                (
                    "verification",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="photos",
                        to="verify_student.softwaresecurephotoverification",
                        verbose_name="verification",
                    ),
                ),
            ],
            options={
                "verbose_name": "photo",
                "verbose_name_plural": "photos",
                "permissions": [("see_photos", "Can see learners' photos")],
                "indexes": [models.Index(fields=["deleted_at", "created_at"], name="verify_student_photo_age")],
                "constraints": [
                    models.UniqueConstraint(fields=("verification", "kind"), name="verify_student_photo_once")
                ],
            },
        ),
    ]

import django.db.models.deletion
import django.utils.timezone
import model_utils.fields
from django.conf import settings
from django.db import migrations, models

import verify_student.models.base
import verify_student.models.photos


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="VerificationDeadline",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "created",
                    model_utils.fields.AutoCreatedField(
                        default=django.utils.timezone.now, editable=False, verbose_name="created"
                    ),
                ),
                (
                    "modified",
                    model_utils.fields.AutoLastModifiedField(
                        default=django.utils.timezone.now, editable=False, verbose_name="modified"
                    ),
                ),
                ("course_key", models.CharField(db_index=True, max_length=255, unique=True, verbose_name="course")),
                ("deadline", models.DateTimeField(verbose_name="deadline")),
                ("deadline_is_explicit", models.BooleanField(default=False, verbose_name="set by a person")),
            ],
            options={
                "verbose_name": "verification deadline",
                "verbose_name_plural": "verification deadlines",
            },
        ),
        migrations.CreateModel(
            name="ManualVerification",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "status",
                    model_utils.fields.StatusField(
                        choices=[
                            ("created", "created"),
                            ("ready", "ready"),
                            ("submitted", "submitted"),
                            ("must_retry", "must retry"),
                            ("approved", "approved"),
                            ("denied", "denied"),
                        ],
                        default="created",
                        max_length=100,
                        no_check_for_status=True,
                        verbose_name="status",
                    ),
                ),
                (
                    "status_changed",
                    model_utils.fields.MonitorField(
                        default=django.utils.timezone.now, monitor="status", verbose_name="status changed"
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=255, verbose_name="name")),
                ("created_at", models.DateTimeField(auto_now_add=True, db_index=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, db_index=True, verbose_name="updated")),
                (
                    "expiration_date",
                    models.DateTimeField(
                        blank=True,
                        db_index=True,
                        default=verify_student.models.base.default_expiration,
                        null=True,
                        verbose_name="counts until",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=255, verbose_name="reason")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL, verbose_name="learner"
                    ),
                ),
            ],
            options={
                "verbose_name": "manual verification",
                "verbose_name_plural": "manual verifications",
            },
        ),
        migrations.CreateModel(
            name="SoftwareSecurePhotoVerification",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "status",
                    model_utils.fields.StatusField(
                        choices=[
                            ("created", "created"),
                            ("ready", "ready"),
                            ("submitted", "submitted"),
                            ("must_retry", "must retry"),
                            ("approved", "approved"),
                            ("denied", "denied"),
                        ],
                        default="created",
                        max_length=100,
                        no_check_for_status=True,
                        verbose_name="status",
                    ),
                ),
                (
                    "status_changed",
                    model_utils.fields.MonitorField(
                        default=django.utils.timezone.now, monitor="status", verbose_name="status changed"
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=255, verbose_name="name")),
                ("created_at", models.DateTimeField(auto_now_add=True, db_index=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, db_index=True, verbose_name="updated")),
                (
                    "expiration_date",
                    models.DateTimeField(
                        blank=True,
                        db_index=True,
                        default=verify_student.models.base.default_expiration,
                        null=True,
                        verbose_name="counts until",
                    ),
                ),
                ("face_image_url", models.URLField(blank=True, max_length=255)),
                ("photo_id_image_url", models.URLField(blank=True, max_length=255)),
                (
                    "receipt_id",
                    models.CharField(
                        db_index=True,
                        default=verify_student.models.photos.new_receipt_id,
                        max_length=255,
                        verbose_name="receipt",
                    ),
                ),
                ("display", models.BooleanField(db_index=True, default=True)),
                ("submitted_at", models.DateTimeField(blank=True, db_index=True, null=True, verbose_name="handed in")),
                ("reviewing_service", models.CharField(blank=True, max_length=255, verbose_name="reviewed by")),
                ("error_msg", models.TextField(blank=True, verbose_name="reasons")),
                ("error_code", models.CharField(blank=True, max_length=50, verbose_name="code")),
                ("photo_id_key", models.TextField(max_length=1024)),
                (
                    "expiry_email_date",
                    models.DateTimeField(blank=True, db_index=True, null=True, verbose_name="reminded of the end"),
                ),
                (
                    "copy_id_photo_from",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to="verify_student.softwaresecurephotoverification",
                        verbose_name="ID photo of",
                    ),
                ),
                (
                    "reviewing_user",
                    models.ForeignKey(
                        blank=True,
                        default=None,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="photo_verifications_reviewed",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="reviewer",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL, verbose_name="learner"
                    ),
                ),
            ],
            options={
                "verbose_name": "photo verification",
                "verbose_name_plural": "photo verifications",
                "ordering": ["-created_at"],
            },
        ),
        migrations.CreateModel(
            name="SSOVerification",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "status",
                    model_utils.fields.StatusField(
                        choices=[
                            ("created", "created"),
                            ("ready", "ready"),
                            ("submitted", "submitted"),
                            ("must_retry", "must retry"),
                            ("approved", "approved"),
                            ("denied", "denied"),
                        ],
                        default="created",
                        max_length=100,
                        no_check_for_status=True,
                        verbose_name="status",
                    ),
                ),
                (
                    "status_changed",
                    model_utils.fields.MonitorField(
                        default=django.utils.timezone.now, monitor="status", verbose_name="status changed"
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=255, verbose_name="name")),
                ("created_at", models.DateTimeField(auto_now_add=True, db_index=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, db_index=True, verbose_name="updated")),
                (
                    "expiration_date",
                    models.DateTimeField(
                        blank=True,
                        db_index=True,
                        default=verify_student.models.base.default_expiration,
                        null=True,
                        verbose_name="counts until",
                    ),
                ),
                (
                    "identity_provider_type",
                    models.CharField(
                        choices=[
                            ("common.djangoapps.third_party_auth.models.OAuth2ProviderConfig", "OAuth2 Provider"),
                            ("common.djangoapps.third_party_auth.models.SAMLProviderConfig", "SAML Provider"),
                            ("common.djangoapps.third_party_auth.models.LTIProviderConfig", "LTI Provider"),
                        ],
                        default="common.djangoapps.third_party_auth.models.SAMLProviderConfig",
                        max_length=100,
                        verbose_name="kind of identity provider",
                    ),
                ),
                (
                    "identity_provider_slug",
                    models.SlugField(default="default", max_length=30, verbose_name="identity provider"),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL, verbose_name="learner"
                    ),
                ),
            ],
            options={
                "verbose_name": "single-sign-on verification",
                "verbose_name_plural": "single-sign-on verifications",
            },
        ),
        migrations.CreateModel(
            name="SSPVerificationRetryConfig",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("change_date", models.DateTimeField(auto_now_add=True, verbose_name="changed")),
                ("enabled", models.BooleanField(default=False, verbose_name="enabled")),
                ("arguments", models.TextField(blank=True, default="", verbose_name="arguments")),
                (
                    "changed_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="changed by",
                    ),
                ),
            ],
            options={
                "verbose_name": "sspv retry student argument",
                "ordering": ("-change_date",),
            },
        ),
        migrations.CreateModel(
            name="VerificationAttempt",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "status",
                    model_utils.fields.StatusField(
                        choices=[
                            ("created", "created"),
                            ("pending", "pending"),
                            ("approved", "approved"),
                            ("denied", "denied"),
                        ],
                        default="created",
                        max_length=100,
                        no_check_for_status=True,
                        verbose_name="status",
                    ),
                ),
                (
                    "status_changed",
                    model_utils.fields.MonitorField(
                        default=django.utils.timezone.now, monitor="status", verbose_name="status changed"
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=255, verbose_name="name")),
                ("expiration_datetime", models.DateTimeField(blank=True, null=True, verbose_name="counts until")),
                (
                    "hide_status_from_user",
                    models.BooleanField(default=False, null=True, verbose_name="hidden from the learner"),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, db_index=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, db_index=True, verbose_name="updated")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL, verbose_name="learner"
                    ),
                ),
            ],
            options={
                "verbose_name": "verification by a plug-in",
                "verbose_name_plural": "verifications by plug-ins",
            },
        ),
    ]

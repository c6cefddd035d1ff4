"""The published schema (contract python.md §1); existing sites adopt it with ``migrate --fake-initial``."""

import django.db.models.deletion
import django.utils.timezone
import model_utils.fields
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoricalProctoredExam",
            fields=[
                ("id", models.IntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
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
                ("course_id", models.CharField(db_index=True, max_length=255)),
                ("content_id", models.CharField(db_index=True, max_length=255)),
                ("external_id", models.CharField(db_index=True, max_length=255, null=True)),
                ("exam_name", models.TextField()),
                ("time_limit_mins", models.IntegerField()),
                ("due_date", models.DateTimeField(null=True)),
                ("is_proctored", models.BooleanField(default=False)),
                ("is_practice_exam", models.BooleanField(default=False)),
                ("is_active", models.BooleanField(default=False)),
                ("hide_after_due", models.BooleanField(default=False)),
                ("backend", models.CharField(default=None, max_length=255, null=True)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField()),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical exam",
                "verbose_name_plural": "historical exams",
                "db_table": "proctoring_proctoredexamhistory",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="ProctoredExam",
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
                ("course_id", models.CharField(db_index=True, max_length=255)),
                ("content_id", models.CharField(db_index=True, max_length=255)),
                ("external_id", models.CharField(db_index=True, max_length=255, null=True)),
                ("exam_name", models.TextField()),
                ("time_limit_mins", models.IntegerField()),
                ("due_date", models.DateTimeField(null=True)),
                ("is_proctored", models.BooleanField(default=False)),
                ("is_practice_exam", models.BooleanField(default=False)),
                ("is_active", models.BooleanField(default=False)),
                ("hide_after_due", models.BooleanField(default=False)),
                ("backend", models.CharField(default=None, max_length=255, null=True)),
            ],
            options={
                "verbose_name": "exam",
                "verbose_name_plural": "exams",
                "unique_together": {("course_id", "content_id")},
            },
        ),
        migrations.CreateModel(
            name="HistoricalProctoredExamStudentAttempt",
            fields=[
                ("id", models.IntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
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
                ("started_at", models.DateTimeField(null=True)),
                ("completed_at", models.DateTimeField(null=True)),
                ("attempt_code", models.CharField(db_index=True, max_length=255, null=True)),
                ("external_id", models.CharField(db_index=True, max_length=255, null=True)),
                ("allowed_time_limit_mins", models.IntegerField(null=True)),
                ("status", models.CharField(max_length=64)),
                ("taking_as_proctored", models.BooleanField(default=False)),
                ("is_sample_attempt", models.BooleanField(default=False)),
                ("review_policy_id", models.IntegerField(null=True)),
                ("is_status_acknowledged", models.BooleanField(default=False)),
                ("time_remaining_seconds", models.IntegerField(null=True)),
                ("is_resumable", models.BooleanField(default=False)),
                ("ready_to_resume", models.BooleanField(default=False)),
                ("resumed", models.BooleanField(default=False)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField()),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proctored_exam",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="proctoring.proctoredexam",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical attempt",
                "verbose_name_plural": "historical attempts",
                "db_table": "proctoring_proctoredexamstudentattempt_history",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="ProctoredExamReviewPolicy",
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
                ("review_policy", models.TextField(default="")),
                (
                    "proctored_exam",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="proctoring.proctoredexam"),
                ),
                (
                    "set_by_user",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "verbose_name": "review policy",
                "verbose_name_plural": "review policies",
            },
        ),
        migrations.CreateModel(
            name="ProctoredExamReviewPolicyHistory",
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
                ("original_id", models.IntegerField(db_index=True)),
                ("review_policy", models.TextField()),
                (
                    "proctored_exam",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="proctoring.proctoredexam"),
                ),
                (
                    "set_by_user",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "verbose_name": "former review policy",
                "verbose_name_plural": "former review policies",
            },
        ),
        migrations.CreateModel(
            name="ProctoredExamSoftwareSecureReview",
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
                ("is_attempt_active", models.BooleanField(default=True)),
                ("review_status", models.CharField(max_length=255)),
                ("raw_data", models.TextField()),
                ("encrypted_video_url", models.BinaryField(null=True)),
                ("attempt_code", models.CharField(max_length=255, unique=True)),
                (
                    "exam",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, to="proctoring.proctoredexam"
                    ),
                ),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "student",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "review",
                "verbose_name_plural": "reviews",
            },
        ),
        migrations.CreateModel(
            name="ProctoredExamSoftwareSecureComment",
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
                ("start_time", models.IntegerField()),
                ("stop_time", models.IntegerField()),
                ("duration", models.IntegerField()),
                ("comment", models.TextField()),
                ("status", models.CharField(max_length=255)),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="proctoring.proctoredexamsoftwaresecurereview"
                    ),
                ),
            ],
            options={
                "verbose_name": "review comment",
                "verbose_name_plural": "review comments",
                "db_table": "proctoring_proctoredexamstudentattemptcomment",
            },
        ),
        migrations.CreateModel(
            name="ProctoredExamSoftwareSecureReviewHistory",
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
                ("is_attempt_active", models.BooleanField(default=True)),
                ("review_status", models.CharField(max_length=255)),
                ("raw_data", models.TextField()),
                ("encrypted_video_url", models.BinaryField(null=True)),
                ("attempt_code", models.CharField(db_index=True, max_length=255)),
                (
                    "exam",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, to="proctoring.proctoredexam"
                    ),
                ),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "student",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "former review",
                "verbose_name_plural": "former reviews",
            },
        ),
        migrations.CreateModel(
            name="ProctoredExamStudentAllowanceHistory",
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
                ("allowance_id", models.IntegerField()),
                ("key", models.CharField(max_length=255)),
                ("value", models.CharField(max_length=255)),
                (
                    "proctored_exam",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="proctoring.proctoredexam"),
                ),
                ("user", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "verbose_name": "former allowance",
                "verbose_name_plural": "former allowances",
            },
        ),
        migrations.CreateModel(
            name="ProctoredExamStudentAttempt",
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
                ("started_at", models.DateTimeField(null=True)),
                ("completed_at", models.DateTimeField(null=True)),
                ("attempt_code", models.CharField(db_index=True, max_length=255, null=True)),
                ("external_id", models.CharField(db_index=True, max_length=255, null=True)),
                ("allowed_time_limit_mins", models.IntegerField(null=True)),
                ("status", models.CharField(max_length=64)),
                ("taking_as_proctored", models.BooleanField(default=False)),
                ("is_sample_attempt", models.BooleanField(default=False)),
                ("review_policy_id", models.IntegerField(null=True)),
                ("is_status_acknowledged", models.BooleanField(default=False)),
                ("time_remaining_seconds", models.IntegerField(null=True)),
                ("is_resumable", models.BooleanField(default=False)),
                ("ready_to_resume", models.BooleanField(default=False)),
                ("resumed", models.BooleanField(default=False)),
                (
                    "proctored_exam",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="proctoring.proctoredexam"),
                ),
                ("user", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "verbose_name": "attempt",
                "verbose_name_plural": "attempts",
            },
        ),
        migrations.CreateModel(
            name="ProctoredExamStudentAllowance",
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
                ("key", models.CharField(max_length=255)),
                ("value", models.CharField(max_length=255)),
                (
                    "proctored_exam",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="proctoring.proctoredexam"),
                ),
                ("user", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "verbose_name": "allowance",
                "verbose_name_plural": "allowances",
                "unique_together": {("user", "proctored_exam", "key")},
            },
        ),
    ]

"""What staff's lists are looked through by, and the queue of local review."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("verify_student", "0005_staff_actions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="outboxmessage",
            options={
                "permissions": [
                    ("view_outboxmessage_payload", "Can see the contents of outgoing messages"),
                    ("redeliver_outboxmessage", "Can send outgoing messages again"),
                ],
                "verbose_name": "outgoing message",
                "verbose_name_plural": "outgoing messages",
            },
        ),
        migrations.AddIndex(
            model_name="localopinion",
            index=models.Index(fields=["at"], name="verify_student_opinion_at"),
        ),
        migrations.AddIndex(
            model_name="manualverification",
            index=models.Index(fields=["reason"], name="verify_student_manual_reason"),
        ),
        migrations.AddIndex(
            model_name="softwaresecurephotoverification",
            index=models.Index(fields=["provider", "status", "created_at"], name="verify_student_queue"),
        ),
        migrations.AddIndex(
            model_name="storedphoto",
            index=models.Index(fields=["created_at"], name="verify_student_photo_made"),
        ),
        migrations.AddIndex(
            model_name="verificationattempt",
            index=models.Index(fields=["status", "created_at"], name="verify_student_attempt_status"),
        ),
        migrations.AddIndex(
            model_name="verificationattempt",
            index=models.Index(fields=["name"], name="verify_student_attempt_name"),
        ),
        migrations.AddIndex(
            model_name="verificationdeadline",
            index=models.Index(fields=["deadline"], name="verify_student_deadline_at"),
        ),
    ]

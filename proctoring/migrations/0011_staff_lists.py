"""Lists of staff read attempts, reviews and allowances in the order of their last change, without sorting them all."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("proctoring", "0010_staff_actions"),
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
            model_name="proctoredexamsoftwaresecurereview",
            index=models.Index(fields=["modified", "id"], name="proctoring_review_changed"),
        ),
        migrations.AddIndex(
            model_name="proctoredexamsoftwaresecurereviewhistory",
            index=models.Index(fields=["modified", "id"], name="proctoring_former_changed"),
        ),
        migrations.AddIndex(
            model_name="proctoredexamstudentallowance",
            index=models.Index(fields=["modified"], name="proctoring_allowance_changed"),
        ),
        migrations.AddIndex(
            model_name="proctoredexamstudentallowancehistory",
            index=models.Index(fields=["created"], name="proctoring_former_created"),
        ),
        migrations.AddIndex(
            model_name="proctoredexamstudentattempt",
            index=models.Index(fields=["modified", "id"], name="proctoring_attempt_changed"),
        ),
    ]

"""Lists of a course read the attempts of each exam in the order of their making, and a learner's at an exam."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("proctoring", "0008_scheduled_runs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="proctoredexamstudentattempt",
            index=models.Index(fields=["proctored_exam", "created"], name="proctoring_attempt_of_exam"),
        ),
        migrations.AddIndex(
            model_name="proctoredexamstudentattempt",
            index=models.Index(fields=["proctored_exam", "status", "created"], name="proctoring_attempt_by_status"),
        ),
        migrations.AddIndex(
            model_name="proctoredexamstudentattempt",
            index=models.Index(fields=["proctored_exam", "user", "created"], name="proctoring_attempt_of_pair"),
        ),
    ]

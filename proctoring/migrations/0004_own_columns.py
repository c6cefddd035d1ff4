"""Columns of our own: the instant a running attempt's time is over, and the multiplier behind granted minutes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("proctoring", "0003_inbox_outbox"),
    ]

    operations = [
        migrations.AddField(
            model_name="proctoredexamstudentattempt",
            name="deadline_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="historicalproctoredexamstudentattempt",
            name="deadline_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name="proctoredexamstudentattempt",
            index=models.Index(fields=["status", "deadline_at"], name="proctoring_attempt_deadline"),
        ),
        migrations.AddField(
            model_name="proctoredexamstudentallowance",
            name="multiplier",
            field=models.DecimalField(decimal_places=3, max_digits=6, null=True),
        ),
        migrations.AddField(
            model_name="proctoredexamstudentallowancehistory",
            name="multiplier",
            field=models.DecimalField(decimal_places=3, max_digits=6, null=True),
        ),
    ]

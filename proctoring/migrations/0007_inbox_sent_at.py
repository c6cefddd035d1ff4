"""When a vendor sent its message, by its own clock: an older review never takes the place of a newer one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("proctoring", "0006_course_holds"),
    ]

    operations = [
        migrations.AddField(
            model_name="inboxdelivery",
            name="sent_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="sent"),
        ),
    ]

"""Histories are read by date: index the column, which the published schema leaves out."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("proctoring", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="historicalproctoredexam",
            name="history_date",
            field=models.DateTimeField(db_index=True),
        ),
        migrations.AlterField(
            model_name="historicalproctoredexamstudentattempt",
            name="history_date",
            field=models.DateTimeField(db_index=True),
        ),
    ]

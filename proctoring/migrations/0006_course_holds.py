"""A row of each course, to be held by whoever writes the course's exams."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("proctoring", "0005_idempotent_answers"),
    ]

    operations = [
        migrations.CreateModel(
            name="CourseHold",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("course_id", models.CharField(max_length=255, unique=True)),
            ],
            options={
                "db_table": "proctoring_coursehold",
            },
        ),
    ]

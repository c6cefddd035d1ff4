"""The first answers to requests that named a key, kept for those who repeat them."""

import uuid

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("proctoring", "0004_own_columns"),
    ]

    operations = [
        migrations.CreateModel(
            name="IdempotentAnswer",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("owner", models.CharField(max_length=191, verbose_name="owner")),
                ("key", models.CharField(max_length=64)),
                ("digest", models.CharField(max_length=64)),
                ("claim", models.UUIDField(default=uuid.uuid4)),
                (
                    "claimed_at",
                    models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name="made"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("running", "running"), ("finished", "finished")],
                        default="running",
                        max_length=16,
                        verbose_name="state",
                    ),
                ),
                ("code", models.PositiveSmallIntegerField(null=True, verbose_name="HTTP status")),
                ("content_type", models.CharField(blank=True, default="", max_length=128)),
                ("body", models.BinaryField(null=True)),
            ],
            options={
                "verbose_name": "kept answer",
                "verbose_name_plural": "kept answers",
                "db_table": "proctoring_idempotentanswer",
                "constraints": [models.UniqueConstraint(fields=("owner", "key"), name="proctoring_answer_once")],
            },
        ),
    ]

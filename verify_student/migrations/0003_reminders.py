from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("verify_student", "0002_own_columns_and_tables"),
    ]

    operations = [
        migrations.AddField(
            model_name="softwaresecurephotoverification",
            name="expiry_mailed_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="told of the end"),
        ),
        migrations.AddField(
            model_name="softwaresecurephotoverification",
            name="reminded_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="reminded before the end"),
        ),
        migrations.CreateModel(
            name="MailedThrough",
            fields=[
                (
                    "kind",
                    models.CharField(max_length=64, primary_key=True, serialize=False, verbose_name="kind"),
                ),
                ("until", models.DateTimeField(verbose_name="until")),
            ],
            options={
                "verbose_name": "reach of reminders",
                "verbose_name_plural": "reach of reminders",
            },
        ),
    ]

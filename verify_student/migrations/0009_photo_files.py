"""The photos that files belong to are found by an index."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("verify_student", "0008_retention")]

    operations = [
        migrations.AddIndex(
            model_name="storedphoto",
            index=models.Index(fields=["name"], name="verify_student_photo_file"),
        ),
        migrations.AddIndex(
            model_name="storedphoto",
            index=models.Index(fields=["vendor_name"], name="verify_student_photo_copy"),
        ),
    ]

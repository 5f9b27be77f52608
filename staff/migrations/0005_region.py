from typing import ClassVar

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("staff", "0004_duties")]
    operations: ClassVar = [
        migrations.AddField(
            "property",
            "region",
            models.CharField(
                blank=True,
                default="",
                max_length=16,
                validators=[
                    django.core.validators.RegexValidator(
                        "\\A[A-Z]{2}-[A-Z0-9]{1,3}\\Z",
                        "Write the region by its ISO 3166-2 code, such as CN-31 for Shanghai.",
                    )
                ],
                verbose_name="region",
            ),
            preserve_default=False,
        ),
    ]

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("staff", "0003_standing")]
    operations: ClassVar = []

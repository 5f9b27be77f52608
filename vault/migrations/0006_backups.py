from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("vault", "0005_newest_first")]
    operations: ClassVar = []

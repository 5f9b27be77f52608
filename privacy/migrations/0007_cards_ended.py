"""Cards on paper whose register the purge has ended are to be destroyed by a day."""

from typing import ClassVar

from django.db import migrations, models

from audit.grants import grant


class Migration(migrations.Migration):
    dependencies: ClassVar = [("privacy", "0006_purges")]
    operations: ClassVar = [
        migrations.AddField("papercard", "destroy_by", models.DateField(null=True)),
        grant(
            "privacy_papercard",
            web="SELECT, INSERT, UPDATE (occupant_id, place, custodian_id, state, signed_out_to_id, "
            "signed_out_at, destroyed_by_id, destroyed_with_id, destroyed_at, destroy_by)",
        ),
    ]

"""Under which subject a guest was booked who turned out to be known: what a hold on the stay keeps of the booking."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

from audit.grants import grant


class Migration(migrations.Migration):
    dependencies: ClassVar = [("stays", "0009_unsettled"), ("vault", "0001_initial")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="occupant",
            name="booked_as",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="vault.subject",
            ),
        ),
        grant(
            "stays_occupant",
            web="SELECT, INSERT, UPDATE (subject_id, booked_as_id, register_envelope_id, role, position, came_at, "
            "left_at, notice_id, notice_shown_at)",
        ),
    ]

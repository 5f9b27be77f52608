"""The desk puts bookings without a number into a group."""

from django.db import migrations

from audit.grants import grant


class Migration(migrations.Migration):
    dependencies = [("stays", "0007_groups")]

    operations = [
        grant(
            "stays_stay",
            web="SELECT, INSERT, UPDATE (status, origin, arrival_on, departure_on, arrived_at, departed_at, "
            'confidential, do_not_move, restricted_until, party_size, "group")',
        ),
    ]

"""Guests who were here before search answered newest first: the arrival of their newest stay."""

from django.db import migrations, models

SEEN = """
UPDATE vault_subject s SET seen_on = newest.arrival_on
FROM (
    SELECT o.subject_id, max(t.arrival_on) AS arrival_on
    FROM stays_occupant o JOIN stays_stay t ON t.id = o.stay_id GROUP BY o.subject_id
) newest
WHERE newest.subject_id = s.id;
UPDATE search.subject_token t SET seen_on = s.seen_on FROM vault_subject s WHERE s.id = t.subject;
"""


class Migration(migrations.Migration):
    dependencies = [("stays", "0002_the_last_word"), ("vault", "0005_newest_first")]

    operations = [
        migrations.RunSQL(SEEN, migrations.RunSQL.noop),
        migrations.AddIndex(
            "stay", models.Index(fields=["property", "departure_on", "arrival_on"], name="stay_here_on")
        ),
    ]

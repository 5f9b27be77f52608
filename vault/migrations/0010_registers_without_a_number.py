"""A register without a number has a row in the index; one built before that has none, and does not know that it is there.

When the register with the number ended, its number stayed in the index, for another register was left. Whoever has more
registers than the index knows numbers gets a row that nobody finds: at the next end of a register they are indexed anew.
"""

from typing import ClassVar

from django.db import migrations

# No index of a number is below nought.
MARKED = """
INSERT INTO search.subject_token (subject, epoch, part, document)
SELECT t.subject, t.epoch, max(t.part) + 1, -1 FROM search.subject_token t
WHERE t.document IS NOT NULL AND t.subject IN (
    SELECT subject_id FROM vault_envelope WHERE category = 'register' AND erased_at IS NULL
    GROUP BY subject_id HAVING count(*) > 1)
GROUP BY t.subject, t.epoch HAVING count(*) = 1
"""
UNMARKED = "DELETE FROM search.subject_token WHERE document = -1"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("vault", "0009_names_compared")]
    operations: ClassVar = [migrations.RunSQL(MARKED, UNMARKED)]

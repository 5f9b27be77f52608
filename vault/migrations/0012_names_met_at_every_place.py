"""The index of name tokens covers every row, so that PostgreSQL joins the bitmaps of two places of a name.

It never joins two scans of a partial index: what the one condition says of the index, the other is taken to repeat. The
guests of the more common place were then read one by one.
"""

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations

INDEX = "DROP INDEX search.subject_token_tok; CREATE INDEX subject_token_tok ON search.subject_token USING gin (tok)"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("vault", "0011_beside_what_is_locked_away")]
    operations: ClassVar = [
        migrations.RunSQL(
            f"{INDEX} WITH (fastupdate = off)",
            f"{INDEX} WITH (fastupdate = off) WHERE tok IS NOT NULL",
            [
                migrations.RemoveIndex("subjecttoken", "subject_token_tok"),
                migrations.AddIndex(
                    "subjecttoken", GinIndex(name="subject_token_tok", fields=["tok"], fastupdate=False)
                ),
            ],
        ),
    ]

"""Looking again before a run goes on: what was planned is judged anew, by the rules, holds and matters of now.

What is due no more, or gone already, leaves the plan; what something stands against since is skipped. What has become
due since waits for the next plan, so that nothing is done that nobody could see.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.db import connection

from privacy.models import Purge, PurgeBatch, PurgeItem
from privacy.services.purging.candidates import Holds, candidates, key_of
from privacy.services.purging.sources import Source, sources_of
from privacy.services.reviewing import today

GONE: Final = "gone"

_AGAIN: Final = """
WITH again AS MATERIALIZED ({sql}),
skipped AS (
    UPDATE privacy_purgeitem i SET skip = again.skip FROM again
    WHERE i.purge_id = %s AND i.record = %s AND i.skip = '' AND again.skip <> '' AND i.{key} = again.{key}
    RETURNING i.skip),
gone AS (
    DELETE FROM privacy_purgeitem i
    WHERE i.purge_id = %s AND i.record = %s AND i.skip = ''
      AND NOT EXISTS (SELECT 1 FROM again WHERE again.{key} = i.{key})
    RETURNING 1)
SELECT skip, count(*) FROM skipped GROUP BY skip UNION ALL SELECT 'gone', count(*) FROM gone HAVING count(*) > 0
"""


def look_again(run: Purge, at: datetime) -> Mapping[str, int]:
    """Judge anew what a run has still to do; what changed, by its code. Belongs into a transaction that has the run."""
    known = {source.record: source for source in sources_of(run.property, today(run.property, at))}
    planned = PurgeItem.objects.filter(purge=run).to_do().order_by().values_list("record", flat=True).distinct()
    changed, holds = Counter[str](), Holds.at(at)
    for record in sorted(planned):
        source = known.get(record)
        changed.update(_judge_anew(run, source, holds, at) if source else _drop(run, record))
    if changed:
        PurgeBatch.objects.create(purge=run, at=at, changed=changed)
    return changed


def _judge_anew(run: Purge, source: Source, holds: Holds, at: datetime) -> dict[str, int]:
    sql, params = candidates(source, run.property, at=at, holds=holds)
    with connection.cursor() as cursor:
        statement = _AGAIN.format(sql=sql, key=key_of(source.record))
        cursor.execute(statement, [*params, run.pk, source.record, run.pk, source.record])
        return dict(cursor.fetchall())


def _drop(run: Purge, record: str) -> dict[str, int]:
    """No rule says any more that this record ends."""
    count, _by_model = PurgeItem.objects.filter(purge=run, record=record).to_do().delete()
    return {GONE: count}

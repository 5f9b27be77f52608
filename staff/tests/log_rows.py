"""Rows of the log at any time, written by the owner: nobody else chooses when something happened."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from staff.detecting import kinds
from staff.detecting.batches import Batch
from staff.detecting.finding import flags_of
from staff.models import DetectionRule, Person

Sql = Callable[..., list[tuple[Any, ...]]]
NOW = timezone.now().replace(microsecond=0)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)

_INSERT = """
INSERT INTO audit_event (ref, at, actor, actor_role, property, session_ref, request_n, action, outcome, object_type,
    object_ref, subjects, explained_by, detail)
VALUES (%(ref)s, %(at)s, %(actor)s, %(role)s, %(property)s, %(session)s, 1, %(action)s, %(outcome)s, %(type)s,
    %(about)s, %(subjects)s::uuid[], %(explained_by)s, %(detail)s::jsonb)
RETURNING id
"""


class Log:
    """Writes rows of one person; ``row`` returns the number of the row."""

    def __init__(self, sql: Sql, person: Person, property: int | None) -> None:
        self.sql, self.person, self.property = sql, person, property

    def row(self, action: str, ago: timedelta = MINUTE, **facts: Any) -> int:
        """One row, so long ago; a look at a new guest's stay unless said otherwise."""
        guests: list[UUID] = facts.pop("subjects", [uuid4()])
        values = {
            "ref": str(uuid4()), "at": NOW - ago, "actor": self.person.pk, "role": "front_desk", "session": None,
            "property": self.property, "action": action, "outcome": "ok", "type": "stay", "about": "2026-000042",
            "explained_by": "", "detail": "{}",
        }  # fmt: skip
        values |= facts | {"subjects": "{" + ",".join(map(str, guests)) + "}"}
        return int(self.sql(_INSERT, values)[0][0])

    def rows(self, count: int, action: str, ago: timedelta = MINUTE, **facts: Any) -> list[int]:
        """Several such rows, a second apart, the last so long ago."""
        return [self.row(action, ago + timedelta(seconds=count - n), **facts) for n in range(1, count + 1)]


def rule_of(code: str, **facts: Any) -> DetectionRule:
    """The rule as its room declares it."""
    kind = kinds.kind_of(code)
    assert kind is not None
    given = {
        "parameters": dict(kind.parameters), "window": kind.window, "weight": kind.weight, "severity": kind.severity,
    }  # fmt: skip
    return DetectionRule(code=code, version=1, mode="live", proposed_at=NOW, **given | facts)


def flagged(code: str, *, since: timedelta = DAY, until: datetime | None = None) -> list[int]:
    """The numbers of the rows of the last day that the rule flags."""
    batch = Batch.between(NOW - since, until or NOW + DAY)
    return sorted(flags_of(batch, [rule_of(code)]))

"""The risk of a row: ``R = S(action, fields) × (1 − E) + Σ flags`` (audit.md, *Noticing misuse*)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from staff.detecting import kinds
from staff.detecting.batches import Batch
from staff.detecting.finding import Flags
from staff.models import DetectionRule

ALERT_FROM: Final = Decimal("0.8")
ASK_FROM: Final = Decimal("0.5")
WORK_EXPLAINS_FOR: Final = timedelta(minutes=30)
WORK_FADES_IN: Final = timedelta(hours=1)
AGAIN: Final = Decimal("0.9")  # a look that an earlier one of the session explains counts so much of that one
UNEXPLAINED: Final = "unexplained"  # the rule of what nothing explains and no other rule noticed
DRAWN: Final = "drawn"  # the rule of what somebody found in the sample

# A look can only reach a threshold by itself where its grade does: the others are asked for when something flags them.
_RISKS: Final = """
, weighed AS (SELECT * FROM unnest(%(codes)s::text[], %(explains)s::numeric[]) AS w (code, weight))
SELECT b.id, b.ref, b.at, b.actor, b.property, l.guest, COALESCE(l.grade, 0), CASE l.explained_by
    WHEN 'E2' THEN COALESCE((
        SELECT max(greatest(0, least(1, 1 - (extract(epoch FROM greatest(e.at - l.at, l.at - e.at))
            - %(full)s) / %(fades)s)))
        FROM audit_event e WHERE e.actor = l.actor AND e.at BETWEEN l.at - %(span)s AND l.at + %(span)s
            AND e.object_type = l.object_type AND e.object_ref = l.object_ref AND e.action = ANY (%(work)s)
            AND e.outcome = 'ok'), 1)
    WHEN 'E8' THEN %(again)s * COALESCE((
        SELECT CASE e.explained_by WHEN 'E8' THEN %(again)s
            ELSE (SELECT w.weight FROM weighed w WHERE w.code = e.explained_by) END
        FROM audit_event e
        WHERE e.actor = l.actor AND e.at >= l.at - interval '12 hours' AND e.at < l.at AND e.explained_by <> ''
            AND e.session_ref = l.session_ref AND e.subjects && l.subjects AND e.outcome = 'ok'
        ORDER BY e.at DESC LIMIT 1), 1)
    ELSE COALESCE(w.weight, 0) END
FROM batch b LEFT JOIN look l ON l.id = b.id LEFT JOIN weighed w ON w.code = l.explained_by
WHERE l.grade >= %(ask_from)s OR b.id = ANY (%(flagged)s)
ORDER BY b.at, b.id
"""


@dataclass(frozen=True, slots=True)
class Risk:
    """One row with its risk. ``code``: the rule it is told under; ``flags``: all that noticed it, heaviest first.

    ``place``: the property; ``of_one``: whether its alert is about this actor alone, and not about what several did.
    """

    row: int
    ref: UUID
    at: datetime
    actor: int | None
    place: int | None
    subject: UUID | None
    score: Decimal
    code: str
    flags: tuple[str, ...]
    of_one: bool = True

    @property
    def is_alert(self) -> bool:
        """Whether it is looked into by a manager."""
        return self.score >= ALERT_FROM

    @property
    def is_doubtful(self) -> bool:
        """Whether its person is reminded of it."""
        return ASK_FROM <= self.score < ALERT_FROM


def risks_of(batch: Batch, flags: Flags, rules: Mapping[str, DetectionRule]) -> list[Risk]:
    """The rows of risk 0.5 or more, oldest first; flags of rules that are not among ``rules`` weigh nothing."""
    rows = batch.ask(
        _RISKS,
        codes=list(kinds.EXPLAINS),
        explains=list(kinds.EXPLAINS.values()),
        again=AGAIN,
        full=WORK_EXPLAINS_FOR.total_seconds(),
        fades=WORK_FADES_IN.total_seconds(),
        span=WORK_EXPLAINS_FOR + WORK_FADES_IN,
        ask_from=ASK_FROM,
        flagged=list(flags),
    )
    risks = (_risk(row, flags, rules) for row in rows)
    return [risk for risk in risks if risk.score >= ASK_FROM and risk.code in rules]


def _risk(row: tuple[Any, ...], flags: Flags, rules: Mapping[str, DetectionRule]) -> Risk:
    number, ref, at, actor, place, guest, severity, explained = row
    noticed = {code: flag for code, flag in flags.get(number, {}).items() if code in rules}
    heaviest = sorted(noticed, key=lambda code: (-rules[code].weight, code))
    score = Decimal(severity) * (1 - Decimal(explained)) + sum(rules[code].weight for code in heaviest)
    code = heaviest[0] if heaviest else UNEXPLAINED
    kind = kinds.kind_of(code)
    return Risk(
        row=number,
        ref=ref,
        at=at,
        actor=actor,
        place=place,
        subject=noticed[code].subject if heaviest else guest,
        score=round(score, 2),
        code=code,
        flags=tuple(heaviest),
        of_one=not (kind and kind.of_several),
    )

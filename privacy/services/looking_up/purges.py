"""Runs of the purge as the office sees them: counts, reasons, stay numbers; no name, for nothing is opened."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit import services as audit
from audit.notes import Proof
from privacy import actions, permissions
from privacy.models import Purge, PurgeItem, RuleChange
from privacy.policy.rules import Rule
from privacy.refusals import UnknownReason
from privacy.services import certificates
from privacy.services.law import rules_at
from privacy.services.reviewing import today
from privacy.services.rules import changes_since
from staff import permissions as rights
from staff.models import Person, Property

ROWS_A_PAGE: Final = 50
SORTED_BY: Final = ("due_on", "record", "ref", "skip")
EXPORT_REASONS: Final[dict[str, Promise]] = {
    "purge_check": _("To check the plan before it is approved"),
    "purge_audit": _("For an internal audit"),
    "purge_authority": _("A supervisory authority asks"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanLine:
    """How much of one record is to be done by one rule, and how much is skipped for one reason."""

    record: str
    rule: str
    outcome: str
    skip: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a run is: rows done, of how many to be done when it was planned; what was found otherwise since."""

    purge: Purge
    done: Mapping[str, int]
    changed: Mapping[str, int]

    @property
    def done_in_all(self) -> int:
        """Rows of every record."""
        return sum(self.done.values())

    @property
    def percent(self) -> int:
        """Of the plan settled: done, skipped since, or gone."""
        settled = self.done_in_all + sum(self.changed.values())
        return min(100, round(100 * settled / self.purge.total)) if self.purge.total else 100


@dataclass(frozen=True, slots=True, kw_only=True)
class PurgeFile:
    """All that the page of a run shows. ``rules``: those of its night, by code; ``changes``: of rules since it
    was approved; ``proof``: that the log says its receipt was made, None until that is sealed.
    """

    progress: Progress
    to_do: tuple[PlanLine, ...]
    skipped: tuple[PlanLine, ...]
    items: "Page[PurgeItem]"
    rules: Mapping[str, Rule]
    changes: tuple[RuleChange, ...]
    proof: Proof | None

    @property
    def purge(self) -> Purge:
        """The run."""
        return self.progress.purge


def list_purges(*, actor: Person, property: Property, page: str | None) -> "Page[Purge]":
    """The runs of a property, newest night first, without those that would have asked for nothing.

    Raises ``NotAllowed``.
    """
    permissions.require_decide(actor, property)
    runs = Purge.objects.visible_to(actor).at(property).filter(Q(asks=False) | ~Q(counts=[])).defer("outlook")
    found = Paginator(runs.order_by("-night", "asks"), ROWS_A_PAGE).get_page(page)
    _look(actions.PURGES_LISTED, actor, property, object_type="list", ref="purges", detail={"count": len(found)})
    return found


def open_purge(
    *, purge: Purge, actor: Person, at: datetime, sort: str = "", skip: str | None = None, page: str | None = None
) -> PurgeFile:
    """One run with its plan; ``skip``: only the rows skipped for that reason. Raises ``NotAllowed``."""
    permissions.require_decide(actor, purge.property)
    _look(actions.PURGE_VIEWED, actor, purge.property, object_type="purge", ref=purge.number)
    lines = [PlanLine(**line) for line in purge.counts]
    items = PurgeItem.objects.filter(purge=purge)
    items = items if skip is None else items.filter(skip=skip)
    return PurgeFile(
        progress=progress_of(purge),
        to_do=tuple(line for line in lines if not line.skip),
        skipped=tuple(line for line in lines if line.skip),
        items=Paginator(items.order_by(_ordered(sort), "pk"), ROWS_A_PAGE).get_page(page),
        rules=rules_of_night(purge),
        changes=_rules_since(purge, at),
        proof=certificates.log_proof(purge.receipt) if purge.receipt else None,
    )


def rules_of_night(purge: Purge) -> dict[str, Rule]:
    """The retention rules by which a run was planned, by code."""
    house = purge.property
    return rules_at({house: today(house, purge.planned_at)})[house]


def progress_of(purge: Purge) -> Progress:
    """How far a run is, from its batches: two numbers and no look at anybody's record."""
    done, changed = Counter[str](), Counter[str]()
    for counts, others in purge.batches.values_list("counts", "changed").iterator():
        done.update(counts)
        changed.update(others)
    return Progress(purge=purge, done=dict(done), changed=dict(changed))


def skipped_now(purge: Purge) -> dict[str, int]:
    """How much is skipped for each reason now."""
    found = PurgeItem.objects.filter(purge=purge).skipped().order_by("skip").values("skip")
    return dict(found.annotate(count=Count("pk")).values_list("skip", "count"))


def export_purge(*, purge: Purge, actor: Person, reason: str) -> Iterator[tuple[Any, ...]]:
    """The rows of a plan, for a reason that goes on record before the first is read.

    Raises ``NotAllowed`` and ``UnknownReason``.
    """
    permissions.require_decide(actor, purge.property)
    if reason not in EXPORT_REASONS:
        raise UnknownReason(object_type="purge", object_ref=purge.number)
    items = PurgeItem.objects.filter(purge=purge).order_by("pk")
    _look(
        actions.PURGE_EXPORTED, actor, purge.property, object_type="purge", ref=purge.number,
        why=audit.Why(purpose=reason, ref=purge.number), detail={"count": items.count()},
    )  # fmt: skip
    return items.values_list("record", "rule", "outcome", "skip", "due_on", "ref").iterator()


def open_receipt(*, purge: Purge, actor: Person) -> None:
    """Put on record that the receipt is downloaded. Raises ``NotAllowed``."""
    permissions.require_decide(actor, purge.property)
    _look(actions.PURGE_RECEIPT_OPENED, actor, purge.property, object_type="purge", ref=purge.number)


def _ordered(sort: str) -> str:
    return sort if sort.removeprefix("-") in SORTED_BY else "due_on"


def _rules_since(purge: Purge, at: datetime) -> tuple[RuleChange, ...]:
    if purge.approved_at is None:
        return ()
    return tuple(changes_since(purge.property, since=purge.approved_at, until=purge.finished_at or at))


def _look(
    action: str,
    actor: Person,
    house: Property,
    *,
    object_type: str,
    ref: str,
    why: audit.Why = audit.NO_PURPOSE,
    detail: Mapping[str, Any] | None = None,
) -> None:
    who = rights.who(actor, house)
    audit.record_look(action, who=who, why=why, object_type=object_type, object_ref=ref, detail=detail)

"""The decision sheet: one row for each envelope of the guest, what is proposed and what is chosen.

Nothing is opened to make it: ids, dates, bills, cases and holds decide.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Final, NamedTuple

from django.db import connection, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit.services import Refused
from privacy import actions
from privacy.models import Item, Request
from privacy.policy import answering, deciding
from privacy.policy.blockers import Block, Outcome
from privacy.policy.deciding import Decision
from privacy.policy.grounds import Ground
from privacy.policy.rules import Rule
from privacy.refusals import ItemSettled, OverrideUnexplained
from privacy.services import facts
from privacy.services.facts import Part, Record
from privacy.services.law import rules_at
from privacy.services.requests import named
from privacy.services.reviewing import guest_of, lock_verified, today
from privacy.services.timeline import note
from staff.models import Person, Property

Kind, State = Request.Kind, Request.State

# One statement for any number of rows, in half the time of the ORM's: lists stand in it as text.
_INSERT: Final = """
INSERT INTO privacy_item
    (request_id, envelope, category, stay_id, subject, grounds, blockers, proposed, rule, until, chosen,
     override_reason)
SELECT %s, envelope, category, stay, subject, grounds::varchar[], blockers::varchar[], proposed, rule, until, '', ''
FROM unnest(%s::uuid[], %s::text[], %s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[],
            %s::timestamptz[])
    WITH ORDINALITY AS found(envelope, category, stay, subject, grounds, blockers, proposed, rule, until, place)
ORDER BY place
RETURNING id
"""

# The kinds of request that are decided envelope by envelope; an appeal counts as the kind it appeals.
SHEET_KINDS: Final = frozenset({Kind.DELETION, Kind.RESTRICTION, Kind.OBJECTION})
DESTROYING: Final = frozenset({Outcome.ERASE, Outcome.OTHERS_PART})
# While one of these stands nobody can choose to erase: the law, an authority or an approved hold says no.
_UNYIELDING: Final = frozenset({Block.UNVERIFIED, Block.FROZEN, Block.HELD, Block.LAW_PERIOD})

OVERRIDE_REASONS: Final[dict[str, Promise]] = {
    "counsel_advised": _("Counsel advised it"),
    "guest_agrees": _("The guest agrees"),
    "needed_for_claim": _("It is needed for a claim"),
    "still_in_use": _("It is still needed for what it was collected for"),
    "others_affected": _("Another person would be affected"),
    "facts_wrong": _("The record's dates or bills are wrong, it was looked into"),
}


class NoSheet(Refused):
    """Requests of this kind are not decided envelope by envelope."""

    action = actions.REQUEST_DEED_REFUSED
    message = _("A request of this kind has no decision sheet.")


class ChoiceNotAllowed(Refused):
    """The law, a hold or the kind of request does not allow this choice for the row."""

    action = actions.REQUEST_DEED_REFUSED
    field = "chosen"
    message = _("This cannot be chosen for this row: what stands against it does not yield to a reason.")


class EndIsPast(Refused):
    """A restriction ends on a day to come."""

    action = actions.REQUEST_DEED_REFUSED
    field = "until"
    message = _("Choose a day in the future.")


class Proposal(NamedTuple):
    """What is proposed for one part. ``decision`` is empty where an erasure was not in question."""

    outcome: Outcome
    decision: Decision | None = None
    grounds: frozenset[str] = frozenset()


def find_items(request: Request, *, at: datetime) -> list[Item]:
    """The rows of the sheet as they would be made now, unsaved. Raises ``NotVerified``."""
    record = facts.gather(guest_of(request), request.property, at, besides=request)
    return [item_of(request, record, part) for part in record.parts]


def make_sheet(*, request: Request, actor: Person, at: datetime) -> list[Item]:
    """Find the guest's data and evaluate every ground and blocker; rows made before and not carried out go.

    Raises ``NotAllowed``, ``NotVerified``, ``WrongState`` and ``NoSheet``.
    """
    with transaction.atomic():
        locked = lock_verified(request, actor, State.IN_REVIEW)
        require_sheet(locked)
        locked.items.filter(done_at__isnull=True).delete()
        items = find_items(locked, at=at)
        _write(locked, items)
        note(locked, actions.SHEET_MADE, actor=actor, at=at, detail={"count": len(items)})
    return items


def choose_item(
    *, item: Item, actor: Person, chosen: str, reason: str = "", until: date | None = None, at: datetime
) -> Item:
    """Choose what happens to one envelope; otherwise than proposed with a reason (``OVERRIDE_REASONS``).

    ``until``: the last day of a restriction that was not proposed; without it somebody has to end it. Raises
    ``NotAllowed``, ``WrongState``, ``ItemSettled``, ``OverrideUnexplained`` and ``ChoiceNotAllowed``; ValueError on
    an unknown outcome.
    """
    if chosen not in Item.Outcome.values:
        raise ValueError(f"no such outcome: {chosen}")
    with transaction.atomic():
        locked = lock_verified(item.request, actor, State.IN_REVIEW)
        row = Item.objects.select_for_update(of=("self",)).select_related("stay__property").get(pk=item.pk)
        _require_choice(locked, row, chosen, reason)
        record = facts.gather(guest_of(locked), locked.property, at, besides=locked)
        part = Part(row.envelope, row.subject, row.category, row.stay)
        if chosen == row.proposed:
            row.chosen, row.override_reason, row.until = chosen, "", item_of(locked, record, part).until
        else:
            _require_yielding(locked, record, part, row, chosen)
            row.chosen, row.override_reason, row.until = chosen, reason, _own_end(locked, chosen, until, at)
        row.save(update_fields=["chosen", "override_reason", "until"])
        note(locked, actions.ITEM_CHOSEN, actor=actor, at=at, detail=_told(row))
    return row


def choose_proposed(*, request: Request, actor: Person, at: datetime) -> int:
    """Choose for every row that has no choice yet what is proposed; how many. Raises as ``choose_item``."""
    with transaction.atomic():
        locked = lock_verified(request, actor, State.IN_REVIEW)
        rows = list(locked.items.select_for_update(of=("self",)).filter(chosen=""))
        for row in rows:
            row.chosen = row.proposed
        Item.objects.bulk_update(rows, ["chosen"])
        if rows:
            note(locked, actions.ITEM_CHOSEN, actor=actor, at=at, detail={"count": len(rows), "chosen": "proposed"})
    return len(rows)


def rules_of(request: Request, items: Iterable[Item], *, at: datetime) -> dict[int, Rule]:
    """The retention rule of each row that names one, by id of the row: as it is in force where the row is kept."""
    houses = {item: item.stay.property if item.stay else request.property for item in items if item.rule}
    known = rules_at({house: today(house, at) for house in houses.values()})
    return {item.pk: known[house][item.rule] for item, house in houses.items() if item.rule in known[house]}


def require_sheet(request: Request) -> None:
    """Raise ``NoSheet`` for a kind that is not decided envelope by envelope."""
    if request.wanted not in SHEET_KINDS:
        raise NoSheet(**named(request))


def item_of(request: Request, record: Record, part: Part) -> Item:
    """One row, from what is known now. What a confidential hold says does not stand in it."""
    outcome, decision, grounds = propose(request, record, part)
    return Item(
        request=request,
        envelope=part.envelope,
        category=part.category,
        stay=part.stay,
        subject=part.subject,
        grounds=[str(ground) for ground in Ground if ground in grounds],
        blockers=list(decision.shown_blockers) if decision else [],
        proposed=str(outcome),
        rule=decision.rule if decision else "",
        until=end_of(decision.until, record.house_of(part)) if decision else None,
    )


def propose(request: Request, record: Record, part: Part) -> Proposal:
    """The outcome for one part by the kind of request; with the decision about its erasure, where one was made."""
    kind, known = request.wanted, {"verified": request.is_verified, "stay_open": record.is_open(part)}
    if kind == Kind.RESTRICTION:
        return Proposal(answering.decide_restriction(part.category, **known).outcome)
    if kind == Kind.OBJECTION:
        outcome = answering.decide_objection(part.category, **known).outcome
        if outcome != Outcome.ERASE:
            return Proposal(outcome)
    case = facts.case_of(record, part, verified=request.is_verified)
    decision = deciding.decide(case)
    return Proposal(decision.outcome, decision, case.grounds)


def may_choose(request: Request, decision: Decision, proposed: str) -> frozenset[str]:
    """What may be chosen for a row: what was not asked for is not done, and some blockers yield to nobody."""
    allowed = {Outcome.KEEP, Outcome.NOT_NOW, Outcome.RESTRICT}
    asked = request.wanted == Kind.DELETION or proposed in DESTROYING
    if asked and _UNYIELDING.isdisjoint(decision.blockers):
        allowed.add(Outcome.OTHERS_PART if Block.OTHERS_DATA in decision.blockers else Outcome.ERASE)
    return frozenset(str(outcome) for outcome in allowed)


def _write(request: Request, items: Sequence[Item]) -> None:
    rows = [
        (
            str(item.envelope), item.category, str(item.stay_id) if item.stay_id else None, str(item.subject),
            _listed(item.grounds), _listed(item.blockers), item.proposed, item.rule, item.until,
        )
        for item in items
    ]  # fmt: skip
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [str(request.pk), *(list(column) for column in zip(*rows, strict=True))])
        for item, (pk,) in zip(items, cursor.fetchall(), strict=True):
            item.pk, item._state.adding = pk, False


def _listed(codes: Sequence[str]) -> str:
    """Codes as PostgreSQL reads an array."""
    return "{" + ",".join(codes) + "}"


def _require_choice(request: Request, row: Item, chosen: str, reason: str) -> None:
    if row.done_at is not None:
        raise ItemSettled(**named(request))
    if chosen != row.proposed and reason not in OVERRIDE_REASONS:
        raise OverrideUnexplained(**named(request))


def _require_yielding(request: Request, record: Record, part: Part, row: Item, chosen: str) -> None:
    decision = deciding.decide(facts.case_of(record, part, verified=request.is_verified))
    if chosen not in may_choose(request, decision, row.proposed):
        raise ChoiceNotAllowed(**named(request))


def _own_end(request: Request, chosen: str, until: date | None, at: datetime) -> datetime | None:
    if chosen not in (Outcome.RESTRICT, Outcome.NOT_NOW) or until is None:
        return None
    if until <= today(request.property, at):
        raise EndIsPast(**named(request))
    return end_of(until, request.property)


def _told(row: Item) -> dict[str, str | int]:
    told: dict[str, str | int] = {"item": row.pk, "category": row.category, "chosen": row.chosen}
    return told | ({"reason": row.override_reason} if row.override_reason else {})


def end_of(day: date | None, house: Property) -> datetime | None:
    """The last instant of the day on the property's clock."""
    return None if day is None else datetime.combine(day, time.max, house.zone)

"""What is known about a guest's record when its deletion is decided: gathered by ids, nothing of it is opened.

The same number of queries for one stay and for twenty.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from privacy.models import Hold, Request
from privacy.policy import grounds, periods, profiles
from privacy.policy.cases import Case
from privacy.policy.rules import RECORD_OF, Rule, Start
from privacy.services import law, record_rows
from privacy.services.held import holds_on
from privacy.services.record_rows import PartRow
from privacy.services.reviewing import today
from staff.models import Property
from stays.models import Occupant, Stay
from vault.categories import Category

_COMPLAINTS = frozenset({Request.Kind.COMPLAINT, Request.Kind.APPEAL})
_SHIPPED_GROUND = {code: profile.asking_is_ground for code, profile in profiles.PROFILES.items()}
_OPEN = (Stay.Status.EXPECTED, Stay.Status.IN_HOUSE)
_ORDER = {category: place for place, category in enumerate(Category.values)}
_NEVER_CAME = (Stay.Status.CANCELLED, Stay.Status.NO_SHOW)


class Part(NamedTuple):
    """One live envelope of the record, and the stay it belongs to, where it belongs to one."""

    envelope: UUID
    subject: UUID
    category: str
    stay: Stay | None


@dataclass(frozen=True, slots=True)
class Bill:
    """Of one stay: whether something is not settled, and when the last line was posted."""

    unpaid: bool
    posted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A guest's record as far as a decision needs it. ``house``: of the request, for what belongs to no stay.

    ``shared``: stays in which somebody else's data is alive. ``matters``: stays with an open desk case or an open
    report to the police; ``holds``: in
    force, by the envelope they keep; ``complains``: another complaint of the guest is open; ``contests``: so is a
    correction. ``dates``: the days from which a period may run, by stay, None for what belongs to none; ``days``: what
    day it is at each property.
    ``asking_is_ground``: by jurisdiction, whether a request for deletion needs no further ground.
    """

    guest: UUID
    house: Property
    at: datetime
    stays: Mapping[UUID, Stay]
    parts: Sequence[Part]
    shared: frozenset[UUID]
    bills: Mapping[UUID, Bill]
    matters: frozenset[UUID]
    holds: Mapping[UUID, Sequence[Hold]]
    complains: bool
    contests: bool
    dates: Mapping[UUID | None, periods.Facts]
    days: Mapping[int, date]
    withdrawn_on: date | None
    rules: Sequence[Rule]
    asking_is_ground: Mapping[str, bool]

    def house_of(self, part: Part) -> Property:
        """The property whose law holds for the part."""
        return part.stay.property if part.stay else self.house

    def stays_of(self, part: Part) -> list[Stay]:
        """The stay it belongs to, or all of the guest's where it belongs to none."""
        return [part.stay] if part.stay else list(self.stays.values())

    def day_of(self, part: Part) -> date:
        """What day it is where the part is kept."""
        return self.days[self.house_of(part).pk]

    def is_open(self, part: Part) -> bool:
        """Whether a stay it serves is expected or in house."""
        return any(stay.status in _OPEN for stay in self.stays_of(part))


def gather(guest: UUID, house: Property, at: datetime, *, besides: Request | None = None) -> Record:
    """The record of a guest at all properties of the group; ``besides``: the request that asks, which is no complaint
    about itself."""
    stays = _stays(guest)
    rows, known = record_rows.of_stays(guest, stays), record_rows.of_guest(guest, besides.pk if besides else None)
    bills = {row.stay: Bill(bool(row.unpaid), row.posted_at) for row in rows if row.posted_at is not None}
    shared = frozenset(row.stay for row in rows if row.shared)
    withdrawn_on = today(house, known.withdrawn_at) if known.withdrawn_at else None
    parts = _parts(guest, stays, alone=stays.keys() - shared)
    return Record(
        guest=guest,
        house=house,
        at=at,
        stays=stays,
        parts=parts,
        shared=shared,
        bills=bills,
        matters=frozenset(row.stay for row in rows if row.in_matter),
        holds=holds_on([part.envelope for part in parts], at),
        complains=not known.asked.isdisjoint(_COMPLAINTS),
        contests=Request.Kind.CORRECTION in known.asked,
        dates=_dates(stays, bills, withdrawn_on),
        days={place.pk: today(place, at) for place in {house, *(stay.property for stay in stays.values())}},
        withdrawn_on=withdrawn_on,
        rules=law.rules_of_the_house(on=today(house, at)),
        asking_is_ground=_SHIPPED_GROUND | known.asking_is_ground,
    )


def case_of(record: Record, part: Part, *, verified: bool, asked: bool = True) -> Case:
    """All that speaks for and against the deletion of one part. ``asked``: by the guest, and not by the calendar."""
    house, on, served = record.house_of(part), record.day_of(part), record.stays_of(part)
    ends = periods.ends_of(
        part.category, _dates_of(record, part), jurisdiction=house.jurisdiction, region=house.region, on=on,
        rules=record.rules,
    )  # fmt: skip
    holds = record.holds.get(part.envelope, ())
    plain = [hold for hold in holds if not hold.confidential]
    return Case(
        category=part.category,
        jurisdiction=house.jurisdiction,
        region=house.region,
        grounds=_grounds(record, part, asked=asked),
        verified=verified,
        authority_freeze=any(hold.kind == Hold.Kind.AUTHORITY for hold in holds),
        internal_hold=any(hold.kind == Hold.Kind.INTERNAL for hold in holds),
        confidential_hold=len(plain) < len(holds),
        open_stay=record.is_open(part),
        unpaid=any(bill.unpaid for stay in served if (bill := record.bills.get(stay.pk))),
        open_case=record.complains or any(stay.pk in record.matters for stay in served),
        contested=record.contests,
        holds_other_person=part.stay is not None and part.stay.pk in record.shared,
        period_end_by_law=ends.by_law,
        law_rule=ends.law_rule,
        period_end_by_lower=ends.by_lower,
        lower_rule=ends.lower_rule,
        rule_unknown=ends.unknown,
        review_on=min((hold.review_on for hold in plain if hold.review_on > on), default=None),
        today=on,
    )


def _grounds(record: Record, part: Part, *, asked: bool) -> frozenset[str]:
    return grounds.found(
        category=part.category,
        stay_over=not record.is_open(part),
        deletion_asked=asked,
        asking_is_ground=record.asking_is_ground.get(record.house_of(part).jurisdiction, False),
        consent_withdrawn=part.category in grounds.CONSENT_BASED and record.withdrawn_on is not None,
        period_over=_is_period_over(record, part),
    )


def _is_period_over(record: Record, part: Part) -> bool:
    """Whether rules, own policy among them, say how long it is kept, and that is over."""
    kind, on, house = RECORD_OF.get(part.category), record.day_of(part), record.house_of(part)
    if kind is None:
        return False
    found = periods.rules_over(record.rules, record=kind, jurisdiction=house.jurisdiction, region=house.region, on=on)
    due = periods.due_on(found, _dates_of(record, part))
    return due is not None and due < on


def _dates_of(record: Record, part: Part) -> periods.Facts:
    return record.dates[part.stay.pk if part.stay else None]


def _dates(
    stays: Mapping[UUID, Stay], bills: Mapping[UUID, Bill], withdrawn_on: date | None
) -> dict[UUID | None, periods.Facts]:
    """The day of each event from which a period may run, on the calendar of the property."""
    left = {pk: _left_on(stay) for pk, stay in stays.items()}
    ever = {
        Start.LAST_USE: max((day for day in left.values() if day is not None), default=None),
        Start.WITHDRAWAL: withdrawn_on,
    }
    known: dict[UUID | None, Mapping[Start, date | None]] = {None: ever}
    known.update((pk, ever | _of_stay(stay, left[pk], bills.get(pk))) for pk, stay in stays.items())
    return {pk: {str(start): day for start, day in found.items() if day is not None} for pk, found in known.items()}


def _of_stay(stay: Stay, left_on: date | None, bill: Bill | None) -> dict[Start, date | None]:
    """A bill without a line of its own is that of the stay's end."""
    return {
        Start.ARRIVAL: today(stay.property, stay.arrived_at) if stay.arrived_at else stay.arrival_on,
        Start.PLANNED_ARRIVAL: stay.arrival_on,
        Start.CHECK_OUT: left_on,
        Start.POSTED: today(stay.property, bill.posted_at) if bill else left_on,
    }


def _left_on(stay: Stay) -> date | None:
    """The day of departure; the planned one of a stay that came to nothing."""
    if stay.departed_at is not None:
        return today(stay.property, stay.departed_at)
    return stay.departure_on if stay.status in _NEVER_CAME else None


def _stays(guest: UUID) -> dict[UUID, Stay]:
    taken_part = Occupant.objects.filter(subject=guest).values("stay")
    found = Stay.objects.filter(pk__in=taken_part).select_related("property").order_by("arrival_on", "reference")
    return {stay.pk: stay for stay in found}


def _parts(guest: UUID, stays: Mapping[UUID, Stay], *, alone: Collection[UUID]) -> list[Part]:
    found = record_rows.parts(guest, stays, alone=alone)
    parts = [Part(row.envelope, row.subject, row.category, _stay_of(row, stays)) for row in found]
    return sorted(parts, key=lambda part: (_place(part.stay), _ORDER[part.category], part.envelope))


def _stay_of(row: PartRow, stays: Mapping[UUID, Stay]) -> Stay | None:
    return stays.get(row.belongs_to) if row.belongs_to else None


def _place(stay: Stay | None) -> tuple[bool, str, str]:
    """What belongs to no stay comes first, then stay by stay."""
    return (stay is not None, stay.arrival_on.isoformat() if stay else "", stay.reference if stay else "")

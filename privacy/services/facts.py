"""What is known about a guest's record when its deletion is decided: gathered by ids, nothing of it is opened.

The same number of queries for one stay and for twenty.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from privacy.models import Consent, Hold, Profile, Request
from privacy.policy import grounds, periods, profiles
from privacy.policy.cases import Case
from privacy.policy.rules import RECORD_OF, Rule, Start
from privacy.services import law
from privacy.services.held import holds_on
from privacy.services.reviewing import today
from staff.models import Property
from stays.models import BillLine, DeskCase, Draft, Occupant, Stay
from vault.categories import Category
from vault.models import Envelope, Subject

# A request of an authority is no matter between guest and house: what it wants kept lies under a hold.
_MATTERS = (
    DeskCase.Kind.DISPUTE,
    DeskCase.Kind.LOST_PROPERTY,
    DeskCase.Kind.SAFETY,
    DeskCase.Kind.INVESTIGATION,
)
_COMPLAINTS = (Request.Kind.COMPLAINT, Request.Kind.APPEAL)
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

    ``shared``: stays in which somebody else's data is alive. ``matters``: stays with an open desk case; ``holds``: in
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
    stays, withdrawn_on = _stays(guest), _withdrawn_on(guest, house)
    shared, bills = _shared(guest, stays), _bills(stays)
    complains, contests = _open_requests(guest, besides)
    parts = _parts(guest, stays, alone=stays.keys() - shared)
    return Record(
        guest=guest,
        house=house,
        at=at,
        stays=stays,
        parts=parts,
        shared=shared,
        bills=bills,
        matters=frozenset(_matters().filter(stay__in=stays).values_list("stay_id", flat=True)),
        holds=holds_on([part.envelope for part in parts], at),
        complains=complains,
        contests=contests,
        dates=_dates(stays, bills, withdrawn_on),
        days={place.pk: today(place, at) for place in (house, *(stay.property for stay in stays.values()))},
        withdrawn_on=withdrawn_on,
        rules=law.rules_of_the_house(on=today(house, at)),
        asking_is_ground=_asking_is_ground(),
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
    found = Stay.objects.filter(pk__in=taken_part).prefetch_related("property").order_by("arrival_on", "reference")
    return {stay.pk: stay for stay in found}


def _shared(guest: UUID, stays: Mapping[UUID, Stay]) -> frozenset[UUID]:
    alive = Envelope.objects.filter(subject=OuterRef("subject"), erased_at__isnull=True)
    others = Occupant.objects.filter(Exists(alive), stay__in=stays).exclude(subject=guest).order_by()
    return frozenset(others.values_list("stay_id", flat=True))


def _parts(guest: UUID, stays: Mapping[UUID, Stay], *, alone: set[UUID]) -> list[Part]:
    """The guest's live envelopes; forms about their stays that were never finished; and, where nobody else of the
    party is left for whom it is kept, the guardian's contact."""
    drafts = dict(_drafts(stays.values()))
    guardians = Q(subject__kind=Subject.Kind.GUARDIAN, belongs_to__in=alone)
    live = Envelope.objects.filter(Q(subject=guest) | guardians | Q(pk__in=drafts), erased_at__isnull=True)
    rows = live.values_list("pk", "subject_id", "category", "belongs_to")
    parts = [Part(pk, who, kind, drafts.get(pk) or (stays.get(of) if of else None)) for pk, who, kind, of in rows]
    return sorted(parts, key=lambda part: (_place(part.stay), _ORDER[part.category], part.envelope))


def _drafts(stays: Iterable[Stay]) -> list[tuple[UUID, Stay]]:
    by_reference = {stay.reference: stay for stay in stays}
    found = Draft.objects.filter(about__in=by_reference).values_list("envelope_id", "about").order_by()
    return [(envelope, by_reference[about]) for envelope, about in found]


def _place(stay: Stay | None) -> tuple[bool, str, str]:
    """What belongs to no stay comes first, then stay by stay."""
    return (stay is not None, stay.arrival_on.isoformat() if stay else "", stay.reference if stay else "")


def _bills(stays: Mapping[UUID, Stay]) -> dict[UUID, Bill]:
    lines = BillLine.objects.filter(stay__in=stays).order_by().values("stay_id")
    summed = lines.annotate(unpaid=Count("pk", filter=Q(settled_at__isnull=True)), last=Max("posted_at"))
    return {row["stay_id"]: Bill(unpaid=row["unpaid"] > 0, posted_at=row["last"]) for row in summed}


def _matters() -> QuerySet[DeskCase]:
    return DeskCase.objects.filter(state=DeskCase.State.OPEN, kind__in=_MATTERS).order_by()


def _open_requests(guest: UUID, besides: Request | None) -> tuple[bool, bool]:
    """Whether another complaint of the guest, and whether a correction, is open."""
    others = Request.objects.open().filter(guest=guest).order_by()
    if besides is not None:
        others = others.exclude(pk=besides.pk).exclude(appeal_of=besides.pk)
    kinds = set(others.values_list("kind", flat=True))
    return bool(kinds.intersection(_COMPLAINTS)), Request.Kind.CORRECTION in kinds


def _withdrawn_on(guest: UUID, house: Property) -> date | None:
    """The day the guest's last consent to keep preferences was withdrawn; None while one stands or none was given."""
    given = list(Consent.objects.of(guest).filter(about=Consent.About.PREFERENCES))
    ended = [consent.withdrawn_at for consent in given if consent.withdrawn_at is not None]
    return today(house, max(ended)) if ended and len(ended) == len(given) else None


def _asking_is_ground() -> dict[str, bool]:
    """By jurisdiction, whether a request for deletion needs no further ground: as stored, else as shipped."""
    shipped = {code: profile.asking_is_ground for code, profile in profiles.PROFILES.items()}
    return shipped | dict(Profile.objects.values_list("code", "asking_is_ground"))

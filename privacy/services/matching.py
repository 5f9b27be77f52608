"""Which guest a requester speaks of, and whether what they state is true: compared blindly, nothing shown.

Facts of a person are compared inside the vault, facts of a stay with its row. What comes out are names of facts.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from privacy.models import Request
from privacy.policy.evidence import Shown
from privacy.typed import Compared
from stays.models import Occupant, Stay
from vault import search
from vault import services as vault

OF_PERSON: Final = (
    "name", "phone", "phone_tail", "email", "document_number", "document_tail", "birth_date", "card_last4",
)  # fmt: skip
OF_STAY: Final = ("stay_reference", "arrival_on", "departure_on", "room_number")
FACTS: Final = (*OF_PERSON, *OF_STAY)

# Facts that only help to find somebody: others know them, or they change. Wrong ones are no failure.
HELPS: Final = frozenset({"phone", "phone_tail", "email", "birth_date", "room_number"})
# By what a guest is looked for where no stay is named, the rarest first.
KEYS: Final = ("document_number", "phone", "name")
MOST_CANDIDATES: Final = 200
NOBODY: Final = UUID(int=0)


def compare(request: Request, facts: Mapping[str, str]) -> Compared:
    """Compare stated facts with every guest of the property who may be meant.

    ``guest`` is set where all facts that prove something fit one guest and no other. What is true of each of several
    who fit is told as true; facts that did not fit are told apart only where one guest, or the party of one stay, was
    in question. Raises ValueError on an unknown fact.
    """
    unknown = set(facts).difference(FACTS)
    if unknown:
        raise ValueError(f"no such fact: {', '.join(sorted(unknown))}")
    candidates = _candidates(request, facts)
    found = [_outcome(request, subject, facts) for subject in candidates or [NOBODY]]
    fitting = [each for each in found if each.guest is not None]
    if len(fitting) == 1:
        return fitting[0]
    if not fitting and len(found) > 1 and not _names_stay(request, facts):
        return Compared(None, (), tuple(facts))
    closest = max(fitting or found, key=lambda each: len(each.matched))
    return Compared(None, closest.matched, closest.failed)


def _outcome(request: Request, subject: UUID, facts: Mapping[str, str]) -> Compared:
    of_person = {name: value for name, value in facts.items() if name in OF_PERSON}
    right = vault.match_facts(subject, of_person, with_restricted=True) | _match_stays(request, subject, facts)
    matched = tuple(name for name in facts if right[name])
    failed = tuple(name for name in facts if not right[name])
    return Compared(subject if _fits(matched, failed) else None, matched, failed)


def _fits(matched: Sequence[str], failed: Sequence[str]) -> bool:
    """Nothing that proves something is wrong, and more than a name is right: many share a name."""
    is_more = len(matched) > 1 if "name" in matched else not HELPS.issuperset(matched)
    return HELPS.issuperset(failed) and is_more


def shown_by(matched: Sequence[str]) -> frozenset[str]:
    """What facts that fitted prove, in the words of the table of evidence; a whole number proves its tail."""
    tail = {str(Shown.DOCUMENT_TAIL)} if "document_number" in matched else set()
    return frozenset(matched).intersection(Shown).union(tail)


# Candidates


def _candidates(request: Request, facts: Mapping[str, str]) -> list[UUID]:
    if request.guest_id is not None:
        return [request.guest_id]
    if "stay_reference" in facts:
        stay = _stays_here(request).filter(reference=_reference(facts["stay_reference"]))
        return _occupants(stay_id__in=stay.values("pk"))
    if request.stay_id is not None:
        return _occupants(stay_id=request.stay_id)
    return next(filter(None, (_found_by(request, facts[key]) for key in KEYS if key in facts)), [])


def _names_stay(request: Request, facts: Mapping[str, str]) -> bool:
    """Whether the candidates are the party of one stay."""
    return "stay_reference" in facts or request.stay_id is not None


def _found_by(request: Request, value: str) -> list[UUID]:
    """Guests of the property whom the blind index offers for a value; whether they truly fit is compared later."""
    offered = search.candidates(search.parse(value))
    return _occupants(stay__property=request.property_id, subject__in=offered) if offered else []


def _occupants(**of: object) -> list[UUID]:
    """Nobody where too many are meant: whoever is left out might be the one who fits too."""
    found = Occupant.objects.filter(**of).order_by("subject").values_list("subject_id", flat=True).distinct()
    some = list(found[: MOST_CANDIDATES + 1])
    return some if len(some) <= MOST_CANDIDATES else []


# Facts of stays


def _match_stays(request: Request, subject: UUID, facts: Mapping[str, str]) -> dict[str, bool]:
    stated = {name: value for name, value in facts.items() if name in OF_STAY}
    if not stated:
        return {}
    parts = Occupant.objects.filter(subject=subject, stay__property=request.property_id)
    parts = parts.select_related("stay__property").prefetch_related("stay__room_uses__room")
    outcomes = [_match_stay(part, stated) for part in parts]
    return max(outcomes, key=lambda outcome: sum(outcome.values()), default=dict.fromkeys(stated, False))


def _match_stay(part: Occupant, stated: Mapping[str, str]) -> dict[str, bool]:
    """All of them against the guest's part in one and the same stay."""
    return {name: _STAY_FACTS[name](part, value) for name, value in stated.items()}


def _stays_here(request: Request) -> QuerySet[Stay]:
    return Stay.objects.filter(property=request.property_id)


def _reference(written: str) -> str:
    return written.strip().upper()


def _is_day(stay: Stay, planned: date, written: str, *moments: datetime | None) -> bool:
    """The day that was booked, or one it came to be, of the stay or of a companion who came later or left earlier: on
    the calendar, or the business day of the house."""
    house = stay.property
    known = [moment for moment in moments if moment]
    days = {planned, *map(house.today, known), *(house.local(moment).date() for moment in known)}
    return written.strip() in {day.isoformat() for day in days}


_STAY_FACTS: Final[Mapping[str, Callable[[Occupant, str], bool]]] = {
    "stay_reference": lambda part, written: part.stay.reference == _reference(written),
    "arrival_on": lambda part, written: _is_day(
        part.stay, part.stay.arrival_on, written, part.stay.arrived_at, part.came_at
    ),
    "departure_on": lambda part, written: _is_day(
        part.stay, part.stay.departure_on, written, part.stay.departed_at, part.left_at
    ),
    "room_number": lambda part, written: written.strip() in {use.room.number for use in part.stay.room_uses.all()},
}

"""Where a guest's data is: which envelopes stand in a copy or a transfer, and the stays they belong to.

Nothing is opened here. What is not known to be the guest's own stays out: words about others, holds, case files.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from privacy.models import Consent, HeldEnvelope, Hold, Item, PaperCard, Request
from privacy.policy.answering import Part
from stays.models import BillLine, Note, Occupant, Registration, RoomUse, Stay
from vault.categories import Category
from vault.models import Envelope

Row = TypeVar("Row", RoomUse, BillLine, PaperCard)


@dataclass(frozen=True, slots=True)
class OneStay:
    """One stay as the guest took part in it."""

    stay: Stay
    as_whom: Occupant
    rooms: tuple[str, ...]
    bill: tuple[BillLine, ...]
    reports: tuple[Registration, ...]
    cards: tuple[PaperCard, ...]
    companions: int


@dataclass(frozen=True, slots=True)
class Held:
    """All that is held about one guest. ``kinds``: of the notes, by envelope; ``others``: who shared
    their stays, or is named with them."""

    guest: UUID
    envelopes: tuple[UUID, ...]
    stays: tuple[OneStay, ...]
    kinds: dict[UUID, str]
    others: tuple[UUID, ...]
    consents: tuple[Consent, ...]
    requests: tuple[Request, ...]

    @property
    def houses(self) -> list[int]:
        """Ids of the properties where the guest stayed."""
        return sorted({one.stay.property_id for one in self.stays})


def gather(guest: UUID, wanted: Callable[[Part], bool]) -> Held:
    """The guest's parts that are wanted (``policy.answering``), restricted ones too, newest stay first."""
    mine = Occupant.objects.filter(subject=guest).select_related("stay__property", "notice")
    occupants = sorted(mine, key=lambda each: (each.stay.arrival_on, each.stay.reference), reverse=True)
    stays = [each.stay_id for each in occupants]
    party = list(Occupant.objects.filter(stay__in=stays).exclude(subject=guest).values_list("stay_id", "subject_id"))
    kinds = dict(Note.objects.filter(stay__in=stays).values_list("envelope_id", "kind"))
    return Held(
        guest=guest,
        envelopes=tuple(_wanted(guest, stays, kinds, wanted)),
        stays=tuple(_stays(occupants, [stay for stay, _subject in party])),
        kinds=kinds,
        others=tuple(sorted({subject for _stay, subject in party} | _named_besides(guest, stays))),
        consents=tuple(Consent.objects.of(guest).select_related("property", "notice")),
        requests=tuple(Request.objects.filter(guest=guest).select_related("property").order_by("received_at")),
    )


def _named_besides(guest: UUID, stays: Sequence[UUID]) -> set[UUID]:
    """Others whose data is sealed with the stays, such as guardians."""
    rows = Envelope.objects.filter(belongs_to__in=stays, erased_at__isnull=True).exclude(subject=guest)
    return set(rows.values_list("subject_id", flat=True))


def _wanted(guest: UUID, stays: Sequence[UUID], kinds: dict[UUID, str], wanted: Callable[[Part], bool]) -> list[UUID]:
    secret = set(Hold.objects.filter(envelope__isnull=False).values_list("envelope", flat=True)) | _kept_in_secret(
        guest
    )
    rows = Envelope.objects.filter(subject=guest, erased_at__isnull=True).exclude(category=Category.DRAFT)
    found = rows.order_by("created_at", "pk").values_list("pk", "category", "belongs_to")
    return [
        envelope
        for envelope, category, belongs_to in found
        if _is_known(category, belongs_to, stays, envelope in kinds)
        and wanted(
            Part(
                category=category,
                of_the_guest=True,
                under_secrecy=envelope in secret,
                given_by_guest=kinds.get(envelope) != Note.Kind.REASON,
            )
        )
    ]


def _kept_in_secret(guest: UUID) -> set[UUID]:
    """Preferences that are locked away since their consent was withdrawn, not by a request the guest knows of, and for
    no other than a confidential hold."""
    asked_for = Item.objects.filter(chosen=Item.Outcome.RESTRICT, done_at__isnull=False).values("envelope")
    held = HeldEnvelope.objects.filter(
        envelope__subject=guest, envelope__category=Category.PREFERENCE, envelope__restricted_until__isnull=False
    ).exclude(envelope__in=asked_for)
    openly = held.filter(hold__confidential=False).values_list("envelope", flat=True)
    return set(held.values_list("envelope", flat=True)).difference(openly)


def _is_known(category: str, belongs_to: UUID | None, stays: Sequence[UUID], is_note: bool) -> bool:
    """Of the guest or of one of their stays; words only where the desk wrote them down for a stay."""
    return is_note if category == Category.NOTE else belongs_to is None or belongs_to in stays


def _stays(occupants: Sequence[Occupant], companions: Sequence[UUID]) -> list[OneStay]:
    stays = [each.stay_id for each in occupants]
    rooms = _by_stay(RoomUse.objects.filter(stay__in=stays).exclude(state=RoomUse.State.UNDONE).select_related("room"))
    bills = _by_stay(BillLine.objects.filter(stay__in=stays))
    cards = _by_stay(PaperCard.objects.filter(stay__in=stays).existing())
    reports = defaultdict(list)
    for report in Registration.objects.filter(occupant__in=[each.pk for each in occupants]):
        reports[report.occupant_id].append(report)
    return [
        OneStay(
            stay=each.stay,
            as_whom=each,
            rooms=tuple(dict.fromkeys(use.room.number for use in rooms[each.stay_id])),
            bill=tuple(bills[each.stay_id]) if each.role == Occupant.Role.LEAD else (),
            reports=tuple(reports[each.pk]),
            cards=tuple(card for card in cards[each.stay_id] if card.occupant_id in (None, each.pk)),
            companions=companions.count(each.stay_id),
        )
        for each in occupants
    ]


def _by_stay(rows: Iterable[Row]) -> dict[UUID, list[Row]]:
    found: dict[UUID, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.stay_id].append(row)
    return found

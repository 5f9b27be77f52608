"""Everything personal of a check-in, sealed at once."""

from dataclasses import dataclass, field
from uuid import UUID

from stays.models import Note, Stay
from stays.services.minors import guardian_sealings
from stays.services.notes import Words
from stays.services.party import Member, index_party, party_sealings
from stays.typed import ArrivalData
from vault import services as vault
from vault.categories import Category


@dataclass(slots=True)
class SealedArrival:
    """The envelopes of a check-in. ``registers``: those made, by subject. ``commit``: to the reason of an override."""

    registers: dict[UUID, UUID] = field(default_factory=dict)
    payment: UUID | None = None
    notes: list[tuple[str, UUID]] = field(default_factory=list)
    commit: bytes | None = None


def seal_arrival(stay: Stay, members: list[Member], arrival: ArrivalData) -> SealedArrival:
    """Seal party, payment, words and guardian in two statements, and index the party. Raises ``NotInFreeText``."""
    lead, words = members[0].subject, _words(arrival)
    sealings = [
        *party_sealings(stay, members),
        *_payment(stay, lead, arrival),
        *(each.sealing(stay, lead) for each in words),
        *(guardian_sealings(stay, arrival.guardian) if arrival.guardian else ()),
    ]
    sealed = SealedArrival(commit=next((each.commit for each in words if each.kind == Note.Kind.REASON), None))
    kinds = iter(each.kind for each in words)
    for sealing, envelope in zip(sealings, vault.seal_many(sealings), strict=True):
        if sealing.category == Category.REGISTER:
            sealed.registers[sealing.subject] = envelope
        elif sealing.category == Category.PAYMENT:
            sealed.payment = envelope
        elif sealing.category == Category.NOTE:
            sealed.notes.append((next(kinds), envelope))
    index_party(stay, members)
    return sealed


def _words(arrival: ArrivalData) -> list[Words]:
    given = ((Note.Kind.REQUEST, arrival.special_request), (Note.Kind.REASON, arrival.override_reason))
    return [Words.checked(kind, text) for kind, text in given if text]


def _payment(stay: Stay, lead: UUID, arrival: ArrivalData) -> list[vault.Sealing]:
    payment = arrival.payment
    if payment is None or not payment.method:
        return []
    return [vault.Sealing(lead, Category.PAYMENT, payment.content, belongs_to=stay.pk)]

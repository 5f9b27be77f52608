"""Who the arriving people are in the vault: recognised, booked before, or new; and what is sealed of them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from stays import documents
from stays.models import Occupant, Stay
from stays.models.stays import MAX_PARTY
from stays.refusals import BadParty, SameGuestTwice
from stays.typed import ArrivalData, DocumentData, GuestData, OccupantData
from vault import services as vault
from vault.categories import Category
from vault.services.indexing import reindex

BASIC = (Category.NAME, Category.CONTACT)
OnFile = Mapping[str, tuple[UUID, Mapping[str, Any]]]
Held = Mapping[UUID, OnFile]


@dataclass(slots=True)
class Member:
    """One arriving person. ``person`` holds what is known and what was typed, the typed first.

    ``returning``: recognised as somebody with a stay in the desk's sight; of others nobody learns that they come again.
    ``occupant``: the row of an earlier, reversed check-in or of the expected stay. ``held``: live envelopes by
    category, with their contents.
    """

    person: OccupantData
    subject: UUID
    returning: bool
    is_new: bool
    occupant: Occupant | None
    held: OnFile


def require_party(arrival: ArrivalData) -> None:
    """Raise ``BadParty`` without exactly one lead guest, the first, or with too many; ``SameGuestTwice``."""
    roles = [person.role for person in arrival.occupants]
    if not 1 <= len(roles) <= MAX_PARTY or roles[0] != Occupant.Role.LEAD or Occupant.Role.LEAD in roles[1:]:
        raise BadParty
    shown = [document_key(person.document) for person in arrival.occupants if person.document.document_number]
    if len(set(shown)) < len(shown):
        raise SameGuestTwice


def find_party(stay: Stay | None, arrival: ArrivalData) -> list[Member]:
    """Who each person is. Takes the lock of every document, so that one document stays one guest.

    The lead guest takes the row that was made when the stay was booked, also when recognised as somebody known.
    """
    occupants = {occupant.subject_id: occupant for occupant in stay.occupants.all()} if stay else {}
    booked = _booked_lead(occupants, arrival.occupants[0].guest)
    members = find_people(arrival.occupants, booked={0: booked.subject_id} if booked else {})
    for place, member in enumerate(members):
        member.occupant = occupants.get(member.subject) or (booked if place == 0 else None)
    return members


def find_people(people: Sequence[OccupantData], *, booked: Mapping[int, UUID] | None = None) -> list[Member]:
    """Who each of them is, by document; ``booked``: the subject of a place nobody is recognised at."""
    known = _recognise(people)
    seen = _in_sight(known.values())
    at_place = {**(booked or {}), **known}
    subjects = [at_place.get(place) for place in range(len(people))]
    fresh = iter(vault.new_subjects(subjects.count(None)) if None in subjects else ())
    held = _held([subject for subject in subjects if subject])
    return [
        _member(person, subject or next(fresh), held, is_new=subject is None, returning=known.get(place) in seen)
        for place, (person, subject) in enumerate(zip(people, subjects, strict=True))
    ]


def party_sealings(stay: Stay, members: Sequence[Member]) -> list[vault.Sealing]:
    """What is to be sealed of the party: name and contact where new, the register of everybody.

    What is on file already and has changed is sealed anew here, under its own envelope.
    """
    sealings: list[vault.Sealing] = []
    for member in members:
        sealings += _basic_sealings(member)
        register = _register_sealing(stay, member)
        sealings += [register] if register else []
    return sealings


def index_party(stay: Stay, members: Sequence[Member]) -> None:
    """Let everybody of the party be found, and before those whose stays are older."""
    index_people([(member, stay.arrival_on) for member in members])


def index_people(people: Sequence[tuple[Member, date]]) -> None:
    """Let people be found, each as somebody the house saw on that day."""
    new = [_indexing(member) for member, _day in people if member.is_new]
    known = [member.subject for member, _day in people if not member.is_new]
    if new:
        vault.index_many(new, are_new=True)
    if known:
        reindex(known)
    vault.note_seen({member.subject: day for member, day in people})


def document_key(document: DocumentData) -> tuple[str, str]:
    """What tells one document from another."""
    return document.document_type, documents.normalise(document.document_number)


def register_content(person: OccupantData) -> dict[str, str]:
    """What the guest register holds of a person, in text."""
    document = person.document
    return {
        "document_type": document.document_type,
        "document_number": documents.normalise(document.document_number),
        "nationality": document.nationality,
        "birth_date": document.birth_date.isoformat() if document.birth_date else "",
        "sex": document.sex,
        "expires_on": document.expires_on.isoformat() if document.expires_on else "",
        "region": document.region,
        "name": person.guest.name,
        "latin_name": person.guest.latin_name,
    }


def _recognise(people: Sequence[OccupantData]) -> dict[int, UUID]:
    """Subjects by place in the party; their documents are locked."""
    found = vault.subjects_by_document([document_key(person.document) for person in people], lock=True)
    return {place: subject for place, subject in enumerate(found) if subject}


def _in_sight(subjects: Collection[UUID]) -> set[UUID]:
    """Those who have a stay that is not restricted."""
    if not subjects:
        return set()
    stays = Stay.objects.unrestricted().filter(occupants__subject__in=subjects)
    return set(stays.values_list("occupants__subject", flat=True))


def _booked_lead(occupants: Mapping[UUID, Occupant], arriving: GuestData) -> Occupant | None:
    """The lead guest as booked, as long as no document is tied to the subject made then.

    A guest with other stays who shows another document than before is still the one booked, if the name is theirs.
    """
    lead = next((row for row in occupants.values() if row.role == Occupant.Role.LEAD), None)
    if lead is None or lead.register_envelope_id is not None:
        return None
    elsewhere = Occupant.objects.filter(subject_id=lead.subject_id).exclude(pk=lead.pk).exists()
    return None if elsewhere and not _is_named(lead.subject_id, arriving) else lead


def _is_named(subject: UUID, arriving: GuestData) -> bool:
    return any(vault.match_facts(subject, {"name": name})["name"] for name in arriving.names.values() if name)


def _held(subjects: Sequence[UUID]) -> Held:
    if not subjects:
        return {}
    ids = vault.envelopes_of(subjects, BASIC)
    opened = vault.open_for_deed(list(ids.values()))
    held: dict[UUID, dict[str, tuple[UUID, Mapping[str, Any]]]] = {}
    for (subject, category, _stay), envelope in ids.items():
        if envelope in opened:
            held.setdefault(subject, {})[category] = (envelope, opened[envelope].plain)
    return held


def _member(person: OccupantData, subject: UUID, held: Held, *, is_new: bool, returning: bool) -> Member:
    known = held.get(subject, {})
    merged = replace(person, guest=_merged(person.guest, known), known_subject=None if is_new else subject)
    return Member(merged, subject, returning, is_new, None, known)


def _merged(typed: GuestData, known: OnFile) -> GuestData:
    """What was typed, and what is on file where nothing was: a prefilled field comes back empty, it was masked."""
    on_file = {name: value for _envelope, content in known.values() for name, value in content.items()}
    given = {**typed.names, **typed.contact}
    return GuestData(**{name: value or str(on_file.get(name) or "") for name, value in given.items()})


def _basic_sealings(member: Member) -> list[vault.Sealing]:
    wanted = {Category.NAME: member.person.guest.names, Category.CONTACT: member.person.guest.contact}
    new = []
    for category, content in wanted.items():
        envelope, known = member.held.get(category, (None, {}))
        if envelope is None and any(content.values()):
            new.append(vault.Sealing(member.subject, category, content))
        elif envelope is not None and not _is_same(known, content):
            vault.reseal(envelope, content)
    return new


def _is_same(known: Mapping[str, Any], content: Mapping[str, str]) -> bool:
    return all(str(known.get(name) or "") == value for name, value in content.items())


def _register_sealing(stay: Stay, member: Member) -> vault.Sealing | None:
    content = register_content(member.person)
    if member.occupant is not None and member.occupant.register_envelope_id:
        vault.reseal(member.occupant.register_envelope_id, content)
        return None
    return vault.Sealing(member.subject, Category.REGISTER, content, belongs_to=stay.pk)


def _indexing(member: Member) -> vault.Indexing:
    guest, number = member.person.guest, member.person.document.document_number
    return vault.Indexing(
        member.subject,
        names=[name for name in (guest.name, guest.latin_name) if name],
        phones=[guest.phone] if guest.phone else [],
        documents=[documents.normalise(number)],
    )

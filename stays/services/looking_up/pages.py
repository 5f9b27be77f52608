"""A stay's page: everything the reader may know of it, masked, in one look."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, FilteredRelation, OuterRef, Q, QuerySet

from audit.services import Why
from staff import permissions as rights
from staff.models import Person
from stays import actions, permissions
from stays.models import MinorDuty, Note, Occupant, Registration, ReviewRule, Room, RoomUse, Stay
from stays.purposes import opens_restricted, require_purpose
from stays.services.bills import unpaid_of
from stays.services.checking_out import may_reinstate, may_reverse
from stays.services.looking_up.explaining import explain_stay
from stays.services.looking_up.rows import NO_NAME
from stays.services.not_coming import may_be_no_show, may_expect_again
from stays.services.noting import HAS_NOTES
from stays.typed import NoteView, OccupantView, Sealed, StayPage
from vault import services as vault
from vault.categories import FIELDS, Category
from vault.models import Envelope
from vault.values import Opened, Value

PAGE_FIELDS = ("name", "latin_name", "phone_tail", "document_tail")
AMOUNTS = ("method", "deposit")
IDENTITY = tuple(name for name in FIELDS[Category.REGISTER] if name not in ("name", "latin_name"))


@dataclass(frozen=True, slots=True)
class Shelf:
    """The opened envelopes of a page, by subject and category."""

    stay: Stay
    reader: Person
    at: datetime
    opened: Mapping[tuple[UUID, str], Opened]

    def fields(self, subject: UUID, category: str, names: Sequence[str]) -> tuple[Sealed, ...]:
        """The fields that hold something, masked, each with what it takes to reveal it."""
        envelope = self.opened.get((subject, category))
        if envelope is None:
            return ()
        grade = permissions.reveal_grade(self.reader, category, self.stay, self.at)
        values = ((name, envelope.get(name)) for name in names)
        return tuple(Sealed(name, value, envelope.envelope, category, grade) for name, value in values if value.shown)

    def name(self, subject: UUID, field: str) -> Value:
        """A name, from the guest's own record."""
        envelope = self.opened.get((subject, Category.NAME))
        return envelope.get(field) if envelope else NO_NAME


def open_stay(stay: Stay, *, actor: Person, why: Why, at: datetime) -> StayPage:
    """Open a stay that is visible to the actor. Raises ``NotAllowed`` and ``PurposeRefused``."""
    rights.require(actor, "see_basic", stay.property)
    why = require_purpose(actor=actor, house=stay.property, why=why, stay=stay)
    party = party_of(stay)
    subjects = [occupant.subject_id for occupant in party]
    ids = _envelopes(stay, subjects)
    opened = vault.open_envelopes(
        ids,
        action=actions.STAY_VIEWED,
        who=rights.who(actor, stay.property),
        why=explain_stay(actor, stay, subjects, why, at=at),
        object_type="stay",
        object_ref=stay.reference,
        fields=PAGE_FIELDS,
        with_restricted=opens_restricted(actor, stay.property, why),
    )
    shelf = Shelf(stay, actor, at, {(each.subject, each.category): each for each in opened.values()})
    return _page(shelf, party, opened)


def party_of(stay: Stay) -> list[Occupant]:
    """The people of the stay in one query: each with the report that is not withdrawn as ``report``, and whether a
    minor is among them as ``with_minor``.
    """
    withdrawn = Q(registrations__state=Registration.State.WITHDRAWN)
    reports = FilteredRelation("registrations", condition=~withdrawn)
    duties = Exists(MinorDuty.objects.filter(stay=OuterRef("stay")))
    return list(stay.occupants.annotate(report=reports, with_minor=duties).select_related("report"))  # type: ignore[misc]


def _duties_of(stay: Stay, party: Sequence[Occupant]) -> tuple[MinorDuty, ...]:
    """The duties towards the minors of a party, as ``party_of`` tells of them; most have none, and are not asked."""
    if not any(getattr(occupant, "with_minor", False) for occupant in party):
        return ()
    return tuple(stay.minor_duties.select_related("done_by"))


def _envelopes(stay: Stay, subjects: Sequence[UUID]) -> QuerySet[Envelope, UUID]:
    """Of the stay: register, payment, notes, guardian; its visitors have a page of their own. Of its people: name
    and contact.
    """
    of_people = Q(subject__in=subjects, category__in=[Category.NAME, Category.CONTACT])
    live = Envelope.objects.filter(of_people | Q(belongs_to=stay.pk), erased_at__isnull=True)
    return live.exclude(pk__in=stay.visitors.values("envelope")).values_list("pk", flat=True)


def _page(shelf: Shelf, party: Sequence[Occupant], opened: Mapping[UUID, Opened]) -> StayPage:
    stay = shelf.stay
    bill = tuple(stay.bill_lines.all())
    uses = _uses_of(stay)
    return StayPage(
        stay=stay,
        rooms=_rooms(uses),
        uses=uses,
        occupants=_people(shelf, party),
        payment=_all_of(shelf, opened, Category.PAYMENT, _of_payment(shelf)),
        guardian=_guardian(shelf, opened, {occupant.subject_id for occupant in party}),
        bill=bill,
        unpaid=unpaid_of(bill),
        notes=_notes(stay, opened),
        ticks=tuple(ReviewRule.objects.filter(pk__in=stay.ticks.values("rule"))),
        cases=tuple(stay.desk_cases.all()),
        minor_duties=_duties_of(stay, party),
        today=stay.property.today(shelf.at),
        may=_may(shelf),
    )


def rooms_of(stay: Stay) -> tuple[Room, ...]:
    """The rooms held now, or where none is, the one lived in last."""
    return _rooms(_uses_of(stay))


def _uses_of(stay: Stay) -> tuple[RoomUse, ...]:
    """The rooms the party has or had, oldest first."""
    return tuple(stay.room_uses.exclude(state=RoomUse.State.UNDONE).select_related("room"))


def _rooms(uses: Sequence[RoomUse]) -> tuple[Room, ...]:
    held = [use.room for use in uses if use.state != RoomUse.State.ENDED]
    return tuple(held or [use.room for use in uses[-1:]])


def _people(shelf: Shelf, party: Sequence[Occupant]) -> tuple[OccupantView, ...]:
    return tuple(
        OccupantView(
            occupant=occupant,
            name=shelf.name(occupant.subject_id, "name"),
            latin_name=shelf.name(occupant.subject_id, "latin_name"),
            identity=shelf.fields(occupant.subject_id, Category.REGISTER, IDENTITY),
            contact=_told(shelf, occupant.subject_id),
            registration=getattr(occupant, "report", None),
        )
        for occupant in party
    )


def _told(shelf: Shelf, subject: UUID) -> tuple[Sealed, ...]:
    """Contact; of a confidential stay the names too, masked: the page itself shows a pseudonym."""
    names = shelf.fields(subject, Category.NAME, FIELDS[Category.NAME]) if shelf.stay.confidential else ()
    return (*names, *shelf.fields(subject, Category.CONTACT, FIELDS[Category.CONTACT]))


def _all_of(shelf: Shelf, opened: Mapping[UUID, Opened], category: str, names: Sequence[str]) -> tuple[Sealed, ...]:
    subjects = dict.fromkeys(each.subject for each in opened.values() if each.category == category)
    return tuple(sealed for subject in subjects for sealed in shelf.fields(subject, category, names))


def _of_payment(shelf: Shelf) -> Sequence[str]:
    """Who pays is for who may reveal it; others see how, and the deposit."""
    may_reveal = permissions.reveal_grade(shelf.reader, Category.PAYMENT, shelf.stay, shelf.at)
    return FIELDS[Category.PAYMENT] if may_reveal else AMOUNTS


def _guardian(shelf: Shelf, opened: Mapping[UUID, Opened], party: set[UUID]) -> tuple[Sealed, ...]:
    """The guardian's name and contact: a subject of their own, of this stay but not of its party."""
    others = dict.fromkeys(each.subject for each in opened.values() if each.subject not in party)
    shown = [
        shelf.fields(subject, category, FIELDS[category])
        for subject in others
        for category in (Category.NAME, Category.CONTACT)
    ]
    return tuple(sealed for fields in shown for sealed in fields)


def _notes(stay: Stay, opened: Mapping[UUID, Opened]) -> tuple[NoteView, ...]:
    if not any(each.category == Category.NOTE for each in opened.values()):
        return ()
    notes = Note.objects.filter(stay=stay).select_related("owner")
    return tuple(
        NoteView(note.pk, note.kind, opened[note.envelope_id].text, note.done_at, note.owner)
        for note in notes
        if note.envelope_id in opened
    )


def _may(shelf: Shelf) -> frozenset[str]:
    stay = shelf.stay
    if not rights.may(shelf.reader, "work_desk", stay.property):
        return frozenset()
    is_expected, in_house = stay.status == Stay.Status.EXPECTED, stay.status == Stay.Status.IN_HOUSE
    allowed = {
        "check_in": is_expected,
        "check_out": in_house,
        "reverse": may_reverse(stay, shelf.at),
        "reinstate": may_reinstate(stay, shelf.at),
        "move": (is_expected or in_house) and not stay.do_not_move,
        "extend": is_expected or in_house,
        "mark": is_expected or in_house,
        "ungroup": is_expected and bool(stay.group),
        "cancel": is_expected,
        "no_show": may_be_no_show(stay, shelf.at),
        "expect_again": may_expect_again(stay, shelf.at),
        "note": stay.status in HAS_NOTES,
    }
    return frozenset(deed for deed, is_so in allowed.items() if is_so)

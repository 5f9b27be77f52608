"""A request arrives: its number, its clock, what the requester says sealed, and a code to follow it by."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from privacy import actions, permissions
from privacy.models import Appointment, Request
from privacy.refusals import AppointmentMissing, AppointmentSettled, StayNotHere
from privacy.services import clock, requests, secrets, timeline
from privacy.services.matching import FACTS
from privacy.services.numbers import next_request_number
from privacy.typed import Said, TakenIn
from staff.models import Person, Property
from stays.models import Stay
from vault import services as vault
from vault.categories import Category
from vault.models import Subject

MOST_WORDS: Final = 4000  # characters
MOST_FACT: Final = 200
KINDS: Final = tuple(kind for kind in Request.Kind.values if kind != Request.Kind.APPEAL)


def take_in_request(
    *,
    actor: Person | None,
    property: Property,
    kind: str,
    channel: str,
    acts_as: str = Request.ActsAs.SELF,
    language: str,
    stay: Stay | None = None,
    stay_reference: str = "",
    name: str,
    phone: str = "",
    email: str = "",
    words: str = "",
    facts: Mapping[str, str] | None = None,
    is_complex: bool = False,
    appointment_at: datetime | None = None,
    at: datetime,
) -> TakenIn:
    """Take in a request, or a complaint without one before it; appeals have a deed of their own.

    ``actor`` is None on the public page, for channel ``web`` only: then everything is sealed and nothing looked up.
    ``facts``: what the requester states to be recognised by, of ``FACTS``; compared later, and blindly.
    Raises ``NotAllowed``, ``StayNotHere``, ``AppointmentMissing``; ValueError on what no form lets through.
    """
    if actor is not None:
        permissions.require_take_in(actor, property)
    said = Said(name, phone, email, words, _stated(facts, stay_reference))
    _require_possible(actor, kind, channel, acts_as, language, said)
    _require_here(stay, property)
    _require_appointment(is_complex, appointment_at, at)
    with transaction.atomic():
        taken = receive(
            Request(
                property=property, kind=kind, channel=channel, acts_as=acts_as, language=language, stay=stay,
                is_complex=is_complex, taken_in_by=actor, received_at=at,
            ),
            said,
        )  # fmt: skip
        if appointment_at is not None:
            _make_appointment(taken.request, actor, appointment_at, at)
    return taken


def receive(request: Request, said: Said) -> TakenIn:
    """Number, clock, requester and follow code of a new request; what was said is sealed. Inside a deed."""
    request.number = next_request_number(request.property, request.received_at)
    request.due_on = clock.first_due_on(request.property, request.received_at)
    request.requester_id = vault.new_subject(Subject.Kind.REQUESTER)
    code = secrets.new_follow_code()
    request.follow_code_hash = secrets.follow_hash(code, request.pk)
    request.save(force_insert=True)
    timeline.note(
        request,
        actions.REQUEST_RECEIVED,
        actor=request.taken_in_by,
        at=request.received_at,
        fields=said.given,
        subjects=[request.requester_id],
        detail={"kind": request.kind, "channel": request.channel, "acts_as": request.acts_as},
        envelope=_seal(request, said),
    )
    return TakenIn(request, code)


def make_appointment(*, request: Request, actor: Person, planned_at: datetime, at: datetime) -> Appointment:
    """Agree on when to talk a request over. Raises ``NotAllowed``, ``WrongState`` and ``AppointmentMissing``."""
    permissions.require_decide(actor, request.property)
    _require_appointment(True, planned_at, at)
    with transaction.atomic():
        locked = requests.lock(request)
        requests.require_open(locked)
        return _make_appointment(locked, actor, planned_at, at)


def note_appointment(*, appointment: Appointment, actor: Person, kept: bool, at: datetime) -> Appointment:
    """Note whether the requester came. Raises ``NotAllowed`` and ``AppointmentSettled``."""
    permissions.require_decide(actor, appointment.request.property)
    with transaction.atomic():
        locked = Appointment.objects.select_for_update(of=("self",)).select_related("request__property")
        found = locked.get(pk=appointment.pk)
        if found.kept is not None:
            raise requests.refused(AppointmentSettled, found.request)
        found.kept = kept
        found.save(update_fields=["kept"])
        timeline.note(found.request, actions.APPOINTMENT_KEPT, actor=actor, at=at, detail={"kept": kept})
    return found


def _make_appointment(request: Request, actor: Person | None, planned_at: datetime, at: datetime) -> Appointment:
    made = Appointment.objects.create(request=request, at=planned_at)
    timeline.note(request, actions.APPOINTMENT_MADE, actor=actor, at=at)
    return made


def _seal(request: Request, said: Said) -> UUID | None:
    """Seal what was said under the requester; the envelope of their words, where there are any."""
    contact = {"phone": said.phone, "email": said.email}
    contents: list[tuple[str, Mapping[str, str]]] = [(Category.NAME, {"name": said.name})] if said.name else []
    contents += [(Category.CONTACT, contact)] if any(contact.values()) else []
    contents += [(Category.DRAFT, said.facts)] if said.facts else []
    contents += [(Category.NOTE, {"text": said.words})] if said.words else []
    sealed = vault.seal_many(
        [vault.Sealing(request.requester_id, category, content, request.pk) for category, content in contents]
    )
    return sealed[-1] if said.words else None


def _stated(facts: Mapping[str, str] | None, stay_reference: str) -> dict[str, str]:
    stated = {**(facts or {}), **({"stay_reference": stay_reference} if stay_reference else {})}
    return {name: value.strip() for name, value in stated.items() if value.strip()}


def _require_possible(actor: Person | None, kind: str, channel: str, acts_as: str, language: str, said: Said) -> None:
    known = (
        kind in KINDS
        and channel in Request.Channel.values
        and acts_as in Request.ActsAs.values
        and language in Request.Language.values
        and set(said.facts).issubset(FACTS)
    )
    if not known or (actor is None) != (channel == Request.Channel.WEB):
        raise ValueError("no such kind of request, channel, requester, language or fact")
    if not said.name.strip() or len(said.words) > MOST_WORDS:
        raise ValueError("a requester has a name, and at most so many words")
    if any(len(each) > MOST_FACT for each in (said.name, said.phone, said.email, *said.facts.values())):
        raise ValueError("what is stated is short")


def _require_here(stay: Stay | None, house: Property) -> None:
    if stay is not None and stay.property_id != house.pk:
        raise StayNotHere(object_type="stay", object_ref=stay.reference)


def _require_appointment(is_complex: bool, planned_at: datetime | None, at: datetime) -> None:
    missing = is_complex and planned_at is None
    if missing or (planned_at is not None and planned_at <= at):
        raise AppointmentMissing(object_type="request")

"""Requests as people make them, for the tests of what is done with them."""

from typing import Any

from django.db import transaction

from audit.models import Event
from privacy import services
from privacy.models import Request, Step
from privacy.tests.factories import AT, make_request
from privacy.typed import TakenIn
from staff.models import Person, Property
from stays.models import Stay
from vault.models import Envelope
from vault.services import open_for_deed

WORDS = "请删除我的电子邮件 haitang@example.com"
SAID = {"name": "欧阳海棠", "phone": "13900001234", "email": "haitang@example.com", "words": WORDS}


def take_in(actor: Person | None, house: Property, **facts: Any) -> TakenIn:
    """A request of the guest 欧阳海棠: at the desk, or on the public page where nobody takes it in."""
    channel = Request.Channel.DESK if actor else Request.Channel.WEB
    plain = {"kind": "deletion", "channel": channel, "language": "zh-hans", "at": AT} | SAID
    return services.take_in_request(actor=actor, property=house, **(plain | facts))


def asked_online(stay: Stay, **facts: Any) -> Request:
    """A request from the public page that states the name and the tail of the guest's document."""
    stated = {"document_tail": document_tail(stay), "stay_reference": stay.reference}
    return take_in(None, stay.property, **({"facts": stated} | facts)).request


def document_tail(stay: Stay) -> str:
    """The last four of the lead guest's document."""
    number: str = held(Envelope.objects.filter(belongs_to=stay.pk, category="register"))["document_number"]
    return number[-4:]


def held(envelopes: Any) -> dict[str, Any]:
    """What is sealed in these envelopes, later ones winning."""
    with transaction.atomic():
        ids = list(envelopes.filter(erased_at__isnull=True).order_by("created_at").values_list("pk", flat=True))
        return {name: value for each in open_for_deed(ids).values() for name, value in each.plain.items()}


def papers(request: Request) -> Any:
    """The live envelopes of a case."""
    return Envelope.objects.filter(belongs_to=request.pk, erased_at__isnull=True)


def log_row(action: str, request: Request) -> dict[str, Any]:
    """The only row of this action about the request, but for what the database adds."""
    event = Event.objects.get(action=action, object_type="request", object_ref=request.number)
    named = ("actor", "actor_role", "property", "outcome", "purpose", "purpose_ref")
    return {name: getattr(event, name) for name in (*named, "subjects", "fields", "explained_by", "detail")}


def as_log_row(actor: Person | None, request: Request, role: str = "privacy_officer", **facts: Any) -> dict[str, Any]:
    """What such a row holds, told by what differs from a plain row of an officer."""
    plain = {
        "actor": actor.pk if actor else None,
        "actor_role": role,
        "property": request.property_id,
        "outcome": "ok",
        "purpose": "",
        "purpose_ref": "",
        "subjects": [],
        "fields": [],
        "explained_by": "",
        "detail": {},
    }
    return plain | facts


def steps(request: Request) -> list[str]:
    """The codes of the timeline, in order."""
    return list(Step.objects.filter(request=request).order_by("pk").values_list("code", flat=True))


def assert_nameless(request: Request) -> None:
    """No value anybody gave stands in a row of the log or in the timeline; what was given exists, sealed."""
    given = held(papers(request))
    told = [value for name, value in given.items() if value and name != "stay_reference"]
    rows = str(list(Event.objects.values())) + str(list(Step.objects.values())) + str(list(Request.objects.values()))
    assert told
    assert [value for value in told if value in rows] == []


__all__ = [
    "SAID",
    "WORDS",
    "as_log_row",
    "asked_online",
    "assert_nameless",
    "document_tail",
    "held",
    "log_row",
    "make_request",
    "papers",
    "steps",
    "take_in",
]

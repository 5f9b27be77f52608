"""The file of one request: what happened, what is decided on, what the requester wrote."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, TypeVar
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Model, OuterRef, Q
from django.db.models.functions import JSONObject

from privacy import actions, permissions
from privacy.letters.parts import PARTS
from privacy.models import (
    Appointment,
    Certificate,
    Check,
    Delivery,
    HeldEnvelope,
    Hold,
    Item,
    Letter,
    Message,
    Request,
    Step,
    Task,
)
from privacy.models.requests import RequestQuerySet
from privacy.services import requests
from staff import permissions as rights
from staff.models import Person
from vault import services as vault
from vault.categories import Category
from vault.models import Envelope
from vault.values import Opened, Value

Part = TypeVar("Part", bound=Model)
NOTHING: Final = Value("text", "")
FIELDS: Final = ("name", "phone", "email", "text")
RECEIVED: Final = actions.REQUEST_RECEIVED
TELLING: Final = (actions.TASK_DONE, actions.REQUEST_RATED)


@dataclass(frozen=True, slots=True)
class Written:
    """A message with its words; empty where they have expired."""

    message: Message
    text: Value


@dataclass(frozen=True, slots=True)
class ToDo:
    """A task with its words. ``about``: the part of the record, the receipt or the stay it concerns."""

    task: Task
    text: Value
    about: str


@dataclass(frozen=True, slots=True)
class Past:
    """A step of the timeline, with its words where it tells something that stands nowhere else."""

    step: Step
    text: Value


@dataclass(frozen=True, slots=True)
class RequestFile:
    """Everything the page of a request shows. Names and words are opened values, masked unless asked for."""

    request: Request
    today: date
    name: Value
    contact: Mapping[str, Value]
    words: Value
    steps: Sequence[Past]
    messages: Sequence[Written]
    tasks: Sequence[ToDo]
    items: Sequence[Item]
    holds: Sequence[Hold]
    checks: Sequence[Check]
    letters: Sequence[Letter]
    deliveries: Sequence[Delivery]
    appointments: Sequence[Appointment]
    certificates: Sequence[Certificate]

    @property
    def days_left(self) -> int:
        """Days until the answer is due, negative when it is late."""
        return self.request.days_left(self.today)

    @property
    def matched(self) -> list[str]:
        """Facts that were confirmed, each once."""
        return list(dict.fromkeys(fact for check in self.checks for fact in check.matched))

    @property
    def failed(self) -> list[str]:
        """Facts that were never confirmed."""
        matched = set(self.matched)
        return list(dict.fromkeys(fact for check in self.checks for fact in check.failed if fact not in matched))


_KEPT: Final[dict[str, tuple[type[Model], tuple[str, ...]]]] = {
    "its_messages": (Message, ("id", "direction", "kind", "envelope", "at")),
    "its_checks": (Check, ("id", "method", "matched", "failed", "passed", "at")),
    "its_letters": (Letter, ("id", "kind", "language", "made_at", "sent_at", "way")),
    "its_deliveries": (Delivery, ("id", "kind", "contact_field", "made_at", "expires_at", "opened_at", "letter_id")),
    "its_appointments": (Appointment, ("id", "at", "kept")),
    "its_certificates": (Certificate, ("id", "number", "made_at")),
}
_NAMED: Final = ("property", "stay", "officer", "duplicate_of", "appeal_of")


def open_request(*, request: Request, actor: Person, at: datetime) -> RequestFile:
    """Open the file of a request that is visible to the actor and was found ``with_parts``. Raises ``NotAllowed``."""
    permissions.require_decide(actor, request.property)
    whole: Any = request
    steps, messages = list(request.steps.select_related("actor")), _made(Message, whole.its_messages)
    tasks = list(request.tasks.select_related("owner"))
    items = list(request.items.select_related("stay"))
    written = [message.envelope for message in messages]
    written += [task.envelope for task in tasks if task.envelope] + [step.envelope for step in steps if step.envelope]
    opened = _open(request, actor, written)
    texts = {each.envelope: each.get("text") for each in opened if each.category == Category.NOTE}
    by_category = {each.category: each for each in opened}
    return RequestFile(
        request=request,
        today=request.property.today(at),
        name=by_category[Category.NAME].get("name") if Category.NAME in by_category else NOTHING,
        contact=_contact(by_category.get(Category.CONTACT)),
        words=next((_said(texts, step.envelope) for step in steps if step.code == RECEIVED), NOTHING),
        steps=[Past(step, _said(texts, step.envelope) if step.code in TELLING else NOTHING) for step in steps],
        messages=[Written(message, _said(texts, message.envelope)) for message in messages],
        tasks=[ToDo(task, _said(texts, task.envelope), _about(task, items)) for task in tasks],
        items=items,
        holds=_holds(request, actor, at),
        checks=_made(Check, whole.its_checks),
        letters=_made(Letter, whole.its_letters),
        deliveries=_made(Delivery, whole.its_deliveries),
        appointments=_made(Appointment, whole.its_appointments),
        certificates=_made(Certificate, whole.its_certificates),
    )


def _open(request: Request, actor: Person, written: Sequence[UUID]) -> list[Opened]:
    """What the requester said of themself, and what was written about the request, in one look."""
    said = Q(belongs_to=request.pk, category__in=[Category.NAME, Category.CONTACT])
    ids = Envelope.objects.filter(said | Q(pk__in=written), subject=request.requester_id, erased_at__isnull=True)
    opened = vault.open_envelopes(
        ids.values_list("pk", flat=True),
        action=actions.REQUEST_VIEWED,
        who=rights.who(actor, request.property),
        why=requests.why(actor, request),
        fields=FIELDS,
        object_type="request",
        object_ref=request.number,
    )
    return list(opened.values())


def with_parts(requests_found: RequestQuerySet) -> RequestQuerySet:
    """The requests with people, stay and what hangs on them, for ``open_request``: all in one query."""
    lists = {
        name: ArraySubquery(
            model._default_manager.filter(request=OuterRef("pk")).values_list(
                JSONObject(**{field: field for field in fields})
            )
        )
        for name, (model, fields) in _KEPT.items()
    }
    return requests_found.select_related(*_NAMED).annotate(**lists)


def _made(model: type[Part], lines: Sequence[Mapping[str, Any]]) -> list[Part]:
    return [model(**{name: _read(name, value) for name, value in line.items()}) for line in lines]


def _read(name: str, value: Any) -> Any:
    if name == "envelope":
        return UUID(value)
    return datetime.fromisoformat(value) if value and (name == "at" or name.endswith("_at")) else value


def _contact(opened: Opened | None) -> dict[str, Value]:
    known = {field: opened.get(field) for field in ("phone", "email")} if opened else {}
    return {field: value for field, value in known.items() if value.shown}


def _said(texts: Mapping[UUID, Value], envelope: UUID | None) -> Value:
    return texts.get(envelope, NOTHING) if envelope else NOTHING


def _about(task: Task, items: Sequence[Item]) -> str:
    """What a task concerns, in words: a row of the sheet by its part, a processor by its link, others by reference."""
    if task.kind == Task.Kind.PROCESSOR:
        return ""
    parts = {f"item:{item.pk}": f"{PARTS[item.category]} {item.stay or ''}".rstrip() for item in items}
    return parts.get(task.about, task.about)


def _holds(request: Request, actor: Person, at: datetime) -> list[Hold]:
    """Holds in force that keep something of the guest, of the stay while nobody is known, or of the file itself; as far
    as the reader may see them."""
    in_force = list(Hold.objects.visible_to(actor).in_force(at))
    if not in_force:
        return []  # as in ``held.holds_on``: planning the view takes longer than everything else the page asks
    whose = Q(envelope__subject=request.guest_id) if request.guest_id else Q(envelope__belongs_to=request.stay_id)
    lines = HeldEnvelope.objects.filter(whose | Q(envelope__belongs_to=request.pk), hold__in=in_force)
    keeping = set(lines.order_by().values_list("hold_id", flat=True))
    return [hold for hold in in_force if hold.pk in keeping]

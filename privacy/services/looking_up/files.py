"""The file of one request: what happened, what is decided on, what the requester wrote."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db.models import Q

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
from privacy.policy.rules import Rule
from privacy.services import requests, sheets
from privacy.services.looking_up.parts import parts_of
from staff import permissions as rights
from staff.models import Person
from vault import services as vault
from vault.categories import Category
from vault.models import Envelope
from vault.values import Opened, Value

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
    """Everything the page of a request shows. Names and words are opened values, masked unless asked for.

    ``rules``: of the rows of the sheet, by id (``sheets.rules_of``).
    """

    request: Request
    today: date
    name: Value
    contact: Mapping[str, Value]
    words: Value
    steps: Sequence[Past]
    messages: Sequence[Written]
    tasks: Sequence[ToDo]
    items: Sequence[Item]
    rules: Mapping[int, Rule]
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


def open_request(*, request: Request, actor: Person, at: datetime) -> RequestFile:
    """Open the file of a request that is visible to the actor. Raises ``NotAllowed``."""
    permissions.require_decide(actor, request.property)
    steps, parts = list(request.steps.select_related("actor")), parts_of(request)
    items = list(request.items.select_related("stay__property"))
    written = [message.envelope for message in parts.messages]
    written += [task.envelope for task in parts.tasks if task.envelope]
    written += [step.envelope for step in steps if step.envelope]
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
        messages=[Written(message, _said(texts, message.envelope)) for message in parts.messages],
        tasks=[ToDo(task, _said(texts, task.envelope), _about(task, items)) for task in parts.tasks],
        items=items,
        rules=sheets.rules_of(request, items, at=at),
        holds=_holds(request, actor, at),
        checks=parts.checks,
        letters=parts.letters,
        deliveries=parts.deliveries,
        appointments=parts.appointments,
        certificates=parts.certificates,
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

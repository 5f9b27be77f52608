"""The file of one request: what happened, what is decided on, what the requester wrote."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Model, OuterRef, Q
from django.db.models.functions import JSONObject

from privacy import actions, permissions
from privacy.models import Appointment, Check, Delivery, Hold, Item, Letter, Message, Request, Step, Task
from privacy.models.requests import RequestQuerySet
from privacy.services import requests
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
    """A task with its words."""

    task: Task
    text: Value


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
    "its_checks": (Check, ("id", "method", "matched", "failed", "passed", "at")),
    "its_letters": (Letter, ("id", "kind", "language", "made_at", "sent_at", "way")),
    "its_deliveries": (Delivery, ("id", "kind", "contact_field", "made_at", "expires_at", "opened_at", "letter_id")),
    "its_appointments": (Appointment, ("id", "at", "kept")),
}
_NAMED: Final = ("property", "stay", "officer", "decided_by", "approved_by", "taken_in_by", "duplicate_of", "appeal_of")


def open_request(*, request: Request, actor: Person, at: datetime) -> RequestFile:
    """Open the file of a request that is visible to the actor. Raises ``NotAllowed``."""
    permissions.require_decide(actor, request.property)
    whole = request if hasattr(request, "its_checks") else with_parts(Request.objects.all()).get(pk=request.pk)
    messages, tasks = list(whole.messages.select_related("by")), list(whole.tasks.select_related("owner", "done_by"))
    steps = list(whole.steps.select_related("actor"))
    opened = _open(whole, actor, {each.envelope for each in (*messages, *tasks, *steps) if each.envelope})
    by_id = {each.envelope: each for each in opened}
    return RequestFile(
        request=whole,
        today=whole.property.today(at),
        **_of_requester(opened),
        words=_text(next((by_id.get(step.envelope) for step in steps if step.code == RECEIVED), None)),
        steps=[Past(step, _text(by_id.get(step.envelope)) if step.code in TELLING else NOTHING) for step in steps],
        messages=[Written(message, _text(by_id.get(message.envelope))) for message in messages],
        tasks=[ToDo(task, _text(by_id.get(task.envelope))) for task in tasks],
        items=list(whole.items.select_related("stay")),
        holds=_holds(whole, actor, at),
        **{name: [_made(model, line) for line in getattr(whole, f"its_{name}")] for name, model in _LINES.items()},
    )


def _open(request: Request, actor: Person, written: Collection[UUID]) -> list[Opened]:
    """What the requester said of themself, and what was written about the request, in one look."""
    said = Q(belongs_to=request.pk, category__in=[Category.NAME, Category.CONTACT])
    ids = Envelope.objects.filter(said | Q(pk__in=written), subject=request.requester_id, erased_at__isnull=True)
    opened = vault.open_envelopes(
        ids.values_list("pk", flat=True),
        action=actions.REQUEST_VIEWED,
        who=rights.who(actor, request.property),
        why=requests.why(actor, request),
        fields=FIELDS,
        **requests.named(request),
    )
    return list(opened.values())


_LINES: Final = {name.removeprefix("its_"): model for name, (model, _fields) in _KEPT.items()}


def with_parts(requests_found: RequestQuerySet) -> RequestQuerySet:
    """The requests with people, stay and what hangs on them, for ``open_request``: all in one query."""
    lists = {
        name: ArraySubquery(
            model._default_manager.filter(request=OuterRef("pk")).values_list(  # type: ignore[attr-defined]
                JSONObject(**{field: field for field in fields})
            )
        )
        for name, (model, fields) in _KEPT.items()
    }
    return requests_found.select_related(*_NAMED).annotate(**lists)


def _made(model: type[Model], line: Mapping[str, Any]) -> Any:
    is_time = ("at", "made_at", "sent_at", "expires_at", "opened_at")
    return model(
        **{name: datetime.fromisoformat(value) if name in is_time and value else value for name, value in line.items()}
    )


def _of_requester(opened: Sequence[Opened]) -> dict[str, Any]:
    by_category = {each.category: each for each in opened}
    name, contact = by_category.get(Category.NAME), by_category.get(Category.CONTACT)
    known = {field: contact.get(field) for field in ("phone", "email")} if contact else {}
    return {
        "name": name.get("name") if name else NOTHING,
        "contact": {field: value for field, value in known.items() if value.shown},
    }


def _text(opened: Opened | None) -> Value:
    return opened.get("text") if opened else NOTHING


def _holds(request: Request, actor: Person, at: datetime) -> list[Hold]:
    """Holds in force on the guest or the stay of the request, as far as the reader may see them."""
    if request.guest_id is None and request.stay_id is None:
        return []
    about = Q(subject=request.guest_id, subject__isnull=False) | Q(stay=request.stay_id, stay__isnull=False)
    if request.guest_id:
        about |= Q(stay__occupants__subject=request.guest_id)
    return list(Hold.objects.visible_to(actor).in_force(at).filter(about).distinct())

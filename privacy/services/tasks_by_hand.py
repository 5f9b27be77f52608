"""What people must do by hand for a request, and the question to counsel."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from privacy import actions, permissions
from privacy.models import Request, Task
from privacy.refusals import BadDueDate, PersonElsewhere, SecondMissing, TaskDone
from privacy.services import requests, timeline
from privacy.services.messages import require_words, seal_words
from staff.models import Person


def add_task(
    *,
    request: Request,
    actor: Person,
    kind: str,
    owner: Person,
    due_on: date,
    text: str = "",
    about: str = "",
    at: datetime,
) -> Task:
    """Give somebody of the property a task. ``about``: an id or reference; ``text``: words, sealed.

    Raises ``NotAllowed``, ``WrongState``, ``PersonElsewhere`` and ``BadDueDate``.
    """
    permissions.require_decide(actor, request.property)
    if kind not in Task.Kind.values or kind == Task.Kind.COUNSEL:
        raise ValueError(f"no such kind of task: {kind}")
    with transaction.atomic():
        locked = requests.lock(request)
        requests.require_open(locked)
        if not permissions.works_at(owner, locked.property):
            raise requests.refused(PersonElsewhere, locked, field="owner")
        task = _make(locked, kind, owner, due_on, text, about, at)
        timeline.note(locked, actions.TASK_ADDED, actor=actor, at=at, detail=_detail(task), envelope=task.envelope)
    return task


def ask_counsel(*, request: Request, actor: Person, counsel: Person, text: str, due_on: date, at: datetime) -> Task:
    """Ask a second approver of the property for a legal opinion, by a day.

    Raises ``NotAllowed``, ``WrongState``, ``PersonElsewhere``, ``SamePerson``, ``BadDueDate`` and ``WordsMissing``.
    """
    permissions.require_decide(actor, request.property)
    permissions.require_another(counsel, actor, **requests.named(request))
    require_words(text, request)
    with transaction.atomic():
        locked = requests.lock(request)
        requests.require_open(locked)
        if not permissions.is_counsel(counsel, locked.property):
            raise requests.refused(PersonElsewhere, locked, field="counsel")
        task = _make(locked, Task.Kind.COUNSEL, counsel, due_on, text, "", at)
        timeline.note(locked, actions.COUNSEL_ASKED, actor=actor, at=at, detail=_detail(task), envelope=task.envelope)
    return task


def finish_task(*, task: Task, actor: Person, second: Person | None = None, text: str = "", at: datetime) -> Task:
    """Note that a task is done, by its owner or by who decides here; destroying paper needs a second name.

    ``text``: what came of it, such as the opinion of counsel, sealed. Raises ``NotAllowed``, ``TaskDone``,
    ``SecondMissing``, ``SamePerson`` and ``PersonElsewhere``.
    """
    house = task.request.property
    if task.owner_id != actor.pk or not permissions.works_at(actor, house):
        permissions.require_decide(actor, house)
    with transaction.atomic():
        locked = _lock(task)
        _require_second(locked, actor, second)
        locked.done_at, locked.done_by, locked.second_by = at, actor, second
        locked.save(update_fields=["done_at", "done_by", "second_by"])
        words = seal_words(locked.request, text) if text.strip() else None
        timeline.note(locked.request, actions.TASK_DONE, actor=actor, at=at, detail=_detail(locked), envelope=words)
    return locked


def _lock(task: Task) -> Task:
    found = Task.objects.select_for_update(of=("self",)).select_related("request__property").get(pk=task.pk)
    if found.done_at is not None:
        raise requests.refused(TaskDone, found.request)
    return found


def _require_second(task: Task, actor: Person, second: Person | None) -> None:
    destroys = task.kind == Task.Kind.PAPER and task.request.kind == Request.Kind.DELETION
    if second is None:
        if destroys:
            raise requests.refused(SecondMissing, task.request)
        return
    permissions.require_another(second, actor, **requests.named(task.request))
    if not permissions.works_at(second, task.request.property):
        raise requests.refused(PersonElsewhere, task.request, field="second")


def _make(request: Request, kind: str, owner: Person, due_on: date, text: str, about: str, at: datetime) -> Task:
    if due_on < request.property.today(at):
        raise requests.refused(BadDueDate, request)
    envelope: UUID | None = seal_words(request, text) if text.strip() else None
    return Task.objects.create(request=request, kind=kind, owner=owner, due_on=due_on, envelope=envelope, about=about)


def _detail(task: Task) -> dict[str, int | str]:
    return {"task": task.pk, "kind": str(task.kind), "owner": task.owner_id}

"""Tasks that are finished by another deed: the card is destroyed, the processor is told."""

from collections.abc import Iterable
from datetime import datetime

from privacy import actions
from privacy.models import Task
from privacy.services.timeline import note
from staff.models import Person


def finish_at_once(tasks: Iterable[Task], *, actor: Person, second: Person | None = None, at: datetime) -> None:
    """Mark tasks as done by the actor, with a second name where two are wanted; in the transaction under way."""
    for task in tasks:
        task.done_at, task.done_by, task.second_by = at, actor, second
        task.save(update_fields=["done_at", "done_by", "second_by"])
        note(task.request, actions.TASK_DONE, actor=actor, at=at, detail={"kind": str(task.kind)})

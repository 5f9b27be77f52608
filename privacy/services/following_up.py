"""What erasing, restricting or correcting leaves to people: paper, processors, recipients, matters to look at again."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from privacy.models import Item, Request, Task, Told
from privacy.policy.blockers import Block, Outcome
from privacy.policy.deciding import REVIEW_DAYS
from privacy.services import paper, processors
from privacy.services.reviewing import today
from staff.models import Person
from stays.models import Registration
from vault.categories import Category

FOLLOW_UP_DAYS: Final = 7  # for paper, processors and recipients (own choice)
# Reports the public-security system has: what was done to the entry must be told there too.
REPORTED: Final = (Registration.State.SENT, Registration.State.ACKNOWLEDGED)


def destroy_paper(request: Request, erased: Sequence[Item], *, owner: Person, at: datetime) -> list[Task]:
    """A task for the cards on paper of each stay whose register entry is erased (M34); a restricted one keeps them."""
    stays = {item.stay_id: item.stay for item in erased if item.category == Category.REGISTER and item.stay}
    due_on = today(request.property, at) + timedelta(days=FOLLOW_UP_DAYS)
    return paper.ask_to_destroy(request=request, stays=list(stays.values()), owner=owner, due_on=due_on)


def tell_processors(
    request: Request, what: str, categories: Collection[str], *, owner: Person, at: datetime
) -> list[Told]:
    """A task for each processor whose agreement covers one of the categories (M37); who was told something like it
    earlier about the same request is told again."""
    if not categories:
        return []
    due_on = today(request.property, at) + timedelta(days=FOLLOW_UP_DAYS)
    scope = [str(each) for each in categories]
    earlier = Told.objects.select_for_update(of=("self",)).filter(request=request, what=what, told_at__isnull=False)
    again = list(earlier.filter(processor__scope__overlap=scope, processor__ended_on__isnull=True))
    for line in again:
        line.task = _task(request, Task.Kind.PROCESSOR, owner, due_on, str(line.processor_id))
        line.task.save()
        line.told_at = line.confirmed_at = None
        line.save(update_fields=["task", "told_at", "confirmed_at"])
    new = processors.ask_to_tell(request=request, categories=scope, what=what, owner=owner, due_on=due_on)
    return [*again, *new]


def tell_recipients(request: Request, items: Sequence[Item], *, owner: Person, at: datetime) -> list[Task]:
    """A task for each report of one of these register entries that went to the public-security system (M37).

    That system is a controller of its own; ``about`` is the receipt of the report.
    """
    entries = [item.envelope for item in items if item.category == Category.REGISTER]
    reports = Registration.objects.filter(occupant__register_envelope__in=entries, state__in=REPORTED)
    due_on = today(request.property, at) + timedelta(days=FOLLOW_UP_DAYS)
    return Task.objects.bulk_create(
        _task(request, Task.Kind.RECIPIENT, owner, due_on, receipt_of(report))
        for report in reports.select_related("occupant__stay")
    )


def receipt_of(report: Registration) -> str:
    """What the public-security system knows a report by: its receipt, and while there is none the stay."""
    return report.receipt or report.occupant.stay.reference


def look_again(request: Request, items: Sequence[Item], *, owner: Person, at: datetime) -> list[Task]:
    """A task for each row that was not done now, and for each restriction that counsel or somebody has to end."""
    later = today(request.property, at) + timedelta(days=REVIEW_DAYS)
    tasks = []
    for item in items:
        kind = _kind_of_review(item)
        if kind:
            has_day = item.chosen == Outcome.NOT_NOW and item.until is not None
            on = request.property.local(item.until).date() if has_day and item.until else later
            tasks.append(_task(request, kind, owner, on, f"item:{item.pk}"))
    return Task.objects.bulk_create(tasks)


def _kind_of_review(item: Item) -> str:
    """What somebody has to do about the row later, empty where it ends by itself or never."""
    if item.chosen == Outcome.NOT_NOW:
        return Task.Kind.OTHER
    if item.chosen != Outcome.RESTRICT:
        return ""
    acting = next((code for code in item.blockers if code not in (Block.OTHERS_DATA, Block.IN_BACKUPS)), "")
    if acting == Block.LOWER_PERIOD:
        return Task.Kind.COUNSEL  # policy.md, B5: restrict and legal review
    return Task.Kind.OTHER if item.grounds and item.until is None else ""


def _task(request: Request, kind: str, owner: Person, due_on: date, about: str) -> Task:
    return Task(request=request, kind=kind, owner=owner, due_on=due_on, about=about)

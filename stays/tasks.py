"""What happens later at the desk."""

from celery import shared_task
from django.utils import timezone

from stays import services
from stays.models import ImportFile
from stays.services import down_time, importing, watching


@shared_task(name="stays.tasks.forget_old_drafts")
def forget_old_drafts() -> int:
    """Erase unfinished forms older than a day; returns how many."""
    forgotten = 0
    while count := services.forget_old_drafts(at=timezone.now()):
        forgotten += count
    return forgotten


@shared_task(name="stays.tasks.watch_reports")
def watch_reports() -> int:
    """Ask for tonight's patrols, and notice what is late; returns how many properties have something late."""
    return watching.watch_reports(at=timezone.now())


@shared_task(name="stays.tasks.prepare_roll_calls")
def prepare_roll_calls() -> int:
    """Write the sealed roll call of every property for down-time; returns how many."""
    return down_time.prepare_sheets(at=timezone.now())


@shared_task(name="stays.tasks.roll_no_shows")
def roll_no_shows() -> int:
    """Mark who did not come on a business day that is over; returns how many."""
    rolled = 0
    while count := services.roll_no_shows(at=timezone.now()):
        rolled += count
    return rolled


@shared_task(name="stays.tasks.forget_old_handovers")
def forget_old_handovers() -> int:
    """Erase words between shifts older than a month; returns how many."""
    forgotten = 0
    while count := services.forget_old_handovers(at=timezone.now()):
        forgotten += count
    return forgotten


@shared_task(name="stays.tasks.carry_on_imports")
def carry_on_imports() -> int:
    """Ring for each import that is to be begun or gone on with; returns how many."""
    return len([go_on_with_import.delay(str(file)) for file in importing.due_imports()])


@shared_task(name="stays.tasks.go_on_with_import")
def go_on_with_import(file: str) -> None:
    """Go on with an import for a while; what is left is rung for again."""
    importing.go_on(file=ImportFile.objects.select_related("property").get(pk=file), at=timezone.now())


@shared_task(name="stays.tasks.forget_old_imports")
def forget_old_imports() -> int:
    """Erase what is left of imports nobody touched for a day; returns of how many."""
    forgotten = 0
    while count := importing.forget_old_imports(at=timezone.now()):
        forgotten += count
    return forgotten

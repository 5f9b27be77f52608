"""What is forgotten by itself."""

from celery import shared_task
from django.utils import timezone

from staff import services
from staff.services import lapses
from staff.services.access_reviews import begin_due_reviews


@shared_task
def forget_old_sessions() -> None:
    """End what ran out: browser sessions, shifts nobody closed, enrolment links, cached limits."""
    services.forget_what_ran_out(at=timezone.now())


@shared_task
def begin_access_reviews() -> None:
    """Begin the quarter's review of who holds which role, at each property where it is due."""
    begin_due_reviews(at=timezone.now())


@shared_task
def watch_keeper() -> None:
    """Notice what was not done while the keeper, whose work that is, gives no sign of life."""
    lapses.stand_in_for_keeper(at=timezone.now())

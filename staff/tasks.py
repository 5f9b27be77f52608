"""What is forgotten by itself."""

from celery import shared_task
from django.utils import timezone

from staff import services


@shared_task
def forget_old_sessions() -> None:
    """End what ran out: browser sessions, shifts nobody closed, enrolment links, cached limits."""
    services.forget_what_ran_out(at=timezone.now())

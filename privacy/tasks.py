"""What happens later in the room of requests. Each task makes one service call and may run twice."""

from celery import shared_task
from django.utils import timezone

from privacy.services import processors, withdrawals


@shared_task(name="privacy.tasks.settle_withdrawals")
def settle_withdrawals() -> int:
    """Settle the withdrawals of consent that came in on the public page; returns how many."""
    return withdrawals.settle_withdrawals(at=timezone.now())


@shared_task(name="privacy.tasks.remind_of_processors")
def remind_of_processors() -> int:
    """Mail the officers which agreements with processors run out; returns how many agreements."""
    return processors.remind_of_expiry(at=timezone.now())

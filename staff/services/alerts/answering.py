"""The person asked answers: a code, and where there is one the stay, case or request it belongs to."""

from datetime import datetime

from django.db import transaction

from staff.models import Alert, AlertQuerySet, AlertStep, Person
from staff.services.alerts.deciding import about
from staff.services.alerts.refusals import NotAsked, ReferenceMissing
from staff.services.alerts.steps import take_step


def questions_to(person: Person) -> AlertQuerySet:
    """The alerts this person was asked about and that are not decided, the oldest first. Which rule it was stays told
    to managers only.
    """
    return Alert.objects.filter(actor=person, asked_at__isnull=False).undecided().order_by("asked_at")


def answer_alert(*, actor: Person, alert: Alert, answer: str, refers_to: str = "", at: datetime) -> AlertStep:
    """Answer what one was asked, as often as one thinks better of it, until it is decided.

    Raises ``NotAsked`` and ``ReferenceMissing``.
    """
    with transaction.atomic():
        locked = Alert.objects.select_for_update(of=("self",)).select_related("property").get(pk=alert.pk)
        if locked.actor_id != actor.pk or locked.asked_at is None or locked.verdict:
            raise NotAsked(**about(locked))
        if answer == AlertStep.Answer.CASE and not refers_to:
            raise ReferenceMissing(**about(locked))
        return take_step(
            locked,
            AlertStep.Kind.ANSWERED,
            at=at,
            by=actor,
            says=AlertStep.Answer(answer).value,
            refers_to=refers_to,
        )

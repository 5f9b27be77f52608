"""Reminding by mail of holds whose review is due: again and again until somebody reviews; nothing of a guest in it."""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from privacy import actions, permissions
from privacy.models import Hold, HoldStep
from privacy.services.holding.notes import note
from privacy.services.reviewing import today
from staff.models import Person
from staff.roles import PRIVACY_OFFICER

REMIND_EVERY: Final = timedelta(days=3)
AT_ONCE: Final = 200


def holds_to_review(at: datetime) -> list[int]:
    """Open holds whose day of review has come, and of which nobody was reminded for three days."""
    near = timezone.localdate(at) + timedelta(days=1)  # the property's own calendar decides, when it is locked
    told = HoldStep.objects.filter(hold=OuterRef("pk"), code=actions.HOLD_REMINDED, at__gt=at - REMIND_EVERY)
    due = Hold.objects.open(at).filter(~Exists(told), review_on__lte=near).select_related("property")
    found = due.order_by("review_on", "number")[:AT_ONCE]
    return [hold.pk for hold in found if hold.is_due(today(hold.property, at))]


def remind_of_review(*, hold: Hold, at: datetime) -> int:
    """Mail who placed and who approved the hold that its review is due; returns how many mails went out.

    Raises OSError when the mail server is away: then nothing is noted, and the next sweep tries again. The system's
    deed.
    """
    with transaction.atomic():
        locked = Hold.objects.select_for_update(of=("self",)).select_related("property").get(pk=hold.pk)
        if not _is_due(locked, at):
            return 0
        people = _who_reviews(locked)
        note(locked, actions.HOLD_REMINDED, actor=None, at=at)
        for person in people:
            _mail(locked, person)
    return len(people)


def _is_due(hold: Hold, at: datetime) -> bool:
    told = hold.steps.filter(code=actions.HOLD_REMINDED, at__gt=at - REMIND_EVERY).exists()
    return not told and not hold.has_ended(at) and hold.is_due(today(hold.property, at))


def _who_reviews(hold: Hold) -> list[Person]:
    """Who placed it and who approved it; where neither is left, the officers, of a confidential one the named."""
    first = _fit(hold, [hold.placed_by, *([hold.approved_by] if hold.approved_by else [])])
    if first:
        return first
    others = hold.officers.all() if hold.confidential else Person.objects.holding(PRIVACY_OFFICER, hold.property)
    return _fit(hold, list(others))


def _fit(hold: Hold, people: list[Person]) -> list[Person]:
    return [person for person in people if person.email and permissions.may_decide(person, hold.property)]


def _mail(hold: Hold, person: Person) -> None:
    """A mail is read over shoulders and by servers: of a confidential hold it says only that something is due."""
    with translation.override(person.language):
        text = render_to_string("privacy/mail/hold_review.txt", {"hold": None if hold.confidential else hold})
        subject = _("A review is due")
    send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [person.email])

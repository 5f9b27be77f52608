"""Reminding the office by mail of what is due; nothing about a guest stands in it."""

from datetime import datetime

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from privacy import actions
from privacy.models import Request
from privacy.services import requests, timeline
from privacy.services.due import OVERDUE
from staff.models import Person
from staff.roles import PRIVACY_OFFICER


def remind_office(*, request: Request, stage: str, at: datetime) -> int:
    """Mail the officer, or where there is none all officers of the property; returns how many mails went out.

    ``stage``: ``soon`` or ``overdue``; each is told once. Raises OSError when the mail server is away: then nothing is
    noted, and the next sweep tries again. The system's deed.
    """
    with transaction.atomic():
        locked = requests.lock(request)
        if not locked.is_open or locked.steps.filter(code=actions.REQUEST_REMINDED, detail__stage=stage).exists():
            return 0
        people = _who_answers(locked)
        timeline.note(
            locked, actions.REQUEST_REMINDED, actor=None, by=requests.system_at(locked.property), at=at, subjects=[],
            detail={"stage": stage, "count": len(people)},
        )  # fmt: skip
        for person in people:
            _mail(locked, person, stage)
    return len(people)


def _who_answers(request: Request) -> list[Person]:
    if request.officer is not None and request.officer.is_active:
        return [request.officer] if request.officer.email else []
    return list(Person.objects.holding(PRIVACY_OFFICER, request.property).exclude(email=""))


def _mail(request: Request, person: Person, stage: str) -> None:
    facts = {"number": request.number, "due_on": request.due_on, "is_overdue": stage == OVERDUE}
    with translation.override(person.language):
        text = render_to_string("privacy/mail/reminder.txt", facts)
        subject = _("Request %(number)s is due") % {"number": request.number}
    send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [person.email])

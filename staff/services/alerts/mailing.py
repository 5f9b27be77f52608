"""What people are told by mail about alerts: numbers and pages, never anything of a guest."""

import logging
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from staff.models import Alert, Person

log = logging.getLogger(__name__)


def mail_escalation(alert: Alert, people: Iterable[Person]) -> int:
    """Tell managers that an alert waits for them; how many were told. A silent mail server holds nothing up."""
    shown = {"alert": alert, "page": reverse("alert", args=[alert.pk])}
    return sum(_mail(person, _("An alert waits for you"), "staff/mail/alert_escalated.txt", shown) for person in people)


def mail_questions(person: Person, *, lines: int, questions: int) -> bool:
    """Remind a person of their own lines, and of questions that wait; whether the mail server took it."""
    shown = {
        "lines": lines,
        "questions": questions,
        "own_lines": reverse("own_lines"),
        "own_questions": reverse("questions"),
    }
    return _mail(person, _("Please look at your own lines of today"), "staff/mail/alert_questions.txt", shown)


def _mail(person: Person, subject: Promise, template: str, shown: Mapping[str, Any]) -> bool:
    if not person.email:
        return False
    try:
        with translation.override(person.language):
            text = render_to_string(template, dict(shown))
            send_mail(str(subject), text, settings.DEFAULT_FROM_EMAIL, [person.email])
    except OSError:
        log.warning("The mail server took no notice of an alert.")
        return False
    return True

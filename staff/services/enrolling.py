"""How a person gets in for the first time, or again after a loss: a link that works once and not for long."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Final

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit import services as audit
from staff import permissions
from staff.actions import ENROLMENT_MADE, ENROLMENT_USED, SECOND_FACTORS_RESET
from staff.models import Enrolment, Person
from staff.services import sessions
from staff.services.people import require_another, require_keeper

LIFETIME: Final = timedelta(hours=72)
TOKEN_BYTES: Final = 32


class LinkNotValid(audit.Refused):
    """The link is unknown, used, replaced or too old; which of these is nobody's business."""

    action = ENROLMENT_USED
    status = 404
    message = gettext_lazy("This link is not valid any more. Ask your administrator for a new one.")


def make_enrolment(*, actor: Person, person: Person, at: datetime) -> str:
    """Make a link's token, valid for 72 hours; every earlier one of the person stops working.

    The token is returned once and kept as a hash only. Raises ``NotAllowed`` and ``OwnAccount``.
    """
    require_keeper(actor, person)
    require_another(actor, person, ENROLMENT_MADE)
    with transaction.atomic():
        token = new_token(person, at=at)
        _record(ENROLMENT_MADE, actor, person)
    return token


def reset_second_factors(*, actor: Person, person: Person, at: datetime) -> str:
    """Forget the person's password and second factors, end their sessions and make a new link.

    Raises ``NotAllowed`` and ``OwnAccount``.
    """
    require_keeper(actor, person)
    require_another(actor, person, SECOND_FACTORS_RESET)
    with transaction.atomic():
        sessions.end_all(person, at=at)
        Authenticator.objects.filter(user=person).delete()
        person.set_unusable_password()
        person.enrolled_at = None
        person.save(update_fields=["password", "enrolled_at"])
        _record(SECOND_FACTORS_RESET, actor, person)
        return make_enrolment(actor=actor, person=person, at=at)


def find_enrolment(token: str, *, at: datetime, lock: bool = False) -> Enrolment:
    """The open link of this token. Raises ``LinkNotValid``."""
    enrolments = Enrolment.objects.select_related("person")
    if lock:
        enrolments = enrolments.select_for_update()
    found = enrolments.filter(
        token_hash=_hashed(token), used_at=None, expires_at__gt=at, person__is_active=True
    ).first()
    if found is None:
        raise LinkNotValid(object_type="enrolment")
    return found


def use_enrolment(*, token: str, password: str, at: datetime) -> Person:
    """Set the person's password by a link, which works no more after this. Raises ``LinkNotValid``."""
    with transaction.atomic():
        enrolment = find_enrolment(token, at=at, lock=True)
        enrolment.used_at = at
        enrolment.save(update_fields=["used_at"])
        person = enrolment.person
        person.set_password(password)
        person.save(update_fields=["password"])
        audit.record(
            ENROLMENT_USED,
            who=permissions.who_of_account(person),
            object_type="person",
            object_ref=person.staff_number,
        )
    return person


def new_token(person: Person, *, at: datetime) -> str:
    """Store a new link of the person in place of the earlier ones and return its token. Asks nobody: for set-up."""
    person.enrolments.filter(used_at=None).delete()
    token = secrets.token_urlsafe(TOKEN_BYTES)
    Enrolment.objects.create(person=person, token_hash=_hashed(token), made_at=at, expires_at=at + LIFETIME)
    return token


def mail_enrolment(*, person: Person, address: str) -> bool:
    """Mail the link to the person in their language, without anything personal in the subject.

    Returns whether a mail was sent; raises OSError when the mail server refuses or is away.
    """
    if not person.email:
        return False
    with translation.override(person.language):
        text = render_to_string("staff/mail/enrolment.txt", {"address": address, "hours": LIFETIME.days * 24})
        send_mail(_("Your access to Hotel Records"), text, settings.DEFAULT_FROM_EMAIL, [person.email])
    return True


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _record(action: str, actor: Person, person: Person) -> None:
    audit.record(
        action,
        who=permissions.who(actor, person.kept_at),
        object_type="person",
        object_ref=person.staff_number,
    )

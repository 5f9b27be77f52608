"""What people do to their own account: password, second factors, recovery codes, language, other sessions."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit import services as audit
from staff import permissions, second_factor
from staff.actions import (
    ACCOUNT_CHANGED,
    PASSWORD_CHANGED,
    RECOVERY_CODES_MADE,
    SECOND_FACTOR_ADDED,
    SECOND_FACTOR_REMOVED,
    SESSIONS_ENDED,
)
from staff.models import Person
from staff.services import sessions


class LastSecondFactor(audit.Refused):
    """Without it the person could not sign in."""

    action = SECOND_FACTOR_REMOVED
    message = _("This is your only second factor. Add another one first.")


class AppThereAlready(audit.Refused):
    """One authenticator app is enough; a new one takes the place of the old."""

    action = SECOND_FACTOR_ADDED
    message = _("You have an authenticator app already. Remove it first.")


def add_app(*, actor: Person, secret: str, code: str, at: datetime) -> None:
    """Keep the secret of an authenticator app, with recovery codes the first time. Raises ``AppThereAlready``."""
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=actor.pk)
        if any(one.type == second_factor.Type.TOTP for one in second_factor.of(actor)):
            raise AppThereAlready
        second_factor.add_totp(actor, secret, at, used_code=code)
        _after_adding(actor, kind=second_factor.Type.TOTP, at=at)


def add_passkey(*, actor: Person, name: str, credential: object, at: datetime) -> None:
    """Keep a passkey whose registration was checked, with recovery codes the first time."""
    with transaction.atomic():
        Authenticator.objects.create(
            user=actor, type=second_factor.Type.WEBAUTHN, data={"name": name, "credential": credential}
        )
        second_factor.mark_enrolled(actor, at)
        _after_adding(actor, kind=second_factor.Type.WEBAUTHN, at=at)


def remove_second_factor(*, actor: Person, authenticator: Authenticator) -> None:
    """Forget an app or passkey. Raises ``LastSecondFactor``."""
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=actor.pk)
        if [one.pk for one in second_factor.of(actor)] == [authenticator.pk]:
            raise LastSecondFactor
        authenticator.delete()
        _record(SECOND_FACTOR_REMOVED, actor, fields=[authenticator.type])


def renew_recovery_codes(*, actor: Person) -> None:
    """Make new recovery codes; the old ones stop working."""
    with transaction.atomic():
        second_factor.make_recovery_codes(actor)
        _record(RECOVERY_CODES_MADE, actor)


def change_own_password(*, actor: Person, password: str, keep_session: str | None, at: datetime) -> None:
    """Set a new password and end the person's other sessions."""
    with transaction.atomic():
        sessions.end_others(actor, keep=keep_session, at=at)
        actor.set_password(password)
        actor.save(update_fields=["password"])
        _record(PASSWORD_CHANGED, actor)


def end_other_sessions(*, actor: Person, keep_session: str | None, at: datetime) -> int:
    """Sign out everywhere else; returns in how many places."""
    with transaction.atomic():
        ended = sessions.end_others(actor, keep=keep_session, at=at)
        _record(SESSIONS_ENDED, actor, count=ended)
    return ended


def choose_language(*, actor: Person, language: str) -> None:
    """Keep the language the person works in. Without a change nothing is recorded."""
    if actor.language == language:
        return
    with transaction.atomic():
        actor.language = language
        actor.save(update_fields=["language"])
        _record(ACCOUNT_CHANGED, actor, fields=["language"])


def _after_adding(actor: Person, *, kind: str, at: datetime) -> None:
    _record(SECOND_FACTOR_ADDED, actor, fields=[kind])
    if not second_factor.recovery_codes_left(actor):
        second_factor.make_recovery_codes(actor)
        _record(RECOVERY_CODES_MADE, actor)


def _record(action: str, actor: Person, fields: list[str] | None = None, count: int | None = None) -> None:
    audit.record(
        action,
        who=permissions.who_of_account(actor),
        object_type="person",
        object_ref=actor.staff_number,
        fields=[str(one) for one in fields or []],
        detail={} if count is None else {"count": count},
    )

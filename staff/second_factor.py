"""The second proof of who somebody is: a code from an app, a recovery code or a passkey.

A code from the app is accepted once: the time step of the last one used is kept beside the secret, under a row
lock, and only a later step counts (RFC 6238, section 5.2).
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final

from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    validate_totp_code,
    yield_hotp_counters_from_time,
)
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn.internal import auth as webauthn
from cryptography.exceptions import InvalidSignature
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from staff.models import Person
from vault import services as vault

Type = Authenticator.Type
MAIN: Final = (Type.TOTP, Type.WEBAUTHN)
_LAST_STEP: Final = "last_step"
# What allauth seals of an authenticator: an app's secret, the seed of recovery codes.
SEALED: Final = ("secret", "seed")


def is_enrolled(person: Person) -> bool:
    """Whether the person has an app or a passkey; recovery codes alone are not enough."""
    has_one: bool = Authenticator.objects.filter(user=person, type__in=MAIN).exists()
    return has_one


def of(person: Person) -> list[Authenticator]:
    """The person's apps and passkeys, oldest first."""
    return list(Authenticator.objects.filter(user=person, type__in=MAIN).order_by("created_at", "pk"))


def add_totp(person: Person, secret: str, at: datetime, *, used_code: str = "") -> Authenticator:
    """Store the secret of an authenticator app (base32) and mark the person as enrolled.

    ``used_code``: the code that showed the app is set up; it counts no second time.
    """
    with transaction.atomic():
        authenticator: Authenticator = TOTP.activate(person, secret).instance
        if used_code:
            _use_step(authenticator, used_code)
        mark_enrolled(person, at)
    return authenticator


def mark_enrolled(person: Person, at: datetime) -> None:
    """Keep the moment of the first second factor."""
    if person.enrolled_at is None:
        person.enrolled_at = at
        person.save(update_fields=["enrolled_at"])


def make_recovery_codes(person: Person) -> None:
    """Replace the person's recovery codes; each of the new ones works once."""
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)
        Authenticator.objects.filter(user=person, type=Type.RECOVERY_CODES).delete()
        RecoveryCodes.activate(person)


def show_recovery_codes(person: Person) -> list[str]:
    """The unused recovery codes the first time this is asked after they were made; afterwards nothing."""
    with transaction.atomic():
        kept = Authenticator.objects.select_for_update().filter(user=person, type=Type.RECOVERY_CODES).first()
        if kept is None or kept.wrap().did_view:
            return []
        codes = kept.wrap()
        codes.mark_as_viewed()
        return list(codes.get_unused_codes())


def recovery_codes_left(person: Person) -> int:
    """How many recovery codes are unused."""
    kept = Authenticator.objects.filter(user=person, type=Type.RECOVERY_CODES).first()
    return len(kept.wrap().get_unused_codes()) if kept else 0


def by_code(person: Person, code: str) -> Authenticator | None:
    """What the code proves: an app or the recovery codes, used up by this; None when it is wrong or was used."""
    for authenticator in Authenticator.objects.filter(user=person, type__in=(Type.TOTP, Type.RECOVERY_CODES)):
        if authenticator.type == Type.TOTP:
            is_right = _use_step(authenticator, code)
        else:
            is_right = authenticator.wrap().validate_code(code)
        if is_right:
            authenticator.user = person
            return authenticator
    return None


def by_passkey(person: Person, credential: Mapping[str, Any]) -> Authenticator | None:
    """The passkey whose answer to our challenge this is; None when it does not verify."""
    try:
        with passkey_answer():
            webauthn.parse_authentication_response(credential)
            authenticator: Authenticator = webauthn.complete_authentication(person, credential)
    except ValidationError:
        return None
    authenticator.user = person
    return authenticator


def require_holder_verified(credential: Mapping[str, Any]) -> None:
    """Raise ValidationError unless the key asked its holder for a PIN, finger or face (WebAuthn, flag UV).

    The challenge in the session may stem from a step that did not demand it, so the answer itself is looked at.
    """
    with passkey_answer():
        answer = webauthn.parse_authentication_response(credential)
        if not answer.response.authenticator_data.is_user_verified():
            raise ValidationError(_("This passkey did not prove who you are."), code="passkey")


@contextmanager
def passkey_answer() -> Iterator[None]:
    """Read a browser's answer inside; whatever is wrong with what it sent becomes a ValidationError.

    The libraries beneath raise what they stumble over in a malformed answer, and InvalidSignature on a forged one.
    """
    try:
        yield
    except (ValueError, TypeError, LookupError, AttributeError, InvalidSignature) as broken:
        raise ValidationError(_("This passkey did not prove who you are."), code="passkey") from broken


def note_proof(request: HttpRequest, authenticator: Authenticator) -> None:
    """Keep in the session that the person proved themselves just now."""
    post_authentication(request, authenticator, reauthenticated=True)


def is_fresh(request: HttpRequest) -> bool:
    """Whether the person proved themselves by a second factor within ``STEP_UP_MINUTES``."""
    proofs = [record["at"] for record in get_authentication_records(request, request.user) if record["method"] == "mfa"]
    return bool(proofs) and time.time() - max(proofs) < settings.STEP_UP_MINUTES * 60


@transaction.atomic
def _use_step(authenticator: Authenticator, code: str) -> bool:
    locked = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
    secret = decrypt(locked.data["secret"])
    for step in yield_hotp_counters_from_time():
        expected = format_hotp_value(hotp_value(secret, step))
        if step > locked.data.get(_LAST_STEP, -1) and compare_user_code(actual=code, expected=expected):
            locked.data[_LAST_STEP] = step
            locked.save(update_fields=["data"])
            authenticator.data = locked.data
            return True
    return False


def reseal_all() -> int:
    """Seal every secret of a second factor anew under the key that writes now; how many were not yet.

    They are sealed under the key-encryption key itself, so this comes before such a key is destroyed.
    """
    return sum(_reseal(pk) for pk in Authenticator.objects.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _reseal(pk: int) -> int:
    kept = Authenticator.objects.select_for_update().filter(pk=pk).first()
    old = [name for name in SEALED if kept and vault.is_sealed_before(kept.data.get(name))]
    for name in old:
        kept.data[name] = vault.seal_credential(vault.open_credential(kept.data[name]))
    if old:
        kept.save(update_fields=["data"])
    return len(old)


def fits(secret: str, code: str) -> bool:
    """Whether the code is one of this secret's now."""
    is_right: bool = validate_totp_code(secret, code)
    return is_right

"""The cast of the demonstration, and how they prove who they are."""

import time
from collections.abc import Callable
from typing import Final

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore

from staff.locking import SEEN_KEY
from staff.models import Person

PASSWORD: Final = "welcome to the desk"
SECRET: Final = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
STEP_SECONDS: Final = 30
PROOFS: Final = "account_authentication_methods"

CLERK, SECOND_CLERK, FINANCE = "harbour-desk", "harbour-desk2", "harbour-finance"
OFFICER, APPROVER, MANAGER = "harbour-officer", "harbour-approver", "harbour-manager"
ELSEWHERE: Final = "lake-desk"
# Their screen is locked by a look at the page that unlocks it.
LOCKED_OUT: Final = "lake-approver"
ADMINISTRATOR: Final = "admin"


def pk_of(staff_number: str) -> str:
    """The person as a menu offers them."""
    return str(Person.objects.get(staff_number=staff_number).pk)


def code_now(secret: str = SECRET) -> str:
    """The authenticator app's code, with some seconds left to type it."""
    left = STEP_SECONDS - time.time() % STEP_SECONDS
    if left < 3:
        time.sleep(left)
    code: str = format_hotp_value(hotp_value(secret, int(time.time()) // STEP_SECONDS))
    return code


def fresh_code(staff_number: str) -> str:
    """A code that counts although the person may have used one in this half minute: spares the test the wait."""
    for app in Authenticator.objects.filter(user__staff_number=staff_number, type=Authenticator.Type.TOTP):
        app.data.pop("last_step", None)
        app.save(update_fields=["data"])
    return code_now()


def let_proofs_grow_old(staff_number: str) -> None:
    """The person's last second proof was an hour ago."""
    _date_proofs(staff_number, time.time() - 3600)


def prove_anew(staff_number: str) -> None:
    """The person gave a second proof just now."""
    _date_proofs(staff_number, time.time())


def come_back(staff_number: str) -> None:
    """The person is at their desk as if they had just signed in, however long other journeys took."""
    _change_sessions(staff_number, lambda session: {SEEN_KEY: time.time()})
    prove_anew(staff_number)


def _date_proofs(staff_number: str, at: float) -> None:
    _change_sessions(staff_number, lambda session: {PROOFS: [{**proof, "at": at} for proof in session.get(PROOFS, [])]})


def _change_sessions(staff_number: str, change: Callable[[SessionStore], dict[str, object]]) -> None:
    for one in UserSession.objects.filter(user__staff_number=staff_number):
        session = SessionStore(one.session_key)
        session.update(change(session))
        session.save()


def speak(staff_number: str, language: str) -> None:
    """The person works in this language."""
    Person.objects.filter(staff_number=staff_number).update(language=language)

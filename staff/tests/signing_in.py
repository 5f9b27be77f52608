"""How a test gets a signed-in browser: by the real pages, or with the session they would leave."""

import time

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.auth import login
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone

from staff import locking
from staff.middleware import ENROLLED_KEY
from staff.models import Person, Property, Shift
from staff.services import open_shift, sessions
from staff.tests.factories import PASSWORD, SECRET

PERIOD_SECONDS = 30


def code_now(secret: str = SECRET, *, steps: int = 0) -> str:
    """The code which the app shows now, or some steps later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD_SECONDS + steps))


def sign_in_by_pages(
    client: Client, person: Person, property: Property, terminal: str = "Desk 1", *, steps: int = 0
) -> Client:
    """Password, code, shift: as people do it. A code counts once: ``steps`` of -1, 0, 1 give three in a row."""
    client.post("/account/sign-in/", {"login": person.staff_number, "password": PASSWORD})
    client.post("/account/sign-in/code/", {"code": code_now(steps=steps)})
    client.post("/shift/", {"property": property.pk, "terminal": terminal})
    return client


def sign_in(
    client: Client,
    person: Person,
    property: Property | None = None,
    *,
    terminal: str = "Desk 1",
    is_fresh: bool = True,
) -> Client:
    """A signed-in client with an open shift at the property, without the pages' work.

    ``is_fresh=False``: the second proof is too old for what needs a step-up.
    """
    request = HttpRequest()
    request.session = client.session
    login(request, person, backend="allauth.account.auth_backends.AuthenticationBackend")
    record_authentication(request, person, "mfa", type="totp")
    if not is_fresh:
        request.session["account_authentication_methods"][0]["at"] = 0
    locking.begin(request)
    request.session[ENROLLED_KEY] = True
    if property:
        request.session[sessions.SHIFT_KEY] = str(shift_for(person, property, terminal).session_ref)
    request.session.save()
    client.cookies["sessionid"] = request.session.session_key
    return client


def shift_for(person: Person, property: Property, terminal: str = "Desk 1") -> Shift:
    """An open shift."""
    return open_shift(actor=person, property=property, terminal=terminal, address="192.0.2.1", at=timezone.now())

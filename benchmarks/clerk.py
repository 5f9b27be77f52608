"""A clerk at the desk: signed in, enrolled, with a shift open, as after a real sign-in."""

import io
import secrets
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from hotelrecords.wsgi import application
from staff.locking import BEGAN_KEY
from staff.middleware import ENROLLED_KEY
from staff.models import Person, Property
from staff.services.sessions import SHIFT_KEY
from staff.services.shifts import open_shift

ALLAUTH = "allauth.account.auth_backends.AuthenticationBackend"


def session_of(person: Person, house: Property) -> str:
    """The key of a fresh browser session with an open shift at the house."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    shift = open_shift(actor=person, property=house, terminal="bench", address=None, at=datetime.now(UTC))
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = ALLAUTH
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session[ENROLLED_KEY] = True
    session[SHIFT_KEY] = str(shift.session_ref)
    session[BEGAN_KEY] = time.time()
    session.create()
    key: str = session.session_key
    return key


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server answered."""

    status: int
    headers: dict[str, str]
    body: bytes


class Browser:
    """Asks the WSGI application of this process, with all its middleware, as the web server would."""

    def __init__(self, session: str) -> None:
        self.application = application
        self.token = secrets.token_hex(16)
        self.cookies = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={self.token}"

    def get(self, path: str, **headers: str) -> Answer:
        """Ask for a page."""
        return self._ask("GET", path, b"", headers)

    def post(self, path: str, fields: Mapping[str, Any], **headers: str) -> Answer:
        """Send a form."""
        body = urlencode({**fields, "csrfmiddlewaretoken": self.token}, doseq=True).encode()
        return self._ask("POST", path, body, headers)

    def _ask(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        place, _, query = path.partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "PATH_INFO": place,
            "QUERY_STRING": query,
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_COOKIE": self.cookies,
            "HTTP_HOST": "localhost",
            "HTTP_ACCEPT_LANGUAGE": "zh-CN,zh;q=0.9",
            "HTTP_SEC_FETCH_MODE": "navigate",
            "REMOTE_ADDR": "127.0.0.1",
            **{f"HTTP_{name.upper()}": value for name, value in headers.items()},
            **_wsgi(body),
        }
        return _answered(self.application, environ)


def _wsgi(body: bytes) -> dict[str, Any]:
    return {
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "SCRIPT_NAME": "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }


def _answered(application: Any, environ: dict[str, Any]) -> Answer:
    begun: list[Any] = []
    result = application(environ, lambda status, headers, _info=None: begun.extend((status, headers)))
    body = b"".join(result)
    result.close()
    return Answer(int(begun[0].split()[0]), dict(begun[1]), body)


def at_desk(staff_number: str, code: str) -> Browser:
    """A browser of that person on duty at the house with this code."""
    person, house = Person.objects.get(staff_number=staff_number), Property.objects.get(code=code)
    return Browser(session_of(person, house))

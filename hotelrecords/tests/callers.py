"""Somebody who asks a running product for pages without a browser, keeping its cookies."""

import http.client
import secrets
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Final
from urllib.parse import urlencode, urlsplit

PATIENCE_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    address: str
    body: bytes

    @property
    def text(self) -> str:
        """The page."""
        return self.body.decode()


@dataclass
class Caller:
    """One session at the address of a running product; without ``session`` nobody is signed in."""

    url: str
    session: str = ""
    cookies: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.token = secrets.token_hex(16)
        self.cookies = {"csrftoken": self.token} | ({"sessionid": self.session} if self.session else {})

    def get(self, path: str) -> Answer:
        """Ask for a page."""
        return self._ask("GET", path, "")

    def post(self, path: str, **fields: str) -> Answer:
        """Send a form; double underscores in the names of fields are dashes."""
        typed = {name.replace("__", "-"): value for name, value in fields.items()}
        return self._ask("POST", path, urlencode({**typed, "csrfmiddlewaretoken": self.token}))

    def _ask(self, method: str, path: str, body: str) -> Answer:
        line = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=PATIENCE_SECONDS)
        kept = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Cookie": kept, "Content-Type": "application/x-www-form-urlencoded"}
        try:
            line.request(method, path, body, headers)
            answer = line.getresponse()
            for given in answer.headers.get_all("Set-Cookie", []):
                self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(given).items()}
            return Answer(answer.status, answer.headers.get("Location", ""), answer.read())
        finally:
            line.close()

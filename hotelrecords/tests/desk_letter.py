"""Check-ins sent to a running product without a browser, as its form would send them."""

import http.client
import secrets
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final
from urllib.parse import urlencode, urlsplit

PATIENCE_SECONDS: Final = 30


def walk_in(number: str, room: int, today: date) -> dict[str, str]:
    """The fields of the walk-in page, filled."""
    return {
        "guest-TOTAL_FORMS": "1",
        "guest-INITIAL_FORMS": "0",
        "guest-0-document_type": "resident_id",
        "guest-0-document_number": number,
        "guest-0-name": "百里屠苏",
        "guest-0-nationality": "CHN",
        "contact-phone": "13911119999",
        "stay-departure_on": (today + timedelta(days=1)).isoformat(),
        "stay-room": str(room),
        "payment-method": "cash",
        "payment-currency": "CNY",
        "review-notice_shown": "on",
        "review-ticks": "document_seen",
        "deed": "complete",
    }


@dataclass
class Sender:
    """One clerk's session, who sends forms one after another; ``answers`` by what was sent, None where none came."""

    url: str
    session: str
    answers: dict[str, int | None] = field(default_factory=dict)

    def send(self, path: str, fields: dict[str, str], name: str) -> int | None:
        """Send a form; the status, or None when the connection broke."""
        token = secrets.token_hex(16)
        headers = {
            "Cookie": f"sessionid={self.session}; csrftoken={token}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        line = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=PATIENCE_SECONDS)
        try:
            line.request("POST", path, urlencode({**fields, "csrfmiddlewaretoken": token}), headers)
            self.answers[name] = line.getresponse().status
        except (OSError, http.client.HTTPException):
            self.answers[name] = None
        finally:
            line.close()
        return self.answers[name]

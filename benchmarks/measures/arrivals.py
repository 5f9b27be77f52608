"""P4: from posting the check-in to the redirect; then a hundred clerks at once at the real server."""

import http.client
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection
from django.db.models import Count
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from benchmarks.clerk import Browser, at_desk, session_of
from benchmarks.figures import Times, timed
from benchmarks.form_reader import Fields, FormReader
from benchmarks.loading.desks import CLERK, RUSH, RUSH_CLERKS
from benchmarks.people.guests import SEED, Guest, chunk
from benchmarks.server import running
from staff.models import Person, Property
from stays.checklist import RULES
from stays.models import ReviewRule, RoomUse, Stay

MOST_MS = 80
ALONE = 60
EACH = 2
WANTED = 40
ADULT_BEFORE = 2005
# Every line a clerk may have to tick; one that does not apply is left out by the page.
TICKS = tuple(code for code, _applies, kind, *_words in RULES if kind == ReviewRule.Kind.MANUAL)
ATTEMPTS = 20
# Beyond every chunk of a data set; a new one each run, since a guest who was here is a returning guest.
FIRST_CHUNK = 910_000
TOKEN = "bench0bench0bench0bench0bench0be"  # noqa: S105


def measure(size: str) -> dict[str, Any]:
    """One clerk after the other, then all together."""
    guests = _adults(ALONE + RUSH_CLERKS * EACH + 10)
    browser = at_desk(CLERK, RUSH)
    seconds, queries = _alone(browser, guests[: ALONE + 5])
    times = Times.of(seconds)
    alone = {
        "what": "check-in, post to redirect",
        "value": f"p95 {times.p95:.1f} ms, p50 {times.p50:.1f}, {queries} queries",
        "budget": f"p95 <= {MOST_MS} ms",
        "met": times.p95 <= MOST_MS,
        **times.plain(),
    }
    return {"rows": [alone, _rush(guests[ALONE + 5 :])]}


def filled_in(page: str, guest: Guest, room: str = "") -> Fields:
    """The check-in page with one guest typed."""
    form = FormReader(page)
    typed = {
        "guest-0-document_type": guest.document_type,
        "guest-0-document_number": guest.document_number,
        "guest-0-name": guest.name,
        "guest-0-latin_name": guest.latin_name,
        "guest-0-birth_date": guest.birth_date.isoformat(),
        "guest-0-sex": "M" if guest.sex == "male" else "F",
        "guest-0-nationality": guest.nationality,
        "contact-phone": guest.phone,
        "payment-method": "cash",
        "stay-room": room or form.fields["stay-room"][0],
        "review-notice_shown": "on",
        "deed": "complete",
    }
    return {**form.fields, "review-ticks": list(TICKS), **{name: [value] for name, value in typed.items()}}


def _adults(count: int) -> list[Guest]:
    """Guests nobody has seen before; a minor would need a guardian typed as well."""
    fresh = chunk(FIRST_CHUNK + int(time.time()) % 80_000, 2 * count)
    return [guest for guest in fresh if guest.birth_date.year < ADULT_BEFORE][:count]


def _alone(browser: Browser, guests: list[Guest]) -> tuple[list[float], int]:
    address, seconds = reverse("walk_in"), []
    for guest in guests:
        fields = filled_in(browser.get(address).body.decode(), guest)
        with CaptureQueriesContext(connection) if guest is guests[-1] else _Uncounted() as queries:
            seconds.append(timed(lambda: _require_redirect(browser, address, fields)))  # noqa: B023
    return seconds[4:-1], len(queries)


class _Uncounted:
    def __enter__(self) -> "_Uncounted":
        return self

    def __exit__(self, *_problem: object) -> None:
        return None

    def __len__(self) -> int:
        return 0


def _require_redirect(browser: Browser, address: str, fields: Fields) -> None:
    answer = browser.post(address, fields)
    if answer.status != 302:
        raise AssertionError(f"check-in answered {answer.status}: {_complaint(answer.body.decode())}")


def _complaint(page: str) -> str:
    start = page.find("check-in-errors")
    return " ".join(page[start : start + 1500].split())


@dataclass(slots=True)
class Tally:
    """What the hundred clerks met."""

    statuses: Counter[int] = field(default_factory=Counter)
    done: int = 0
    conflicts: int = 0
    gave_up: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, status: int, seconds: float) -> None:
        """Count one answer to a posted check-in."""
        with self.lock:
            self.statuses[status] += 1
            self.seconds.append(seconds)
            self.done += status == 302
            self.conflicts += status in (200, 409)


def _rush(guests: list[Guest]) -> dict[str, Any]:
    house = Property.objects.get(code=RUSH)
    clerks = Person.objects.filter(staff_number__startswith="rush-").order_by("pk")[:RUSH_CLERKS]
    sessions = [session_of(clerk, house) for clerk in clerks]
    before, tally = Stay.objects.in_house(house).count(), Tally()
    connection.close()
    began = time.monotonic()
    with running() as port:
        threads = [
            threading.Thread(target=_clerk, args=(port, session, guests[place * EACH : (place + 1) * EACH], tally))
            for place, session in enumerate(sessions)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(300)
    return _judged(tally, house, before, time.monotonic() - began)


def _judged(tally: Tally, house: Property, before: int, seconds: float) -> dict[str, Any]:
    arrived = Stay.objects.in_house(house).count() - before
    living = RoomUse.objects.filter(room__property=house, state=RoomUse.State.IN_HOUSE)
    double = living.values("room").annotate(uses=Count("pk")).filter(uses__gt=1).count()
    wanted = RUSH_CLERKS * EACH
    errors = sum(count for status, count in tally.statuses.items() if status not in (200, 302, 409))
    met = errors == 0 and double == 0 and arrived == tally.done == wanted
    return {
        "what": f"{RUSH_CLERKS} clerks at once, {EACH} check-ins each",
        "value": f"{tally.done} of {wanted} done, {errors} errors, {double} double rooms, {tally.conflicts} told to "
        f"take another room; {wanted / seconds:.0f} check-ins/s"
        + "".join(f"; gave up: {each}" for each in tally.gave_up),
        "budget": "no error, no double room",
        "met": met,
        "statuses": {str(status): count for status, count in tally.statuses.items()},
        "times": Times.of(tally.seconds).plain(),
    }


def _clerk(port: int, session: str, guests: list[Guest], tally: Tally) -> None:
    """Check these guests in; told that a room is taken, take another one of those on the fresh page."""
    random = Random(f"{SEED}:{session}")
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    for guest in guests:
        page = _ask(line, session, "GET", {})[1]
        for _attempt in range(ATTEMPTS):
            rooms = [room for room in FormReader(page).choices["stay-room"] if room]
            # Not any of the house: many hands reach for the same key.
            fields = filled_in(page, guest, random.choice(rooms[:WANTED]))
            start = time.perf_counter()
            status, page = _ask(line, session, "POST", fields)
            tally.note(status, time.perf_counter() - start)
            if status == 302:
                break
        else:
            tally.gave_up.append(_complaint(page))
    line.close()


def _ask(line: http.client.HTTPConnection, session: str, method: str, fields: Fields) -> tuple[int, str]:
    cookies = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={TOKEN}"
    headers = {"Host": "localhost", "Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
    body = urlencode({**fields, "csrfmiddlewaretoken": TOKEN}, doseq=True) if method == "POST" else None
    line.request(method, reverse("walk_in"), body=body, headers=headers)
    answer = line.getresponse()
    return answer.status, answer.read().decode(errors="replace")

"""P10: what the home page weighs, first time and after, and how soon something is seen."""

import re
import shutil
from statistics import median
from typing import Any

from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import sync_playwright

from benchmarks.clerk import Answer, at_desk, session_of
from benchmarks.loading.desks import CLERK, FIFTY
from benchmarks.server import running
from staff.models import Person, Property

FIRST_KB, AFTER_KB, PAINT_SECONDS = 120, 25, 0.5
LOADED = re.compile(r'<(?:link|script|img)\b[^>]*?(?:href|src)="(/static/[^"]+)"')
ENCODINGS = {"accept_encoding": "br, gzip"}
VISITS = 7
# An observer told of what was painted before it, too: the pages' policy lets no condition be asked again and again.
PAINT = """() => new Promise(done => new PerformanceObserver(seen => {
    for (const paint of seen.getEntriesByName("first-contentful-paint")) done(paint.startTime)
}).observe({type: "paint", buffered: true}))"""


def measure(size: str) -> dict[str, Any]:
    """Bytes on the wire, headers included, and the first paint in Chromium where there is one."""
    browser = at_desk(CLERK, FIFTY)
    home = browser.get(reverse("front_desk"), **ENCODINGS)
    loaded = dict.fromkeys(LOADED.findall(browser.get(reverse("front_desk")).body.decode()))
    kept = [browser.get(address, **ENCODINGS) for address in loaded]
    first = (_wire(home) + sum(map(_wire, kept))) / 1000
    after = (_wire(home) + sum(_wire(each) for each in kept if "immutable" not in _caching(each))) / 1000
    rows = [
        _row("home, first time", f"{first:.1f} kB in {len(kept) + 1} files", f"<= {FIRST_KB} kB", first <= FIRST_KB),
        _row("home, after", f"{after:.1f} kB", f"<= {AFTER_KB} kB", after <= AFTER_KB),
    ]
    return {"rows": [*rows, *_paint()]}


def _row(what: str, value: str, budget: str, met: bool) -> dict[str, Any]:
    return {"what": what, "value": value, "budget": budget, "met": met}


def _caching(answer: Answer) -> str:
    return answer.headers.get("Cache-Control", "")


def _wire(answer: Answer) -> int:
    if answer.status != 200:
        raise AssertionError(f"answered {answer.status}")
    head = sum(len(name) + len(value) + 4 for name, value in answer.headers.items())
    return len(answer.body) + head


def _paint() -> list[dict[str, Any]]:
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        return []
    session = session_of(Person.objects.get(staff_number=CLERK), Property.objects.get(code=FIFTY))
    with running() as port, sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=program, args=["--no-sandbox"])
        seconds = median(_visit(chromium, port, session) for _ in range(VISITS)) / 1000
        chromium.close()
    return [_row("home, first paint", f"{seconds:.2f} s", f"<= {PAINT_SECONDS} s", seconds <= PAINT_SECONDS)]


def _visit(chromium: Chromium, port: int, session: str) -> float:
    """Milliseconds to the first contentful paint with an empty cache."""
    context = chromium.new_context()
    address = f"http://localhost:{port}"
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": address}])
    page = context.new_page()
    page.goto(address + reverse("front_desk"), wait_until="load")
    painted: float = page.evaluate(PAINT)
    context.close()
    return painted

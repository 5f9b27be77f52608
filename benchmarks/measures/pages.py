"""P2: the same look-ups through the search page, with all middleware, decryption and logging."""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from benchmarks.clerk import Browser, at_desk
from benchmarks.figures import repeated
from benchmarks.loading.desks import CLERK
from benchmarks.measures.lists import counted
from benchmarks.measures.lookups import WINDOW_HOUSE
from benchmarks.sample import draw

KEY_MS, NAME_MS = 60, 250
ROUNDS = {"key": 100, "name": 30}
INITIALS = ("zw", "lx", "wj", "lh", "cm")
# What was found beyond the guests of today is shown for a purpose.
PAST = {"past": "1", "purpose": "guest_service"}


def measure(size: str) -> dict[str, Any]:
    """The page's time for each kind of key, with the past shown."""
    sample = draw(200)
    browser = at_desk(CLERK, WINDOW_HOUSE)
    kinds = (
        ("document", sample.documents, "key"),
        ("phone", sample.phones, "key"),
        ("tail", sample.tails, "key"),
        ("initials among guests here now", INITIALS, "key"),
        ("given name, part, chain-wide", sample.given, "name"),
        ("common two-character name", sample.common, "name"),
    )
    return {"rows": [_row(browser, what, terms, kind) for what, terms, kind in kinds]}


def _row(browser: Browser, what: str, terms: Sequence[str], kind: str) -> dict[str, Any]:
    address, most = reverse("search"), KEY_MS if kind == "key" else NAME_MS

    def ask(turn: int) -> None:
        answer = browser.post(address, {"term": terms[turn % len(terms)], **PAST})
        if answer.status != 200:
            raise AssertionError(f"search answered {answer.status}")

    times = repeated(ask, ROUNDS[kind])
    with CaptureQueriesContext(connection) as queries:
        ask(0)
    count = counted(queries)
    return {
        "what": what,
        "value": f"p95 {times.p95:.1f} ms, p50 {times.p50:.1f}, {count} queries",
        "budget": f"p95 <= {most} ms",
        "met": times.p95 <= most,
        "queries": count,
        **times.plain(),
    }

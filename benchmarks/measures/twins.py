"""P8: requests a second on one core, against the same pages from plaintext columns and without the row."""

from collections.abc import Callable
from typing import Any

from django.urls import reverse

from benchmarks.clerk import Answer, Browser, at_desk
from benchmarks.figures import interleaved, repeated
from benchmarks.loading.desks import CLERK, FIFTY
from benchmarks.measures.lists import _in_house
from benchmarks.measures.pages import PAST
from benchmarks.sample import draw

LEAST = 0.6
ROUNDS = 100


def measure(size: str) -> dict[str, Any]:
    """Each page and its twin in turns; the empty view beside them."""
    browser = at_desk(CLERK, FIFTY)
    sample = draw(100)
    terms = [term for group in zip(sample.documents, sample.phones, sample.tails, strict=True) for term in group]
    stay = [_in_house(FIFTY)]
    pages = (
        ("home, 50 rows", _get(browser, reverse("front_desk")), _get(browser, reverse("twin_front_desk"))),
        ("stay page", _get(browser, reverse("stay", args=stay)), _get(browser, reverse("twin_stay", args=stay))),
        ("search by key", _find(browser, "search", terms), _find(browser, "twin_search", terms)),
    )
    empty = repeated(_get(browser, reverse("twin_nothing")), ROUNDS)
    rows = [_row(*page) for page in pages]
    return {"rows": [*rows, {"what": "empty view", "value": f"{1000 / empty.p50:.0f}/s", **empty.plain()}]}


def _row(what: str, page: Callable[[int], Any], twin: Callable[[int], Any]) -> dict[str, Any]:
    _require_alike(what, page(0), twin(0))
    sealed, plain = interleaved([page, twin], ROUNDS)
    ratio = plain.p50 / sealed.p50
    return {
        "what": what,
        "value": f"{1000 / sealed.p50:.0f}/s, twin {1000 / plain.p50:.0f}/s, × {ratio:.2f}",
        "budget": f">= × {LEAST}",
        "met": ratio >= LEAST,
        "ratio": round(ratio, 3),
        "p50": sealed.p50,
        "twin": plain.plain(),
    }


def _get(browser: Browser, address: str) -> Callable[[int], Answer]:
    return lambda _turn: _good(browser.get(address))


def _find(browser: Browser, name: str, terms: list[str]) -> Callable[[int], Answer]:
    address = reverse(name)
    return lambda turn: _good(browser.post(address, {"term": terms[turn % len(terms)], **PAST}))


def _good(answer: Answer) -> Answer:
    if answer.status != 200:
        raise AssertionError(f"answered {answer.status} to {answer.headers.get('Location')}")
    return answer


def _require_alike(what: str, page: Answer, twin: Answer) -> None:
    """The twin must show the same page: nearly the same number of bytes."""
    if abs(len(page.body) - len(twin.body)) > 0.02 * len(page.body):
        raise AssertionError(f"{what}: the twin's page has {len(twin.body)} bytes, the product's {len(page.body)}")

"""P3: the lists of the home page and the stay page: time, and as many queries for fifty rows as for one."""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from benchmarks.clerk import Browser, at_desk
from benchmarks.figures import repeated
from benchmarks.loading.desks import CLERK, FIFTY, ONE
from stays.models import Stay

MOST_MS, MOST_QUERIES = 60, 12
ROUNDS = 60


def measure(size: str) -> dict[str, Any]:
    """Each list and the stay page, in the house of fifty rows and in that of one."""
    fifty, one = at_desk(CLERK, FIFTY), at_desk(CLERK, ONE)
    home = reverse("front_desk")
    rows = [
        _row(f"home, {name.replace('_', ' ')}", fifty, one, [f"{home}?list={name}"] * 2)
        for name in ("arrivals", "in_house", "departures")
    ]
    stays = [reverse("stay", args=[_in_house(code)]) for code in (FIFTY, ONE)]
    return {"rows": [*rows, _row("stay page", fifty, one, stays)]}


def _in_house(code: str) -> str:
    found = Stay.objects.filter(property__code=code, status=Stay.Status.IN_HOUSE).order_by("reference")
    return str(found.values_list("reference", flat=True)[0])


def _row(what: str, fifty: Browser, one: Browser, addresses: Sequence[str]) -> dict[str, Any]:
    times = repeated(lambda _turn: _get(fifty, addresses[0]), ROUNDS)
    many, few = _queries(fifty, addresses[0]), _queries(one, addresses[1])
    return {
        "what": what,
        "value": f"p95 {times.p95:.1f} ms, p50 {times.p50:.1f}, {many} queries, {few} for one row",
        "budget": f"p95 <= {MOST_MS} ms, <= {MOST_QUERIES} queries, equal",
        "met": times.p95 <= MOST_MS and many <= MOST_QUERIES and many == few,
        "queries": many,
        "queries_one": few,
        **times.plain(),
    }


def _get(browser: Browser, address: str) -> None:
    answer = browser.get(address)
    if answer.status != 200:
        raise AssertionError(f"{address} answered {answer.status} to {answer.headers.get('Location')}")


def _queries(browser: Browser, address: str) -> int:
    _get(browser, address)
    with CaptureQueriesContext(connection) as queries:
        _get(browser, address)
    return counted(queries)


def counted(queries: Any) -> int:
    """Statements sent; the marks of a transaction's begin and end are none."""
    return sum(query["sql"] not in ("BEGIN", "COMMIT") for query in queries)

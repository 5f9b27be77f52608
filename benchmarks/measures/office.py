"""P3 for the office: its worklist among a hundred thousand requests, the page of one, and the decision sheet."""

from collections.abc import Callable, Sequence
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from benchmarks.clerk import Answer, Browser, at_desk
from benchmarks.figures import Times, interleaved, repeated
from benchmarks.loading.desks import FIFTY, ONE
from benchmarks.loading.office import OFFICER, PAGE, SHEET, STAYS, asked_about
from benchmarks.measures.lists import MOST_MS, MOST_QUERIES, counted
from privacy.models import Request

SHEET_MS = 50
ROUNDS = 60
# Times alike, whatever is right of what was typed: medians may differ by this share in either direction.
MOST_APART = 0.1
NOBODYS = "2222-2222-2222"


def measure(size: str) -> dict[str, Any]:
    """Lists and pages at fifty rows and at one; sheets at one stay and at twenty; answers to whom nothing is open."""
    fifty, one = at_desk(OFFICER, FIFTY), at_desk(OFFICER, ONE)
    sheets, pages = ([asked_about(count, kind) for count in reversed(STAYS)] for kind in (SHEET, PAGE))
    rows = [
        _page(f"requests, {which}", fifty, one, [f"{reverse('requests')}?list={which}"] * 2)
        for which in ("open", "mine", "overdue")
    ]
    rows.append(_page("requests, closed", fifty, fifty, [f"{reverse('requests')}?list=closed"] * 2))
    rows.append(_sheet(fifty, sheets))
    rows.append(_page("request page, 42 rows", fifty, fifty, [reverse("request", args=[one]) for one in pages]))
    return {"rows": [*rows, *_answers()]}


def _page(what: str, many: Browser, few: Browser, addresses: Sequence[str]) -> dict[str, Any]:
    times = repeated(lambda _turn: _good(many.get(addresses[0])), ROUNDS)
    counts = [_statements(lambda: _good(browser.get(address)))  # noqa: B023
              for browser, address in zip((many, few), addresses, strict=True)]  # fmt: skip
    return _row(what, times, counts, MOST_MS, MOST_QUERIES)


def _sheet(officer: Browser, numbers: Sequence[str]) -> dict[str, Any]:
    """Making the sheet of the guest with the most stays, again and again, from posting to redirect."""
    deeds = [_posting(officer, reverse("request_sheet", args=[number])) for number in numbers]
    many, few = interleaved(deeds, ROUNDS)
    row = _row(f"decision sheet, {STAYS[-1]} stays", many, [_statements(lambda: deed(0)) for deed in deeds], SHEET_MS)  # noqa: B023
    return row | {"value": f"{row['value']}; one stay p95 {few.p95:.1f} ms, p50 {few.p50:.1f}", "one": few.plain()}


def _posting(browser: Browser, address: str) -> Callable[[int], None]:
    def post(_turn: int) -> None:
        answer = browser.post(address, {})
        if answer.status != 302:
            raise AssertionError(f"{address} answered {answer.status}")

    return post


def _row(
    what: str, times: Times, counts: Sequence[int], most_ms: int, most_queries: int | None = None
) -> dict[str, Any]:
    queries = f"<= {most_queries} queries, " if most_queries else ""
    within = times.p95 <= most_ms and (most_queries is None or counts[0] <= most_queries)
    return {
        "what": what,
        "value": f"p95 {times.p95:.1f} ms, p50 {times.p50:.1f}, {counts[0]} queries, {counts[1]} for one row",
        "budget": f"p95 <= {most_ms} ms, {queries}equal",
        "met": within and counts[0] == counts[1],
        "queries": counts[0],
        "queries_one": counts[1],
        **times.plain(),
    }


def _answers() -> list[dict[str, Any]]:
    """Whatever opens nothing is answered alike: a number that exists against one that does not, in turns."""
    known = list(Request.objects.filter(state=Request.State.CLOSED).values_list("number", flat=True)[: 2 * ROUNDS])
    unknown = [f"R-2019-{turn:06d}" for turn in range(len(known))]
    real, nobodys = interleaved([_following(known), _following(unknown)], ROUNDS)
    apart = real.p50 / nobodys.p50
    return [
        {
            "what": "follow: a real number against none",
            "value": f"{real.p50:.1f} ms against {nobodys.p50:.1f}, × {apart:.2f}",
            "budget": f"× {1 - MOST_APART:g} to {1 + MOST_APART:g}",
            "met": abs(apart - 1) <= MOST_APART,
            "ratio": round(apart, 3),
        }
    ]


def _following(numbers: Sequence[str]) -> Callable[[int], Answer]:
    browser = Browser("")

    def follow(turn: int) -> Answer:
        cache.clear()
        return _good(browser.post(reverse("follow"), {"number": numbers[turn % len(numbers)], "code": NOBODYS}))

    return follow


def _good(answer: Answer) -> Answer:
    if answer.status != 200:
        raise AssertionError(f"answered {answer.status} to {answer.headers.get('Location')}")
    return answer


def _statements(deed: Callable[[], object]) -> int:
    """How many it takes; the least of three, as once a minute the session says that it is still there."""
    deed()
    return min(_counted(deed) for _time in range(3))


def _counted(deed: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as queries:
        deed()
    return counted(queries)

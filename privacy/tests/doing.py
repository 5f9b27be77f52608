"""What a page does to answer: the shape of each statement, how often it hashes slowly, and the page without tokens.

Work is compared by its parts, not by the clock: a clock says less and lies on a busy machine (``script/bench`` has
the ratio of times).
"""

import hashlib
import re
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

_VALUES = re.compile(r"""'(?:[^']|'')*'(?:::[a-z]+)?|\b\d[\d.]*\b|"s\d+_x\d+"|\bNULL\b""")
_LISTS = re.compile(r"\(\?(?:, \?)+\)|ARRAY\[[^]]*\]")
# What no two pages have in common: the CSRF token, the id of the request, the minute.
_OWN = re.compile(r"\b[0-9A-Za-z]{64}\b|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b\d\d:\d\d\b")


Hashes = list[int]


class Work(NamedTuple):
    """What one page did: its status and bytes, its statements in order, and how many slow hashes."""

    status: int
    address: str
    page: str
    statements: list[str]
    hashes: int


@pytest.fixture
def slow_hashes(monkeypatch: pytest.MonkeyPatch) -> Hashes:
    """The sizes of the secrets that were hashed slowly; scrypt itself still does its work."""
    seen: Hashes = []
    slow = hashlib.scrypt

    def counted(password: bytes, **facts: Any) -> bytes:
        seen.append(facts["n"])
        return slow(password, **facts)

    monkeypatch.setattr(hashlib, "scrypt", counted)
    return seen


def work_of(ask: Callable[[], HttpResponse], hashes: Hashes, *, but_for: Iterable[str] = ()) -> Work:
    """What ``ask`` makes the server do; ``but_for``: what was typed or given, and differs by nature."""
    hashes.clear()
    with CaptureQueriesContext(connection) as queries:
        answer = ask()
    page = answer.content.decode()
    for told in sorted(filter(None, but_for), key=len, reverse=True):
        page = page.replace(told, "…")
    shapes = [shape_of(query["sql"]) for query in queries]
    return Work(answer.status_code, answer.headers.get("Location", ""), _OWN.sub("…", page), shapes, len(hashes))


def shape_of(statement: str) -> str:
    """The statement without its values."""
    return _LISTS.sub("?", _VALUES.sub("?", statement))

"""Guests to look for, drawn from the plaintext twin with a fixed seed."""

from dataclasses import dataclass
from random import Random

from django.db import connection

SEED = 7


@dataclass(frozen=True, slots=True)
class Sample:
    """Terms of each kind, as a clerk would type them."""

    documents: list[str]
    phones: list[str]
    tails: list[str]
    given: list[str]
    common: list[str]


def draw(count: int) -> Sample:
    """``count`` guests of the data set, and the names that many of them bear."""
    rows = _rows(
        "SELECT document_number, phone FROM twin.guest g TABLESAMPLE BERNOULLI (%s) REPEATABLE (%s)"
        " WHERE EXISTS (SELECT FROM twin.register r WHERE r.guest_id = g.id) LIMIT %s",
        [min(100.0, 100.0 * 4 * count / max(1, _total())), SEED, count],
    )
    random = Random(SEED)
    random.shuffle(rows)
    return Sample(
        documents=[document for document, _phone in rows],
        phones=[_typed(phone) for _document, phone in rows],
        tails=[phone[-4:] for _document, phone in rows],
        given=["建国", "晓明", "志强", "玉兰", "文华", "秀英", "海燕", "国强", "春梅", "建平"],
        common=["李伟", "王伟", "张华", "王芳", "李华", "张伟", "王强", "刘伟", "李强", "陈华"],
    )


def _typed(phone: str) -> str:
    """A mainland number as people say it, another with its country."""
    return phone[2:] if phone.startswith("861") and len(phone) == 13 else f"+{phone}"


def _total() -> int:
    return int(_rows("SELECT reltuples::bigint FROM pg_class WHERE oid = 'twin.guest'::regclass", [])[0][0])


def _rows(statement: str, values: list[object]) -> list[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())

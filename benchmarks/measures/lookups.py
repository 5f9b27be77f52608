"""P1: look-ups in what is sealed, against the same question to plaintext columns with ordinary indexes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction

from benchmarks.figures import Times, interleaved
from benchmarks.loading.desks import FIFTY
from benchmarks.sample import Sample, draw
from staff.models import Property
from stays.models import Occupant, Stay
from vault import normalise
from vault import services as vault
from vault.categories import Category
from vault.search import candidates, filter_window, parse, verify

ROUNDS = 120
SLOW_ROUNDS = 30
MOST = 50
WINDOW_HOUSE = "house-03"

EXACT = "SELECT id, name FROM twin.guest WHERE {} = %s"
TAIL = (
    "SELECT id, name FROM twin.guest WHERE right(phone, 4) = %s OR right(document_number, 4) = %s"
    " ORDER BY newest_on DESC LIMIT 50"
)
# The plain side may use what helps it: the product's role has no parallel scans, because they slow a look-up.
HELPED = "SET LOCAL max_parallel_workers_per_gather = 2; "
PART = HELPED + "SELECT id, name FROM twin.guest WHERE folded LIKE %s ORDER BY newest_on DESC LIMIT 50"
WHOLE = "SELECT id, name FROM twin.guest WHERE folded = %s ORDER BY newest_on DESC LIMIT 50"
WINDOW = HELPED + (
    "SELECT DISTINCT g.id, g.name FROM stays_stay s JOIN stays_occupant o ON o.stay_id = s.id"
    " JOIN twin.guest g ON g.id = o.subject_id"
    " WHERE s.property_id = %s AND s.arrival_on <= %s AND s.departure_on >= %s"
    " AND (g.folded LIKE %s OR g.surname_pinyin || g.given_pinyin LIKE %s OR g.initials LIKE %s)"
)


@dataclass(frozen=True, slots=True)
class Question:
    """One kind of look-up: both ways to ask it, how often, and how many times slower sealed may be."""

    what: str
    sealed: Callable[[int], Any]
    plain: Callable[[int], Any]
    rounds: int = ROUNDS
    most_ratio: float | None = None
    most_ms: float | None = None


def measure(size: str) -> dict[str, Any]:
    """The figures of every kind of look-up."""
    sample = draw(200)
    return {"rows": [_row(question, size) for question in _questions(sample)]}


def _row(question: Question, size: str) -> dict[str, Any]:
    sealed, plain = interleaved([question.sealed, question.plain], question.rounds)
    ratio = sealed.p50 / plain.p50
    return {
        "what": question.what,
        "value": f"{sealed.p50:.2f} ms, plain {plain.p50:.2f}, × {ratio:.1f}",
        "budget": _budget(question),
        "met": _met(question, sealed, ratio) if size == "1m" else None,
        "p50": sealed.p50,
        "ratio": round(ratio, 2),
        "sealed": sealed.plain(),
        "plain": plain.plain(),
    }


def _budget(question: Question) -> str:
    return f"<= {question.most_ms:g} ms" if question.most_ms else f"<= × {question.most_ratio:g}"


def _met(question: Question, sealed: Times, ratio: float) -> bool:
    if question.most_ms:
        return sealed.p50 <= question.most_ms
    return ratio <= (question.most_ratio or 0)


def _questions(sample: Sample) -> list[Question]:
    return [
        Question("document, exact", *_exact(sample.documents, "document_number", normalise.document), most_ratio=3),
        Question("phone, exact", *_exact(sample.phones, "phone", normalise.phone), most_ratio=2.5),
        Question("tail, newest 50", *_tails(sample.tails), most_ratio=6),
        Question("given name, part, chain-wide", *_names(sample.given, PART, "%{}%"), SLOW_ROUNDS, most_ratio=1),
        Question("common two-character name", *_names(sample.common, WHOLE, "{}"), SLOW_ROUNDS, most_ms=100),
        Question("name in one house and week", *_window(), 60, most_ms=40),
        Question("page of 50 through the ORM", *_page(), 60, most_ratio=2),
        Question("new guest, durable", *_new_guest(), 60, most_ratio=2.5),
    ]


def _ask(statement: str, *values: object) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def _exact(terms: Sequence[str], column: str, normal: Callable[[str], str]) -> tuple[Any, Any]:
    statement = EXACT.format(column)

    def sealed(turn: int) -> list[UUID]:
        term = parse(terms[turn % len(terms)])
        return verify(term, candidates(term))

    def plain(turn: int) -> list[tuple[Any, ...]]:
        return _ask(statement, normal(terms[turn % len(terms)]))

    _require_same(sealed, plain, len(terms))
    return sealed, plain


def _tails(terms: Sequence[str]) -> tuple[Any, Any]:
    def plain(turn: int) -> list[tuple[Any, ...]]:
        tail = terms[turn % len(terms)]
        return _ask(TAIL, tail, tail)

    return _newest(terms), plain


def _names(terms: Sequence[str], statement: str, pattern: str) -> tuple[Any, Any]:
    return _newest(terms), lambda turn: _ask(statement, pattern.format(terms[turn % len(terms)]))


def _newest(terms: Sequence[str]) -> Callable[[int], list[UUID]]:
    def sealed(turn: int) -> list[UUID]:
        term = parse(terms[turn % len(terms)])
        return verify(term, candidates(term), limit=MOST)

    return sealed


def _window() -> tuple[Any, Any]:
    house = Property.objects.get(code=WINDOW_HOUSE)
    until = _middle(house)
    since = until - timedelta(days=6)
    terms = ("伟", "lx", "秀英", "zhanghua", "强")

    def sealed(turn: int) -> list[UUID]:
        lodged = Occupant.objects.filter(
            stay__property=house, stay__arrival_on__lte=until, stay__departure_on__gte=since
        )
        return list(
            filter_window(parse(terms[turn % len(terms)]), lodged.order_by().values_list("subject_id", flat=True))
        )

    def plain(turn: int) -> list[tuple[Any, ...]]:
        part = f"%{terms[turn % len(terms)]}%"
        return _ask(WINDOW, house.pk, until, since, part, part, part)

    return sealed, plain


def _middle(house: Property) -> date:
    """The last day of the week before the newest."""
    newest = Stay.objects.at(house).order_by("-arrival_on").values_list("arrival_on", flat=True)[0]
    return newest - timedelta(days=4)


def _page() -> tuple[Any, Any]:
    house = Property.objects.get(code=FIFTY)

    def rows() -> list[Occupant]:
        return list(Occupant.objects.filter(stay__property=house, stay__status="expected").select_related("stay")[:50])

    def sealed(turn: int) -> list[tuple[str, str]]:
        found = rows()
        with transaction.atomic():
            ids = vault.envelopes_of([each.subject_id for each in found], [Category.NAME])
            opened = vault.open_for_deed(list(ids.values()))
        names = {each.subject: each.name.plain for each in opened.values()}
        return [(each.stay.reference, names[each.subject_id]) for each in found]

    def plain(turn: int) -> list[tuple[str, str]]:
        found = rows()
        statement = "SELECT id, name FROM twin.guest WHERE id = ANY(%s)"
        names = dict(_ask(statement, [each.subject_id for each in found]))
        return [(each.stay.reference, names[each.subject_id]) for each in found]

    assert sealed(0) == plain(0)
    return sealed, plain


def _new_guest() -> tuple[Any, Any]:
    facts = {"name": "基准测试", "latin_name": ""}
    contact = {"phone": "13800000000", "email": "", "address": ""}

    @transaction.atomic
    def sealed(turn: int) -> None:
        subject = vault.new_subject()
        pair = (vault.Sealing(subject, Category.NAME, facts), vault.Sealing(subject, Category.CONTACT, contact))
        vault.seal_many(pair)
        vault.index_many([vault.Indexing(subject, ["基准测试"], ["13800000000"])], are_new=True)

    def plain(turn: int) -> None:
        values = (
            uuid4(),
            "基准测试",
            "",
            "基准测试",
            "ji",
            "zhunceshi",
            "jzcs",
            "8613800000000",
            "",
            "",
            "",
            "",
            date.max,
        )
        with connection.cursor() as cursor:
            marks = ", ".join(["%s"] * len(values))
            cursor.execute(f"INSERT INTO twin.guest VALUES ({marks})", values)

    return sealed, plain


def _require_same(sealed: Callable[[int], list[UUID]], plain: Callable[[int], Any], turns: int) -> None:
    """Both must find the same guests, or the comparison is worth nothing."""
    for turn in range(min(turns, 20)):
        found, known = set(sealed(turn)), {guest for guest, _name in plain(turn)}
        if found != known:
            raise AssertionError(f"sealed and plain answers differ: {len(found)} and {len(known)}")

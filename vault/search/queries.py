"""From a term to the subjects that may be meant: more than are, never fewer."""

from collections.abc import Iterable, Sequence
from itertools import islice, product
from uuid import UUID

from django.db import connection

from vault import keys, pinyin
from vault.models import KeyEpoch

from . import frequencies, tokens
from .terms import DOCUMENT, DOCUMENT_TAIL, NAME, PHONE, PHONE_TAIL, TAIL, Term

MOST = 4000
MOST_ALTERNATIVES = 12

# One way to read a name: every position must be met by one of its features.
Alternative = tuple[frozenset[str], ...]
Asked = int | list[int]
Condition = tuple[str, list[Asked]]


def candidates(term: Term, limit: int = MOST) -> list[UUID]:
    """Subjects whose index meets the term, unordered; none for a term that is good for a window only."""
    conditions = [] if term.is_scoped else _conditions(term)
    if not conditions:
        return []
    where = " OR ".join(f"({condition})" for condition, _params in conditions)
    params = [param for _condition, condition_params in conditions for param in condition_params]
    sql = f"SELECT subject FROM search.subject_token WHERE ({where}) LIMIT %s"  # noqa: S608
    return _without_scans(sql, [*params, limit])


def _without_scans(sql: str, params: Sequence[Asked]) -> list[UUID]:
    """Run one query with sequential scans off: token columns have no statistics to plan by."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; " + sql, params)
        found = list(dict.fromkeys(subject for (subject,) in cursor.fetchall()))
        if connection.in_atomic_block:
            cursor.execute("SET LOCAL enable_seqscan = on")
    return found


def _conditions(term: Term) -> list[Condition]:
    epoch = keys.active_epoch(KeyEpoch.Purpose.INDEX)
    found: list[Condition] = []
    if PHONE in term.kinds:
        found.append(("phone = ANY(%s)", [[tokens.phone_index(epoch, number) for number in term.phones]]))
    if DOCUMENT in term.kinds:
        found.append(("document = %s", [tokens.document_index(epoch, term.number)]))
    if PHONE_TAIL in term.kinds:
        found.append(("phone_tail = %s", [tokens.tail_index(epoch, "phone_tail", term.number[-TAIL:])]))
    if DOCUMENT_TAIL in term.kinds:
        found.append(("document_tail = %s", [tokens.tail_index(epoch, "document_tail", term.number[-TAIL:])]))
    if NAME in term.kinds:
        found.extend(_name_conditions(epoch, term))
    return found


def _name_conditions(epoch: int, term: Term) -> Iterable[Condition]:
    split = frequencies.current(epoch)
    for positions in alternatives(term):
        asked: list[Asked] = [tokens.query_tokens(split, features) for features in positions]
        yield " AND ".join(["tok && %s::int4[]"] * len(asked)), asked


def alternatives(term: Term) -> list[Alternative]:
    """The ways to read a name term."""
    if term.han and not term.words:
        return [_han_positions(term.han)]
    if term.han:
        han = _han_positions(term.han)
        return [(*han, *rest) for rest in (_letter_positions(term), *_spelled(term.words))]
    found = [_letter_positions(term), *_spelled(term.words)]
    found.extend(joined for split in _syllables(term.words) if (joined := _joined(split)))
    return list(dict.fromkeys(found))[:MOST_ALTERNATIVES]


def _han_positions(han: str) -> Alternative:
    surname, given = pinyin.surname_readings(han[0])[0], pinyin.given_readings(han[0])[0]
    first = frozenset((f"S:{surname}", f"G:{given}"))
    return (first, *(frozenset((f"G:{pinyin.given_readings(character)[0]}",)) for character in han[1:]))


def _letter_positions(term: Term) -> Alternative:
    return tuple(frozenset(f"L:{form}" for form in forms) for forms in term.word_forms)


def _syllables(words: Sequence[str]) -> Iterable[tuple[str, ...]]:
    each = [pinyin.splits(word) for word in words]
    return (sum(split, ()) for split in islice(product(*each), pinyin.MOST_SPLITS))


def _spelled(words: Sequence[str]) -> list[Alternative]:
    return [
        tuple(frozenset((f"S:{syllable}", f"G:{syllable}", f"L:{syllable}")) for syllable in split)
        for split in _syllables(words)
    ]


def _joined(split: Sequence[str]) -> Alternative | None:
    """A surname and the given name's syllables as one word, as passports write them."""
    if len(split) < 3:
        return None
    return frozenset((f"L:{split[0]}",)), frozenset((f"L:{''.join(split[1:])}",))

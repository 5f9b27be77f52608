"""From a term to the subjects that may be meant: more than are, never fewer."""

from collections.abc import Iterable, Sequence
from itertools import islice, product
from typing import overload
from uuid import UUID

from django.db import connection

from vault import keys, pinyin, rows
from vault.models import KeyEpoch

from . import frequencies, tokens
from .terms import DOCUMENT, DOCUMENT_TAIL, NAME, PHONE, PHONE_TAIL, TAIL, Term

MOST = 4000
MOST_ALTERNATIVES = 12
WHOLE = frozenset((PHONE, DOCUMENT))

# Tokens in one scan of the index, and in all the scans of one position.
AT_ONCE = 3
MOST_OR = 100

_FIND = "SELECT subject::text FROM vault_find('{}', %s::int[], %s::int[], %s::int[], %s)"

# One way to read a name: every position must be met by one of its features.
Alternative = tuple[frozenset[str], ...]


class Subjects(Sequence[UUID]):
    """Subjects as the database wrote them, each once: of thousands found only the first are ever looked at."""

    def __init__(self, ids: Iterable[str] = ()) -> None:
        self._ids = list(dict.fromkeys(ids))

    def __len__(self) -> int:
        return len(self._ids)

    @overload
    def __getitem__(self, place: int) -> UUID: ...
    @overload
    def __getitem__(self, place: slice) -> list[UUID]: ...
    def __getitem__(self, place: int | slice) -> UUID | list[UUID]:
        found = self._ids[place]
        return UUID(found) if isinstance(found, str) else [UUID(each) for each in found]


def candidates(term: Term, limit: int = MOST) -> Subjects:
    """Subjects whose index meets the term, those seen last first; none for a term that is good for a window only."""
    if term.is_scoped:
        return Subjects()
    epoch = keys.active_epoch(KeyEpoch.Purpose.INDEX)
    if NAME in term.kinds:
        return _named(epoch, term, limit)
    return _whole(epoch, term, limit) if WHOLE.issuperset(term.kinds) else _numbered(epoch, term, limit)


def _whole(epoch: int, term: Term, limit: int) -> Subjects:
    """Subjects whose whole phone or document number may be the term's, their envelopes kept with the term."""
    phones = [tokens.phone_index(epoch, number) for number in term.phones] if PHONE in term.kinds else []
    documents = [tokens.document_index(epoch, term.number)] if DOCUMENT in term.kinds else []
    term.sealed.clear()
    for row in rows.find(phones, documents, limit):
        term.sealed.setdefault(row.subject, []).append(row)
    return Subjects(map(str, term.sealed))


def _numbered(epoch: int, term: Term, limit: int) -> Subjects:
    """Subjects whose phone or document may end in the term. No name has a digit, so these kinds never mix."""
    tail = term.number[-TAIL:]
    documents = [tokens.document_index(epoch, term.number)] if DOCUMENT in term.kinds else []
    phone_tails = [tokens.tail_index(epoch, PHONE_TAIL, tail)] if PHONE_TAIL in term.kinds else []
    document_tails = [tokens.tail_index(epoch, DOCUMENT_TAIL, tail)] if DOCUMENT_TAIL in term.kinds else []
    return _subjects(_FIND, [phone_tails, documents, document_tails, limit])


def _named(epoch: int, term: Term, limit: int) -> Subjects:
    """Subjects whose name tokens meet one way to read the term."""
    split = frequencies.current(epoch)
    ways = [[tokens.query_tokens(split, features) for features in positions] for positions in alternatives(term)]
    asked = [_meeting(part) for way in ways for part in product(*(_batched(position, MOST_OR) for position in way))]
    if not asked:
        return Subjects()
    found = _subjects(f"SET LOCAL enable_seqscan = off; {_NEWEST.format(' UNION ALL '.join(asked))}", [limit])
    if connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = on")
    return found


_NEWEST = "SELECT subject::text FROM ({}) AS found ORDER BY seen_on DESC NULLS LAST LIMIT %s"


def _meeting(way: Sequence[Sequence[int]]) -> str:
    """The guests with a token of every position. Tokens are numbers of our own making, so they stand in the text.

    A position is asked a few tokens at a time: many short scans of the index, joined as bitmaps, take a third of the
    time of one scan for all its tokens (PostgreSQL 18). Together they must look selective to the planner, which
    counts 0.5 % for each token, or it leaves the bitmap out and reads the guests of the other positions one by one.
    """
    positions = (" OR ".join(f"tok && '{rows.array(few)}'" for few in _batched(position, AT_ONCE)) for position in way)
    return f"SELECT subject, seen_on FROM search.subject_token WHERE ({') AND ('.join(positions)})"  # noqa: S608


def _batched(many: Sequence[int], size: int) -> list[Sequence[int]]:
    return [many[start : start + size] for start in range(0, len(many), size)]


def _subjects(sql: str, params: Sequence[int | list[int]]) -> Subjects:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return Subjects(subject for (subject,) in cursor.fetchall())


def alternatives(term: Term) -> list[Alternative]:
    """The ways to read a name term."""
    if term.han and not term.words:
        return [_han_positions(term.han)]
    if term.han:
        han = _han_positions(term.han)
        return [(*han, *rest) for rest in (_letter_positions(term), *_spelled(term.words))]
    found: list[Alternative] = [_letter_positions(term), *_spelled(term.words)]
    found.extend(joined for split in _syllables(term.words) if (joined := _joined(split)))
    return list(dict.fromkeys(filter(None, found)))[:MOST_ALTERNATIVES]


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

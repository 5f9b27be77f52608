"""Opening candidates inside the vault and keeping the true ones. No plaintext leaves it."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from vault import rows
from vault.categories import Category

from . import rules
from .terms import DOCUMENT, DOCUMENT_TAIL, INITIALS, NAME, PHONE, PHONE_TAIL, Term

Rule = Callable[[Term, str], bool]
# A category, its fields, and the rule they are held to.
Asked = tuple[str, Collection[str], Rule]

MOST_BATCH = 1024

_PLACE: dict[str, tuple[str, tuple[str, ...]]] = {
    NAME: (Category.NAME, ("name", "latin_name")),
    INITIALS: (Category.NAME, ("name", "latin_name")),
    PHONE: (Category.CONTACT, ("phone",)),
    PHONE_TAIL: (Category.CONTACT, ("phone",)),
    DOCUMENT: (Category.REGISTER, ("document_number",)),
    DOCUMENT_TAIL: (Category.REGISTER, ("document_number",)),
}
_EXACT: dict[str, Rule] = {
    NAME: rules.has_name,
    PHONE: rules.has_phone,
    PHONE_TAIL: rules.has_phone_tail,
    DOCUMENT: rules.has_document,
    DOCUMENT_TAIL: rules.has_document_tail,
}
_WINDOW: dict[str, Rule] = {**_EXACT, NAME: rules.is_like_name, INITIALS: rules.has_initials}


def verify(
    term: Term, subjects: Sequence[UUID], limit: int = 50, *, among: Callable[[Sequence[UUID]], Collection[UUID]] = set
) -> list[UUID]:
    """The first ``limit`` of these subjects, in their order, that truly are what was asked for.

    ``among`` says of a batch whom the reader may find at all; nobody else is opened.
    """
    hits: list[UUID] = []
    for batch in _batches(subjects, limit):
        allowed = among(batch)
        hits.extend(_hits(term, [subject for subject in batch if subject in allowed]))
        if len(hits) >= limit:
            break
    return hits[:limit]


def filter_window(term: Term, subjects: rows.Ids) -> set[UUID]:
    """Those of a window's subjects that may be meant: initials, parts, tails, one slip."""
    asked = _asked(term, _WINDOW)
    return _found(term, rows.read_of(subjects, _categories(asked)), asked) if asked else set()


def _batches(subjects: Sequence[UUID], size: int) -> Iterator[Sequence[UUID]]:
    """The subjects in batches that double: most searches are answered by the first."""
    start = 0
    while start < len(subjects):
        yield subjects[start : start + size]
        start, size = start + size, min(size * 2, MOST_BATCH)


def _hits(term: Term, subjects: Sequence[UUID]) -> list[UUID]:
    asked = _asked(term, _EXACT)
    if not asked:
        return []
    found = _found(term, _sealed(term, subjects, _categories(asked)), asked)
    return [subject for subject in subjects if subject in found]


def _asked(term: Term, rule_of: Mapping[str, Rule]) -> list[Asked]:
    return [(*_PLACE[kind], rule_of[kind]) for kind in term.kinds if kind in rule_of]


def _categories(asked: Sequence[Asked]) -> list[str]:
    return sorted({category for category, _fields, _rule in asked})


def _found(term: Term, sealed: Iterable[rows.SealedRow], asked: Sequence[Asked]) -> set[UUID]:
    found: set[UUID] = set()
    for row in sealed:
        if row.subject not in found and _is_hit(term, row, asked):
            found.add(row.subject)
    return found


def _sealed(term: Term, subjects: Sequence[UUID], categories: Sequence[str]) -> Sequence[rows.SealedRow]:
    if all(subject in term.sealed for subject in subjects):
        return [row for subject in subjects for row in term.sealed[subject]]
    return rows.read_of(subjects, categories)


def _is_hit(term: Term, row: rows.SealedRow, asked: Sequence[Asked]) -> bool:
    content: dict[str, Any] = row.open()
    return any(
        rule(term, written)
        for category, fields, rule in asked
        if category == row.category
        for field in fields
        if (written := content.get(field))
    )

"""Taking other persons out of words: companions and staff have a right to their own."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Self

from django.db.models import Q

from staff.models import Person

LEFT_OUT: Final = "[…]"
SHORTEST: Final = 2
SHORTEST_WORD: Final = 3

_LATIN: Final = re.compile(r"[A-Za-zÀ-ɏ]")


@dataclass(frozen=True, slots=True)
class Others:
    """The values by which other persons would be known, and nothing of the guest's own."""

    values: frozenset[str] = field(repr=False)

    @classmethod
    def of(cls, contents: Iterable[Mapping[str, Any]], names: Iterable[str], own: Iterable[str]) -> Self:
        """From what is sealed of companions and the names of staff. ``own``: what the guest is called, which stays."""
        fields = ("name", "latin_name", "phone", "email", "document_number")
        sealed = [str(content.get(name) or "") for content in contents for name in fields]
        kept = {part.casefold() for value in own for part in _parts(value)}
        found = {part for value in (*sealed, *names) for part in _parts(value)}
        return cls(frozenset(part for part in found if part.casefold() not in kept))

    def leave_out_of(self, text: str) -> str:
        """The text with a mark in place of each of them, in whatever case it was written."""
        if not self.values:
            return text
        longest_first = sorted(self.values, key=lambda value: (-len(value), value))
        return re.sub("|".join(_pattern(value) for value in longest_first), LEFT_OUT, text, flags=re.IGNORECASE)


def staff_names(houses: Sequence[int]) -> list[str]:
    """The names of everybody who works or worked at these properties."""
    there = Person.objects.filter(Q(kept_at__in=houses) | Q(groups__post__property__in=houses)).distinct()
    return [name for pair in there.values_list("name", "latin_name") for name in pair if name]


def _parts(value: str) -> list[str]:
    """The whole value, each longer word of it, and a Chinese name without its first character."""
    value = value.strip()
    words = [word for word in value.split() if len(word) >= SHORTEST_WORD and _LATIN.search(word)]
    given = [value[1:]] if len(value) > SHORTEST and not _LATIN.search(value) and not value[0].isascii() else []
    return [part for part in (value, *words, *given) if len(part) >= SHORTEST]


def _pattern(value: str) -> str:
    escaped = re.escape(value)
    return rf"(?<!\w){escaped}(?!\w)" if _LATIN.search(value) else escaped

"""Words for codes, days and counts: found once for each language instead of once for each row of a table."""

from collections.abc import Callable, Hashable
from functools import lru_cache, wraps
from typing import Any, Final, TypeVar

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

Said = TypeVar("Said")
MOST_KEPT: Final = 4096


def found_once(words: Callable[..., Said]) -> Callable[..., Said]:
    """Keep what the function says, by its arguments and the language in force. Never for what a person is called by:
    what is kept stays in memory."""

    @lru_cache(maxsize=MOST_KEPT)
    def kept(_language: str | None, *codes: Hashable) -> Said:
        return words(*codes)

    @wraps(words)
    def said(*codes: Any) -> Said:
        return kept(get_language(), *codes)

    return said


def drawn_once(template: str, **codes: Hashable) -> SafeString:
    """A part of a row that these codes alone decide, drawn from its template once for each language."""
    return _drawn(template, tuple(codes.items()))


@found_once
def _drawn(template: str, codes: tuple[tuple[str, Hashable], ...]) -> SafeString:
    return render_to_string(template, dict(codes))

"""Where a line ends: between words, and in Chinese between any two characters that punctuation does not bind."""

import re
from collections.abc import Callable, Iterator
from typing import Final

# No line begins with these, and none ends with those (GB/T 15834-2011, 5.1.10; 5.1.11).
NEVER_FIRST: Final = frozenset("，。、；：？！）》〉」』】〕％…—·,.;:?!)]}”’%")
NEVER_LAST: Final = frozenset("（《〈「『【〔([{“‘¥")

_ATOM: Final = re.compile(r"\s+|[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]|[^\s]")
_CLOSE: Final = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")


def wrapped(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """The text in lines at most so wide, in the unit of ``measure``; a word that is too long is broken."""
    return [line for part in text.split("\n") for line in _filled(part, width, measure)]


def _filled(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    lines, line = [], ""
    for atom in _fitting(text, width, measure):
        if line.strip() and measure((line + atom).rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        line = (line + atom) if line else atom.lstrip()
    return [*lines, line.rstrip()]


def _fitting(text: str, width: float, measure: Callable[[str], float]) -> Iterator[str]:
    for atom in _atoms(text):
        if measure(atom) > width:
            yield from atom
        else:
            yield atom


def _atoms(text: str) -> Iterator[str]:
    """Parts between which a line may end."""
    held = ""
    for sign in _ATOM.findall(text):
        if held and _may_part(held, sign):
            yield held
            held = ""
        held += sign
    if held:
        yield held


def _may_part(before: str, after: str) -> bool:
    if after.isspace() or after in NEVER_FIRST or before[-1] in NEVER_LAST:
        return False
    return before[-1].isspace() or bool(_CLOSE.match(before[-1])) or bool(_CLOSE.match(after))

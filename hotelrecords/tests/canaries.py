"""Looks for guests' values where they must not be: plain, escaped or packed as software packs text.

A value counts as found in UTF-8, UTF-16, percent-encoded, escaped as JSON, HTML or mail does, in hex (as in a dump of
bytes), in base64 (as sessions and messages are kept) and in what was compressed before that.
"""

import base64
import json
import quopri
import re
import urllib.parse
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator

SHORTEST_BYTES = 5
PREFIX = 4
BASE64_RUN = re.compile(rb"[A-Za-z0-9+/_-]{8,}")
TO_COMMON_ALPHABET = bytes.maketrans(b"-_", b"+/")
HIGHEST_UNPACKED_BYTES = 1_000_000


class Scanner:
    """Knows the values and every form of them; finds them in bytes of any size."""

    def __init__(self, values: Iterable[str]) -> None:
        self.values = frozenset(values)
        self._by_prefix: dict[bytes, list[tuple[bytes, str]]] = defaultdict(list)
        for value in self.values:
            for form in set(forms_of(value)):
                self._by_prefix[form[:PREFIX]].append((form, value))

    def find(self, data: bytes) -> set[str]:
        """The values that occur in ``data``, whatever the size of letters, also inside packed text."""
        found = self._find(data) | self._find(data.lower())
        return found | {value for piece in unpacked(data) for value in self._find(piece)}

    def _find(self, data: bytes) -> set[str]:
        prefixes = self._by_prefix
        found = set()
        for start in range(len(data) - PREFIX + 1):
            for form, value in prefixes.get(data[start : start + PREFIX], ()):
                if data.startswith(form, start):
                    found.add(value)
        return found


def forms_of(value: str) -> Iterator[bytes]:
    """Every way a value may stand in a file, as typed and in small letters."""
    for text in (value, value.lower()):
        plain = text.encode()
        if len(plain) < SHORTEST_BYTES:
            raise ValueError("too short to be told from chance")
        yield plain
        yield text.encode("utf-16-le")
        yield plain.hex().encode()
        yield urllib.parse.quote(text).lower().encode()
        yield urllib.parse.quote_plus(text).lower().encode()
        yield json.dumps(text)[1:-1].encode()
        yield text.encode("unicode_escape")
        yield text.encode("unicode_escape").replace(b"\\", b"\\\\")
        yield "".join(f"&#x{ord(letter):x};" for letter in text).encode()
        yield quopri.encodestring(plain).lower()


def unpacked(data: bytes) -> Iterator[bytes]:
    """What every run of base64 letters says, wherever its groups begin, and what was compressed in it."""
    for run in BASE64_RUN.findall(data):
        letters = run.translate(TO_COMMON_ALPHABET)
        for start in range(4):
            piece = base64.b64decode(letters[start : start + (len(letters) - start) // 4 * 4])
            piece += last_letters(letters[start:])
            yield piece
            yield from inflated(piece)


def last_letters(letters: bytes) -> bytes:
    """The whole bytes in a last group that is no full group of four."""
    rest = letters[len(letters) // 4 * 4 :]
    return base64.b64decode(rest + b"=" * (4 - len(rest))) if len(rest) > 1 else b""


def inflated(piece: bytes) -> Iterator[bytes]:
    """The content, if these bytes begin as zlib's do."""
    if piece[:1] == b"\x78":
        try:
            yield zlib.decompressobj().decompress(piece, HIGHEST_UNPACKED_BYTES)
        except zlib.error:
            return

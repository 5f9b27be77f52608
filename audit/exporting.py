"""The sealed log as a folder that anybody can verify offline with ``docs/verify_log.py``.

``key`` verifier keys, oldest first · ``checkpoint`` the newest one, with its cosignatures · ``checkpoints.jsonl`` all
of them · ``anchors.jsonl`` · ``tile/…`` (C2SP tlog-tiles) · ``entries/…`` a line for each leaf, the very bytes that
are hashed, 16,384 to a file · ``private/…`` the private parts, where they were asked for · ``proofs/…``.
"""

import json
import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper

from audit import stored, storing, tiles
from audit.leaves import Leaf
from audit.notes import Proof
from audit.proving import newest

BUNDLE: Final = 64 * tiles.WIDTH
VERIFIER: Final = Path("docs/verify_log.py")


class ExportRefused(Exception):
    """The export cannot be made: the reason in one sentence."""


def export(
    connection: BaseDatabaseWrapper,
    folder: Path,
    *,
    begins: int = 0,
    private: bool = False,
    proofs: Sequence[int] = (),
    anchors: Iterable[str] = (),
) -> Iterator[tuple[int, int]]:
    """Write the folder; yields how many of how many leaves are written. Raises ExportRefused.

    ``begins`` leaves out the entries before it, not their hashes. ``proofs`` are leaves that get a proof of their own.
    The checkpoint is written last: without it an export is not complete.
    """
    checkpoint = newest(connection)
    if checkpoint is None:
        raise ExportRefused("nothing has been sealed yet")
    if folder.exists() and any(folder.iterdir()):
        raise ExportRefused(f"{folder} is not empty")
    size, minimum = checkpoint.size, stored.minimum_index(connection)
    _write_small(connection, folder, anchors)
    _write_tiles(connection, folder, size, minimum)
    for start in range(max(begins, minimum) // BUNDLE * BUNDLE, size, BUNDLE):
        end = min(start + BUNDLE, size)
        _write_bundle(connection, folder, max(start, begins, minimum), end, private)
        yield end - begins, size - begins
    _write_proofs(connection, folder, size, checkpoint.note, proofs)
    (folder / "checkpoint").write_text(checkpoint.note)


def _write_small(connection: BaseDatabaseWrapper, folder: Path, anchors: Iterable[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    keys = [str(origin.verifier) for origin in stored.origins(connection)]
    (folder / "key").write_text("".join(f"{key}\n" for key in keys))
    notes = ({"size": size, "note": note} for size, _root, note in stored.checkpoints(connection))
    _write_lines(folder / "checkpoints.jsonl", map(_line, notes))
    _write_lines(folder / "anchors.jsonl", map(_line, anchors))
    shutil.copyfile(settings.BASE_DIR / VERIFIER, folder / VERIFIER.name)


def _write_tiles(connection: BaseDatabaseWrapper, folder: Path, size: int, minimum: int) -> None:
    kept = storing.tiles(connection)
    for (level, n), width in tiles.all_of(size, minimum).items():
        path = folder / tiles.path(level, n, width)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(kept.tile(level, n)[: width * 32])
        kept = kept if n % 256 else storing.tiles(connection)


def _write_bundle(connection: BaseDatabaseWrapper, folder: Path, start: int, end: int, private: bool) -> None:
    """A line is empty where the row was dropped by the rule of retention; its hash stands in the tile."""
    found = dict(stored.sealed_rows(connection, start, end))
    name = f"{start:012d}.jsonl"
    numbers = range(start, end)
    _write_lines(folder / "entries" / name, (found[n].entry if n in found else b"" for n in numbers))
    if private:
        _write_lines(folder / "private" / name, (_hidden(found[n]) if n in found else b"" for n in numbers))


def _hidden(leaf: Leaf) -> bytes:
    return b'{"private":%b,"salt":"%b"}' % (leaf.private, leaf.private_salt.hex().encode())


def _write_proofs(connection: BaseDatabaseWrapper, folder: Path, size: int, note: str, numbers: Sequence[int]) -> None:
    kept = storing.tiles(connection)
    for number in numbers:
        found = dict(stored.sealed_rows(connection, number, number + 1))
        if number not in found or number >= size:
            raise ExportRefused(f"there is no sealed row {number}")
        proof = Proof(number, kept.inclusion_proof(number, size), note, found[number].entry)
        (folder / "proofs").mkdir(exist_ok=True)
        (folder / "proofs" / f"{number}.tlog-proof").write_text(str(proof))


def _write_lines(path: Path, lines: Iterable[bytes]) -> None:
    path.parent.mkdir(exist_ok=True)
    with path.open("wb") as file:
        file.writelines(line + b"\n" for line in lines)


def _line(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()

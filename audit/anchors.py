"""Anchors: checkpoints kept outside the database, against which it is compared.

The file is append-only by habit and meant to be pulled by another host. Each line is one signed note as JSON text.
"""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from audit.notes import Checkpoint, NoteRefused, Verifier, opened

RootAt = Callable[[int], bytes]


class Anchors:
    """The anchors of one origin in the keeper's folder."""

    def __init__(self, folder: Path, origin: str) -> None:
        self.path = folder / f"anchors-{origin.replace('/', '_')}.jsonl"

    def notes(self) -> Iterator[str]:
        """Every note kept, oldest first; half a line at the end, left by a crash, is passed over."""
        return _notes(self.path)

    def newest(self) -> str | None:
        """The last note kept."""
        return next(reversed(list(self.notes())), None)

    def add(self, note: str) -> None:
        """Append a note and have it on disk before returning."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self.path.open("ab+") as file:
            if file.seek(0, os.SEEK_END) and not self._ends_a_line(file.tell()):
                file.write(b"\n")
            file.write(json.dumps(note, ensure_ascii=False).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())

    def _ends_a_line(self, size: int) -> bool:
        with self.path.open("rb") as file:
            file.seek(size - 1)
            return file.read(1) == b"\n"


def newest_in(folder: Path) -> str | None:
    """The last note kept of any origin: of the file that was written last."""
    files = sorted(folder.glob("anchors-*.jsonl"), key=lambda path: path.stat().st_mtime_ns)
    return next(reversed(list(_notes(files[-1]))), None) if files else None


def complaint(note: str, known: Verifier, size: int, root_at: RootAt) -> str | None:
    """What is wrong between a kept note and a log of ``size`` leaves; None when they agree."""
    try:
        kept = Checkpoint.parse(opened(note, [known]))
    except NoteRefused as trouble:
        return f"an anchor is not genuine: {trouble}"
    if kept.size > size:
        return (
            f"an anchor knows {kept.size} leaves, the database {size}: it was rolled back, "
            "or restored without being reopened"
        )
    if root_at(kept.size) != kept.root:
        return f"the first {kept.size} leaves are not those that were anchored: the log was rewritten"
    return None


def _notes(path: Path) -> Iterator[str]:
    try:
        lines = path.read_text().splitlines(keepends=True)
    except FileNotFoundError:
        return
    yield from (json.loads(line) for line in lines if line.endswith("\n"))

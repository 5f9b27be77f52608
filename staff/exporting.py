"""The lines of the log as a file: a table for spreadsheets, or entries with the proof that each is sealed."""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core.cache import cache
from django.db import connection

from audit import explorer, proving
from audit import services as audit
from audit.actions import LOG_EXPORT_BEGUN, LOG_EXPORTED
from audit.explorer import Question
from audit.models import Event
from audit.notes import Proof
from staff import reading
from staff.reading import Told
from staff.sheets import BYTE_ORDER_MARK, csv_lines

CHUNK: Final = 500
KEPT_SECONDS: Final = 3600  # how long the progress of an export can be asked for
COLUMNS: Final = (
    "time_utc",
    "time_local",
    "property",
    "person",
    "roles",
    "action",
    "outcome",
    "purpose",
    "purpose_ref",
    "object_type",
    "object_ref",
    "fields",
    "sentence",
    "ref",
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: its ending, what it begins with, and how some lines are written."""

    code: str
    content_type: str
    head: bytes
    write: Callable[[Sequence[Told]], bytes]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an export is: so many of so many lines; ``sha256`` of the file once it is whole."""

    done: int
    total: int
    sha256: str = ""

    @property
    def percent(self) -> int:
        """Of the lines there were when it began."""
        return min(100, self.done * 100 // self.total) if self.total else 0


def export(question: Question, kind: Kind, *, who: audit.Who, ticket: str, **asked: Any) -> Iterator[bytes]:
    """The lines piece by piece: a row in the log before the first byte, one after the last.

    The last row holds the count and the file's SHA-256. ``ticket`` is what ``progress_of`` is asked with; ``asked``:
    what the rows say of the question.
    """
    detail = asked.pop("detail", {}) | {"file": kind.code}
    audit.record_look(LOG_EXPORT_BEGUN, who=who, detail=detail, **asked)
    digest, done, total = hashlib.sha256(), 0, explorer.count(question)
    for written, piece in _pieces(question, kind):
        digest.update(piece)
        done += written
        _note(who, ticket, Progress(done, total))
        yield piece
    facts = detail | {"count": done, "sha256": digest.hexdigest()}
    audit.record_look(LOG_EXPORTED, who=who, detail=facts, **asked)
    _note(who, ticket, Progress(done, total, digest.hexdigest()))


def progress_of(who: audit.Who, ticket: str) -> Progress | None:
    """How far the person's export of this ticket is; None when it was not begun, or long ago."""
    found = cache.get(_key(who, ticket))
    return Progress(*found) if found else None


def _note(who: audit.Who, ticket: str, progress: Progress) -> None:
    cache.set(_key(who, ticket), (progress.done, progress.total, progress.sha256), KEPT_SECONDS)


def _key(who: audit.Who, ticket: str) -> str:
    return f"log-export:{who.actor}:{ticket}"


def _pieces(question: Question, kind: Kind) -> Iterator[tuple[int, bytes]]:
    before = ""
    yield 0, kind.head
    while True:
        page = explorer.read(question, before=before, limit=CHUNK)
        yield len(page.lines), kind.write(reading.tell(page.lines))
        before = page.older
        if not before:
            return


def _table(lines: Sequence[Told]) -> bytes:
    """CSV; cells that a spreadsheet would take for a formula are quoted with an apostrophe."""
    return csv_lines(_cells(told) for told in lines)


def _cells(told: Told) -> list[str]:
    event, line = told.event, told.line
    if event is None:
        raw = ["", explorer.CHANGED, "ok", "", "", "", "", ""]
        ref = str(line.row.pk)
    else:
        raw = [event.actor_role, event.action, event.outcome, event.purpose, event.purpose_ref]
        raw += [event.object_type, event.object_ref, " ".join(event.fields)]
        ref = str(event.ref)
    actor = "" if line.actor is None else str(line.actor)
    return [line.at.isoformat(), told.at.isoformat(), told.place, actor, *raw, told.sentence, ref]


def _proved(lines: Sequence[Told]) -> bytes:
    """A JSON object a line: what a reader sees, the sealed entry and its proof (C2SP tlog-proof).

    Both are null while the line waits for its seal, and for changes of what is not personal.
    """
    events = [told.event for told in lines if told.event]
    proofs = {event.ref: proof for event, proof in zip(events, proving.proofs_of(connection, events), strict=True)}
    told_lines = (_told(told, proofs.get(told.event.ref) if told.event else None) for told in lines)
    return b"".join(json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in told_lines)


def _told(told: Told, proof: Proof | None) -> dict[str, Any]:
    shown: dict[str, Any] = {"at": told.line.at.isoformat(), "actor": told.line.actor, "sentence": told.sentence}
    return {
        **shown,
        **(_raw(told.event) if told.event else {}),
        "entry": json.loads(proof.extra) if proof else None,
        "proof": str(proof) if proof else None,
    }


def _raw(event: Event) -> dict[str, Any]:
    """What an entry keeps to itself: guests' proofs do not show it."""
    return {
        "purpose_ref": event.purpose_ref,
        "object_type": event.object_type,
        "object_ref": event.object_ref,
        "explained_by": event.explained_by,
        "session": str(event.session_ref) if event.session_ref else None,
        "request_n": event.request_n,
        "detail": event.detail,
    }


KINDS: Final = {
    "csv": Kind("csv", "text/csv; charset=utf-8", BYTE_ORDER_MARK + csv_lines([list(COLUMNS)]), _table),
    "jsonl": Kind("jsonl", "application/jsonl; charset=utf-8", b"", _proved),
}

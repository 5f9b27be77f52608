"""The package of a confirmed case: what happened, provable by an outsider without us."""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db import connection
from django.utils import translation

from audit import proving
from audit import services as audit
from audit.exporting import VERIFIER
from audit.models import Event, Origin, Statement
from staff import permissions, reading
from staff.actions import ALERT_PACKED
from staff.models import Alert, AlertStep, Person
from staff.services.alerts.deciding import about
from staff.services.alerts.looking import Row, require_reader, with_events
from staff.services.alerts.refusals import AlertSettled

LANGUAGES: Final = ("en", "zh-hans")
Files = Iterator[tuple[str, bytes]]


def pack_alert(*, actor: Person, alert: Alert, at: datetime) -> bytes:
    """A ZIP of a confirmed alert: rows, sentences in both languages, steps, proofs, checkpoint, verifier, hashes.

    On record before it is made. What is not sealed yet, or ended by the rule of retention, has no proof in it and is
    named. Raises ``NotAllowed`` and ``AlertSettled`` for an alert that is not confirmed.
    """
    require_reader(actor, alert)
    if alert.verdict != Alert.Verdict.CONFIRMED:
        raise AlertSettled(**about(alert))
    rows = with_events(list(alert.rows.select_related("actor")), reader=actor)
    steps = list(alert.steps.select_related("by", "to"))
    audit.record_look(
        ALERT_PACKED, who=permissions.who(actor, alert.property), detail={"count": len(rows)}, **about(alert)
    )
    return _zipped([*_facts(alert, rows, steps, at), *_proofs(rows, steps), *_to_verify()])


def _facts(alert: Alert, rows: Sequence[Row], steps: Sequence[AlertStep], at: datetime) -> Files:
    events = [row.event for row in rows if row.event]
    yield "alert.json", _json(_alert(alert, at)) + b"\n"
    yield "rows.jsonl", b"".join(_json(_row(row)) + b"\n" for row in rows)
    yield "steps.jsonl", b"".join(_json(_step(step)) + b"\n" for step in steps)
    for language in LANGUAGES:
        with translation.override(language):
            told = reading.tell_events(events)
            lines = (f"{each.at:%Y-%m-%d %H:%M:%S %z}  {each.place}  {each.sentence}\n" for each in told)
            yield f"sentences-{language}.txt", "".join(lines).encode()


def _proofs(rows: Iterable[Row], steps: Iterable[AlertStep]) -> Files:
    """A proof for each row and each step, by its reference."""
    leaves = Statement.objects.filter(ref__in=[step.leaf for step in steps])
    without = [str(row.row.event_ref) for row in rows if row.event is None]
    entries: list[Event | Statement] = [row.event for row in rows if row.event]
    for entry in [*entries, *leaves]:
        proof = proving.proof_of(connection, entry)
        if proof is None:
            without.append(str(entry.ref))
        else:
            yield f"proofs/{entry.ref}.tlog-proof", str(proof).encode()
    yield "proofs/without.txt", "".join(f"{ref}\n" for ref in without).encode()


def _to_verify() -> Files:
    newest = proving.newest(connection)
    yield "checkpoint", newest.note.encode() if newest else b""
    yield (
        "key",
        "".join(f"{key}\n" for key in Origin.objects.order_by("id").values_list("verifier", flat=True)).encode(),
    )
    yield VERIFIER.name, (settings.BASE_DIR / VERIFIER).read_bytes()
    yield "README.txt", _README.encode()


_README: Final = """\
alert.json      the alert: rule, day, verdict, measure
rows.jsonl      the rows of the access log it rests on; guests and people stand here by reference
sentences-*     the same rows in words, in English and in Chinese
steps.jsonl     what was done about it, by whom
proofs/         one for each row and each step that is sealed (C2SP tlog-proof); without.txt names the others
checkpoint, key the signed state of the whole log and the key it is signed with
SHA256SUMS      the hash of every file here: sha256sum --check SHA256SUMS

Proved by the signed log is the entry inside each proof, which the verifier shows. The words of rows, sentences and
steps are the house's: compare them with the entries.

Verify a proof with Python 3.11 or newer and nothing else, with the last line of key:
    python3 verify_log.py proofs/NAME.tlog-proof --key KEY
"""


def _alert(alert: Alert, at: datetime) -> dict[str, Any]:
    return {
        "alert": alert.number,
        "rule": alert.code,
        "version": alert.rule.version,
        "property": alert.property.code if alert.property else None,
        "person": alert.actor.staff_number if alert.actor else None,
        "guest": str(alert.subject) if alert.subject else None,
        "day": alert.day.isoformat(),
        "risk": str(alert.score),
        "verdict": alert.verdict,
        "measure": alert.measure or None,
        "packed_at": at.isoformat(),
    }


def _row(row: Row) -> dict[str, Any]:
    found = {"ref": str(row.row.event_ref), "risk": str(row.row.score), "rules": row.row.flags}
    return found | (_event(row.event) if row.event else {"at": row.row.event_at.isoformat()})


def _event(event: Event) -> dict[str, Any]:
    names = (
        "id", "actor", "actor_role", "property", "action", "outcome", "purpose", "purpose_ref", "object_type",
        "object_ref", "fields", "explained_by", "request_n", "detail",
    )  # fmt: skip
    plain = {name: getattr(event, name) for name in names}
    return plain | {"at": event.at.isoformat(), "subjects": [str(subject) for subject in event.subjects]}


def _step(step: AlertStep) -> dict[str, Any]:
    return {
        "step": step.kind,
        "at": step.at.isoformat(),
        "by": step.by.staff_number if step.by else None,
        "to": step.to.staff_number if step.to else None,
        "says": step.says or None,
        "refers_to": step.refers_to or None,
        "leaf": str(step.leaf),
    }


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True).encode()


def _zipped(files: Sequence[tuple[str, bytes]]) -> bytes:
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in files)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in [*files, ("SHA256SUMS", sums.encode())]:
            archive.writestr(name, content)
    return packed.getvalue()

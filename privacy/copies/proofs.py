"""Files for a guest with the proofs of who looked: an outsider verifies them without us (B10).

A zip: the files themselves · ``rows.jsonl`` each row of the log as it was sealed, as far as it may be shown, with its
proof · ``proofs/`` the same C2SP tlog-proofs, one to a file · ``checkpoint`` the newest, to which they prove, with its
cosignatures · ``key`` the public key · ``verify_log.py`` · ``README.txt`` how to run it, in both languages.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile

from django.conf import settings
from django.db import connection
from django.template.loader import render_to_string
from django.utils import translation

from audit.exporting import VERIFIER
from audit.models import Event, Origin
from audit.notes import Proof
from audit.proving import proofs_of
from privacy.copies.log_sheet import LogSheet

README: Final = "privacy/proofs_readme.txt"


def with_proofs(files: Mapping[str, bytes], sheet: LogSheet) -> bytes:
    """The files and the proof of each row of the sheet that is sealed, as one zip."""
    proofs = proofs_of(connection, sheet.rows)
    told = BytesIO()
    with ZipFile(told, "w", ZIP_DEFLATED) as bundle:
        for name, content in [*files.items(), *_of_log(proofs), *_of_rows(sheet.rows, proofs)]:
            bundle.writestr(name, content)
        bundle.writestr("README.txt", _readme(sheet, list(files), [proof for proof in proofs if proof]))
    return told.getvalue()


def _of_log(proofs: Sequence[Proof | None]) -> Iterator[tuple[str, bytes]]:
    yield "checkpoint", next((proof.note for proof in proofs if proof), "").encode()
    yield "key", "".join(f"{key}\n" for key in _keys()).encode()
    yield VERIFIER.name, (settings.BASE_DIR / VERIFIER).read_bytes()


def _of_rows(rows: Sequence[Event], proofs: Sequence[Proof | None]) -> Iterator[tuple[str, bytes]]:
    lines = [_line(row, proof) for row, proof in zip(rows, proofs, strict=True)]
    yield "rows.jsonl", b"".join(lines)
    for proof in proofs:
        if proof:
            yield _name(proof), str(proof).encode()


def _line(row: Event, proof: Proof | None) -> bytes:
    """A row as it was sealed, with its proof; before its seal its reference and time, by which it is found again."""
    if proof is None:
        waiting = {"number": None, "ref": str(row.ref), "at": row.at.isoformat(), "proof": None}
        return json.dumps(waiting).encode() + b"\n"
    named = json.dumps({"number": proof.index, "proof": str(proof)}, ensure_ascii=False)
    return named[:-1].encode() + b', "entry": ' + proof.extra + b"}\n"


def _name(proof: Proof) -> str:
    return f"proofs/{proof.index}.tlog-proof"


def _keys() -> list[str]:
    """Keys the log was signed with, oldest first."""
    return list(Origin.objects.order_by("pk").values_list("verifier", flat=True))


def _readme(sheet: LogSheet, names: Sequence[str], proofs: Sequence[Proof]) -> str:
    facts = {
        "files": names,
        "proof": _name(proofs[0]) if proofs else "",
        "count": len(proofs),
        "waiting": len(sheet.rows) - len(proofs),
        "key": next(reversed(_keys()), ""),
        "guest": sheet.guest,
    }
    return "\n\n".join(_said(language, facts) for language in ("en", "zh-hans"))


def _said(language: str, facts: Mapping[str, object]) -> str:
    with translation.override(language):
        return render_to_string(README, dict(facts)).strip() + "\n"

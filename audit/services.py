"""The only ways into the log.

A change's row stands in the deed's own transaction: both or neither. A look's row is committed before anything is
shown, and a refusal's after the refused deed has rolled back.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit import actions, registry, trace

OUTCOMES = ("ok", "denied", "failed")
TERM_HASH_BYTES = 5

_CODE = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
_ROLES = re.compile(r"[a-z0-9_]{1,32}(\+[a-z0-9_]{1,32})*")
_LARGEST_INTEGER = 2**53 - 1  # RFC 8785 (JCS) writes numbers as doubles; the seal depends on it

_APPEND = """
SELECT audit_append(%s, %s, %s, %s, %s, %s, %s, %s, %s,
    %s, %s, %s, %s::uuid[], %s::text[], %s, %s::jsonb, %s, %s)
"""
_STATE = """
INSERT INTO audit_statement (ref, kind, actor, property, subjects, said, unsaid)
VALUES (%s, %s, %s, %s, %s::uuid[], %s::jsonb, %s::jsonb)
"""


@dataclass(frozen=True, slots=True)
class Who:
    """Who acts, in which role (codes joined by "+", sorted), at which property; plain ids."""

    actor: int | None = None
    role: str = ""
    property: int | None = None


@dataclass(frozen=True, slots=True)
class Why:
    """For which purpose, in which case or stay, and the operational reason the system saw (audit.md, E1-E9)."""

    purpose: str = ""
    ref: str = ""
    explained_by: str = ""


SYSTEM = Who(role="system")
NO_PURPOSE = Why()


class Refused(Exception):
    """Base of all domain errors: what was asked is not done, the reason is told and the attempt is recorded.

    Subclasses set ``action`` (the code of the refused deed) and ``message``; ``words`` fill the message's
    placeholders and are shown to the person only, never logged.
    """

    action: str = actions.DEED_REFUSED
    outcome: str = "denied"
    status: int = 409
    message: str | Promise = _("This cannot be done now.")
    field: str = ""

    def __init__(
        self,
        message: str | Promise | None = None,
        *,
        field: str = "",
        object_type: str = "",
        object_ref: str = "",
        **words: Any,
    ) -> None:
        super().__init__()
        self.message = message if message is not None else type(self).message
        self.field = field or type(self).field
        self.object_type = object_type
        self.object_ref = object_ref
        self.words = words

    def __str__(self) -> str:
        return str(self.message) % self.words if self.words else str(self.message)


def record(
    action: str,
    *,
    who: Who,
    why: Why = NO_PURPOSE,
    outcome: str = "ok",
    object_type: str = "",
    object_ref: str = "",
    subjects: Sequence[UUID | str] = (),
    fields: Sequence[str] = (),
    detail: Mapping[str, Any] | None = None,
    note_commit: bytes | None = None,
) -> UUID:
    """Write one row in the transaction under way and return its reference.

    ``fields`` are names, never values; ``detail`` holds integers, booleans (kept as 0 and 1) and codes.
    Raises ValueError on an undeclared action and on anything that could be free text.
    """
    row = _row(
        action, who=who, why=why, outcome=outcome, object_type=object_type, object_ref=object_ref, subjects=subjects,
        fields=fields, detail=detail, note_commit=note_commit,
    )  # fmt: skip
    _append([row])
    ref: UUID = row[0]
    return ref


def record_all(action: str, facts: Iterable[Mapping[str, Any]], *, who: Who) -> None:
    """Write a row for each of many deeds of one kind, as ``record`` would; ``facts``: what it takes beside."""
    listed = list(facts)
    for part in filter(None, (listed[:1], listed[1:])):  # the first takes the number of the request for all of them
        _append([_row(action, who=who, **each) for each in part])


def _row(
    action: str,
    *,
    who: Who,
    why: Why = NO_PURPOSE,
    outcome: str = "ok",
    object_type: str = "",
    object_ref: str = "",
    subjects: Sequence[UUID | str] = (),
    fields: Sequence[str] = (),
    detail: Mapping[str, Any] | None = None,
    note_commit: bytes | None = None,
) -> tuple[Any, ...]:
    """The values of one row, each of them checked."""
    _check_codes(action, outcome, who, (why.purpose, why.ref, why.explained_by, object_type, object_ref))
    current = trace.current()
    return (
        uuid4(), who.actor, who.role, who.property,
        current.session_ref if current else None,
        current.request_n if current else None,
        action, outcome, why.purpose, why.ref, object_type, object_ref,
        list(subjects), [_code(name) for name in fields],
        why.explained_by, json.dumps(_plain(detail or {})),
        current.request_id if current else None, note_commit,
    )  # fmt: skip


def _append(rows: Sequence[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(";".join([_APPEND] * len(rows)), [value for row in rows for value in row])
        request_n = cursor.fetchone()[0]
    if current := trace.current():
        current.request_n = request_n


def add_leaf(
    kind: str,
    *,
    who: Who,
    said: Mapping[str, Any],
    unsaid: Mapping[str, Any] | None = None,
    subjects: Sequence[UUID] = (),
) -> UUID:
    """State something that becomes a leaf of its own (``Statement``), in the transaction under way; its reference.

    ``said`` stands in the part of the leaf that may be shown, ``unsaid`` in the other; both take what ``detail``
    takes. The pages may state erasures and steps of alerts, the keeper the rest.
    """
    values = (uuid4(), kind, who.actor, who.property, list(subjects), _plain(said), _plain(unsaid or {}))
    with connection.cursor() as cursor:
        cursor.execute(_STATE, (*values[:5], *map(json.dumps, values[5:])))
    return values[0]


def record_look(action: str, **facts: Any) -> UUID:
    """Write one row and commit it before anything is shown. Takes what ``record`` takes.

    Raises RuntimeError inside an open transaction: a look that a later rollback could unmake is no record.
    """
    with transaction.atomic(durable=True):
        return record(action, **facts)


def record_refusal(refusal: Refused, *, who: Who) -> UUID:
    """Record a refused deed on its own, once the deed's transaction has rolled back."""
    return record_look(
        refusal.action,
        who=who,
        outcome=refusal.outcome,
        object_type=refusal.object_type,
        object_ref=refusal.object_ref,
        fields=[refusal.field] if refusal.field else [],
        detail={"reason": type(refusal).__name__},
    )


def _check_codes(action: str, outcome: str, who: Who, texts: Iterable[str]) -> None:
    if not registry.is_action(action):
        raise ValueError(f"undeclared action {action!r}")
    if outcome not in OUTCOMES:
        raise ValueError(f"unknown outcome {outcome!r}")
    if who.role and not _ROLES.fullmatch(who.role):
        raise ValueError("roles are codes joined by '+'")
    for text in texts:
        if text:
            _code(text)


def _code(text: Any) -> str:
    if not isinstance(text, str) or not _CODE.fullmatch(text):
        raise ValueError("the log takes codes and references only, no free text")
    return str(text)


def _plain(detail: Mapping[str, Any]) -> dict[str, Any]:
    return {_code(name): _plain_value(value) for name, value in detail.items()}


def _plain_value(value: Any) -> Any:
    if isinstance(value, int):  # a boolean too: RFC 8785 as limited in audit.md has no booleans
        if abs(value) > _LARGEST_INTEGER:
            raise ValueError("an integer beyond 2^53 cannot be sealed")
        return int(value)
    if isinstance(value, list | tuple):
        return [_plain_item(item) for item in value]
    return _code(value)


def _plain_item(value: Any) -> Any:
    if isinstance(value, list | tuple):
        raise ValueError("the log takes flat lists only")
    return _plain_value(value)


def open_session(*, actor: int, property: int | None, terminal: str = "", address: str | None = None) -> UUID:
    """Begin a session of a person at a terminal; its reference stands in every row that follows."""
    session_ref = uuid4()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_session (session_ref, actor, property, terminal, address) VALUES (%s, %s, %s, %s, %s)",
            (session_ref, actor, property, terminal, address),
        )
    return session_ref


def close_session(session_ref: UUID) -> None:
    """End a session; a session already ended keeps its first end."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE audit_session SET ended_at = clock_timestamp() WHERE session_ref = %s AND ended_at IS NULL",
            (session_ref,),
        )


def term_hash(normalised: str) -> str:
    """A search term under this month's key: equal terms are equal for a month, and noise once the key is gone.

    Truncated HMAC-SHA256 (RFC 2104) in hex. The database makes the key; the keeper destroys it after 90 days.
    """
    digest = hmac.new(_term_key(), normalised.encode(), hashlib.sha256).digest()
    return digest[:TERM_HASH_BYTES].hex()


def _term_key() -> bytes:
    this_month = "date_trunc('month', now() AT TIME ZONE 'UTC')::date"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT key FROM audit_term_key WHERE month = {this_month}")  # noqa: S608
        row = cursor.fetchone()
        if row is None:
            cursor.execute(f"INSERT INTO audit_term_key (month) VALUES ({this_month}) ON CONFLICT DO NOTHING")  # noqa: S608
            cursor.execute(f"SELECT key FROM audit_term_key WHERE month = {this_month}")  # noqa: S608
            row = cursor.fetchone()
    return bytes(row[0])

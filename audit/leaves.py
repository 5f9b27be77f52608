"""What a leaf of the tree says: which rows become leaves, and the bytes that are hashed.

An entry is ``{"kind", "priv", "pub", "v"}`` in canonical JSON (RFC 8785, with integers, texts, arrays and null only;
times are microseconds since 1970, UTC). ``pub`` may be shown to the guest concerned; ``priv`` is the salted hash of
the rest. Guests stand in ``pub`` as salted hashes, one each: who knows a reference finds it there, nobody can read it
out. ``detail`` and ``changes`` are sealed as PostgreSQL writes their JSON.

The form is frozen: golden leaves in the tests. A new column of the log is sealed under ``v`` 2.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from audit import tree

_MICROSECONDS = "(extract(epoch FROM {}) * 1000000)::bigint"
_PUBLIC_OF_ALL = {"id": "id", "salt": "encode(salt, 'hex')"}
canonical = json.JSONEncoder(sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Leaf:
    """A row ready to be sealed: where it stands, the bytes to hash, and the hash of its private part."""

    xact: int
    source: int
    row_id: int
    at: str
    entry: bytes
    private_hash: bytes
    private: bytes
    private_salt: bytes

    @property
    def hash(self) -> bytes:
        """The hash of the leaf."""
        return tree.leaf_hash(self.entry)


@dataclass(frozen=True, slots=True)
class Source:
    """A table whose rows are sealed, with the SQL of each part of an entry."""

    number: int
    table: str
    at: str
    kind: str
    public: Mapping[str, str]
    private: Mapping[str, str]

    @property
    def columns(self) -> str:
        """What ``leaf`` needs of a row, for a SELECT from this table."""
        head = ("xact::text::bigint", "id", f"{self.at}::text", self.kind, "v", "salt", "private_salt")
        return ", ".join([*head, "subjects::text[]" if self.has_subjects else "NULL", *self._parts()])

    @property
    def has_subjects(self) -> bool:
        """Whether its rows can concern guests."""
        return "guests" in self.public

    def leaf(self, row: Sequence[Any]) -> Leaf:
        """The leaf of a row read with ``columns``."""
        xact, row_id, at, kind, version, salt, private_salt, subjects, *parts = row
        public = dict(zip(self.public, parts, strict=False))
        if self.has_subjects:
            public["guests"] = [guest_mark(bytes(salt), UUID(subject)) for subject in subjects]
        private = canonical(dict(zip(self.private, parts[len(self.public) :], strict=True))).encode()
        hidden = private_hash(bytes(private_salt), private)
        entry = canonical({"kind": kind, "priv": hidden.hex(), "pub": public, "v": version}).encode()
        return Leaf(xact, self.number, row_id, at, entry, hidden, private, bytes(private_salt))

    def _parts(self) -> list[str]:
        return [*self.public.values(), *self.private.values()]


EVENT = Source(
    number=1,
    table="audit_event",
    at="at",
    kind="'event'",
    public=_PUBLIC_OF_ALL
    | {
        "ref": "ref::text",
        "at": _MICROSECONDS.format("at"),
        "action": "action",
        "outcome": "outcome",
        "purpose": "purpose",
        "role": "actor_role",
        "property": "property",
        "guests": "NULL",
        "fields": "fields",
    },
    private={
        "actor": "actor",
        "session": "session_ref::text",
        "request_n": "request_n",
        "request": "request_id::text",
        "purpose_ref": "purpose_ref",
        "object_type": "object_type",
        "object_ref": "object_ref",
        "explained_by": "explained_by",
        "detail": "detail::text",
        "note": "encode(note_commit, 'hex')",
        "xact": "xact::text::bigint",
    },
)
CHANGE = Source(
    number=2,
    table="audit_change",
    at='"timestamp"',
    kind="'auditlog'",
    public=_PUBLIC_OF_ALL | {"at": _MICROSECONDS.format('"timestamp"'), "action": "action", "property": "property"},
    private={
        "content_type": "content_type_id",
        "object_pk": "object_pk",
        "object_id": "object_id",
        "object_repr": "object_repr",
        "serialized": "serialized_data::text",
        "changes": "changes::text",
        "changes_text": "changes_text",
        "actor": "actor_id",
        "actor_email": "actor_email",
        "session": "session_ref::text",
        "request_n": "request_n",
        "request": "cid",
        "address": "remote_addr::text",
        "port": "remote_port",
        "additional": "additional_data::text",
        "xact": "xact::text::bigint",
    },
)
STATEMENT = Source(
    number=3,
    table="audit_statement",
    at="at",
    kind="kind",
    public=_PUBLIC_OF_ALL
    | {
        "ref": "ref::text",
        "at": _MICROSECONDS.format("at"),
        "property": "property",
        "guests": "NULL",
        "said": "said::text",
    },
    private={"actor": "actor", "unsaid": "unsaid::text", "xact": "xact::text::bigint"},
)
SOURCES = {source.number: source for source in (EVENT, CHANGE, STATEMENT)}


def guest_mark(salt: bytes, subject: UUID) -> str:
    """How a leaf names a guest: a hash that only somebody with the guest's reference can find again."""
    return sha256(b"\x03" + salt + subject.bytes).hexdigest()


def private_hash(salt: bytes, private: bytes) -> bytes:
    """The hash that stands in a leaf for its private part."""
    return sha256(b"\x02" + salt + private).digest()

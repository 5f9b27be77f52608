"""What a leaf of the tree says: which rows become leaves, and the bytes that are hashed.

An entry is ``{"kind", "priv", "pub", "v"}`` in canonical JSON (RFC 8785, with integers, texts, arrays and null only;
times are microseconds since 1970, UTC). ``pub`` may be shown to the guest concerned; ``priv`` is the salted hash of
the rest. Guests stand in ``pub`` as salted hashes, one each: who knows a reference finds it there, nobody can read it
out. ``detail`` and ``changes`` are sealed as the text PostgreSQL makes of their JSON.

PostgreSQL writes both parts (its ``to_json`` escapes a text as RFC 8785 does), which is what lets a million rows be
sealed in a minute. The form is frozen: golden leaves in the tests. A new column of the log is sealed under ``v`` 2.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from audit import tree

_MICROSECONDS = "(extract(epoch FROM {}) * 1000000)::bigint"
_GUESTS = (
    r"(SELECT COALESCE(array_agg(encode(sha256('\x03'::bytea || {salt} || uuid_send(guest)), 'hex') ORDER BY place),"
    " '{{}}') FROM unnest(subjects) WITH ORDINALITY AS listed (guest, place))"
)
_HEX = "encode({}, 'hex')"
_SALT = "encode({salt}, 'hex')"
_XACT = "xact::text::bigint"


@dataclass(frozen=True, slots=True)
class Leaf:
    """A row ready to be sealed: where it stands, the bytes to hash, and its private part with its salted hash."""

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
    """A table whose rows are sealed, with the SQL of each value of an entry."""

    number: int
    table: str
    at: str
    kind: str
    public: Mapping[str, str]
    private: Mapping[str, str]

    @property
    def columns(self) -> str:
        """What ``leaf`` needs of a row, for a SELECT from this table."""
        head = (_XACT, "id", f"{self.at}::text", self.kind, "v", "private_salt")
        return ", ".join([*head, self.public_object("salt"), _object(self.private)])

    def public_object(self, salt: str) -> str:
        """SQL that writes the public part, the salt being found under this name."""
        return _object({key: value.format(salt=salt) for key, value in self.public.items()})

    def leaf(self, row: Sequence[Any]) -> Leaf:
        """The leaf of a row read with ``columns``."""
        xact, row_id, at, kind, version, salt, public, hidden = row
        private, private_salt = hidden.encode(), bytes(salt)
        digest = private_hash(private_salt, private)
        entry = f'{{"kind":"{kind}","priv":"{digest.hex()}","pub":{public},"v":{version}}}'.encode()
        return Leaf(xact, self.number, row_id, at, entry, digest, private, private_salt)


def guest_mark(salt: bytes, subject: UUID) -> str:
    """How a leaf names a guest: a hash that only somebody with the guest's reference can find again."""
    return sha256(b"\x03" + salt + subject.bytes).hexdigest()


def private_hash(salt: bytes, private: bytes) -> bytes:
    """The hash that stands in a leaf for its private part."""
    return sha256(b"\x02" + salt + private).digest()


def _object(parts: Mapping[str, str]) -> str:
    """SQL that writes a canonical JSON object."""
    values = [f"""'"{key}":', COALESCE(to_json({parts[key]})::text, 'null')""" for key in sorted(parts)]
    return "concat('{', " + ", ',', ".join(values) + ", '}')"


EVENT = Source(
    number=1,
    table="audit_event",
    at="at",
    kind="'event'",
    public={
        "id": "id",
        "ref": "ref",
        "at": _MICROSECONDS.format("at"),
        "action": "action",
        "outcome": "outcome",
        "purpose": "purpose",
        "role": "actor_role",
        "property": "property",
        "guests": _GUESTS,
        "fields": "fields",
        "salt": _SALT,
    },
    private={
        "actor": "actor",
        "session": "session_ref",
        "request_n": "request_n",
        "request": "request_id",
        "purpose_ref": "purpose_ref",
        "object_type": "object_type",
        "object_ref": "object_ref",
        "explained_by": "explained_by",
        "detail": "detail::text",
        "note": _HEX.format("note_commit"),
        "xact": _XACT,
    },
)
CHANGE = Source(
    number=2,
    table="audit_change",
    at='"timestamp"',
    kind="'auditlog'",
    public={
        "id": "id",
        "at": _MICROSECONDS.format('"timestamp"'),
        "action": "action",
        "property": "property",
        "salt": _SALT,
    },
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
        "session": "session_ref",
        "request_n": "request_n",
        "request": "cid",
        "address": "remote_addr::text",
        "port": "remote_port",
        "additional": "additional_data::text",
        "xact": _XACT,
    },
)
STATEMENT = Source(
    number=3,
    table="audit_statement",
    at="at",
    kind="kind",
    public={
        "id": "id",
        "ref": "ref",
        "at": _MICROSECONDS.format("at"),
        "property": "property",
        "guests": _GUESTS,
        "said": "said::text",
        "salt": _SALT,
    },
    private={"actor": "actor", "unsaid": "unsaid::text", "xact": _XACT},
)
SOURCES = {source.number: source for source in (EVENT, CHANGE, STATEMENT)}

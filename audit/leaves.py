"""What a leaf of the tree says: which rows become leaves, and the bytes that are hashed.

An entry is ``{"kind", "priv", "pub", "v"}`` in canonical JSON (RFC 8785, with integers, texts, arrays and null only;
times are microseconds since 1970, UTC). ``pub`` may be shown to the guest concerned; ``priv`` is the salted hash of
the rest. Guests stand in ``pub`` as salted hashes, one each: who knows a reference finds it there, nobody can read it
out. ``detail`` and ``changes`` are sealed as the text PostgreSQL makes of their JSON.

PostgreSQL writes both parts (its ``to_json`` escapes a text as RFC 8785 does), which is what lets a million rows be
sealed in a minute. The form is frozen: golden leaves in the tests. A new column of the log is sealed under ``v`` 2.
"""

from binascii import hexlify, unhexlify
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

from audit import tree


def _number(value: str) -> str:
    """SQL that writes an integer as JSON."""
    return f"COALESCE(({value})::text, 'null')"


def _plain(value: str) -> str:
    """SQL that writes as JSON what never needs escaping: a uuid, hex digits."""
    return f"""COALESCE('"' || ({value})::text || '"', 'null')"""


def _text(value: str) -> str:
    """SQL that writes any text, or an array of texts, as JSON."""
    return f"COALESCE(to_json({value})::text, 'null')"


def _micros(column: str) -> str:
    return _number(f"(extract(epoch FROM {column}) * 1000000)::bigint")


def _mark(guest: str) -> str:
    return rf"encode(sha256('\x03'::bytea || {{salt}} || uuid_send({guest})), 'hex')"


# Most rows are about one guest; the way for many is five times as slow.
_ONLY_GUEST = _mark("subjects[array_lower(subjects, 1)]")
_EACH_GUEST = "unnest(subjects) WITH ORDINALITY AS listed (guest, place)"
_ALL_GUESTS = f"""(SELECT '["' || string_agg({_mark("guest")}, '","' ORDER BY place) || '"]' FROM {_EACH_GUEST})"""  # noqa: S608
_GUESTS = (
    f"""COALESCE(CASE cardinality(subjects) WHEN 0 THEN '[]' WHEN 1 THEN '["' || {_ONLY_GUEST} || '"]'"""
    f" ELSE {_ALL_GUESTS} END, 'null')"
)
_SALT = _plain("encode({salt}, 'hex')")
_XACT = "xact::text::bigint"
_ENTRY = b'{"kind":"%b","priv":"%b","pub":%b,"v":%b}'


class Leaf(NamedTuple):
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
        return ", ".join([_XACT, "id", f"{self.at}::text", self.parts])

    @property
    def parts(self) -> str:
        """What ``leaf_hash`` needs of it."""
        return ", ".join(
            [self.kind, "v", "encode(private_salt, 'hex')", self.public_object("salt"), _object(self.private)]
        )

    def public_object(self, salt: str) -> str:
        """SQL that writes the public part, the salt being found under this name."""
        return _object({key: value.format(salt=salt) for key, value in self.public.items()})

    def leaf(self, row: Sequence[bytes]) -> Leaf:
        """The leaf of a row read with ``columns``, each value as the bytes PostgreSQL writes."""
        xact, row_id, at, kind, version, salt, public, private = row
        private_salt = unhexlify(salt)
        digest = private_hash(private_salt, private)
        entry = _ENTRY % (kind, hexlify(digest), public, version)
        return Leaf(int(xact), self.number, int(row_id), at.decode(), entry, digest, private, private_salt)

    def leaf_hash(self, row: Sequence[bytes]) -> bytes:
        """The hash of the leaf of a row read with ``parts``, where that is all that is wanted."""
        kind, version, salt, public, private = row
        return tree.leaf_hash(_ENTRY % (kind, hexlify(private_hash(unhexlify(salt), private)), public, version))


def guest_mark(salt: bytes, subject: UUID) -> str:
    """How a leaf names a guest: a hash that only somebody with the guest's reference can find again."""
    return sha256(b"\x03" + salt + subject.bytes).hexdigest()


def private_hash(salt: bytes, private: bytes) -> bytes:
    """The hash that stands in a leaf for its private part."""
    return sha256(b"\x02" + salt + private).digest()


def _object(parts: Mapping[str, str]) -> str:
    """SQL that writes a canonical JSON object."""
    values = [f"""'"{key}":', {parts[key]}""" for key in sorted(parts)]
    return "concat('{', " + ", ',', ".join(values) + ", '}')"


EVENT = Source(
    number=1,
    table="audit_event",
    at="at",
    kind="'event'",
    public={
        "id": _number("id"),
        "ref": _plain("ref"),
        "at": _micros("at"),
        "action": _text("action"),
        "outcome": _text("outcome"),
        "purpose": _text("purpose"),
        "role": _text("actor_role"),
        "property": _number("property"),
        "guests": _GUESTS,
        "fields": _text("fields"),
        "salt": _SALT,
    },
    private={
        "actor": _number("actor"),
        "session": _plain("session_ref"),
        "request_n": _number("request_n"),
        "request": _plain("request_id"),
        "purpose_ref": _text("purpose_ref"),
        "object_type": _text("object_type"),
        "object_ref": _text("object_ref"),
        "explained_by": _text("explained_by"),
        "detail": _text("detail::text"),
        "note": _plain("encode(note_commit, 'hex')"),
        "xact": _number(_XACT),
    },
)
CHANGE = Source(
    number=2,
    table="audit_change",
    at='"timestamp"',
    kind="'auditlog'",
    public={
        "id": _number("id"),
        "at": _micros('"timestamp"'),
        "action": _number("action"),
        "property": _number("property"),
        "salt": _SALT,
    },
    private={
        "content_type": _number("content_type_id"),
        "object_pk": _text("object_pk"),
        "object_id": _number("object_id"),
        "object_repr": _text("object_repr"),
        "serialized": _text("serialized_data::text"),
        "changes": _text("changes::text"),
        "changes_text": _text("changes_text"),
        "actor": _number("actor_id"),
        "actor_email": _text("actor_email"),
        "session": _plain("session_ref"),
        "request_n": _number("request_n"),
        "request": _text("cid"),
        "address": _text("remote_addr::text"),
        "port": _number("remote_port"),
        "additional": _text("additional_data::text"),
        "xact": _number(_XACT),
    },
)
STATEMENT = Source(
    number=3,
    table="audit_statement",
    at="at",
    kind="kind",
    public={
        "id": _number("id"),
        "ref": _plain("ref"),
        "at": _micros("at"),
        "property": _number("property"),
        "guests": _GUESTS,
        "said": _text("said::text"),
        "salt": _SALT,
    },
    private={"actor": _number("actor"), "unsaid": _text("unsaid::text"), "xact": _number(_XACT)},
)
SOURCES = {source.number: source for source in (EVENT, CHANGE, STATEMENT)}

"""What a leaf says, frozen: the bytes of an entry and its hash must never change for a row of version 1."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from audit import stored, storing
from audit.leaves import CHANGE, EVENT, STATEMENT, Leaf, Source, guest_mark, private_hash
from audit.tests.factories import COMPANION, SUBJECT
from audit.tests.sealed_house import House

Sql = Callable[..., list[tuple[Any, ...]]]
SALT, PRIVATE_SALT = bytes(range(16)), bytes(range(16, 32))
ROW = {
    "id": 17,
    "xact": "900",
    "salt": SALT,
    "private_salt": PRIVATE_SALT,
    "property": 3,
    "session_ref": "44444444-4444-4444-8444-444444444444",
    "request_n": 12,
}
REF = {"ref": "33333333-3333-4333-8333-333333333333", "at": "2026-03-01 12:00:00.000001+00"}
EVENT_ROW = ROW | REF | {
    "actor": 7,
    "actor_role": "front_desk",
    "action": "stay.viewed",
    "purpose": "guest_service",
    "purpose_ref": "2026-000042",
    "object_type": "stay",
    "object_ref": "2026-000042",
    "subjects": [str(SUBJECT), str(COMPANION)],
    "fields": ["name", "phone"],
    "explained_by": "E1",
    "detail": '{"count": 2, "a": [1, "x"]}',
    "request_id": "55555555-5555-4555-8555-555555555555",
}  # fmt: skip
CHANGE_ROW = ROW | {
    "timestamp": "2026-03-01 12:00:00.000001+00",
    "content_type_id": 11,
    "object_pk": "5",
    "object_repr": '0812 "净"\t\x07\u2028\x7f\\',
    "action": 1,
    "changes": '{"state": ["净", "脏"]}',
    "actor_id": 7,
    "cid": "55555555-5555-4555-8555-555555555555",
}
STATEMENT_ROW = {name: ROW[name] for name in ("id", "xact", "salt", "private_salt", "property")} | REF | {
    "kind": "erasure",
    "actor": 7,
    "subjects": [str(SUBJECT)],
    "said": '{"envelopes": 3}',
}  # fmt: skip


@pytest.fixture
def leaf_of(as_superuser: Sql) -> Callable[[Source, dict[str, Any]], Leaf]:
    """The leaf of a row with these values, as a database makes it."""

    def read(source: Source, row: dict[str, Any]) -> Leaf:
        marks = ", ".join("%s::uuid[]" if name == "subjects" else "%s" for name in row)
        as_superuser(
            f"INSERT INTO {source.table} ({', '.join(row)}) OVERRIDING SYSTEM VALUE VALUES ({marks})",
            tuple(row.values()),
        )
        [found] = as_superuser(f"SELECT {source.columns} FROM {source.table} WHERE xact = '900'")
        return source.leaf([str(value).encode() for value in found])

    return read


def test_golden_event(leaf_of: Callable[..., Leaf]) -> None:
    leaf = leaf_of(EVENT, EVENT_ROW)
    assert leaf.entry.decode() == (
        '{"kind":"event","priv":"e7c7098889238cca30ff95e5b362ef5e9741b0d1877c2c51fc7e44cb2728394e","pub":{"action":"stay.viewed",'
        '"at":1772366400000001,"fields":["name","phone"],"guests":["de7d062f2195b7ea88e9c39aa41f738ca96abbaa4533a1e6bf38aea23b143a91",'
        '"ff1b5b9e7b30585c6e95d8a92888995ee30f6ec6401ec4dbf70592322af6747f"],"id":17,"outcome":"ok",'
        '"property":3,"purpose":"guest_service","ref":"33333333-3333-4333-8333-333333333333","role":"front_desk",'
        '"salt":"000102030405060708090a0b0c0d0e0f"},"v":1}'
    )
    assert leaf.hash.hex() == "c8812fa516b3a16971dd331daa87fe0e7810d95bf721d454ebd4866cab0e6f82"


def test_golden_change(leaf_of: Callable[..., Leaf]) -> None:
    leaf = leaf_of(CHANGE, CHANGE_ROW)
    assert leaf.entry.decode() == (
        '{"kind":"auditlog","priv":"a3490679a3004e5a87743a03c7ce65abf31cba8d61b8d66141498945866f53c9","pub":{"action":1,'
        '"at":1772366400000001,"id":17,"property":3,"salt":"000102030405060708090a0b0c0d0e0f"},"v":1}'
    )
    assert leaf.hash.hex() == "0374b34cf64c8d3069b1f2790fa5655ae76e2412ff701bc240ecf7bce0f0f5cb"


def test_golden_statement(leaf_of: Callable[..., Leaf]) -> None:
    leaf = leaf_of(STATEMENT, STATEMENT_ROW)
    assert leaf.entry.decode() == (
        '{"kind":"erasure","priv":"379a77ea08c4b2006ccce475106d6b6193253ded8d22dd135aabd9f2538b96a5","pub":{"at":1772366400000001,'
        '"guests":["de7d062f2195b7ea88e9c39aa41f738ca96abbaa4533a1e6bf38aea23b143a91"],"id":17,"property":3,'
        '"ref":"33333333-3333-4333-8333-333333333333","said":"{\\"envelopes\\": 3}",'
        '"salt":"000102030405060708090a0b0c0d0e0f"},"v":1}'
    )
    assert leaf.hash.hex() == "2d211538a9bea92331370991d1f4ddafcd9369a96899e2e993e44476f2f372d3"


def test_the_private_part_names_what_a_guest_is_not_shown(leaf_of: Callable[..., Leaf]) -> None:
    leaf = leaf_of(EVENT, EVENT_ROW)
    assert leaf.private.decode() == (
        '{"actor":7,"detail":"{\\"a\\": [1, \\"x\\"], \\"count\\": 2}","explained_by":"E1","note":null,'
        '"object_ref":"2026-000042","object_type":"stay","purpose_ref":"2026-000042",'
        '"request":"55555555-5555-4555-8555-555555555555","request_n":12,'
        '"session":"44444444-4444-4444-8444-444444444444","xact":900}'
    )
    assert leaf.private_hash == private_hash(PRIVATE_SALT, leaf.private)


@pytest.mark.parametrize(("source", "row"), [(EVENT, EVENT_ROW), (CHANGE, CHANGE_ROW), (STATEMENT, STATEMENT_ROW)])
def test_entries_are_canonical_json(leaf_of: Callable[..., Leaf], source: Source, row: dict[str, Any]) -> None:
    """RFC 8785: sorted keys, no blanks, and texts escaped as little as can be."""
    leaf = leaf_of(source, row)
    for part in (leaf.entry, leaf.private):
        read = json.loads(part)
        assert json.dumps(read, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() == part


@pytest.mark.parametrize("source", [EVENT, CHANGE, STATEMENT])
def test_every_column_is_sealed(as_superuser: Sql, source: Source) -> None:
    """``v`` and ``kind`` stand in the entry itself, the private salt in the hash of the private part."""
    columns = as_superuser(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0", (source.table,)
    )
    sealed = " ".join([*source.public.values(), *source.private.values(), "v kind private_salt"])
    assert [name for (name,) in columns if name not in sealed] == []


def test_a_guest_is_found_by_who_knows_the_reference() -> None:
    assert guest_mark(SALT, SUBJECT) == guest_mark(SALT, UUID(str(SUBJECT)))
    assert len({guest_mark(SALT, SUBJECT), guest_mark(SALT, COMPANION), guest_mark(PRIVATE_SALT, SUBJECT)}) == 3


@pytest.mark.parametrize("source", [EVENT, CHANGE, STATEMENT], ids=lambda source: source.table)
def test_what_is_read_back_is_what_was_sealed(house: House, source: Source) -> None:
    """Control characters and backslashes too, by either way to the hash."""
    house.sealed(2)
    house.sql(
        "INSERT INTO audit_change (content_type_id, object_pk, object_repr, action, changes, request_n)"
        ' VALUES (1, \'5\', %s, 1, \'{"state": ["\\\\n净", "\\\\\\\\"]}\', 1)',
        (CHANGE_ROW["object_repr"],),
    )
    house.write(2)
    house.seal()
    rows = {number: leaf for number, leaf in stored.sealed_rows(house.keeper, 0, 99) if leaf.source == source.number}
    hashes = dict(stored.sealed_hashes(house.keeper, 0, 99))
    kept = storing.tiles(house.keeper).tile(0, 0)
    assert len(rows) > 0
    for number, leaf in rows.items():
        assert leaf.hash == hashes[number] == kept[number * 32 : number * 32 + 32]
        assert json.loads(leaf.entry)["kind"] and json.loads(leaf.private)

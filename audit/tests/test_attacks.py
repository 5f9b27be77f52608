"""Attacks on the sealed log: each is named, and goes unnoticed where its one defence is taken away.

The defence is taken away by the test alone: a step of the verification is left out, an anchor is not brought along, the
attacker's key is trusted, a trigger is dropped. ``docs/security.md`` lists the same attacks.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import psycopg2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction

from audit import guard, sealing, stored, storing, verifying
from audit import services as audit
from audit.anchors import Anchors
from audit.grants import WEB
from audit.leaves import CHANGE, EVENT, STATEMENT, Source
from audit.notes import Checkpoint, Signer
from audit.seal_key import read_key
from audit.sealing import KEY, SealRefused
from audit.tests.factories import SUBJECT, WhoFactory
from audit.tests.sealed_house import BORN_WITH, House
from audit.tiles import grow
from audit.tree import leaf_hash
from audit.verifying import verify, verify_sample

STRANGER = Ed25519PrivateKey.from_private_bytes(b"s" * 32)
# A value that differs as little as the column's type and its constraints allow.
CHANGED = {
    "bigint": "COALESCE({0}, 0) # 1",
    "smallint": "({0} # 1)::smallint",
    "integer": "COALESCE({0}, 0) # 1",
    "uuid": "md5(COALESCE({0}::text, ''))::uuid",
    "timestamp with time zone": "{0} + interval '1 microsecond'",
    "xid8": "({0}::text::bigint # 1)::text::xid8",
    "text": "{0} || 'x'",
    "character varying": "COALESCE({0}, '') || 'x'",
    "uuid[]": "{0} || gen_random_uuid()",
    "text[]": "{0} || 'x'::text",
    "jsonb": "COALESCE({0}, '{{}}') || '{{\"x\": 1}}'",
    "bytea": "COALESCE(set_byte({0}, 0, get_byte({0}, 0) # 1), sha256('x'))",
    "inet": "'10.0.0.1'::inet",
}
LIMITED = {"outcome": "'denied'", "kind": "'key'", "id": "id + 1000"}
# The place of the leaf is the row's id and time: with another one the sealed row is gone and an unsealed one there.
PLACE = {"id", "at", "timestamp"}


def complaints(house: House, **options: Any) -> list[str]:
    """What a whole verification finds."""
    [*_slices, findings] = verify(house.keeper, **options)
    return [str(complaint) for complaint in findings.complaints]


def anchored(house: House) -> list[str]:
    """The same with the anchors the keeper kept."""
    return complaints(house, anchors=Anchors(house.folder, house.state.origin).notes())


def without(step: str, instead: Callable[..., Any] = lambda *_given: ()) -> Callable[[House], list[str]]:
    """A whole verification that leaves this step out."""

    def find(house: House) -> list[str]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(verifying, step, instead)
            return complaints(house)

    return find


def believed(connection: Any, *_given: Any) -> dict[int, bytes]:
    """The roots as they stand in the table, whatever was signed."""
    return {size: root for size, root, _note in stored.checkpoints(connection)}


def trusting_the_stranger(house: House) -> list[str]:
    """A verification that takes the attacker's key for the house's."""
    verifier = str(Signer(house.state.origin, STRANGER).verifier)
    house.tamper("audit_origin", "UPDATE audit_origin SET verifier = %s", (verifier,))
    return complaints(house)


def rehash(house: House) -> None:
    """Change a row and everything in the database that was computed from it, but for what the key signed."""
    house.tamper(house.partition, f"UPDATE {house.partition} SET action = 'log.exported' WHERE id = 3")
    rows = house.sql(f"SELECT {EVENT.columns} FROM audit_event ORDER BY xact, id")
    leaves = [leaf_hash(EVENT.leaf([str(value).encode() for value in row]).entry) for row in rows]
    [(last,)] = house.sql("SELECT substring(hashes FROM octet_length(hashes) - 31) FROM audit_tile WHERE level = 0")
    [content] = grow(storing.tiles(house.keeper), 0, [*leaves, bytes(last)]).values()
    house.tamper("audit_tile", "UPDATE audit_tile SET hashes = %s", (content,))


def forge_root(house: House) -> Checkpoint:
    """The same, with the new root in the place of the signed one."""
    rehash(house)
    forged = Checkpoint(house.state.origin, house.state.size, storing.tiles(house.keeper).root(house.state.size))
    house.tamper("audit_checkpoint", "UPDATE audit_checkpoint SET root = %s", (forged.root,))
    return forged


def sign_anew(key: Callable[[House], Ed25519PrivateKey]) -> Callable[[House], None]:
    """The same, with a signature over the new root."""

    def deed(house: House) -> None:
        forged = forge_root(house)
        note = Signer(forged.origin, key(house)).signed(forged.text)
        house.tamper("audit_checkpoint", "UPDATE audit_checkpoint SET note = %s", (note,))

    return deed


def delete(house: House) -> None:
    """A row less."""
    house.tamper(house.partition, f"DELETE FROM {house.partition} WHERE id = 3")


def reorder(house: House) -> None:
    """Two rows change places; the numbers stand in the database only."""
    for old, new in ((2, -1), (1, 2), (-1, 1)):
        house.tamper("audit_leaf", "UPDATE audit_leaf SET number = %s WHERE number = %s", (new, old))


def duplicate(house: House) -> None:
    """A copy of a sealed row with its older transaction, and more rows sealed after it."""
    columns = "ref, at, actor, action, request_n, xact"
    house.sql(f"INSERT INTO audit_event ({columns}) SELECT {columns} FROM audit_event WHERE id = 3")
    house.write(1)
    house.seal()


def drop_year(house: House) -> None:
    """A year's rows dropped without a word."""
    house.sql("INSERT INTO audit_pruning (year, minimum_index) VALUES (2020, 3)")


def put_old_note(house: House) -> None:
    """An old checkpoint, truly signed, in the place of the newest."""
    old = house.note
    house.write(3)
    house.seal()
    house.tamper("audit_checkpoint", f"UPDATE audit_checkpoint SET note = %s WHERE size > {BORN_WITH + 4}", (old,))


def roll_back(house: House) -> None:
    """The whole database as it was before the last rows."""
    old = house.snapshot()
    house.write(3)
    house.seal()
    Anchors(house.folder, house.state.origin).add(house.note)
    house.roll_back(old)


@dataclass(frozen=True, slots=True)
class Attack:
    """What is done to a log of six entries, what is found, and the verification that lacks its one defence."""

    deed: Callable[[House], object]
    named: Sequence[str]
    defenceless: Callable[[House], list[str]]
    find: Callable[[House], list[str]] = complaints


ATTACKS = {
    "a row deleted": Attack(delete, ["row_missing:2"], without("_wrong_rows")),
    "two rows reordered": Attack(reorder, ["row_changed:1", "row_changed:2"], without("_wrong_rows")),
    "a row duplicated": Attack(duplicate, ["row_unsealed:audit_event 6"], without("_verify_completeness")),
    "a year dropped unstated": Attack(drop_year, ["pruned_unstated:2020"], without("_verify_completeness")),
    "hashed again after an edit": Attack(rehash, ["root_differs:6"], without("_wrong_roots")),
    "the root replaced as well": Attack(forge_root, ["checkpoint_changed:6"], without("_known_roots", believed)),
    "an old checkpoint": Attack(put_old_note, ["checkpoint_changed:9"], without("_known_roots", believed)),
    "signed with another key": Attack(
        sign_anew(lambda _house: STRANGER), ["checkpoint_changed:6"], trusting_the_stranger
    ),
    "signed with the stolen key": Attack(
        sign_anew(lambda house: read_key(house.folder / KEY)), ["root_differs:6"], complaints, anchored
    ),
    "the database rolled back": Attack(roll_back, ["anchor_ahead:9"], complaints, anchored),
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_an_attack_is_named_and_by_its_defence_alone(house: House, attack: Attack) -> None:
    house.sealed(4)
    Anchors(house.folder, house.state.origin).add(house.note)
    assert anchored(house) == []
    attack.deed(house)
    assert attack.find(house) == attack.named
    assert attack.defenceless(house) == []


def one_of_each(house: House) -> None:
    """A row, a change and a statement, sealed among others."""
    house.write(2)
    with transaction.atomic():
        audit.add_leaf("erasure", who=WhoFactory(), said={"envelopes": 3}, subjects=[SUBJECT])
    with house.session(WEB) as session, session, session.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_change (content_type_id, object_pk, object_repr, action, changes, request_n)"
            " VALUES (1, '1', '0812', 1, '{\"state\": [\"clean\", \"dirty\"]}', 1)"
        )
    house.write(2)
    house.seal()


@pytest.mark.parametrize("source", [EVENT, CHANGE, STATEMENT], ids=lambda source: source.table)
def test_a_changed_bit_in_any_column_is_named_and_by_its_hash_alone(house: House, source: Source) -> None:
    """A row whose place changes is an unsealed one too, and without the hashes still seen as that."""
    one_of_each(house)
    [(table, row_id, number)] = house.sql(
        f"SELECT t.tableoid::regclass::text, t.id, l.number FROM {source.table} t"
        " JOIN audit_leaf l ON l.source = %s AND l.row_id = t.id ORDER BY l.number DESC LIMIT 1",
        (source.number,),
    )
    columns = house.sql(
        "SELECT attname, format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0",
        (table,),
    )
    assert len(columns) > 12
    for column, kind in columns:
        name = f'"{column}"'
        [(before,)] = house.sql(f"SELECT {name}::text FROM {table} WHERE id = %s", (row_id,))
        [(now,)] = house.altered(table, row_id, name, LIMITED.get(column, CHANGED[kind].format(name)))
        expected = f"row_missing:{number}" if column in PLACE else f"row_changed:{number}"
        assert complaints(house)[:1] == [expected], column
        assert column in PLACE or without("_wrong_rows")(house) == [], column
        house.altered(table, now, name, f"%s::{kind}", (before,))
    assert complaints(house) == []
    assert [len(findings.complaints) for findings in verify_sample(house.keeper, 3)][-1] == 0


def test_a_truncated_tile_is_named(house: House) -> None:
    house.sealed(4)
    house.tamper("audit_tile", "UPDATE audit_tile SET hashes = substring(hashes FOR 64)")
    [*_slices, findings] = verify_sample(house.keeper, 6, chance=random.Random(1))
    assert [str(complaint) for complaint in findings.complaints] == ["tile_short:tile/0/000"]
    assert [text.partition(":")[0] for text in complaints(house)] == ["row_changed"] * 4 + ["root_differs"]


def forget_anchors(house: House) -> None:
    """The keeper's file of anchors, gone."""
    Anchors(house.folder, house.state.origin).path.unlink()


REFUSED = {
    "on top of an edit": (rehash, "were changed", ("_compare", "_require_consistent")),
    "on top of a forged root": (forge_root, "does not say what was signed", ("_require_signed",)),
    "after a rollback": (roll_back, "rolled back", ()),
}


@pytest.mark.parametrize(("deed", "why", "steps"), REFUSED.values(), ids=REFUSED)
def test_the_sealer_signs_no_fork_and_but_for_its_defence_it_would(
    house: House, monkeypatch: pytest.MonkeyPatch, deed: Callable[[House], Any], why: str, steps: Sequence[str]
) -> None:
    house.sealed(4)
    deed(house)
    house.write(1)
    with pytest.raises(SealRefused, match=why):
        house.seal()
    assert house.state.size == BORN_WITH + 4
    for step in steps:
        monkeypatch.setattr(sealing.Sealer if step == "_compare" else sealing, step, lambda *_given: None)
    if not steps:
        forget_anchors(house)
    assert house.seal() is not None


REWRITING = ["UPDATE audit_event SET action = 'x'", "DELETE FROM audit_event", "TRUNCATE audit_event"]


@contextmanager
def undone(session: Any) -> Iterator[Any]:
    """A cursor of which nothing stays."""
    with session.cursor() as cursor:
        yield cursor
    session.rollback()


@pytest.mark.parametrize("statement", REWRITING, ids=lambda text: text.split()[0])
def test_rights_and_triggers_refuse_a_rewrite_each_for_itself(house: House, statement: str) -> None:
    """Taken away one after the other by the superuser; only then is the log rewritten, and the guard says why."""
    house.write(2)
    with house.session(WEB) as web:
        with undone(web) as cursor, pytest.raises(psycopg2.errors.InsufficientPrivilege, match="permission denied"):
            cursor.execute(statement)
        house.sql(f"GRANT UPDATE, DELETE, TRUNCATE ON audit_event TO {WEB}")
        with undone(web) as cursor, pytest.raises(psycopg2.errors.InsufficientPrivilege, match="is append-only"):
            cursor.execute(statement)
        for (table,) in house.sql("SELECT relid::text FROM pg_partition_tree('audit_event')"):
            house.sql(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        with undone(web) as cursor:
            cursor.execute(statement)
    breaches = guard.breaches(house.keeper)
    assert f"undeclared right: public.audit_event {WEB} {statement.split()[0]}" in breaches
    assert any(breach.startswith("missing trigger: public.audit_event_2026 refuse_change") for breach in breaches)


@pytest.mark.parametrize("is_careful", [True, False], ids=["with the horizon", "without"])
def test_a_transaction_left_open_is_waited_for_and_lost_without_the_horizon(
    house: House, monkeypatch: pytest.MonkeyPatch, is_careful: bool
) -> None:
    """How long it stays open does not matter: the sealer goes by transactions, not by time."""
    house.sealed(1)
    if not is_careful:
        monkeypatch.setattr(storing, "horizon", lambda _connection: 2**62)
    with house.session(WEB) as session, session.cursor() as cursor:
        cursor.execute("INSERT INTO audit_event (ref, action, request_n) VALUES (%s, 'log.read', 1)", (str(uuid4()),))
        house.write(5)
        assert (house.seal() is None) is is_careful
        assert (storing.oldest_waiting(house.keeper) is not None) is is_careful
        assert storing.holding_back(house.keeper) == [(house.database, WEB, session.info.backend_pid)]
        session.commit()
    house.seal()
    assert house.sql("SELECT row_id FROM audit_leaf WHERE source = 1 AND row_id = 3") == [(3,)] * is_careful
    assert complaints(house) == ([] if is_careful else ["row_unsealed:audit_event 3"])

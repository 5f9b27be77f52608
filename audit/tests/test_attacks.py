"""Attacks on the sealed log: each is tried, and each is noticed.

Every docstring says which line is the defence. Each test was seen to fail with that line switched off.
"""

import random
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from audit import services as audit
from audit import storing
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


def test_an_untouched_log_is_unbroken(house: House) -> None:
    one_of_each(house)
    assert complaints(house) == []
    assert [len(findings.complaints) for findings in verify_sample(house.keeper, 3)][-1] == 0


@pytest.mark.parametrize("source", [EVENT, CHANGE, STATEMENT], ids=lambda source: source.table)
def test_a_changed_bit_in_any_column_is_noticed(house: House, source: Source) -> None:
    """Defence: ``row_changed`` in ``_wrong_rows``, and every column in ``audit.leaves``."""
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
        house.altered(table, now, name, f"%s::{kind}", (before,))
    assert complaints(house) == []


def test_a_deleted_row_is_noticed(house: House) -> None:
    """Defence: ``row_missing`` in ``_wrong_rows``."""
    house.sealed(4)
    house.tamper(house.partition, f"DELETE FROM {house.partition} WHERE id = 3")
    assert complaints(house) == ["row_missing:2"]


def test_two_rows_that_change_places_are_noticed(house: House) -> None:
    """Defence: the hash of the leaf in its tile; the numbers stand in the database only."""
    house.sealed(4)
    house.tamper("audit_leaf", "UPDATE audit_leaf SET number = -1 WHERE number = 2")
    house.tamper("audit_leaf", "UPDATE audit_leaf SET number = 2 WHERE number = 1")
    house.tamper("audit_leaf", "UPDATE audit_leaf SET number = 1 WHERE number = -1")
    assert complaints(house) == ["row_changed:1", "row_changed:2"]


def test_a_row_slipped_in_behind_the_seal_is_noticed(house: House) -> None:
    """A copy of a sealed row with an older transaction. Defence: ``row_unsealed`` in ``_verify_completeness``."""
    house.sealed(4)
    columns = "ref, at, actor, action, request_n, xact"
    house.sql(f"INSERT INTO audit_event ({columns}) SELECT {columns} FROM audit_event WHERE id = 3")
    assert complaints(house) == ["row_unsealed:audit_event 6"]
    house.write(1)
    house.seal()
    assert complaints(house) == ["row_unsealed:audit_event 6"]


def rewrite(house: House, number: int, action: str) -> None:
    """Change a row and everything in the database that was computed from it, but for what the key signed."""
    house.tamper(house.partition, f"UPDATE {house.partition} SET action = %s WHERE id = %s", (action, number + 1))
    found = EVENT.columns
    rows = house.sql(f"SELECT {found} FROM audit_event ORDER BY xact, id")
    leaves = [leaf_hash(EVENT.leaf([str(value).encode() for value in row]).entry) for row in rows]
    [(last,)] = house.sql("SELECT substring(hashes FROM octet_length(hashes) - 31) FROM audit_tile WHERE level = 0")
    [content] = grow(storing.tiles(house.keeper), 0, [*leaves, bytes(last)]).values()
    house.tamper("audit_tile", "UPDATE audit_tile SET hashes = %s", (content,))


def test_hashing_again_after_an_edit_is_noticed(house: House) -> None:
    """Row and tiles fit each other again; the signed root does not. Defence: ``root_differs`` in ``_verify_leaves``."""
    checkpoint = house.sealed(4)
    rewrite(house, 2, "log.exported")
    assert complaints(house) == [f"root_differs:{checkpoint.size}"]


def test_the_sealer_signs_nothing_on_top_of_an_edit(house: House) -> None:
    """Defence: the first comparison in ``Sealer._compare``."""
    checkpoint = house.sealed(4)
    rewrite(house, 2, "log.exported")
    house.write(1)
    with pytest.raises(SealRefused, match="were changed"):
        house.seal()
    assert house.state.size == checkpoint.size


def test_a_rewritten_log_with_a_forged_checkpoint_is_noticed(house: House) -> None:
    """The root fits too, under the old signature. Defence: ``checkpoint_changed`` in ``_known_roots``."""
    checkpoint = house.sealed(4)
    rewrite(house, 2, "log.exported")
    root = storing.tiles(house.keeper).root(checkpoint.size)
    house.tamper("audit_checkpoint", "UPDATE audit_checkpoint SET root = %s", (root,))
    assert complaints(house) == [f"checkpoint_changed:{checkpoint.size}"]
    house.write(1)
    with pytest.raises(SealRefused, match="does not say what was signed"):
        house.seal()


def test_a_log_rewritten_with_the_stolen_key_is_noticed_by_an_anchor(house: House) -> None:
    """Defence: anchors in ``_known_roots``; without any, whoever holds key and database can rewrite both."""
    checkpoint = house.sealed(4)
    anchor = house.note
    rewrite(house, 2, "log.exported")
    root = storing.tiles(house.keeper).root(checkpoint.size)
    forged = Signer(checkpoint.origin, read_key(house.folder / KEY)).signed(
        Checkpoint(checkpoint.origin, checkpoint.size, root).text
    )
    house.tamper("audit_checkpoint", "UPDATE audit_checkpoint SET root = %s, note = %s", (root, forged))
    assert complaints(house) == []
    assert complaints(house, anchors=[anchor]) == [f"root_differs:{checkpoint.size}"]


def test_a_database_rolled_back_is_noticed(house: House) -> None:
    """Defence: ``anchor_ahead`` in ``_compare_anchor`` and the anchor in ``Sealer._compare``."""
    house.sealed(4)
    old = house.snapshot()
    house.write(3)
    house.seal()
    Anchors(house.folder, house.state.origin).add(house.note)
    house.roll_back(old)
    anchors = list(Anchors(house.folder, house.state.origin).notes())
    assert complaints(house, anchors=anchors) == [f"anchor_ahead:{BORN_WITH + 7}"]
    house.write(1)
    with pytest.raises(SealRefused, match="rolled back"):
        house.seal()


def test_an_old_checkpoint_is_no_proof_of_newer_rows(house: House) -> None:
    """An old note in the place of the newest. Defence: a checkpoint says its own size."""
    old = house.sealed(4)
    note = house.note
    house.write(3)
    newest = house.seal()
    assert newest is not None
    house.tamper("audit_checkpoint", "UPDATE audit_checkpoint SET note = %s WHERE size > %s", (note, old.size))
    assert complaints(house) == [f"checkpoint_changed:{newest.checkpoint.size}"]


def test_a_truncated_tile_is_noticed(house: House) -> None:
    """Defence: ``TileMissing`` in ``Tiles.node``."""
    house.sealed(4)
    house.tamper("audit_tile", "UPDATE audit_tile SET hashes = substring(hashes FOR 64)")
    [*_slices, findings] = verify_sample(house.keeper, 6, chance=random.Random(1))
    assert [str(complaint) for complaint in findings.complaints] == ["tile_short:tile/0/000"]
    assert [text.partition(":")[0] for text in complaints(house)] == ["row_changed"] * 4 + ["root_differs"]


def test_a_year_dropped_without_a_statement_is_noticed(house: House) -> None:
    """Defence: ``pruned_unstated`` in ``_verify_completeness``."""
    house.sealed(4)
    house.sql("INSERT INTO audit_pruning (year, minimum_index) VALUES (2020, 3)")
    assert complaints(house) == ["pruned_unstated:2020"]


def test_a_transaction_left_open_is_named_and_loses_nothing(house: House) -> None:
    """What it wrote is sealed once it ends. Defence: the horizon in ``waiting``; "id > last id" would lose the row."""
    house.sealed(1)
    with house.session(WEB) as session, session.cursor() as cursor:
        cursor.execute("INSERT INTO audit_event (ref, action, request_n) VALUES (%s, 'log.read', 1)", (str(uuid4()),))
        house.write(5)
        assert house.seal() is None
        waits = storing.oldest_waiting(house.keeper)
        assert waits is not None
        assert storing.holding_back(house.keeper) == [(house.database, WEB, session.info.backend_pid)]
        session.commit()
    house.seal()
    assert complaints(house) == []
    assert storing.oldest_waiting(house.keeper) is None

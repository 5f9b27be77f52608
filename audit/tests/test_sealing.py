"""The sealer: every committed row gets one number, in order, whoever writes, rolls back or dies meanwhile."""

import threading
from uuid import uuid4

import pytest
from django.db import connections, transaction

from audit import actions, storing
from audit import services as audit
from audit.grants import WEB
from audit.sealing import SealRefused
from audit.tests.factories import WhoFactory
from audit.tests.sealed_house import BORN_WITH, House

WRITTEN = "SELECT count(*) FROM audit_event"
NUMBERS = "SELECT count(*), COALESCE(max(number), -1) + 1, count(DISTINCT (source, row_id)) FROM audit_leaf"


def all_sealed(house: House) -> tuple[int, int]:
    """How many rows of the three tables there are, and how many have a leaf; numbers are gapless."""
    [(rows,)] = house.sql(
        "SELECT (SELECT count(*) FROM audit_event) + (SELECT count(*) FROM audit_change)"
        " + (SELECT count(*) FROM audit_statement)"
    )
    [(leaves, numbers, different)] = house.sql(NUMBERS)
    assert leaves == numbers == different
    return rows, leaves


def test_rows_are_sealed_and_signed(house: House) -> None:
    checkpoint = house.sealed(3)
    assert (checkpoint.origin, checkpoint.size) == (f"{house.origin}/1", BORN_WITH + 3)
    assert storing.tiles(house.keeper).root(5) == checkpoint.root
    assert house.sql("SELECT source FROM audit_leaf ORDER BY number") == [(1,), (1,), (1,), (1,), (3,)]
    assert house.sql("SELECT kind, said ->> 'origin' FROM audit_statement") == [("genesis", f"{house.origin}/1")]


def test_nothing_new_is_not_signed_again(house: House) -> None:
    house.sealed(2)
    assert house.seal() is None
    assert house.sql("SELECT count(*) FROM audit_checkpoint") == [(1,)]


def test_changes_and_statements_are_leaves_too(house: House) -> None:
    house.sealed(1)
    with transaction.atomic():
        audit.add_leaf("erasure", who=WhoFactory(), said={"envelopes": 3, "reason": "guest_asked"}, subjects=[uuid4()])
        audit.record(actions.LOG_READ, who=WhoFactory())
    with house.session(WEB) as session, session, session.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_change (content_type_id, object_pk, object_repr, action, changes, request_n)"
            " VALUES (1, '1', 'Zimmer 8', 1, '{\"state\": [\"clean\", \"dirty\"]}', 1)"
        )
    house.seal()
    assert all_sealed(house) == (6, 6)
    assert house.sql("SELECT source FROM audit_leaf ORDER BY number OFFSET 3") == [(1,), (3,), (2,)]


def test_an_open_transaction_holds_back_only_what_came_after_it(house: House) -> None:
    house.sealed(1)
    with house.session(WEB) as session, session.cursor() as cursor:
        cursor.execute("INSERT INTO audit_event (ref, action, request_n) VALUES (gen_random_uuid(), 'log.read', 1)")
        house.write(2)
        assert house.seal() is None
        session.commit()
    sealed = house.seal()
    assert sealed is not None and sealed.checkpoint.size == 6
    assert all_sealed(house) == (6, 6)
    assert house.sql("SELECT row_id FROM audit_leaf WHERE source = 1 ORDER BY number") == [(n,) for n in range(1, 6)]


def test_what_was_rolled_back_is_no_leaf(house: House) -> None:
    house.sealed(1)
    with house.session(WEB) as session, session.cursor() as cursor:
        cursor.execute("INSERT INTO audit_event (ref, action, request_n) VALUES (gen_random_uuid(), 'log.read', 1)")
        session.rollback()
    house.write(1)
    house.seal()
    assert all_sealed(house) == (4, 4)


def test_one_transaction_larger_than_a_batch_is_sealed_in_several(house: House) -> None:
    house.sealed(1)
    house.write_together(25)
    sealer = house.sealer
    sealer.batch = 10
    sealed = sealer.seal()
    assert sealed is not None and sealed.checkpoint.size == 28
    assert house.sql("SELECT size FROM audit_checkpoint ORDER BY id") == [(3,), (13,), (23,), (28,)]
    assert all_sealed(house) == (28, 28)


def test_many_writers_rollbacks_and_a_sealer_at_work(house: House) -> None:
    house.sealed(1)

    def write() -> None:
        for number in range(15):
            try:
                with transaction.atomic():
                    audit.record(actions.LOG_READ, who=WhoFactory())
                    if number % 5 == 4:
                        raise RuntimeError
            except RuntimeError:
                pass
        connections.close_all()

    threads = [threading.Thread(target=write) for _number in range(8)]
    for thread in threads:
        thread.start()
    sealer = house.sealer
    while any(thread.is_alive() for thread in threads):
        sealer.seal()
    sealer.seal()
    assert all_sealed(house) == (8 * 12 + 3, 8 * 12 + 3)


def test_a_step_that_dies_leaves_nothing_and_is_done_again(house: House) -> None:
    first = house.sealed(2)
    house.write(3)
    with pytest.raises(RuntimeError), transaction.atomic(using="keeper"):
        house.sealer._step()
        raise RuntimeError
    assert house.state.size == first.size
    house.seal()
    assert all_sealed(house) == (7, 7)


def test_the_key_of_another_house_signs_nothing(house: House) -> None:
    """Without ``_signer``'s comparison the second checkpoint would be signed by another key."""
    house.sealed(1)
    (house.folder / "seal.key").write_bytes(b"k" * 32)
    house.write(1)
    with pytest.raises(SealRefused, match="is not the one"):
        house.seal()
    assert house.state.size == 3


@pytest.mark.parametrize("trouble", ["missing", "open", "short"])
def test_a_key_that_cannot_be_trusted_stops_the_seal(house: House, trouble: str) -> None:
    house.sealed(1)
    path = house.folder / "seal.key"
    if trouble == "missing":
        path.unlink()
    if trouble == "open":
        path.chmod(0o644)
    if trouble == "short":
        path.write_bytes(b"short")
    house.write(1)
    with pytest.raises(Exception, match="cannot be read|open to other users|not a key"):
        house.seal()
    assert house.state.size == 3

"""The end of a year's rows: nothing goes before time, approvals, seal and anchor; every proof stays true."""

from datetime import UTC, datetime
from io import StringIO

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection

from audit import pruning, stored
from audit.anchors import Anchors
from audit.exporting import export
from audit.models import Event, Pruning
from audit.notes import Proof
from audit.proving import proof_of
from audit.pruning import ApprovedAlready, StillKept, approve_pruning
from audit.reopening import reopen
from audit.sealing import SealRefused
from audit.storing import note_anchor
from audit.tests.factories import WhoFactory
from audit.tests.sealed_house import BORN_WITH, House
from audit.tests.test_attacks import complaints
from audit.tests.test_exporting import verified
from audit.tests.test_proving import holds

TODAY = datetime(2026, 6, 1, tzinfo=UTC)
OLD_ROWS = 600


@pytest.fixture
def old_house(house: House) -> House:
    """A house with rows of 2020, sealed, and some of this year."""
    house.sql(
        "CREATE TABLE audit_event_2020 PARTITION OF audit_event"
        " FOR VALUES FROM ('2020-01-01 00:00+00') TO ('2021-01-01 00:00+00')"
    )
    house.sql("ALTER TABLE audit_event_2020 OWNER TO hotelrecords_owner")
    house.sql(
        "INSERT INTO audit_event (ref, at, xact, action, request_n)"
        " SELECT gen_random_uuid(), '2020-06-01', '3', 'log.read', n FROM generate_series(1, %s) n",
        (OLD_ROWS,),
    )
    # Two changes of that year: one among its rows, one whose transaction came late.
    for xact in ("'3'::xid8", "pg_current_xact_id()"):
        house.sql(
            "INSERT INTO audit_change (content_type_id, object_pk, object_repr, action, request_n, timestamp, xact)"
            f" VALUES (1, '1', '0812', 1, 1, '2020-06-01', {xact})"
        )
    house.sealed(5)
    return house


def approved(year: int = 2020) -> None:
    """Two people approve."""
    for actor in (7, 8):
        approve_pruning(year=year, who=WhoFactory(actor=actor), at=TODAY)


def stated_and_anchored(house: House) -> None:
    """The keeper has done its part."""
    pruning.state_retention(house.keeper, 2020)
    house.seal()
    note_anchor(house.keeper, "file")


def test_two_people_approve_and_the_rows_go(old_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    event = Event.objects.order_by("-id")[0]
    proof = proof_of(connection, event)
    approved()
    stated_and_anchored(old_house)
    old_house.become_keeper(monkeypatch)
    out = StringIO()
    call_command("prune_log", "2020", stdout=out)
    minimum = stored.minimum_index(old_house.keeper)
    assert out.getvalue() == f"The rows of 2020 are gone; entries from {minimum:,} on are kept.\n"
    assert old_house.sql("SELECT to_regclass('audit_event_2020')") == [(None,)]
    assert (minimum, Pruning.objects.count()) == (OLD_ROWS + 1, 1)
    assert old_house.sql("SELECT count(*) FROM audit_change") == [(0,)]
    assert old_house.sql("SELECT min(number) FROM audit_leaf") == [(minimum,)]
    assert old_house.sql("SELECT min(n) FROM audit_tile WHERE level = 0") == [(2,)]
    assert proof is not None and holds(old_house, proof)
    later = proof_of(connection, event)
    assert later is not None and holds(old_house, Proof.parse(str(later)))


def test_a_pruned_log_is_whole(old_house: House, tmp_path: object) -> None:
    approved()
    stated_and_anchored(old_house)
    pruning.drop_year(old_house.keeper, 2020)
    old_house.write(3)
    old_house.seal()
    assert complaints(old_house) == []
    folder = old_house.folder / "export"
    [*_steps] = export(old_house.keeper, folder)
    code, told = verified(folder)
    assert (code, "the first 512 by their common hash only" in told) == (0, True)


@pytest.mark.parametrize("lacking", ["approval", "statement", "seal", "anchor", "time"])
def test_the_database_drops_nothing_while_something_is_missing(old_house: House, lacking: str) -> None:
    """Defence: each question of ``audit_drop_year``."""
    year = 2026 if lacking == "time" else 2020
    approve_pruning(year=2020, who=WhoFactory(actor=7), at=TODAY)
    if lacking != "approval":
        approve_pruning(year=2020, who=WhoFactory(actor=8), at=TODAY)
    if lacking == "anchor":
        pruning.state_retention(old_house.keeper, year)
        old_house.seal()
    if lacking == "seal":
        note_anchor(old_house.keeper, "file")
        pruning.state_retention(old_house.keeper, year)
    if lacking in ("approval", "time"):
        stated_and_anchored(old_house)
    said = {"approval": "two people", "time": "kept for 36 months"}.get(lacking, "not sealed and anchored")
    with pytest.raises(DatabaseError, match=said):
        pruning.drop_year(old_house.keeper, year)
    assert old_house.sql("SELECT count(*) FROM audit_event_2020") == [(OLD_ROWS,)]


def test_a_change_stays_until_its_year_is_dropped(old_house: House) -> None:
    """Defence: ``audit_change_stays``."""
    old_house.sql("INSERT INTO audit_pruning (year, minimum_index) VALUES (2019, 0)")
    for statement in ("DELETE FROM audit_change", "UPDATE audit_change SET object_repr = ''", "TRUNCATE audit_change"):
        with pytest.raises(psycopg2.Error, match="append-only"):
            old_house.sql(statement)


def test_web_cannot_drop_a_year(old_house: House) -> None:
    with pytest.raises(DatabaseError, match="permission denied"):
        pruning.drop_year(connection, 2020)


def test_nobody_approves_twice_or_too_early(house: House) -> None:
    approve_pruning(year=2020, who=WhoFactory(), at=TODAY)
    with pytest.raises(ApprovedAlready):
        approve_pruning(year=2020, who=WhoFactory(), at=TODAY)
    with pytest.raises(StillKept):
        approve_pruning(year=2023, who=WhoFactory(), at=TODAY)
    assert list(Event.objects.filter(action="log.pruning_approved").values_list("object_ref", flat=True)) == ["2020"]


def test_the_command_asks_for_approvals_and_a_keeper(old_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    old_house.become_keeper(monkeypatch)
    with pytest.raises(CommandError, match="0 of 2 people"):
        call_command("prune_log", "2020")
    old_house.sql("INSERT INTO audit_pruning_approval (year, actor) VALUES (2020, 7), (2020, 8)")
    with pytest.raises(CommandError, match="Is the keeper running"):
        call_command("prune_log", "2020", wait=0)


def restored(house: House) -> None:
    """As after a restore into another cluster: positions are transactions that this one has not reached."""
    house.tamper("audit_checkpoint", "UPDATE audit_checkpoint SET xact = '4000000000'")


def test_after_a_restore_the_log_goes_on_under_a_new_name(house: House) -> None:
    checkpoint = house.sealed(3)
    Anchors(house.folder, house.state.origin).add(house.note)
    house.write(2)
    restored(house)
    with pytest.raises(SealRefused, match="reopen_log"):
        house.seal()
    sealed = reopen(house.sealer)
    assert (sealed.checkpoint.origin, sealed.checkpoint.size) == (f"{house.origin}/2", checkpoint.size + 3)
    assert house.sql("SELECT said FROM audit_statement WHERE kind = 'restore'") == [
        (
            {
                "origin": f"{house.origin}/1",
                "size": checkpoint.size,
                "root": house.sql("SELECT encode(root, 'base64') FROM audit_checkpoint ORDER BY id LIMIT 1")[0][0],
                "restored": checkpoint.size,
            },
        )
    ]
    house.write(4)
    later = house.seal()
    assert later is not None and later.checkpoint.size == checkpoint.size + 7
    assert complaints(house, anchors=list(Anchors(house.folder, f"{house.origin}/1").notes())) == []


def test_a_log_never_sealed_begins_when_it_is_reopened(house: House) -> None:
    """Rows restored from another cluster are sealed at once, also those whose transactions this one has not reached."""
    house.write(3)
    house.tamper("audit_event", "UPDATE audit_event SET xact = '4000000000'")
    sealed = reopen(house.sealer)
    assert (sealed.checkpoint.origin, sealed.checkpoint.size) == (f"{house.origin}/1", BORN_WITH + 3)
    house.write(1)
    later = house.seal()
    assert later is not None and later.checkpoint.size == BORN_WITH + 4
    assert house.sql("SELECT kind FROM audit_statement ORDER BY id") == [("genesis",)]
    assert complaints(house) == []


def test_a_log_restored_from_before_its_first_seal_quotes_what_was_signed(house: House) -> None:
    house.write(1)
    old = house.snapshot()
    lost = house.sealed(3)
    Anchors(house.folder, house.state.origin).add(house.note)
    house.roll_back(old)
    with pytest.raises(SealRefused, match="reopen_log"):
        house.seal()
    sealed = reopen(house.sealer)
    assert (sealed.checkpoint.origin, sealed.checkpoint.size) == (f"{house.origin}/2", BORN_WITH + 1)
    assert house.sql("SELECT kind, said ->> 'origin', said ->> 'size', said ->> 'restored' FROM audit_statement") == [
        ("restore", f"{house.origin}/1", str(lost.size), "0")
    ]
    assert complaints(house, anchors=list(Anchors(house.folder, f"{house.origin}/1").notes())) == []


def test_a_log_that_lost_rows_can_be_reopened_with_an_anchor(house: House) -> None:
    house.sealed(3)
    old = house.snapshot()
    house.write(4)
    house.seal()
    Anchors(house.folder, house.state.origin).add(house.note)
    house.roll_back(old)
    house.write(1)
    with pytest.raises(SealRefused, match="rolled back"):
        house.seal()
    sealed = reopen(house.sealer)
    assert sealed.checkpoint.origin == f"{house.origin}/2"
    assert house.sql("SELECT said ->> 'size', said ->> 'restored' FROM audit_statement WHERE kind = 'restore'") == [
        (str(BORN_WITH + 7), str(BORN_WITH + 3))
    ]
    assert complaints(house, anchors=list(Anchors(house.folder, f"{house.origin}/1").notes())) == []

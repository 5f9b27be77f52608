"""The key that signs the log is replaced: the log goes on, and outsiders follow from either key to the other."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from audit.anchors import Anchors
from audit.exporting import export
from audit.notes import Checkpoint, NoteRefused, Verifier, opened, parted
from audit.replacing import NEXT_KEY, replace_key
from audit.sealing import KEY, SealRefused
from audit.tests.sealed_house import BORN_WITH, House
from audit.tests.test_attacks import complaints
from audit.tests.test_exporting import rewrite, verified
from audit.tests.test_sealing import all_sealed


def replaced(house: House) -> tuple[Verifier, Verifier]:
    """A log that goes on under its second key; the old and the new one."""
    house.sealed(3)
    Anchors(house.folder, house.state.origin).add(house.note)
    old = house.verifier
    new = replace_key(house.sealer)
    house.write(2)
    house.seal()
    return old, new


def exported(house: House, folder: Path) -> Path:
    """An export with its anchors."""
    [*_steps] = export(house.keeper, folder, anchors=Anchors(house.folder, house.state.origin).notes())
    return folder


def test_the_log_goes_on_under_the_new_key(house: House) -> None:
    old, new = replaced(house)
    assert old != new == house.verifier and house.state.origin == f"{house.origin}/1"
    assert not (house.folder / NEXT_KEY).exists()
    notes = [note for (note,) in house.sql("SELECT note FROM audit_checkpoint ORDER BY id")]
    assert [len(parted(note)[1]) for note in notes] == [1, 1, 2, 1]
    assert Checkpoint.parse(opened(notes[2], [old])) == Checkpoint.parse(opened(notes[2], [new]))
    with pytest.raises(NoteRefused):
        opened(notes[3], [old])
    rows, leaves = all_sealed(house)
    assert rows == leaves
    assert complaints(house, anchors=list(Anchors(house.folder, house.state.origin).notes())) == []


@pytest.mark.parametrize("which", ["old", "new"])
def test_an_outsider_follows_from_either_key(house: House, tmp_path: Path, which: str) -> None:
    """Defence: ``follow_keys`` in the verifier; without it the other key's checkpoints are not believed."""
    key = dict(zip(("old", "new"), replaced(house), strict=True))[which]
    code, told = verified(exported(house, tmp_path / "export"), "--key", str(key))
    assert (code, told.split(":")[0]) == (0, "UNBROKEN")


def test_a_key_that_only_the_new_one_names_is_not_believed(house: House, tmp_path: Path) -> None:
    """A thief of the folder signs an entry of their own. Defence: ``vouches``, the old key's signature over it."""
    old, _new = replaced(house)
    folder = exported(house, tmp_path / "export")
    path = folder / "checkpoints.jsonl"
    before = [line for line in path.read_text().splitlines() if json.loads(line)["size"] == BORN_WITH + 3]
    path.write_text(f"{before[0]}\n")
    code, told = verified(folder, "--key", str(old))
    assert (code, "BROKEN: the checkpoint is not signed by the key of this log" in told) == (1, True)


def test_an_entry_that_names_another_key_is_noticed(house: House, tmp_path: Path) -> None:
    """Defence: the hash of the entry in its tile."""
    old, _new = replaced(house)
    folder = exported(house, tmp_path / "export")
    rewrite(folder / "entries" / "000000000000.jsonl", lambda text: text.replace(b"replaces", b"replacez"))
    code, told = verified(folder, "--key", str(old))
    assert (code, "is not what was sealed" in told) == (1, True)


def test_killed_before_the_new_key_lies_in_its_place_it_goes_on(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything is in the database, nothing in the folder yet."""
    house.sealed(3)
    monkeypatch.setattr("audit.replacing._take_into_use", lambda _sealer: None)
    new = replace_key(house.sealer)
    monkeypatch.undo()
    house.write(1)
    with pytest.raises(SealRefused, match="is not the one"):
        house.seal()
    assert replace_key(house.sealer) == new == house.verifier
    house.seal()
    assert complaints(house, anchors=list(Anchors(house.folder, house.state.origin).notes())) == []


def test_while_a_transaction_is_open_nothing_is_replaced(house: House) -> None:
    """Killed or refused before both have signed: the same new key is named once, whenever it is tried again."""
    house.sealed(1)
    old = house.verifier
    with house.session("hotelrecords_web") as session, session.cursor() as cursor:
        cursor.execute("INSERT INTO audit_event (ref, action, request_n) VALUES (gen_random_uuid(), 'log.read', 1)")
        for _try in range(2):
            with pytest.raises(SealRefused, match="left open"):
                replace_key(house.sealer, patience=0)
        assert house.verifier == old
        session.rollback()
    new = replace_key(house.sealer)
    assert house.sql("SELECT said FROM audit_statement WHERE kind = 'key'") == [
        ({"verifier": str(new), "replaces": str(old)},)
    ]


def test_the_command(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.become_keeper(monkeypatch)
    with pytest.raises(CommandError, match="nothing was ever sealed"):
        call_command("rotate_seal_key")
    house.sealed(2)
    before, out = (house.folder / KEY).read_bytes(), StringIO()
    call_command("rotate_seal_key", stdout=out)
    assert out.getvalue().splitlines()[0] == str(house.verifier)
    assert (house.folder / KEY).read_bytes() != before
    assert house.sql("SELECT action FROM audit_event ORDER BY id DESC LIMIT 1") == [("log.key_replaced",)]

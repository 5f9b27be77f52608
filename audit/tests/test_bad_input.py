"""``manage.py verify_log`` given a log that is not whole: a sentence of what and where, status 1, nothing changed."""

from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from audit.tests import test_attacks as attacks
from audit.tests.sealed_house import House

TABLES = ["event", "change", "statement", "leaf", "tile", "checkpoint", "origin", "anchor", "verification"]


def content(house: House) -> list[str]:
    """The hash of each table of the log."""
    return [
        str(house.sql(f"SELECT md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM audit_{name} t")[0][0])
        for name in TABLES
    ]


def edit(house: House) -> None:
    """A row edited."""
    house.tamper(house.partition, f"UPDATE {house.partition} SET outcome = 'failed' WHERE id = 3")


def cut_tile(house: House) -> None:
    """A tile cut short."""
    house.tamper("audit_tile", "UPDATE audit_tile SET hashes = substring(hashes FOR 64)")


BAD = {
    "an edited row": (edit, "broken at entry 2: the row is not what was sealed"),
    "a row that is gone": (attacks.delete, "broken at entry 2: the row that was sealed is gone"),
    "a truncated tile": (cut_tile, "broken at entry 2: the row is not what was sealed"),
    "a truncated tile, by lot": (cut_tile, "tile/0/000 is missing or cut short"),
    "a checkpoint by another key": (
        attacks.sign_anew(lambda _house: attacks.STRANGER),
        "the checkpoint of 6 entries is not genuine",
    ),
    "a database rolled back": (
        attacks.roll_back,
        "an anchor knows 9 entries, more than the database: it was rolled back",
    ),
}


@pytest.mark.parametrize(("case", "deed", "sentence"), [(name, *case) for name, case in BAD.items()], ids=BAD)
def test_a_log_that_is_not_whole_is_told(
    house: House, monkeypatch: pytest.MonkeyPatch, case: str, deed: Callable[[House], object], sentence: str
) -> None:
    house.sealed(4)
    deed(house)
    before = content(house)
    house.become_keeper(monkeypatch)
    out = StringIO()
    with translation.override("en"), pytest.raises(CommandError) as failure:
        call_command("verify_log", stdout=out, **({"sampled": 6} if case.endswith("lot") else {}))
    assert (failure.value.returncode, out.getvalue().splitlines()[0]) == (1, f"BROKEN: {sentence}")
    assert content(house) == before


@pytest.mark.parametrize("text", ["no json\n", "[" * 50_000, "12\n", '"no note"\n'])
def test_a_malformed_file_of_anchors_is_told(house: House, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    house.sealed(4)
    house.become_keeper(monkeypatch)
    path = house.folder / "kept.jsonl"
    path.write_text(text)
    out = StringIO()
    with translation.override("en"), pytest.raises(CommandError) as failure:
        call_command("verify_log", anchors=path, stdout=out)
    told = f"{failure.value} {out.getvalue()}"
    assert failure.value.returncode == 1
    assert "is no file of anchors" in told or "an anchor kept outside is not genuine" in told

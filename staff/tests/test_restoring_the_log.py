"""The last step of a restore: the sealed log goes on under its next name, where the keeper's means are at hand."""

from io import StringIO
from pathlib import Path

import pytest

from audit.grants import OWNER
from audit.models import Statement
from audit.tests.conftest import house  # noqa: F401
from audit.tests.sealed_house import BORN_WITH, House
from staff.management.commands.restore import Command


def said_by_restore() -> str:
    """What the command prints of its last step."""
    out = StringIO()
    Command(stdout=out)._reopen_log()
    return out.getvalue()


@pytest.fixture
def restored(house: House, monkeypatch: pytest.MonkeyPatch) -> House:  # noqa: F811
    """A log that was sealed, with the means of the keeper at hand."""
    house.become_keeper(monkeypatch)
    monkeypatch.setenv("DATABASE_URL", house.bed.environment(OWNER, house.database)["DATABASE_URL"])
    return house


def test_the_log_goes_on_under_its_next_name(restored: House) -> None:
    size = restored.sealed(3).size
    assert said_by_restore() == f"The log goes on as {restored.origin}/2 with {size + 1} entries.\n"
    assert list(Statement.objects.order_by("id").values_list("kind", flat=True)) == ["genesis", "restore"]


def test_a_log_never_sealed_begins(restored: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOG_ORIGIN", restored.origin)
    assert said_by_restore() == f"The log goes on as {restored.origin}/1 with {BORN_WITH} entries.\n"
    assert list(Statement.objects.values_list("kind", flat=True)) == ["genesis"]


@pytest.mark.parametrize(("name", "value"), [("SEAL_DIR", ""), ("DATABASE_KEEPER_URL", "postgres://k@db/other")])
def test_without_the_keepers_means_it_says_what_to_do(
    restored: House, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    restored.sealed(1)
    monkeypatch.setenv(name, value)
    assert said_by_restore() == "Then, as the keeper and before it runs again: manage.py reopen_log.\n"
    assert list(Path(restored.folder).glob("*")) == [restored.folder / "seal.key"]
    assert Statement.objects.filter(kind="restore").count() == 0

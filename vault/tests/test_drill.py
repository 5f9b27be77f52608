"""The restore for trial: everything a real one does, and nothing of the house is touched."""

import pytest
from django.utils import timezone

from vault import keys, ledger_copy
from vault import services as vault
from vault.backup import folders, keyring
from vault.models import Drill

from .backups import Yard
from .factories import GuestFactory
from .test_restore import erase, opened, take


def state(yard: Yard) -> tuple[object, ...]:
    """What a drill must leave as it is."""
    registry = yard.rows("SELECT purpose, epoch, state FROM key_registry ORDER BY 1, 2")
    databases = yard.rows("SELECT count(*) FROM pg_database WHERE datname LIKE %s", f"{yard.database}%")
    return keys.provider().held(), ledger_copy.head(), registry, databases


def test_a_drill_restores_everything_and_touches_nothing(yard: Yard) -> None:
    gone, kept = GuestFactory(name="欧阳若兰"), GuestFactory(name="李娜")
    name = take(yard)
    erase(gone)
    vault.reseal(kept.envelopes["contact"], {"phone": "13900000000"})
    keyring.write(at=timezone.now())
    before = state(yard)
    said = yard.manage("restore_drill", role="keeper")
    assert f"Backup {name} can be restored" in said
    drill = Drill.objects.get()
    assert [step["name"] for step in drill.steps] == [
        "data", "keys", "structure", "ledger", "replay", "search", "proof",
    ]  # fmt: skip
    assert (drill.backup, drill.failure, drill.facts["erased"], drill.facts["indexed"]) == (name, "", 3, 2)
    assert state(yard) == before
    assert opened(yard, gone, kept) == ["李娜"]
    assert yard.rows("SELECT code FROM staff_duty WHERE last_done_at IS NOT NULL AND code = 'restore-drill'") == [
        ("restore-drill",)
    ]


def test_a_drill_that_fails_stands_in_its_report(yard: Yard) -> None:
    GuestFactory()
    name = take(yard)
    keyring.write(at=timezone.now())
    path = folders.Files(name).keys
    path.write_bytes(path.read_bytes()[:-9])
    assert "SealBroken" in yard.manage("restore_drill", role="keeper", code=1)
    assert Drill.objects.get().failure == "SealBroken"
    assert yard.rows("SELECT last_failed_at IS NOT NULL FROM staff_duty WHERE code = 'restore-drill'") == [(True,)]


@pytest.mark.parametrize("option", ["--list"])
def test_the_list_names_what_counts(yard: Yard, option: str) -> None:
    GuestFactory()
    name = take(yard)
    assert yard.manage("backup", option, role="keeper").split()[0] == name

"""Examples made by hypothesis may take as long as a busy machine needs; houses for tests of backups.

Modules that need Django are looked up when a fixture runs: pytest may read this file before Django is set up.
"""

import shutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from vault.tests.backups import Yard

settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


@pytest.fixture
def yard(own_database: str, test_bed: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator["Yard"]:
    """A house with a database, keys and backup folders of its own, which this process sees too, as web."""
    backups = import_module("vault.tests.backups")
    found: Yard = backups.Yard(test_bed, own_database, tmp_path)
    shutil.copytree(test_bed.values["KEYS_DIR"], found.folders["KEYS_DIR"])
    conf = import_module("django.conf").settings
    for name, value in found.folders.items():
        monkeypatch.setattr(conf, name, value)
    monkeypatch.setattr(conf, "KEYRING_PASSPHRASE", backups.PASSPHRASE)
    monkeypatch.setattr(conf, "DATABASE_BACKUP_URL", found.url("backup"))
    backups.forget()
    yield found
    found.clear(own_database)
    backups.forget()

"""Examples made by hypothesis may take as long as a busy machine needs; houses for tests of backups.

Modules that need Django are looked up when a fixture runs: pytest may read this file before Django is set up.
"""

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
    with import_module("vault.tests.backups").fenced(test_bed, own_database, tmp_path, monkeypatch) as found:
        yield found

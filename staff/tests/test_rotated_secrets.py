"""Second-factor secrets outlive the key they were sealed under."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator

from staff import second_factor
from staff.tests.factories import PersonFactory
from staff.tests.signing_in import code_now
from vault import keys


@pytest.fixture
def next_kek(own_database: str, as_owner: Any, settings: Any, tmp_path: Path) -> Iterator[Callable[[], None]]:
    """Makes the next key-encryption key the one that writes, in a database and key folder of this test's own."""
    settings.KEYS_DIR = Path(shutil.copytree(settings.KEYS_DIR, tmp_path / "keys"))
    keys.forget()

    def begin() -> None:
        reference = keys.provider().create("kek", 2)
        as_owner("UPDATE key_registry SET state = 'decrypt_only' WHERE purpose = 'kek'")
        as_owner(
            "INSERT INTO key_registry (purpose, epoch, reference, state) VALUES ('kek', 2, %s, 'active')", (reference,)
        )
        keys.forget()

    yield begin
    keys.forget()


def test_a_rotation_seals_them_anew_and_they_still_prove(next_kek: Callable[[], None]) -> None:
    person = PersonFactory()
    second_factor.make_recovery_codes(person)
    recovery = second_factor.show_recovery_codes(person)[0]
    next_kek()
    assert [second_factor.reseal_all(), second_factor.reseal_all()] == [2, 0]
    sealed = [kept.data.get("secret") or kept.data["seed"] for kept in Authenticator.objects.filter(user=person)]
    assert [secret.partition(".")[0] for secret in sealed] == ["2", "2"]
    assert second_factor.by_code(person, code_now()) is not None
    assert second_factor.by_code(person, recovery) is not None

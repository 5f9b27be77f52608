"""Each unsafe combination is refused, each safe one is not."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from pytest_django import Settings

from hotelrecords import checks
from hotelrecords.embedded import roles
from hotelrecords.embedded.testing import TestBed

LOCAL, PUBLIC = ["localhost"], ["records.hotel.example"]
GOOD_SECRET = "kX3v-Zq8_mN1pR5tY7uB2cD4eF6gH9jL0aSwQxVzTiOoPnMbKc"


def ids(found: list[checks.CheckMessage]) -> list[str | None]:
    return [message.id for message in found]


@pytest.mark.parametrize(
    ("debug", "tls", "hosts", "expected"),
    [
        (True, True, LOCAL, ["hotelrecords.E001"]),
        (True, False, PUBLIC, ["hotelrecords.E001"]),
        (True, False, ["*"], ["hotelrecords.E001"]),
        (True, False, LOCAL, []),
        (False, True, PUBLIC, []),
    ],
)
def test_debug(settings: Settings, debug: bool, tls: bool, hosts: list[str], expected: list[str]) -> None:
    settings.DEBUG, settings.TLS, settings.ALLOWED_HOSTS = debug, tls, hosts
    assert ids(checks.check_debug()) == expected


@pytest.mark.parametrize(
    ("demo", "hosts", "expected"),
    [(True, PUBLIC, ["hotelrecords.E002"]), (True, LOCAL, []), (False, PUBLIC, [])],
)
def test_demo(settings: Settings, demo: bool, hosts: list[str], expected: list[str]) -> None:
    settings.DEMO, settings.ALLOWED_HOSTS = demo, hosts
    assert ids(checks.check_demo()) == expected


@pytest.mark.parametrize(
    ("secret", "expected"),
    [
        ("short", ["hotelrecords.E003"]),
        ("a" * 80, ["hotelrecords.E003"]),
        (f"django-insecure-{GOOD_SECRET}", ["hotelrecords.E003"]),
        (GOOD_SECRET, []),
    ],
)
def test_secret(settings: Settings, secret: str, expected: list[str]) -> None:
    settings.SECRET_KEY = secret
    assert ids(checks.check_secret()) == expected


def test_keys_in_the_repository(settings: Settings) -> None:
    settings.KEYS_DIR = settings.BASE_DIR / "no-such-keys"
    settings.DEMO = False
    assert ids(checks.check_keys_folder()) == ["hotelrecords.E004"]
    settings.DEMO = True
    assert ids(checks.check_keys_folder()) == []


@pytest.mark.parametrize(
    ("keys", "expected"),
    [("b/keys", []), ("b/data/keys", ["hotelrecords.E009"]), ("b/data", ["hotelrecords.E009"] * 2)],
)
def test_data_and_keys_are_backed_up_apart(settings: Settings, keys: str, expected: list[str]) -> None:
    settings.BACKUP_DIR, settings.BACKUP_KEYS_DIR, settings.KEYRING_DIR = "/b/data", f"/{keys}", ""
    assert ids(checks.check_backup_folders()) == expected


@pytest.mark.parametrize(
    ("mode", "expected"), [(0o755, ["hotelrecords.E005"]), (0o750, ["hotelrecords.E005"]), (0o700, [])]
)
def test_keys_open_to_others(settings: Settings, tmp_path: Path, mode: int, expected: list[str]) -> None:
    settings.KEYS_DIR = tmp_path / "keys"
    settings.KEYS_DIR.mkdir()
    settings.KEYS_DIR.chmod(mode)
    assert ids(checks.check_keys_folder()) == expected


def test_keys_at_a_place_that_depends(settings: Settings) -> None:
    settings.KEYS_DIR = Path("keys")
    assert ids(checks.check_keys_folder()) == ["hotelrecords.E006"]


@pytest.mark.django_db
def test_the_web_role_is_humble() -> None:
    assert checks.check_database_role(databases=["default"]) == []
    assert checks.check_database_role(databases=None) == []


@pytest.mark.parametrize("role", [roles.OWNER, "postgres"])
def test_mighty_roles_are_refused(own_database: str, test_bed: TestBed, role: str) -> None:
    connection.settings_dict, usual = {**connection.settings_dict, "USER": role}, connection.settings_dict
    connection.settings_dict["PASSWORD"] = test_bed.values.get(f"{role.upper()}_PASSWORD", "")
    try:
        found = set(ids(checks.check_database_role(databases=["default"])))
    finally:
        connection.close()
        connection.settings_dict = usual
    assert found == {"hotelrecords.E007"}


@pytest.mark.django_db
@pytest.mark.parametrize(("threads", "expected"), [(4, []), (500, ["hotelrecords.E008"])])
def test_connections(settings: Settings, threads: int, expected: list[str]) -> None:
    settings.WEB_THREADS = threads
    assert ids(checks.check_connections(databases=["default"])) == expected


def test_the_web_process_refuses_to_start(settings: Settings) -> None:
    settings.DEMO, settings.ALLOWED_HOSTS, settings.SECRET_KEY = True, PUBLIC, "short"
    with pytest.raises(
        ImproperlyConfigured, match=r"DEMO is on under a public name\..*SECRET_KEY is too easy to guess\."
    ):
        checks.refuse_unsafe_settings()

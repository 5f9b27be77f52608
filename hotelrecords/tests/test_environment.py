"""Who is given which secret."""

from pathlib import Path

import pytest
from django.conf import settings

from hotelrecords.embedded import environment
from hotelrecords.embedded.environment import for_process, keep_environment, read, write
from hotelrecords.embedded.roles import KEEPER, OWNER, WEB
from hotelrecords.embedded.testing import TestBed

NAMES = {WEB: "DATABASE_URL", OWNER: "DATABASE_OWNER_URL", KEEPER: "DATABASE_KEEPER_URL"}


@pytest.mark.parametrize(("role", "others"), [(WEB, {OWNER, KEEPER}), (KEEPER, {OWNER, WEB}), (OWNER, {WEB, KEEPER})])
def test_a_process_is_given_its_own_database_secret_only(test_bed: TestBed, role: str, others: set[str]) -> None:
    given = for_process(test_bed.values, role)
    secrets = {other: test_bed.values[f"{other.upper()}_PASSWORD"] for other in others}
    assert given["DATABASE_URL"] == test_bed.values[NAMES[role]]
    assert {other for other, secret in secrets.items() if secret in " ".join(given.values())} == set()


def test_what_the_shell_exports_does_not_leak_in(test_bed: TestBed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgres://owner:secret@elsewhere/house")
    monkeypatch.setenv("DATABASE_URL", "postgres://owner:secret@elsewhere/house")
    given = for_process(test_bed.values, WEB)
    assert (given["DATABASE_URL"], "DATABASE_OWNER_URL" in given) == (test_bed.values["DATABASE_URL"], False)


def test_secrets_are_made_once_and_kept_closed(test_bed: TestBed) -> None:
    path = test_bed.local / "env"
    before = read(path)
    keep_environment(test_bed.cluster)
    assert {name: read(path)[name] for name in environment.SECRETS} == {
        name: before[name] for name in environment.SECRETS
    }
    assert path.stat().st_mode & 0o777 == 0o600


def test_values_with_blanks_come_back_whole(tmp_path: Path) -> None:
    values = {"KEYS_DIR": "/home/li wei/hotel's keys", "DEMO": "1"}
    write(tmp_path / "env", values)
    assert read(tmp_path / "env") == values


def test_mail_is_put_into_the_folder_that_is_named(test_bed: TestBed) -> None:
    assert str(test_bed.local / "mail") == settings.EMAIL_FILE_PATH

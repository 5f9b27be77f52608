"""The keeper as a real process: one at a time, a clean end, and after kill -9 the next one takes over."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from audit.grants import KEEPER, WEB

Sql = Callable[..., list[tuple[Any, ...]]]
START_SECONDS = 30


class Keepers:
    """Keeper processes on one copy of the database."""

    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        self.environment = environment
        self.folder = folder
        self.started: list[subprocess.Popen[bytes]] = []

    def start(self, *options: str) -> "subprocess.Popen[bytes]":
        """Start one more."""
        log = (self.folder / f"keeper-{len(self.started)}.log").open("wb")
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "keep", *options]
        process = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log)
        self.started.append(process)
        return process

    def log(self, number: int) -> str:
        """What it has said so far."""
        return (self.folder / f"keeper-{number}.log").read_text()

    def wait_for(self, number: int, words: str) -> None:
        """Wait until it says this."""
        deadline = time.monotonic() + START_SECONDS
        while words not in self.log(number):
            assert time.monotonic() < deadline, self.log(number)
            time.sleep(0.1)


@pytest.fixture
def keepers(own_database: str, test_bed: Any, tmp_path: Path) -> Iterator[Keepers]:
    """Keepers with their own role; whatever still runs is ended."""
    environment = test_bed.environment(KEEPER, own_database) | {"SEAL_DIR": str(tmp_path / "seal")}
    found = Keepers(environment, tmp_path)
    yield found
    for process in found.started:
        process.kill()
        process.wait()


def test_the_second_keeper_stands_by_and_takes_over_after_kill_9(keepers: Keepers, as_owner: Sql) -> None:
    first = keepers.start()
    keepers.wait_for(0, "keeper: at work")
    keepers.start()
    keepers.wait_for(1, "standing by")
    refused = keepers.start("--once")
    assert refused.wait(START_SECONDS) == 1
    [(before,)] = as_owner("SELECT at FROM audit_keeper_beat")
    first.send_signal(signal.SIGKILL)
    first.wait()
    keepers.wait_for(1, "keeper: at work")
    assert as_owner("SELECT id, at > %s, breaches FROM audit_keeper_beat", (before,)) == [(1, True, 0)]


def test_sigterm_ends_it_cleanly(keepers: Keepers) -> None:
    process = keepers.start()
    keepers.wait_for(0, "keeper: at work")
    process.terminate()
    assert process.wait(10) == 0
    assert ("stopped" in keepers.log(0), "Traceback" in keepers.log(0)) == (True, False)


def test_breaches_are_counted_and_told(keepers: Keepers, as_superuser: Sql) -> None:
    as_superuser("DROP TRIGGER change_stays ON audit_change")
    assert keepers.start("--once").wait(START_SECONDS) == 0
    assert as_superuser("SELECT breaches FROM audit_keeper_beat") == [(1,)]
    assert keepers.log(0).count("public.audit_change change_stays") == 1


def test_old_keys_of_search_terms_are_destroyed(keepers: Keepers, as_superuser: Sql) -> None:
    months = "date_trunc('month', now() AT TIME ZONE 'UTC')::date - %s * interval '1 month'"
    for months_ago in (0, 1, 6):
        as_superuser(f"INSERT INTO audit_term_key (month) VALUES ({months})", (months_ago,))
    assert keepers.start("--once").wait(START_SECONDS) == 0
    assert as_superuser("SELECT key IS NULL, destroyed_at IS NULL FROM audit_term_key ORDER BY month") == [
        (True, False),
        (False, True),
        (False, True),
    ]


def test_sessions_are_forgotten_six_months_after_their_end(keepers: Keepers, as_superuser: Sql) -> None:
    for actor, started, ended in ((1, 9, 7), (2, 9, 5), (3, 7, None), (4, 1, None)):
        as_superuser(
            "INSERT INTO audit_session (session_ref, actor, started_at, ended_at) VALUES (gen_random_uuid(), %s,"
            " now() - %s * interval '1 month', now() - %s * interval '1 month')",
            (actor, started, ended),
        )
    assert keepers.start("--once").wait(START_SECONDS) == 0
    assert as_superuser("SELECT actor FROM audit_session ORDER BY actor") == [(2,), (4,)]


def test_trouble_with_the_database_does_not_end_it(keepers: Keepers, as_superuser: Sql) -> None:
    as_superuser("REVOKE ALL ON audit_keeper_beat FROM hotelrecords_keeper")
    process = keepers.start()
    keepers.wait_for(0, "waiting for the database")
    as_superuser("GRANT SELECT, INSERT, UPDATE ON audit_keeper_beat TO hotelrecords_keeper")
    keepers.wait_for(0, "keeper: at work")
    process.terminate()
    assert process.wait(10) == 0


def test_it_works_with_its_own_role_only(
    own_database: str, test_bed: Any, monkeypatch: pytest.MonkeyPatch, as_owner: Sql
) -> None:
    monkeypatch.setenv("DATABASE_KEEPER_URL", test_bed.environment(WEB, own_database)["DATABASE_URL"])
    monkeypatch.setenv("SEAL_DIR", "/nowhere")
    with pytest.raises(CommandError, match="signs in as hotelrecords_web"):
        call_command("keep", once=True)
    assert as_owner("SELECT count(*) FROM audit_keeper_beat") == [(0,)]

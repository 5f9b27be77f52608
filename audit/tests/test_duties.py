"""The keeper at work on the log: seal, anchors, mail, orders, and a death at any moment."""

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import ThreadingHTTPServer
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connections, transaction
from django.utils import translation

from audit import actions, duties
from audit import services as audit
from audit.duties import LogDuties
from audit.grants import KEEPER, WEB
from audit.management.commands.witness import handler
from audit.models import Cosignature, Verification
from audit.night_sheet import newest_sheet
from audit.notes import COSIGNATURE, Signer, opened
from audit.orders import order_verification
from audit.tests.factories import WhoFactory
from audit.tests.sealed_house import House
from audit.tests.test_attacks import complaints
from audit.tests.test_sealing import all_sealed
from audit.witnessing import Ledger, Witness

START_SECONDS = 30


@pytest.fixture
def keeper(house: House) -> LogDuties:
    """The keeper's work on the house, in this process."""
    return LogDuties(house.keeper, house.folder, house.origin, [])


def test_a_turn_seals_and_anchors(house: House, keeper: LogDuties) -> None:
    house.write(3)
    assert keeper.turn() == []
    anchors = [path.read_text() for path in house.folder.glob("anchors-*.jsonl")]
    assert [json.loads(line) for line in anchors] == [house.note]
    assert house.sql("SELECT place FROM audit_anchor") == [("file",)]


def test_the_night_sheet_is_the_newest_checkpoint(house: House) -> None:
    assert newest_sheet() is None
    checkpoint = house.sealed(3)
    sheet = newest_sheet()
    assert sheet is not None
    assert (sheet.origin, sheet.size, sheet.note) == (checkpoint.origin, checkpoint.size, house.note)
    assert f"{sheet.origin}\n{sheet.size}\n{sheet.root}\n" == checkpoint.text


def test_the_checkpoint_is_mailed_once_a_day(house: House, keeper: LogDuties, settings: Any) -> None:
    settings.ANCHOR_MAIL_TO = ["owner@grand.example"]
    keeper.turn()
    LogDuties(house.keeper, house.folder, house.origin, []).turn()
    [sent] = mail.outbox
    assert (sent.to, sent.subject) == (["owner@grand.example"], "Log checkpoint: 2 entries")
    assert [(name, content) for name, content, _kind in sent.attachments] == [("checkpoint", house.note)]


def test_a_verification_is_worked_off(house: House, keeper: LogDuties) -> None:
    house.write(5)
    keeper.turn()
    order_verification(scope="all", who=WhoFactory())
    order_verification(scope="sampled", who=WhoFactory())
    keeper.turn()
    found = Verification.objects.order_by("id").values_list("scope", "asked_by", "done", "complaints")
    assert list(found) == [("since", None, 7, []), ("all", 7, 9, []), ("sampled", 7, 9, [])]
    assert Verification.objects.filter(finished_at=None).count() == 0


def test_what_a_verification_found_is_kept(house: House, keeper: LogDuties) -> None:
    house.write(5)
    keeper.turn()
    house.tamper(house.partition, f"UPDATE {house.partition} SET outcome = 'failed' WHERE id = 3")
    order_verification(scope="all", who=WhoFactory())
    keeper.turn()
    assert Verification.objects.get(scope="all").complaints == ["row_changed:2"]


def test_trouble_is_told_once_and_stops_nothing_else(
    house: House, keeper: LogDuties, caplog: pytest.LogCaptureFixture
) -> None:
    keeper.turn()
    (house.folder / "seal.key").chmod(0o644)
    house.write(1)
    told = [keeper.turn(), keeper.turn()]
    assert told[0] == told[1] == [f"{house.folder}/seal.key is open to other users: chmod 600 {house.folder}/seal.key"]
    assert len([record for record in caplog.records if "is open to other users" in record.getMessage()]) == 1
    (house.folder / "seal.key").chmod(0o600)
    assert keeper.turn() == []


def calm(keeper: LogDuties) -> list[str]:
    """What is in the way once the database has noticed that a session ended."""
    until = time.monotonic() + START_SECONDS
    while (troubles := keeper.turn()) and time.monotonic() < until:
        time.sleep(0.1)
    return troubles


def test_the_transaction_that_holds_back_the_seal_is_named(
    house: House, keeper: LogDuties, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two minutes pass in no time: a row counts as late at once."""
    keeper.turn()
    monkeypatch.setattr(duties, "UNSEALED_AFTER", timedelta())
    with house.session(WEB) as session, session.cursor() as cursor:
        cursor.execute("INSERT INTO audit_event (ref, action, request_n) VALUES (gen_random_uuid(), 'log.read', 1)")
        house.write(1)
        process = session.info.backend_pid
        assert keeper.turn() == [
            f"rows wait for their seal: process {process} ({WEB} in {house.database}) left a transaction open"
        ]
    assert calm(keeper) == []


def test_a_witness_cosigns(house: House, tmp_path: Path) -> None:
    house.sealed(2)
    signer = Signer("harbour.example/witness", Ed25519PrivateKey.generate(), COSIGNATURE)
    ledger = Ledger(tmp_path / "witness.json", signer, [house.verifier])
    with ThreadingHTTPServer(("127.0.0.1", 0), handler(ledger)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        witness = Witness(f"http://127.0.0.1:{server.server_address[1]}", signer.verifier)
        keeper = LogDuties(house.keeper, house.folder, house.origin, [witness])
        assert keeper.turn() == []
        server.shutdown()
    [line] = Cosignature.objects.values_list("line", flat=True)
    assert opened(house.note + line, [signer.verifier]) == opened(house.note, [house.verifier])


def test_a_row_that_was_passed_over_is_told(house: House, keeper: LogDuties) -> None:
    house.sealed(2)
    house.sql("INSERT INTO audit_event (ref, xact, action, request_n) VALUES (gen_random_uuid(), '3', 'log.read', 1)")
    assert keeper.turn() == ["a row has no seal although newer ones have: audit_event 4"]


def test_the_command_verifies(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.sealed(5)
    house.become_keeper(monkeypatch)
    translation.activate("en")
    out = StringIO()
    call_command("verify_log", stdout=out)
    call_command("verify_log", since=4, stdout=out)
    call_command("verify_log", sampled=3, stdout=out)
    assert out.getvalue().splitlines() == [
        "Entries 0 to 6: 7 in all, unbroken.",
        "Entries 4 to 6: 3 in all, unbroken.",
        "Entries drawn by lot: 3, all as they were sealed.",
    ]
    house.tamper(house.partition, f"UPDATE {house.partition} SET outcome = 'failed' WHERE id = 3")
    with pytest.raises(CommandError) as failure:
        call_command("verify_log", stdout=out)
    assert (failure.value.returncode, "entry 2" in out.getvalue()) == (1, True)


class Processes:
    """Keepers as real processes on the house."""

    def __init__(self, house: House) -> None:
        self.environment = house.bed.environment(KEEPER, house.database) | {
            "SEAL_DIR": str(house.folder),
            "LOG_ORIGIN": house.origin,
        }
        self.running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start one."""
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "keep"]
        self.running = subprocess.Popen(command, env=self.environment, stderr=subprocess.DEVNULL)

    def kill(self) -> None:
        """kill -9."""
        if self.running:
            self.running.send_signal(signal.SIGKILL)
            self.running.wait()


@pytest.fixture
def processes(house: House) -> Iterator[Processes]:
    """None started yet; the last one is ended."""
    found = Processes(house)
    yield found
    found.kill()


def wait_for(done: Callable[[], bool]) -> None:
    """Wait until it is so."""
    until = time.monotonic() + START_SECONDS
    while not done():
        assert time.monotonic() < until
        time.sleep(0.05)


def leaves(house: House) -> int:
    """How many leaves there are."""
    return int(house.sql("SELECT count(*) FROM audit_leaf")[0][0])


def write_for_long(stop: threading.Event) -> None:
    """Rows, some rolled back, some in transactions that take their time."""
    number = 0
    while not stop.is_set():
        number += 1
        try:
            with transaction.atomic():
                audit.record(actions.LOG_READ, who=WhoFactory())
                time.sleep(0.05 if number % 20 == 0 else 0)
                if number % 7 == 0:
                    raise RuntimeError
        except RuntimeError:
            continue
    connections.close_all()


def killed_at_work(house: House, processes: Processes, writers: int, kills: int, batch: int) -> None:
    """Writers write, the keeper is killed again and again; in the end every row has one number."""
    stop = threading.Event()
    threads = [threading.Thread(target=write_for_long, args=(stop,)) for _number in range(writers)]
    for thread in threads:
        thread.start()
    for number in range(kills):
        before = leaves(house)
        processes.start()
        wait_for(lambda: leaves(house) > before)  # noqa: B023
        time.sleep(0.01 * (number % 7))
        processes.kill()
    stop.set()
    for thread in threads:
        thread.join()
    house.seal()
    rows, sealed = all_sealed(house)
    assert rows == sealed > batch
    assert complaints(house) == []


def test_kill_9_of_the_keeper_loses_and_doubles_nothing(house: House, processes: Processes) -> None:
    killed_at_work(house, processes, writers=2, kills=1, batch=20)


@pytest.mark.slow
def test_eight_writers_and_ten_deaths_of_the_keeper(house: House, processes: Processes) -> None:
    killed_at_work(house, processes, writers=8, kills=10, batch=1_000)


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["add_leaves", "keep_tiles", "keep_checkpoint"])
def test_a_death_at_each_moment_of_a_step(house: House, moment: str) -> None:
    """The process ends between two statements of a step; the next one finds nothing half done."""
    house.sealed(3)
    house.write(10)
    program = (
        "import django, os, signal, sys; django.setup()\n"
        "from pathlib import Path\nfrom django.db import connection\nfrom audit import storing\n"
        "from audit.sealing import Sealer\n"
        f"usual = storing.{moment}\n"
        "def die(*given):\n    usual(*given)\n    os.kill(os.getpid(), signal.SIGKILL)\n"
        f"storing.{moment} = die\n"
        "Sealer(connection, Path(sys.argv[1]), sys.argv[2]).seal()\n"
    )
    environment = house.bed.environment(KEEPER, house.database)
    command = [sys.executable, "-c", program, str(house.folder), house.origin]
    assert subprocess.run(command, env=environment, cwd=settings.BASE_DIR, check=False).returncode == -signal.SIGKILL
    before = house.state.size
    house.seal()
    assert (before, house.state.size, all_sealed(house)) == (5, 15, (15, 15))
    assert complaints(house) == []

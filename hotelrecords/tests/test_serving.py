"""``script/server`` around its processes: sentences, leftovers, one-time codes."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from hotelrecords.embedded import EngineTrouble, banner, living, serve
from hotelrecords.embedded.places import CHECKOUT
from hotelrecords.embedded.processes import MARK, LogFiles, Processes


def test_the_one_time_code_is_the_one_that_sign_in_expects() -> None:
    moment = 1_750_000_000
    assert banner.code(moment) == format_hotp_value(hotp_value(banner.TOTP_SECRET, moment // 30))


def test_a_port_in_use_gets_a_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(EngineTrouble, match=f"Port {port} cannot be used .* PORT={port + 1} script/server"):
            serve.refuse_taken(port)


@pytest.mark.parametrize("told", ["", "eighty", "0", "65536", "-1"])
def test_a_port_that_is_none_gets_a_sentence(monkeypatch: pytest.MonkeyPatch, told: str) -> None:
    monkeypatch.setenv("PORT", told)
    with pytest.raises(EngineTrouble, match="PORT must be a number"):
        serve.wanted_port()


def test_a_second_server_in_the_same_folder_gets_a_sentence(tmp_path: Path) -> None:
    holder = (
        "import sys, pathlib; from hotelrecords.embedded import serve;"
        "lock = serve.only_server(pathlib.Path(sys.argv[1])); lock.__enter__();"
        "print('held', 'hotelrecords.embedded.serve', flush=True); sys.stdin.read()"
    )
    first = [sys.executable, "-c", holder, tmp_path, "hotelrecords.embedded.serve"]
    with subprocess.Popen(first, cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        with pytest.raises(EngineTrouble, match="running from this folder already"), serve.only_server(tmp_path):
            pass
        process.kill()
    with serve.only_server(tmp_path):
        assert (tmp_path / "server.pid").read_text() == str(os.getpid())


@pytest.mark.parametrize(("mark", "ended"), [(f"web@{CHECKOUT}", True), ("web@/elsewhere", False)])
def test_only_processes_of_this_folder_are_ended_as_leftovers(tmp_path: Path, mark: str, ended: bool) -> None:
    (tmp_path / "pids").mkdir()
    start = "import subprocess; print(subprocess.Popen(['sleep', '60'], start_new_session=True, stdout=2).pid)"
    env = {MARK: mark, "PATH": os.environ["PATH"]}
    old = subprocess.run([sys.executable, "-c", start], env=env, stdout=subprocess.PIPE, text=True, check=True).stdout
    (tmp_path / "pids" / "web").write_text(old)
    Processes(tmp_path, {}).end_leftovers()
    assert (living.command_of(int(old)) == "") is ended
    living.end_group(int(old))


def test_each_process_writes_a_log_of_its_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    class Message:
        def __init__(self, name: str, data: bytes | str) -> None:
            self.name, self.data = name, data

    logs = LogFiles(tmp_path)
    logs.write(Message("web", b"one\n"))
    logs.write(Message("web", "two"))
    logs.write(Message("system", "web stopped (rc=1)\n"))
    assert (tmp_path / "web.log").read_text() == "one\ntwo\n"
    assert capsys.readouterr().err.count("web stopped (rc=1)") == 1


def test_an_old_python_gets_a_sentence(tmp_path: Path) -> None:
    old = tmp_path / "python3"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo Python 3.9.2\nexit 1\n')
    old.chmod(0o755)
    for tool in ("dirname", "sh"):
        (tmp_path / tool).symlink_to(f"/usr/bin/{tool}")
    done = subprocess.run([CHECKOUT / "script/setup"], env={"PATH": str(tmp_path)}, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.splitlines()[0] == "Hotel Records needs Python 3.11 or newer; this machine has Python 3.9.2."

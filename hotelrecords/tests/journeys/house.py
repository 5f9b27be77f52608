"""The product as it really runs, for browsers to visit: every process of the Procfile on a database of its own."""

import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from urllib.error import URLError

from honcho.environ import parse_procfile

from hotelrecords.embedded import environment
from hotelrecords.embedded.places import CHECKOUT, Place
from hotelrecords.embedded.postgres import Cluster
from hotelrecords.embedded.processes import Processes
from hotelrecords.embedded.roles import URL_OF, WEB
from hotelrecords.embedded.valkey import Broker

PATIENCE_SECONDS = 60.0


class House:
    """One running product: its processes, its broker, its folders. ``database`` is there already, migrated."""

    def __init__(self, cluster: Cluster, values: Mapping[str, str], database: str, local: Path) -> None:
        self.cluster, self.database, self.local = cluster, database, local
        self.mail, self.port = local / "mail", free_port()
        for folder in (local, self.mail):
            folder.mkdir(parents=True, exist_ok=True)
        self.broker = Broker(with_own_sockets(cluster.place))
        self.values = {**values, **self._own_values(values)}
        self.processes = Processes(local, self.values)
        self.processes.pids.mkdir(exist_ok=True)
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def url(self) -> str:
        """Its address; passkeys need a name rather than a number."""
        return f"http://localhost:{self.port}"

    @property
    def logs(self) -> Path:
        """A file of what each process said."""
        return self.processes.logs

    def _own_values(self, values: Mapping[str, str]) -> dict[str, str]:
        passwords = environment.passwords(values)
        urls = {name: self.cluster.url(role, passwords[role], self.database) for role, name in URL_OF.items()}
        folders = {"STATIC_ROOT": str(self.local / "static"), "EMAIL_URL": f"file://{self.mail}"}
        return {**urls, **folders, "REDIS_URL": self.broker.url, "HOST": "127.0.0.1", "PORT": str(self.port)}

    def manage(self, *command: str, role: str = WEB) -> str:
        """What a management command prints, run with the environment of a role."""
        done = subprocess.run(
            [sys.executable, CHECKOUT / "manage.py", *command],
            env=environment.for_process(self.values, role),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"manage.py {command[0]}:\n{done.stdout}{done.stderr}"
        return done.stdout

    def open(self) -> None:
        """Start everything and wait until pages are served."""
        self.broker.start()
        for name in parse_procfile((CHECKOUT / "Procfile").read_text()).processes:
            self.start(name)
        self.wait_until_ready()

    def start(self, name: str) -> None:
        """Start one process of the Procfile."""
        command = parse_procfile((CHECKOUT / "Procfile").read_text()).processes[name]
        with (self.logs / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                ["/bin/sh", "-c", command],
                cwd=CHECKOUT,
                env=self.processes.environment(name),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def kill(self, name: str) -> None:
        """Kill one process and its children at once, as a power cut would."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.running[name].pid, signal.SIGKILL)
        self.running.pop(name).wait()

    def wait_until_ready(self) -> None:
        """Wait until the health page says so; fails with the web process's last words."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not self.is_ready():
            if time.monotonic() > deadline or self.running["web"].poll() is not None:
                raise AssertionError((self.logs / "web.log").read_text()[-4000:])
            time.sleep(0.1)

    def is_ready(self) -> bool:
        """Whether the health page answers 200."""
        try:
            with urllib.request.urlopen(f"{self.url}/health/ready", timeout=5) as answer:  # noqa: S310
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False

    def close(self) -> None:
        """End everything at once: nothing of this house is kept."""
        for name in list(self.running):
            self.kill(name)
        self.broker.stop()
        shutil.rmtree(self.broker.place.runtime, ignore_errors=True)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def with_own_sockets(place: Place) -> Place:
    """The same programs and user, with sockets in a folder of their own."""
    return replace(place, runtime=place.account.claim(place.runtime.with_name(f"hotelrecords-{secrets.token_hex(6)}")))

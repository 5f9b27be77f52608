"""A whole site on this machine: engines, roles, database, keys, static files, demonstration data."""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from hotelrecords.embedded import EngineTrouble, environment, fingerprint, roles
from hotelrecords.embedded.places import CHECKOUT, Place
from hotelrecords.embedded.postgres import Cluster
from hotelrecords.embedded.valkey import Broker

DATABASE = "hotelrecords"
SETTINGS = {"max_connections": "60", "shared_buffers": "256MB"}


@dataclass(slots=True)
class Site:
    """The engines of one place and what is in them."""

    place: Place
    settings: Mapping[str, str] = field(default_factory=lambda: SETTINGS)
    values: dict[str, str] = field(default_factory=dict)

    @property
    def cluster(self) -> Cluster:
        """Its PostgreSQL."""
        return Cluster(self.place, self.settings)

    @property
    def broker(self) -> Broker:
        """Its Valkey."""
        return Broker(self.place)

    def start_engines(self) -> None:
        """Start PostgreSQL and Valkey, and see to the roles and the database."""
        self.values = environment.keep_environment(self.cluster, DATABASE)
        self.cluster.start()
        roles.ensure_roles(self.cluster, environment.passwords(self.values))
        if roles.ensure_database(self.cluster, DATABASE):
            self._done_file.unlink(missing_ok=True)
        self.broker.start()

    def stop_engines(self) -> None:
        """Stop them cleanly."""
        self.broker.stop()
        self.cluster.stop()

    def prepare(self) -> None:
        """Migrate, make keys, collect static files, load the demonstration: each only when something changed."""
        self.prepare_empty()
        words = "Loading the demonstration hotels (at the first start only)"
        self._step("demo", "loaded with requests and looks", words, self._load_demo)

    def _load_demo(self) -> None:
        for command in ("load_demo", "load_demo_requests", "load_demo_looks"):
            self.manage(command, show=True)

    def prepare_empty(self) -> None:
        """The same without any data in it."""
        for folder in ("mail", "static"):
            (self.place.local / folder).mkdir(mode=0o700, exist_ok=True)
        has_keys = Path(self.values["KEYS_DIR"]).is_dir()
        mark = fingerprint.of_database() if has_keys else "without keys"
        self._step("database", mark, "Setting up the database and its keys", self._migrate)
        self._step("static", fingerprint.of_static_files(), "Collecting static files", self._collect)

    def manage(self, *command: str, role: str = roles.WEB, show: bool = False) -> None:
        """Run a management command with the environment of a role; EngineTrouble when it fails."""
        done = subprocess.run(
            [sys.executable, CHECKOUT / "manage.py", *command],
            env=environment.for_process(self.values, role),
            stdin=subprocess.DEVNULL,
            capture_output=not show,
            text=True,
            check=False,
        )
        if done.returncode:
            told = "" if show else f":\n{done.stdout}{done.stderr}"
            raise EngineTrouble(f"manage.py {command[0]} failed{told}")

    def _migrate(self) -> None:
        self.manage("migrate", "--skip-checks", "-v0", role=roles.OWNER)
        self.manage("make_keys", "--skip-checks", "-v0", role=roles.OWNER)

    def _collect(self) -> None:
        self.manage("collectstatic", "--skip-checks", "--noinput", "--clear", "-v0")

    @property
    def _done_file(self) -> Path:
        return self.place.local / "done.json"

    def _step(self, name: str, mark: str, words: str, deed: Callable[[], None]) -> None:
        """Do a step unless it was done with this mark; a step that failed is done again."""
        if self._done().get(name) != mark:
            print(f"  {words}", flush=True)
            deed()
            self._done_file.write_text(json.dumps(self._done() | {name: mark}))

    def _done(self) -> dict[str, str]:
        try:
            done: dict[str, str] = json.loads(self._done_file.read_text())
        except (OSError, ValueError):
            done = {}
        return done

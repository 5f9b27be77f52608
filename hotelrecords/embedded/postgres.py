"""A PostgreSQL cluster of our own: made, started, stopped, on a Unix socket only."""

import contextlib
import os
import pwd
import re
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg2
from psycopg2.extensions import connection as Connection

from hotelrecords.embedded import EngineTrouble, living
from hotelrecords.embedded.places import Place

SUPERUSER = "postgres"
PORT = 5432
# No value of a row may reach the log: neither statements, nor parameters, nor the DETAIL line of an error.
QUIET = {
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_checkpoints": "off",
}
UNSAFE_AND_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True, slots=True)
class Cluster:
    """PostgreSQL at one place; ``settings`` are lines of its configuration."""

    place: Place
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.place.home / "postgres"

    @property
    def log(self) -> Path:
        """What PostgreSQL said since it was last started."""
        return self.place.runtime / "postgres.log"

    def url(self, role: str, password: str, database: str) -> str:
        """The address of a database for a role, as Django's settings want it."""
        return f"postgres://{role}:{quote(password, safe='')}@{quote(str(self.place.runtime), safe='')}/{database}"

    @contextlib.contextmanager
    def superuser(self, database: str = "postgres") -> Iterator[Connection]:
        """A connection that may do everything, in autocommit; open to the person who started the cluster."""
        session = psycopg2.connect(host=str(self.place.runtime), port=PORT, user=SUPERUSER, dbname=database)
        session.autocommit = True
        try:
            yield session
        finally:
            session.close()

    def is_running(self) -> bool:
        """Whether it answers."""
        return self._tool("pg_isready", "-q", "-h", self.place.runtime, "-p", str(PORT)).returncode == 0

    def start(self) -> bool:
        """Make the cluster if there is none, and start it; False when it was running already."""
        if self.is_running():
            return False
        self._make()
        self._configure()
        self._forget_dead_owner()
        for _attempt in range(20):
            self.log.unlink(missing_ok=True)
            done = self._control("start", "-w", "-t", "90", "-l", str(self.log))
            if done.returncode == 0 or self.is_running():
                return True
            if not self._is_still_ending():
                break
            time.sleep(0.5)
        raise EngineTrouble(
            f"PostgreSQL does not start on {self.data}: {self._last_complaint() or done.stderr.strip()}\n"
            f"If the folder is broken, move it away and start again: you begin with an empty one. Its log: {self.log}"
        )

    def stop(self) -> None:
        """Stop it cleanly; nothing happens when it does not run."""
        if (self.data / "postmaster.pid").exists():
            self._control("stop", "-m", "fast", "-w", "-t", "60")

    def dump(self, database: str, *, without_rows_of: Sequence[str] = ()) -> bytes:
        """A whole database as SQL that first removes what it makes; of these tables no rows."""
        empty = [f"--exclude-table-data={name}" for name in without_rows_of]
        return self._speak("pg_dump", "-c", "--if-exists", *empty, database)

    def load(self, database: str, dump: bytes) -> None:
        """Fill a database from such a dump, or from one of another cluster with the same roles."""
        self._speak("psql", "-q", "-v", "ON_ERROR_STOP=1", database, said=dump)

    def _speak(self, name: str, *options: str, said: bytes = b"") -> bytes:
        """What a program answers that signs in as the superuser, as the person who started the cluster may."""
        server = ["-w", "-h", str(self.place.runtime), "-p", str(PORT), "-U", SUPERUSER]
        done = subprocess.run([self.place.programs.postgres / name, *server, *options], input=said, capture_output=True)
        if done.returncode:
            raise EngineTrouble(f"{name} failed: {done.stderr.decode(errors='replace').strip()}")
        return done.stdout

    def _control(self, deed: str, *options: str) -> "subprocess.CompletedProcess[str]":
        return self._tool("pg_ctl", "-D", self.data, *options, deed)

    def _tool(self, name: str, *options: str | Path) -> "subprocess.CompletedProcess[str]":
        return self.place.account.run([self.place.programs.postgres / name, *options])

    def _make(self) -> None:
        if self.data.exists():
            self._verify_version()
            return
        fresh = self.place.home / "postgres.new"
        if fresh.exists():
            shutil.rmtree(fresh)
        self.place.account.claim(fresh)
        done = self._tool(
            "initdb",
            "-D",
            fresh,
            "-U",
            SUPERUSER,
            "-A",
            "peer",
            "--no-instructions",
            "--encoding=UTF8",
            *self._locale(),
        )
        if done.returncode:
            raise EngineTrouble(f"PostgreSQL could not make its data folder: {done.stderr.strip()}")
        fresh.rename(self.data)

    def _locale(self) -> tuple[str, ...]:
        """The same order of characters on every machine; since version 17 PostgreSQL brings it itself."""
        if self._version() < 17:
            return ("--locale=C.UTF-8",)
        return ("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")

    def _version(self) -> int:
        told = self._tool("postgres", "--version").stdout
        major = re.search(r"\d+", told)
        if major is None:
            raise EngineTrouble(f"{self.place.programs.postgres} holds no PostgreSQL that starts.")
        return int(major.group())

    def _verify_version(self) -> None:
        try:
            kept = (self.data / "PG_VERSION").read_text().strip()
        except OSError:
            kept = "none"
        if kept != str(self._version()):
            raise EngineTrouble(
                f"The data folder {self.data} is not one of PostgreSQL {self._version()} (it says version {kept}). "
                "Move it away and start again: you begin with an empty one."
            )

    def _configure(self) -> None:
        lines = {"listen_addresses": "", "unix_socket_directories": str(self.place.runtime), "port": str(PORT)}
        lines |= {"unix_socket_permissions": "0700", "password_encryption": "scram-sha-256", "timezone": "UTC"}
        lines |= QUIET | dict(self.settings)
        users = {self.place.account.name, pwd.getpwuid(os.geteuid()).pw_name}
        self._write("postgresql.auto.conf", *(f"{name} = '{value}'" for name, value in lines.items()))
        self._write("pg_ident.conf", *(f'starter "{name}" {SUPERUSER}' for name in sorted(users)))
        self._write("pg_hba.conf", f"local all {SUPERUSER} peer map=starter", "local all all scram-sha-256")

    def _write(self, name: str, *lines: str) -> None:
        """Replace a configuration file, which stays the engines' user's own."""
        fresh = self.data / f"{name}.new"
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write("\n".join([*lines, ""]))
        os.chown(fresh, self.place.account.uid, self.place.account.gid, follow_symlinks=False)
        fresh.replace(self.data / name)

    def _forget_dead_owner(self) -> None:
        """Remove a lock file whose process number now belongs to another program."""
        lock = self.data / "postmaster.pid"
        with contextlib.suppress(FileNotFoundError, ValueError, IndexError):
            if "postgres" not in living.command_of(int(lock.read_text().splitlines()[0])):
                lock.unlink()

    def _is_still_ending(self) -> bool:
        """After a kill -9 the last processes need a moment to notice."""
        return any(sign in self._log_text() for sign in ("pre-existing shared memory block", "lock file"))

    def _last_complaint(self) -> str:
        complaints = re.findall(r"(?:FATAL|PANIC|ERROR|could not).*", self._log_text())
        return str(complaints[-1]) if complaints else ""

    def _log_text(self) -> str:
        try:
            return self.log.read_text(errors="replace")[-20_000:]
        except OSError:
            return ""

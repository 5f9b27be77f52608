"""The PostgreSQL cluster of the measurements: in ``.local/bench``, durable, set as for production."""

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from psycopg2.extensions import connection as Connection

from hotelrecords.embedded import EngineTrouble, environment, roles
from hotelrecords.embedded.places import CHECKOUT, find_place
from hotelrecords.embedded.postgres import Cluster

SIZES = {"10k": 10_000, "100k": 100_000, "1m": 1_000_000}
# fsync, full_page_writes and synchronous_commit stay as PostgreSQL ships them: on.
SETTINGS = {
    "max_connections": "160",
    "shared_buffers": "2GB",
    "effective_cache_size": "8GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "512MB",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "autovacuum_max_workers": "2",
}


@dataclass(frozen=True, slots=True)
class Bench:
    """The running cluster and the environment of one data set's processes."""

    cluster: Cluster
    values: dict[str, str]

    @property
    def results(self) -> Path:
        """Where figures are kept between runs."""
        folder = self.cluster.place.local / "results"
        folder.mkdir(exist_ok=True)
        return folder

    def database(self, size: str) -> str:
        """The database of a data set."""
        return f"bench_{size}"

    def environment(self, database: str, role: str = roles.WEB, keys: str = "") -> dict[str, str]:
        """What a process that measures is given: one role's address and the keys of the data set ``keys``."""
        own = environment.for_process(self.values, role)
        own["DATABASE_URL"] = _at(own["DATABASE_URL"], database)
        own["KEYS_DIR"] = str(self.cluster.place.local / f"keys-{keys or database}")
        own["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
        own["BENCH_RESULTS"] = str(self.results)
        own["LOG_LEVEL"] = "ERROR"
        own["BACKUP_DIR"] = own["LEDGER_DIR"] = ""  # several houses in one cluster: their ledgers must not mix
        if role == roles.KEEPER:
            own["BENCH_WEB_URL"] = _at(self.values["DATABASE_URL"], database)
        return own

    def run(self, command: list[str], database: str, role: str = roles.WEB, keys: str = "") -> None:
        """Run a Python program of the project to its end; a failure ends the benchmark too."""
        done = subprocess.run(
            [sys.executable, *command], env=self.environment(database, role, keys), cwd=CHECKOUT, check=False
        )
        if done.returncode:
            raise EngineTrouble(f"{' '.join(command)} ended with {done.returncode}")

    @contextlib.contextmanager
    def copy(self, size: str, without: Sequence[str]) -> Iterator[str]:
        """A copy of a data set and its keys, but for these schemas; gone at the end."""
        name = f"copy_{size}"
        theirs, own = (Path(self.environment(each)["KEYS_DIR"]) for each in (self.database(size), name))
        roles.drop_databases(self.cluster, name)
        shutil.rmtree(own, ignore_errors=True)
        roles.copy_database(self.cluster, self.database(size), name)
        try:
            shutil.copytree(theirs, own)
            with self.cluster.superuser(name) as session, session.cursor() as cursor:
                cursor.execute(f"DROP SCHEMA IF EXISTS {', '.join(without)} CASCADE")
            yield name
        finally:
            roles.drop_databases(self.cluster, name)
            shutil.rmtree(own, ignore_errors=True)

    def migrate(self, database: str, keys: str = "") -> None:
        """Bring a database to the product's newest shape, as its owner, and make its keys."""
        for command in (["migrate", "-v0", "--skip-checks"], ["make_keys", "--skip-checks"]):
            self.run([str(CHECKOUT / "manage.py"), *command], database, roles.OWNER, keys)

    def collect_static(self, database: str) -> None:
        """Gather and compress the static files, as a server does before it starts."""
        self.run([str(CHECKOUT / "manage.py"), "collectstatic", "--noinput", "-v0"], database)


@contextlib.contextmanager
def bench() -> Iterator[Bench]:
    """Start the cluster, hand it out, and stop it if it was this call that started it."""
    cluster = Cluster(find_place("bench"), SETTINGS)
    values = environment.keep_environment(cluster, "postgres")
    started = cluster.start()
    try:
        roles.ensure_roles(cluster, environment.passwords(values))
        yield Bench(cluster, values)
    finally:
        if started:
            cluster.stop()


def connect() -> Connection:
    """A plain connection to the database this process was given."""
    url = urlsplit(os.environ["DATABASE_URL"])
    return psycopg2.connect(urlunsplit(url._replace(scheme="postgresql")))


def _at(url: str, database: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))

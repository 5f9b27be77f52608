"""The database of the tests: a cluster of its own, one migrated template, a copy for each process that tests.

Nothing is ever flushed: TRUNCATE is refused by the tables that matter. A test's changes are rolled back, and a
test that commits works in a copy that is dropped after it.
"""

import contextlib
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

from hotelrecords.embedded import EngineTrouble, environment, fingerprint, locks, roles
from hotelrecords.embedded.places import CHECKOUT, POSTGRES_BIN, find_place
from hotelrecords.embedded.postgres import UNSAFE_AND_FAST, Cluster

SETTINGS = UNSAFE_AND_FAST | {"max_connections": "120", "shared_buffers": "128MB", "autovacuum": "off"}
# Where Linux keeps files in memory, and the room there that copies may need; containers often have 64 MB.
MEMORY, ROOM_BYTES = Path("/dev/shm"), 4 << 30  # noqa: S108
ON_DISK, IN_MEMORY = "pg_default", "copies"
RUN, TEMPLATE = "HOTELRECORDS_TEST_RUN", "HOTELRECORDS_TEST_TEMPLATE"
# Rows taken over bear transactions of the older cluster: nothing is sealed before this one has reached them.
CATCH_UP = """
DO $$
DECLARE
    ahead xid8 := (SELECT xact FROM audit_event ORDER BY xact DESC LIMIT 1);
BEGIN
    WHILE pg_current_xact_id() <= ahead LOOP
        COMMIT;
    END LOOP;
END $$
"""


@dataclass(slots=True)
class TestBed:
    """What one process of a test run stands on."""

    __test__ = False

    cluster: Cluster
    values: dict[str, str]
    template: str
    run: str
    model: "TestBed | None" = field(default=None)
    _in_use: int | None = field(default=None)

    @property
    def database(self) -> str:
        """The name of this process's copy."""
        return f"{self.run}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"

    @property
    def local(self) -> Path:
        """The folder of its own files."""
        return self.cluster.place.local

    def hold(self) -> None:
        """Say that the cluster is in use, so that no other run stops it."""
        with locks.alone(self.local / "start.lock"):
            self._in_use = locks.share(self.local / "in-use.lock")

    def open(self) -> None:
        """Start the cluster where needed, build the template where needed, make this process's copy."""
        with locks.alone(self.local / "start.lock"):
            if self._start():
                roles.ensure_roles(self.cluster, environment.passwords(self.values))
                self._drop_leftovers()
                self._make_room()
            self._build_template()
        self._copy(self.template, self.database)

    def close(self) -> None:
        """Drop this process's copy."""
        roles.drop_databases(self.cluster, self.database)

    def release(self) -> None:
        """Stop the cluster, unless another run uses it."""
        if self._in_use is None:
            return
        with locks.alone(self.local / "start.lock"):
            os.close(self._in_use)
            only_user = locks.try_alone(self.local / "in-use.lock")
            if only_user is not None:
                self.cluster.stop()
                shutil.rmtree(self._memory, ignore_errors=True)
                os.close(only_user)

    @contextlib.contextmanager
    def at_hand(self) -> Iterator[None]:
        """The cluster runs and this process has its copy meanwhile."""
        self.hold()
        try:
            self.open()
            try:
                yield
            finally:
                self.close()
        finally:
            self.release()

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Let no other process of a run work in this cluster meanwhile."""
        with locks.alone(self.local / "alone.lock"):
            yield

    def fresh_copy(self) -> str:
        """Another copy of the template; whoever asks drops it."""
        name = f"{self.database}_{secrets.token_hex(4)}"
        self._copy(self.template, name)
        return name

    def snapshot(self, name: str) -> str:
        """A copy of a copy as it is now, to which nobody may be connected; ``roll_back`` takes it back."""
        kept = f"{name}_kept"
        self._copy(name, kept)
        return kept

    def roll_back(self, name: str, kept: str) -> None:
        """Put a snapshot in the place of what it was taken of, whoever is connected."""
        roles.drop_databases(self.cluster, name)
        roles.rename_database(self.cluster, kept, name)

    def drop(self, name: str) -> None:
        """Drop such a copy, whoever is still connected."""
        roles.drop_databases(self.cluster, name)

    def environment(self, role: str = roles.WEB, database: str | None = None) -> dict[str, str]:
        """The environment of a real process that works in a copy."""
        values = dict(self.values)
        for each in roles.ROLES:
            password = environment.passwords(values)[each]
            values[roles.URL_OF[each]] = self.cluster.url(each, password, database or self.database)
        return environment.for_process(values, role)

    @property
    def _memory(self) -> Path:
        """The folder for copies in memory."""
        return MEMORY / self.cluster.place.runtime.name

    def _start(self) -> bool:
        if MEMORY.is_dir():
            self.cluster.place.account.claim(self._memory)
        return self.cluster.start()

    def _make_room(self) -> None:
        """Hundreds of copies come and go; ext4 is slow to make files where as many went: 0.2 s became 3 (seen)."""
        roles.drop_tablespace(self.cluster, IN_MEMORY)
        if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free >= ROOM_BYTES:
            shutil.rmtree(self._memory)
            roles.make_tablespace(self.cluster, IN_MEMORY, self.cluster.place.account.claim(self._memory))

    def _copy(self, template: str, name: str) -> None:
        has_room = IN_MEMORY in roles.list_tablespaces(self.cluster)
        roles.copy_database(self.cluster, template, name, IN_MEMORY if has_room else ON_DISK)

    def _drop_leftovers(self) -> None:
        """What killed runs left, and templates of earlier days."""
        names = roles.list_databases(self.cluster)
        old = [name for name in names if name.startswith(("run_", "template_")) and name != self.template]
        roles.drop_databases(self.cluster, *old)
        for folder in self.local.glob("keys-*"):
            if folder.name != Path(self.values["KEYS_DIR"]).name:
                shutil.rmtree(folder, ignore_errors=True)

    def _build_template(self) -> None:
        keys = Path(self.values["KEYS_DIR"])
        if self.template in roles.list_databases(self.cluster) and keys.is_dir():
            return
        shutil.rmtree(keys, ignore_errors=True)
        fresh = f"{self.template}_new"
        roles.drop_databases(self.cluster, fresh, self.template)
        roles.ensure_database(self.cluster, fresh)
        if self.model:
            self._fill_from(self.model, fresh)
            shutil.copytree(self.model.values["KEYS_DIR"], keys)
        else:
            self._manage(fresh, "migrate", "--skip-checks")
            self._manage(fresh, "make_keys", "--skip-checks")
            keys.mkdir(mode=0o700, exist_ok=True)
        roles.rename_database(self.cluster, fresh, self.template)

    def _fill_from(self, model: "TestBed", fresh: str) -> None:
        """As the template of another cluster is: migrating costs ten times as much."""
        copy = model.fresh_copy()
        try:
            self.cluster.load(fresh, model.cluster.dump(copy))
        finally:
            model.drop(copy)
        with self.cluster.superuser(fresh) as session, session.cursor() as cursor:
            # A dump that was loaded is a restore. Looked up here: whoever makes a bed may not have set Django up yet.
            cursor.execute(import_module("vault.lock").COME_HOME)
            cursor.execute(CATCH_UP)

    def _manage(self, database: str, *command: str) -> None:
        done = subprocess.run(
            [sys.executable, CHECKOUT / "manage.py", *command, "-v0"],
            env=self.environment(roles.OWNER, database),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise EngineTrouble(f"manage.py {command[0]} failed on the test template:\n{done.stdout}{done.stderr}")


def prepare() -> TestBed:
    """Fill the environment that Django's settings read; nothing is started yet."""
    _keep_bytecode()
    bed = bed_at("test")
    own = bed.environment()
    os.environ.update({name: own[name] for name in (*bed.values, "DATABASE_URL") if name in own})
    return bed


def _keep_bytecode() -> None:
    """Many processes will start: none compiles anew what another has, though containers often ask for that."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False


def bed_at(name: str, model: TestBed | None = None) -> TestBed:
    """A bed with a cluster of its own, for tests that mind who else is connected; nothing is started yet.

    Its template is made, or taken over from ``model``, which is open then.
    """
    place = find_place("-".join([name, *Path(os.environ.get(POSTGRES_BIN, "")).parts[1:]]))
    cluster = Cluster(place, SETTINGS)
    run = os.environ.setdefault(RUN, f"run_{secrets.token_hex(4)}")
    mark = os.environ.setdefault(TEMPLATE, fingerprint.of_database())
    with locks.alone(place.local / "start.lock"):
        values = environment.keep_environment(cluster)
    values |= {"KEYS_DIR": str(place.local / f"keys-{mark}"), "DJANGO_SETTINGS_MODULE": "hotelrecords.settings"}
    # Databases come and go here: a test of backups says where they are.
    values |= {"BACKUP_DIR": "", "LEDGER_DIR": "", "ROLL_CALL_DIR": ""}
    (place.local / "static").mkdir(exist_ok=True)
    return TestBed(cluster, values, f"template_{mark}", run, model)

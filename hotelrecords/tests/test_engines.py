"""PostgreSQL and Valkey: made, killed, broken, in places hard to reach."""

import contextlib
import os
import shutil
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from hotelrecords.embedded import EngineTrouble, living, roles, serve, testing
from hotelrecords.embedded.account import engine_account
from hotelrecords.embedded.places import Place, find_place
from hotelrecords.embedded.postgres import Cluster
from hotelrecords.embedded.site import Site
from hotelrecords.embedded.valkey import Broker

LONGEST_SOCKET_PATH = 107
PASSWORDS = dict.fromkeys(roles.ROLES, "p'w\\ä")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Engines of their own in a folder that is very deep and, for root's engines, closed."""
    deep = tmp_path_factory.mktemp("closed").joinpath(*["a-folder-with-a-long-name"] * 8)
    deep.mkdir(parents=True, mode=0o700)
    place = find_place("engines", deep / "local")
    yield place
    Broker(place).stop()
    Cluster(place).stop()
    for folder in {place.home, place.runtime}:
        shutil.rmtree(folder)


@pytest.fixture
def cluster(place: Place) -> Cluster:
    """Their PostgreSQL, running, with its roles and one database."""
    cluster = Cluster(place, {"fsync": "off"})
    cluster.start()
    roles.ensure_roles(cluster, PASSWORDS)
    roles.ensure_database(cluster, "house")
    return cluster


def ask(cluster: Cluster, question: str, role: str = roles.WEB) -> object:
    with psycopg2.connect(cluster.url(role, PASSWORDS[role], "house")) as session, session.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0] if cursor.description else None


def postmaster(cluster: Cluster) -> int:
    return int((cluster.data / "postmaster.pid").read_text().split()[0])


def test_sockets_have_short_paths_in_a_closed_folder(cluster: Cluster) -> None:
    socket = cluster.place.runtime / ".s.PGSQL.5432"
    assert socket.is_socket()
    assert len(str(socket)) <= LONGEST_SOCKET_PATH
    assert cluster.place.runtime.stat().st_mode & 0o777 == 0o700


def test_nothing_listens_on_a_network(cluster: Cluster) -> None:
    assert ask(cluster, "SHOW listen_addresses") == ""


def test_the_engines_do_not_run_as_root(cluster: Cluster) -> None:
    assert cluster.place.account.uid != 0
    assert cluster.data.stat().st_uid == cluster.place.account.uid


def test_a_second_start_finds_it_running(cluster: Cluster) -> None:
    assert cluster.start() is False


@pytest.mark.parametrize("role", roles.ROLES)
def test_roles_sign_in_with_their_passwords_and_without_jit(cluster: Cluster, role: str) -> None:
    assert ask(cluster, "SELECT current_user || ' ' || current_setting('jit')", role) == f"{role} off"


@pytest.mark.parametrize("role", [roles.WEB, roles.KEEPER])
@pytest.mark.parametrize("deed", ["CREATE TABLE t (i int)", "CREATE TEMP TABLE t (i int)", "CREATE SCHEMA s"])
def test_only_the_owner_makes_tables(cluster: Cluster, role: str, deed: str) -> None:
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        ask(cluster, deed, role)


def test_a_wrong_password_is_refused(cluster: Cluster) -> None:
    with pytest.raises(psycopg2.OperationalError):
        psycopg2.connect(cluster.url(roles.WEB, "guess", "house"))


def test_a_copy_is_closed_to_the_public_too(cluster: Cluster) -> None:
    roles.copy_database(cluster, "house", "copy")
    with cluster.superuser() as session, session.cursor() as cursor:
        cursor.execute("SELECT has_database_privilege('public', 'copy', 'CONNECT')")
        assert cursor.fetchone() == (False,)
    roles.drop_databases(cluster, "copy")


def test_after_kill_9_it_starts_again_with_its_data(cluster: Cluster) -> None:
    ask(cluster, "CREATE TABLE kept AS SELECT 42 AS answer", roles.OWNER)
    os.kill(postmaster(cluster), signal.SIGKILL)
    assert cluster.start() is True
    assert ask(cluster, "SELECT answer FROM kept", roles.OWNER) == 42
    ask(cluster, "DROP TABLE kept", roles.OWNER)


def test_a_machine_that_fell_took_nothing_but_the_copies_in_memory(cluster: Cluster) -> None:
    cluster.stop()
    cluster = Cluster(cluster.place, testing.SETTINGS)
    cluster.start()
    memory = cluster.place.account.claim(cluster.place.runtime / "memory")
    roles.make_tablespace(cluster, "memory", memory)
    roles.copy_database(cluster, "house", "copy", "memory")
    with cluster.superuser("copy") as session, session.cursor() as cursor:
        cursor.execute("SET synchronous_commit = on")
        for line in ("CREATE TABLE lost AS SELECT generate_series(1, 9999)", "CHECKPOINT", "DELETE FROM lost"):
            cursor.execute(line)
    os.kill(postmaster(cluster), signal.SIGKILL)
    shutil.rmtree(memory)
    cluster.place.account.claim(memory)
    assert cluster.start() is True
    roles.drop_databases(cluster, "copy")
    roles.drop_tablespace(cluster, "memory")
    assert (roles.list_tablespaces(cluster), ask(cluster, "SELECT 42")) == (["pg_default", "pg_global"], 42)
    cluster.stop()


def test_a_lock_file_with_the_number_of_another_program_is_forgotten(cluster: Cluster) -> None:
    lock = cluster.data / "postmaster.pid"
    text = lock.read_text()
    cluster.stop()
    lock.write_text(text.replace(text.split()[0], str(os.getpid()), 1))
    assert cluster.start() is True


@pytest.mark.parametrize("broken", ["PG_VERSION", "global/pg_control"])
def test_a_broken_data_folder_gets_a_sentence(cluster: Cluster, broken: str) -> None:
    cluster.stop()
    path = cluster.data / broken
    path.rename(f"{path}.away")
    try:
        with pytest.raises(EngineTrouble) as told:
            cluster.start()
    finally:
        Path(f"{path}.away").rename(path)
    assert str(told.value).count("ove it away and start again") == 1
    assert str(told.value).count(str(cluster.data)) >= 1


def test_the_log_quotes_no_value(cluster: Cluster) -> None:
    ask(cluster, "CREATE TABLE guest (name text UNIQUE)", roles.OWNER)
    for _attempt in range(2):
        with contextlib.suppress(psycopg2.errors.UniqueViolation):
            ask(cluster, "INSERT INTO guest VALUES ('王小明')", roles.OWNER)
    ask(cluster, "DROP TABLE guest", roles.OWNER)
    log = cluster.log.read_text()
    assert (log.count("duplicate key"), log.count("王小明")) == (1, 0)


def test_valkey_starts_keeps_nothing_and_survives_kill_9(place: Place) -> None:
    broker = Broker(place)
    assert (broker.start(), broker.start()) == (True, False)
    os.kill(valkey_pid(broker), signal.SIGKILL)
    deadline = time.monotonic() + 5
    while broker.is_running() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert broker.start() is True
    broker.stop()
    assert broker.is_running() is False
    assert list(place.runtime.glob("*.rdb")) == []


def test_a_killed_engine_is_started_again_while_the_site_runs(cluster: Cluster) -> None:
    closing = threading.Event()
    watch = threading.Thread(target=serve.watch_engines, args=(Site(cluster.place, cluster.settings), closing))
    watch.start()
    os.kill(postmaster(cluster), signal.SIGKILL)
    deadline = time.monotonic() + 20
    while not cluster.is_running() and time.monotonic() < deadline:
        time.sleep(0.1)
    closing.set()
    watch.join()
    assert cluster.is_running()


def valkey_pid(broker: Broker) -> int:
    with broker.client() as client:
        return int(client.info("server")["process_id"])


def test_a_folder_open_to_others_is_not_used(tmp_path: Path) -> None:
    folder = tmp_path / "runtime"
    folder.mkdir(mode=0o755)
    with pytest.raises(EngineTrouble, match="only the user"):
        engine_account().claim(folder)


def test_a_link_in_place_of_a_folder_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "runtime").symlink_to("/tmp")
    with pytest.raises(EngineTrouble, match="only the user"):
        engine_account().claim(tmp_path / "runtime")


def test_what_a_process_is() -> None:
    assert living.command_of(os.getpid()).count("python") >= 1
    assert living.command_of(2**22 - 1) == ""

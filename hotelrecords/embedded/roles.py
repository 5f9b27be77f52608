"""The four roles of the database and the databases they use."""

from collections.abc import Mapping
from pathlib import Path

from psycopg2 import sql
from psycopg2.extensions import connection as Connection

from hotelrecords.embedded.postgres import Cluster

OWNER, WEB, KEEPER = "hotelrecords_owner", "hotelrecords_web", "hotelrecords_keeper"
# Reads everything and changes nothing; makes databases of its own, to restore backups into for trial.
BACKUP = "hotelrecords_backup"
ROLES = (OWNER, WEB, KEEPER, BACKUP)
# Where each role's address stands in the environment.
URL_OF = {
    OWNER: "DATABASE_OWNER_URL",
    WEB: "DATABASE_URL",
    KEEPER: "DATABASE_KEEPER_URL",
    BACKUP: "DATABASE_BACKUP_URL",
}
# A transaction left open holds back the seal of the log; migrations may wait longer.
IDLE_IN_TRANSACTION = {OWNER: "10min", WEB: "60s", KEEPER: "60s", BACKUP: "0"}
# Connections of threads that ended are collected late; those that still serve are made again when needed.
IDLE_SESSION = {OWNER: "0", WEB: "1h", KEEPER: "0", BACKUP: "0"}
# Token columns have no statistics, so the planner thinks a look-up large and starts helpers: 15 ms for 0.3 (seen).
HELPERS = {OWNER: "2", WEB: "0", KEEPER: "2", BACKUP: "2"}


def ensure_roles(cluster: Cluster, passwords: Mapping[str, str]) -> None:
    """Make the roles, or give them these passwords and settings again."""
    with cluster.superuser() as session, session.cursor() as cursor:
        cursor.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", [list(ROLES)])
        known = {name for (name,) in cursor.fetchall()}
        for role in ROLES:
            deed = sql.SQL("ALTER" if role in known else "CREATE")
            name, password = sql.Identifier(role), sql.Literal(passwords[role])
            limits = sql.SQL("LOGIN NOSUPERUSER {} NOCREATEROLE NOREPLICATION NOBYPASSRLS").format(
                sql.SQL("CREATEDB" if role == BACKUP else "NOCREATEDB")
            )
            cursor.execute(sql.SQL("{} ROLE {} {} PASSWORD {}").format(deed, name, limits, password))
            settings = {
                "jit": "off",
                "max_parallel_workers_per_gather": HELPERS[role],
                "idle_in_transaction_session_timeout": IDLE_IN_TRANSACTION[role],
                "idle_session_timeout": IDLE_SESSION[role],
            }
            for setting, value in settings.items():
                line = sql.SQL("ALTER ROLE {} SET {} = {}")
                cursor.execute(line.format(name, sql.Identifier(setting), sql.Literal(value)))
        cursor.execute(sql.SQL("GRANT pg_read_all_data TO {}").format(sql.Identifier(BACKUP)))


def ensure_database(cluster: Cluster, name: str) -> bool:
    """Make an empty database that belongs to the owner; False when it is there already."""
    with cluster.superuser() as session, session.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if cursor.fetchone():
            _close_to_public(session, name)
            return False
        cursor.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(OWNER)))
        _close_to_public(session, name)
    with cluster.superuser(name) as session, session.cursor() as cursor:
        cursor.execute(sql.SQL("ALTER SCHEMA public OWNER TO {}").format(sql.Identifier(OWNER)))
        cursor.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
        cursor.execute(
            sql.SQL("GRANT USAGE ON SCHEMA public TO {}, {}").format(sql.Identifier(WEB), sql.Identifier(KEEPER))
        )
    return True


def copy_database(cluster: Cluster, template: str, name: str, tablespace: str = "pg_default") -> None:
    """Make a copy of ``template``, to which nobody may be connected: its files, which costs half of telling the WAL."""
    with cluster.superuser() as session, session.cursor() as cursor:
        cursor.execute(
            sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {} TABLESPACE {} STRATEGY FILE_COPY").format(
                *map(sql.Identifier, (name, OWNER, template, tablespace))
            )
        )
        _close_to_public(session, name)


def drop_databases(cluster: Cluster, *names: str) -> None:
    """Remove databases, whoever is still connected."""
    with cluster.superuser() as session, session.cursor() as cursor:
        for name in names:
            cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def rename_database(cluster: Cluster, old: str, new: str) -> None:
    """Give a database another name."""
    with cluster.superuser() as session, session.cursor() as cursor:
        cursor.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(old), sql.Identifier(new)))


def make_tablespace(cluster: Cluster, name: str, folder: Path) -> None:
    """A place for databases in an empty folder of the engines' user."""
    with cluster.superuser() as session, session.cursor() as cursor:
        cursor.execute(
            sql.SQL("CREATE TABLESPACE {} LOCATION {}").format(sql.Identifier(name), sql.Literal(str(folder)))
        )


def drop_tablespace(cluster: Cluster, name: str) -> None:
    """Forget a place for databases, in which there is none any more."""
    with cluster.superuser() as session, session.cursor() as cursor:
        cursor.execute(sql.SQL("DROP TABLESPACE IF EXISTS {}").format(sql.Identifier(name)))


def list_tablespaces(cluster: Cluster) -> list[str]:
    """The names of all places for databases."""
    with cluster.superuser() as session, session.cursor() as cursor:
        cursor.execute("SELECT spcname FROM pg_tablespace ORDER BY spcname")
        return [name for (name,) in cursor.fetchall()]


def list_databases(cluster: Cluster) -> list[str]:
    """The names of all databases."""
    with cluster.superuser() as session, session.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database ORDER BY datname")
        return [name for (name,) in cursor.fetchall()]


def _close_to_public(session: Connection, name: str) -> None:
    """Grants of a database are not copied with it: only our roles may connect, nobody makes temporary tables."""
    with session.cursor() as cursor:
        database = sql.Identifier(name)
        cursor.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
        cursor.execute(
            sql.SQL("GRANT CONNECT ON DATABASE {} TO {}, {}, {}").format(
                database, sql.Identifier(WEB), sql.Identifier(KEEPER), sql.Identifier(BACKUP)
            )
        )

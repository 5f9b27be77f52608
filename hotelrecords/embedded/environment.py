"""The environment of each process: generated secrets, addresses, and nobody gets more than it needs.

On one machine all processes belong to one user of the operating system: that separates roles, not secrets. Who can
read this user's files can be every role. In production each role's secret is given to its own container or host.
"""

import os
import secrets
import shlex
from collections.abc import Mapping
from pathlib import Path

from hotelrecords.embedded.places import Place, installed_programs
from hotelrecords.embedded.postgres import Cluster
from hotelrecords.embedded.roles import BACKUP, KEEPER, OWNER, ROLES, URL_OF
from hotelrecords.embedded.valkey import Broker

SECRETS = ("SECRET_KEY", *(f"{role.upper()}_PASSWORD" for role in ROLES), "KEYRING_PASSPHRASE")
PRIVATE = {*SECRETS, *URL_OF.values(), "SEAL_DIR"}


def read(path: Path) -> dict[str, str]:
    """The NAME=value lines of a file; empty when there is none."""
    try:
        lines = path.read_text().splitlines()
    except FileNotFoundError:
        return {}
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name: "".join(shlex.split(value)) for name, _, value in pairs}


def write(path: Path, values: Mapping[str, str]) -> None:
    """Write NAME=value lines, readable by their owner alone."""
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.writelines(f"{name}={shlex.quote(value)}\n" for name, value in values.items())
    fresh.replace(path)


def keep_environment(cluster: Cluster, database: str = "hotelrecords") -> dict[str, str]:
    """The whole environment of a place, kept in its ``env`` file: secrets are made once, addresses each time."""
    place = cluster.place
    path = place.local / "env"
    kept = read(path)
    values = {name: kept.get(name) or secrets.token_urlsafe(48) for name in SECRETS}
    values |= _urls(cluster, values, database) | _folders(place)
    values |= {"DEMO": "1", "TLS": "0"}
    values = kept | values
    if values != kept:
        write(path, values)
    return values


def passwords(values: Mapping[str, str]) -> dict[str, str]:
    """The password of each role of the database."""
    return {role: values[f"{role.upper()}_PASSWORD"] for role in ROLES}


def for_process(values: Mapping[str, str], role: str) -> dict[str, str]:
    """What a process of one role is given: its own database address and nobody else's secret."""
    url = URL_OF[role]
    inherited = {name: value for name, value in os.environ.items() if name not in PRIVATE}
    shared = {name: value for name, value in values.items() if name not in PRIVATE}
    own = {"DATABASE_URL": values[url], "SECRET_KEY": values["SECRET_KEY"]}
    if role == KEEPER:
        own |= {url: values[url], "SEAL_DIR": values["SEAL_DIR"]}
    if role in (KEEPER, OWNER):
        own |= {name: values[name] for name in (URL_OF[BACKUP], "KEYRING_PASSPHRASE")}
    return inherited | shared | own | {"PYTHONUNBUFFERED": "1"}


def _urls(cluster: Cluster, values: Mapping[str, str], database: str) -> dict[str, str]:
    urls = {URL_OF[role]: cluster.url(role, password, database) for role, password in passwords(values).items()}
    return urls | {"REDIS_URL": Broker(cluster.place).url}


def _folders(place: Place) -> dict[str, str]:
    return {
        "KEYS_DIR": str(place.local / "keys"),
        "BACKUP_DIR": str(place.local / "backups" / "data"),
        "BACKUP_KEYS_DIR": str(place.local / "backups" / "keys"),
        "LEDGER_DIR": str(place.local / "backups" / "ledger"),
        "KEYRING_DIR": str(place.local / "backups" / "keyring"),
        "ROLL_CALL_DIR": str(place.local / "roll-call"),
        "POSTGRES_BIN": str(installed_programs().postgres),
        "SEAL_DIR": str(place.local / "seal"),
        "STATIC_ROOT": str(place.local / "static"),
        "EMAIL_URL": f"file://{place.local / 'mail'}",
    }

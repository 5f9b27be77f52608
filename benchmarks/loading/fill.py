"""Makes one data set: houses and people, then guests in chunks by as many processes as there are cores."""

import os
import sys
import time
from collections import Counter
from datetime import date
from multiprocessing import get_context

from django.db import connection, connections, transaction

from benchmarks.engines import connect
from benchmarks.houses import slots
from benchmarks.loading import bulk, desks, measured, party, twin
from benchmarks.people.guests import chunk, chunks
from hotelrecords.embedded.roles import WEB
from vault import keys
from vault.models import KeyEpoch
from vault.search import frequencies, tokens

TABLES = (
    "vault_subject", "vault_envelope", "keys.envelope_key", "search.subject_token",
    "stays_stay", "stays_occupant", "stays_roomuse", "stays_registration", "stays_billline",
)  # fmt: skip
# Names of so many guests decide how frequent tokens are split.
COUNTED = 50_000
LOADED = f"""
CREATE SCHEMA bench;
GRANT USAGE ON SCHEMA bench TO {WEB};
CREATE TABLE bench.loaded (guests int NOT NULL, anchor date NOT NULL, seconds numeric NOT NULL);
GRANT SELECT ON bench.loaded TO {WEB};
"""


def fill(guests: int, today: date) -> None:
    """Fill the database of this process, freshly migrated, as its owner. Prints how far it is."""
    began = time.monotonic()
    desk = desks.open_houses()
    with connect() as session:
        twin.make(session)
    session.close()
    _count_names(guests)
    plan = party.Plan(desk, slots(guests, today), today)
    _say("laying indexes aside")
    with bulk.without_indexes(TABLES):
        _load(plan, guests, began)
        measured.write(plan)
        bulk.execute(SEEN)
        _say("\nputting indexes back")
    _index_twin()
    _finish(guests, today, began)


def _count_names(guests: int) -> None:
    """Split frequent tokens by their frequency among these very guests, as a rebuild does, before any is written."""
    counted = Counter[str]()
    sampled = list(chunks(min(guests, COUNTED)))
    for number, size in sampled:
        for guest in chunk(number, size):
            counted.update(tokens.features(filter(None, (guest.name, guest.latin_name))))
    total = sum(size for _number, size in sampled)
    split = {feature: frequencies.buckets(seen / total) for feature, seen in counted.items()}
    split = {feature: count for feature, count in split.items() if count > 1}
    frequencies.keep(frequencies.Split(keys.active_epoch(KeyEpoch.Purpose.INDEX), 1, split, split))


def _load(plan: "party.Plan", guests: int, began: float) -> None:
    connections.close_all()
    done = 0
    with get_context("fork").Pool(os.cpu_count(), _remember, (plan,)) as pool:
        for count in pool.imap_unordered(_chunk, list(chunks(guests))):
            done += count
            rate = done / (time.monotonic() - began)
            _say(f"\r{done:>9,} of {guests:,} guests sealed, {rate:,.0f} a second ")


_plan: "party.Plan"


def _remember(plan: "party.Plan") -> None:
    global _plan
    _plan = plan


def _chunk(task: tuple[int, int]) -> int:
    number, size = task
    with transaction.atomic():
        party.write(_plan, number, size)
    return size


def _index_twin() -> None:
    with get_context("fork").Pool(2) as pool:
        pool.map(bulk.execute, twin.INDEXES, chunksize=1)


SEEN = (
    "UPDATE vault_subject s SET seen_on = n.newest_on FROM (SELECT o.subject_id, max(t.arrival_on) AS newest_on"
    " FROM stays_occupant o JOIN stays_stay t ON t.id = o.stay_id GROUP BY o.subject_id) n WHERE n.subject_id = s.id",
    "UPDATE search.subject_token t SET seen_on = s.seen_on FROM vault_subject s WHERE s.id = t.subject",
)
SEQUENCES = (
    "SELECT setval(pg_get_serial_sequence('stays_occupant', 'id'), (SELECT max(id) FROM stays_occupant))",
    "SELECT setval('stays_stay_number', (SELECT max(id) FROM stays_occupant))",
)


def _finish(guests: int, today: date, began: float) -> None:
    bulk.execute(SEQUENCES)
    _say("analysing\n")
    bulk.execute(["VACUUM (ANALYZE)"])
    with connection.cursor() as cursor:
        cursor.execute(LOADED)
        cursor.execute("INSERT INTO bench.loaded VALUES (%s, %s, %s)", [guests, today, time.monotonic() - began])
    _say(f"{guests:,} guests loaded in {time.monotonic() - began:,.0f} s\n")


def _say(text: str) -> None:
    sys.stdout.write(text if text.startswith("\r") or text.endswith("\n") else f"{text}\n")
    sys.stdout.flush()

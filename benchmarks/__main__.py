"""The command: load what is missing, measure, write the figures down.

python -m benchmarks                        10k and 100k, every measure
python -m benchmarks --sizes 1m --only P1,P2
python -m benchmarks load --sizes 1m        only make the data set
python -m benchmarks report                 write the tables of docs/performance.md from the kept figures
python -m benchmarks drop --sizes 1m        remove a data set
"""

import argparse
import sys
from collections.abc import Sequence

from benchmarks.engines import SIZES, Bench, bench
from hotelrecords.embedded import EngineTrouble, roles

MEASURES = ("P1", "P2", "P3", "P3-office", "P4", "P5", "P6", "P6-asked", "P7", "P7-keys", "P8", "P10")
# The log is measured in an empty house of its own, with as many rows as the size says guests.
OF_THE_LOG = ("P5", "P6", "P6-asked")
# Ten rows to a guest, and so is measured only when it is named.
OF_YEARS = "P6-asked"
# What only the owner may do.
OF_THE_OWNER = ("P7-keys",)


def main() -> int:
    """Do what the command line says; the answer is the exit code."""
    options = _options()
    sizes = _listed(options.sizes, tuple(SIZES))
    only = _listed(options.only, MEASURES)
    if options.deed == "report":
        from benchmarks.report import write_report  # noqa: PLC0415

        return write_report()
    try:
        with bench() as running:
            _work(running, options.deed, sizes, only)
    except EngineTrouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/bench", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("deed", nargs="?", default="measure", choices=("measure", "load", "report", "drop"))
    parser.add_argument("--sizes", default="10k,100k", help="of 10k, 100k, 1m")
    usual = [name for name in MEASURES if name != OF_YEARS]
    parser.add_argument("--only", default=",".join(usual), help="of " + ", ".join(MEASURES))
    return parser.parse_args()


def _listed(text: str, known: Sequence[str]) -> list[str]:
    wanted = [part.strip() for part in text.split(",") if part.strip()]
    for part in wanted:
        if part not in known:
            sys.exit(f"{part} is none of {', '.join(known)}")
    return wanted


def _work(running: Bench, deed: str, sizes: Sequence[str], only: Sequence[str]) -> None:
    for size in sizes:
        database = running.database(size)
        if deed == "drop":
            roles.drop_databases(running.cluster, database)
            continue
        of_guests = [name for name in only if name not in (*OF_THE_LOG, *OF_THE_OWNER)]
        of_owner = [name for name in only if name in OF_THE_OWNER]
        if deed == "load" or of_guests or of_owner:
            _ensure_loaded(running, size)
        if deed == "measure" and of_guests:
            running.run(["-m", "benchmarks.prepare", *of_guests], database, roles.OWNER)
            running.collect_static(database)
            running.run(["-m", "benchmarks.measure", size, *of_guests], database)
        if deed == "measure" and of_owner:
            _measure_as_owner(running, size, of_owner)
        for name in only if deed == "measure" else ():
            if name in OF_THE_LOG:
                _measure_log(running, size, name)


def _measure_as_owner(running: Bench, size: str, names: Sequence[str]) -> None:
    """On a copy with the product's own tables only: no house has a twin, and a backup with one proves nothing."""
    with running.copy(size, without=("twin", "bench")) as copied:
        running.run(["-m", "benchmarks.measure", size, *names], copied, roles.OWNER)


def _measure_log(running: Bench, size: str, name: str) -> None:
    fresh = f"log_{size}"
    roles.drop_databases(running.cluster, fresh)
    roles.ensure_database(running.cluster, fresh)
    try:
        running.migrate(fresh)
        rows = [str(10 * SIZES[size]), "years"] if name == OF_YEARS else [str(SIZES[size])]
        running.run(["-m", "benchmarks.loading.log", *rows], fresh, roles.OWNER)
        running.run(["-m", "benchmarks.measure", size, name], fresh, roles.KEEPER)
    finally:
        roles.drop_databases(running.cluster, fresh)


def _ensure_loaded(running: Bench, size: str) -> None:
    """Load into a database of another name, renamed when it is complete, so that half a data set is never measured."""
    database = running.database(size)
    if database in roles.list_databases(running.cluster):
        running.migrate(database)
        return
    fresh = f"{database}_new"
    roles.drop_databases(running.cluster, fresh)
    roles.ensure_database(running.cluster, fresh)
    running.migrate(fresh, keys=database)
    running.run(["-m", "benchmarks.load", str(SIZES[size])], fresh, roles.OWNER, keys=database)
    roles.rename_database(running.cluster, fresh, database)


if __name__ == "__main__":
    sys.exit(main())

"""Restoring the house, step by step: what a killed run did stays done, and nothing is shown until all is proved.

The plan and the steps done stand in a schema of their own in the database that is being restored; what the data
brings along cannot overwrite them.
"""

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from django.db import connection

from audit import guard
from audit import services as audit
from vault import actions, ledger, ledger_copy, lock, rotation
from vault.backup import files, filling, folders, programs, proving, replaying, scratch
from vault.backup.folders import BackupTrouble, Files

Show = Callable[[str, int, int], None]
# Steps that fill the database; Django is not connected to it yet.
FILLING: Final = ("data", "keys", "structure")

_PLAN = """
CREATE SCHEMA IF NOT EXISTS restoring;
CREATE TABLE IF NOT EXISTS restoring.plan (id smallint PRIMARY KEY, told jsonb NOT NULL);
CREATE TABLE IF NOT EXISTS restoring.step (name text PRIMARY KEY, seconds numeric NOT NULL, facts jsonb NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is restored: the data of one backup, the keys of another. Empty names: what is in the database stays."""

    data: str = ""
    keys: str = ""


@dataclass(slots=True)
class Report:
    """What a restore did: seconds and facts of each step."""

    plan: Plan
    steps: list[dict[str, Any]] = field(default_factory=list)

    @property
    def facts(self) -> dict[str, Any]:
        """The facts of all steps."""
        return {name: value for step in self.steps for name, value in step["facts"].items()}


def plan_for(name: str = "", *, is_here: bool = False, with_keys: bool = True) -> Plan:
    """What to restore: the newest backup that counts, or the one named, with the newest keys.

    ``is_here``: another tool brought the data already; without keys, the keys too. Raises BackupTrouble.
    """
    keys = folders.newest_keys().name if with_keys else ""
    if is_here:
        return Plan("", keys)
    found = [each for each in folders.proved() if name in ("", each.name)]
    if not found:
        raise BackupTrouble(f"no backup called {name} counts" if name else "there is no backup that counts")
    if keys < found[0].name:
        raise BackupTrouble(f"the newest keys ({keys}) are older than the data ({found[0].name}): guests would be lost")
    return Plan(found[0].name, keys)


def check_ledger(plan: Plan) -> int:
    """Follow the ledger's copy and hold it against the backups; its newest entry.

    Raises LedgerForked where it is broken, or older than the keys: erased guests would rise again.
    """
    head, _digest = ledger_copy.verify()
    told = [files.head_of(Files(plan.data).data)] if plan.data else []
    told += [files.head_of(Files(plan.keys).keys)] if plan.keys else []
    for facts in (each.facts for each in told):
        if facts["ledger"] > head:
            raise ledger_copy.LedgerForked(
                f"the ledger's copy ends at entry {head}, the backup knows entry {facts['ledger']}: find the newer copy"
            )
        if facts["ledger"] and _digest_at(facts["ledger"]) != facts["digest"]:
            raise ledger_copy.LedgerForked(f"entry {facts['ledger']} of the ledger's copy is not the backup's")
    return head


def _digest_at(sequence: int) -> str:
    [entry] = ledger_copy.some(sequence, sequence)
    return bytes(entry.digest).hex()


class Restore:
    """One restore into the database at an address, as the owner of what will be in it.

    ``is_trial``: the house itself goes on elsewhere, so its ledger's copy is read and not written.
    """

    def __init__(self, url: str, plan: Plan, show: Show, *, is_trial: bool = False) -> None:
        self.url, self.plan, self.show, self.is_trial = url, plan, show, is_trial

    def run(self) -> Report:
        """Do what is not done yet and open the house. Raises what is in the way; the next run goes on from there."""
        check_ledger(self.plan)
        self._begin()
        report = Report(self.plan)
        for name, deed in self._steps():
            done = self._done(name) or self._do(name, deed)
            report.steps.append({"name": name, **done})
        self._open(report)
        return report

    def _steps(self) -> list[tuple[str, Callable[[], dict[str, Any]]]]:
        data, keys = Files(self.plan.data), Files(self.plan.keys)
        brought: list[tuple[str, Callable[[], dict[str, Any]]]] = []
        if self.plan.data:
            brought.append(("data", lambda: self._fill(filling.load_data, data)))
        if self.plan.keys:
            brought.append(("keys", lambda: self._fill(filling.load_keys, keys)))
        if self.plan.data:
            brought.append(("structure", lambda: self._fill(filling.load_structure, data)))
        return [
            *brought,
            ("ledger", lambda: replaying.take_over_ledger(self.show)),
            ("replay", lambda: replaying.replay(self.show)),
            ("search", lambda: {"indexed": rotation.rotate_index(show=self.show, is_alone=True)}),
            ("proof", self._prove),
        ]

    def _fill(self, load: Callable[[str, Files, Show], None], source: Files) -> dict[str, Any]:
        load(self.url, source, self.show)
        return {}

    def _do(self, name: str, deed: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        begun = time.monotonic()
        if name in FILLING:
            facts = deed()
        else:
            with scratch.connected_to(self.url):
                facts = deed()
        done = {"seconds": round(time.monotonic() - begun, 3), "facts": facts}
        self._ask("INSERT INTO restoring.step VALUES (%s, %s, %s)", name, done["seconds"], json.dumps(facts))
        return done

    def _begin(self) -> None:
        self._ask(_PLAN)
        kept = self._ask("SELECT told FROM restoring.plan")
        if kept and kept[0][0] != asdict(self.plan):
            raise BackupTrouble(
                f"a restore of {kept[0][0]} was begun in this database: go on with it, or begin anew with --again"
            )
        self._ask("INSERT INTO restoring.plan VALUES (1, %s) ON CONFLICT DO NOTHING", json.dumps(asdict(self.plan)))

    def _done(self, name: str) -> dict[str, Any] | None:
        found = self._ask("SELECT seconds, facts FROM restoring.step WHERE name = %s", name)
        return {"seconds": float(found[0][0]), "facts": found[0][1]} if found else None

    def _prove(self) -> dict[str, Any]:
        opened = proving.open_sample()
        proving.require_keys()
        proving.require_erased()
        broken = guard.breaches(connection)
        if broken and self.plan.data:
            raise proving.NotProved(f"rights or triggers are not as declared: {'; '.join(broken[:3])}")
        if ledger.first_break() is not None:
            raise proving.NotProved("the chain of the erasure ledger is broken")
        return {"opened": opened}

    def _open(self, report: Report) -> None:
        """Let the database be the house's again, on record; the plan and its steps go."""
        with scratch.connected_to(self.url):
            audit.record(
                actions.HOUSE_RESTORED,
                who=audit.SYSTEM,
                object_type="backup",
                object_ref=self.plan.data or self.plan.keys or "here",
                detail={name: value for name, value in report.facts.items() if isinstance(value, int)},
            )
            if not self.is_trial:
                ledger_copy.bring_up_to_date()
            lock.come_home()
        self._ask("DROP SCHEMA restoring CASCADE")

    def _ask(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        return programs.ask(self.url, statement, *values)


def begin_anew(url: str) -> None:
    """Forget a restore that was begun in this database."""
    programs.ask(url, "DROP SCHEMA IF EXISTS restoring CASCADE")


def is_under_way(url: str) -> bool:
    """Whether a restore was begun in this database."""
    [(is_begun,)] = programs.ask(url, "SELECT to_regclass('restoring.plan') IS NOT NULL")
    return bool(is_begun)

"""``manage.py restore``: the house from its backups, locked until the ledger is replayed and all is proved."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from environs import Env

from staff.management.commands.backup import TROUBLE
from vault import rotation
from vault.backup import folders, keyring, programs, restoring
from vault.ledger_copy import LedgerForked
from vault.progress import Bar

HELP = "Restore the house from its backups; run it again after it was stopped. Until the end every page answers 503."

TABLES = """
SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname IN ('public', 'keys', 'search') LIMIT 1
"""


class Command(BaseCommand):
    """Runs as the owner of the database (``DATABASE_URL``); the web and worker processes may go on answering 503."""

    help = HELP
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which backup, into what, and whether another tool has begun already."""
        parser.add_argument("--backup", default="", help="the backup's name (manage.py backup --list); the newest one")
        parser.add_argument("--replace", action="store_true", help="what is in the database now may be lost")
        parser.add_argument("--here", action="store_true", help="another tool restored the data: finish that")
        parser.add_argument(
            "--keep-keys", action="store_true", help="with --here: the keys were restored along with it"
        )
        parser.add_argument(
            "--again", action="store_true", help="begin anew instead of going on with an earlier restore"
        )
        parser.add_argument("--keyring", action="store_true", help="make the key folder from the keyring, no more")

    def handle(self, *args: Any, **options: Any) -> None:
        """Restore, or say in one sentence what is in the way."""
        try:
            if options["keyring"]:
                self.stdout.write(f"{len(keyring.put_back())} keys put back into {Env().str('KEYS_DIR')}")
                return
            report = self._restore(options)
        except (*TROUBLE, LedgerForked, rotation.RotationTrouble, DatabaseError) as trouble:
            raise CommandError(
                f"{type(trouble).__name__}: {trouble} A house that is being restored is locked."
            ) from trouble
        point = (
            f", recovery point {folders.Files(report.plan.data).at:%Y-%m-%d %H:%M:%S} UTC" if report.plan.data else ""
        )
        facts = report.facts
        self.stdout.write(
            f"The house is open again{point}: {facts['erased']} records erased again, {facts['lost']} could not be "
            f"brought back, {facts['indexed']} guests indexed, {facts['opened']} records opened for trial. "
            "Take a backup now, and write the keyring anew: manage.py backup, manage.py backup --keyring."
        )
        self._reopen_log()

    def _reopen_log(self) -> None:
        """Let the sealed log go on, where the keeper's role and folder are at hand and lead to this very database."""
        if not _has_keepers_means(Env()):
            self.stdout.write("Then, as the keeper and before it runs again: manage.py reopen_log.")
            return
        try:
            call_command("reopen_log", stdout=self.stdout)
        except CommandError as trouble:
            self.stdout.write(f"The log was not reopened: {trouble}.")

    def _restore(self, options: dict[str, Any]) -> restoring.Report:
        url = Env().str("DATABASE_URL")
        if options["again"]:
            restoring.begin_anew(url)
        plan = restoring.plan_for(
            options["backup"], is_here=options["here"], with_keys=not (options["here"] and options["keep_keys"])
        )
        if plan.data and not options["replace"] and not restoring.is_under_way(url):
            _require_empty(url)
        return restoring.Restore(url, plan, Bar(is_silent=not options["verbosity"])).run()


def _has_keepers_means(env: Env) -> bool:
    if not (env.str("SEAL_DIR", "") and env.str("DATABASE_KEEPER_URL", "")):
        return False
    return _place(env.dj_db_url("DATABASE_KEEPER_URL")) == _place(env.dj_db_url("DATABASE_URL"))


def _place(address: dict[str, Any]) -> tuple[Any, ...]:
    """Which database an address leads to, whoever signs in there."""
    return tuple(address.get(name) for name in ("HOST", "PORT", "NAME"))


def _require_empty(url: str) -> None:
    if programs.ask(url, TABLES):
        name = programs.database_of(url)
        raise folders.BackupTrouble(f"the database {name} is not empty. To lose what is in it, say --replace.")

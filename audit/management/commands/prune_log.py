"""Drops the rows of a year that nobody has to keep any more."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.db import DatabaseError, connection

from audit import actions, pruning
from audit import services as audit
from audit.management.as_keeper import KeeperCommand


class Command(KeeperCommand):
    """Two people approve on the page of the log's integrity; the keeper must be running, to seal and anchor."""

    help = "Drops the access log of one year: two approvals, a sealed and anchored statement, then the rows."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which year, and how long to wait for the keeper."""
        parser.add_argument("year", type=int)
        parser.add_argument("--wait", type=int, default=180, metavar="SECONDS", help="for the seal and its anchor")

    def handle(self, *args: Any, year: int, wait: int, **options: Any) -> None:
        """State, wait, drop."""
        self.connect()
        self.verify_role()
        approved = pruning.approvers(year)
        if len(approved) < pruning.APPROVALS:
            raise CommandError(f"{len(approved)} of {pruning.APPROVALS} people have approved dropping {year}.")
        pruning.state_retention(connection, year)
        self._wait(year, wait)
        try:
            minimum = pruning.drop_year(connection, year)
        except DatabaseError as refusal:
            raise CommandError(str(refusal).splitlines()[0]) from None
        audit.record_look(actions.LOG_PRUNED, who=audit.SYSTEM, object_type="log_year", object_ref=str(year))
        self.stdout.write(f"The rows of {year} are gone; entries from {minimum:,} on are kept.")

    def _wait(self, year: int, seconds: int) -> None:
        until = time.monotonic() + seconds
        while not pruning.is_anchored(connection, year):
            if time.monotonic() > until:
                raise CommandError("The statement is not sealed and anchored yet. Is the keeper running?")
            time.sleep(1)

"""The keeper: a process of its own that does the log's privileged work, with its own database role."""

import logging
import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.db import Error, connection
from django.utils.module_loading import autodiscover_modules

from audit.keeping import Keeper
from audit.management.as_keeper import KeeperCommand, log_duties

logger = logging.getLogger("audit.keeper")
SECONDS_BETWEEN_TURNS = 5


class Command(KeeperCommand):
    """Runs until SIGTERM. A second keeper stands by and takes over when the first is gone."""

    help = "Keeps the house: seals the log, compares its guard, late duties, backups, what ends in time."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One turn instead of many, for a scheduler or a test."""
        parser.add_argument("--once", action="store_true", help="one turn; an error if another keeper is at work")

    def handle(self, *args: Any, once: bool = False, **options: Any) -> None:
        """Connect with the keeper's own role and keep."""
        self.connect()
        autodiscover_modules("keeping")
        keeper = Keeper(connection, log_duties())
        if once:
            self.verify_role()
            if not keeper.turn():
                raise CommandError("Another keeper is at work.")
            return
        self._keep(keeper)

    def _keep(self, keeper: Keeper) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        state = ""
        while not stop.is_set():
            now = self._turn(keeper)
            if now != state:
                state = now
                logger.info("keeper: %s", state)
            stop.wait(SECONDS_BETWEEN_TURNS)
        keeper.let_go()
        logger.info("keeper: stopped")

    def _turn(self, keeper: Keeper) -> str:
        try:
            if not keeper.holds_lock:
                self.verify_role()
            return "at work" if keeper.turn() else "standing by, another keeper is at work"
        except Error as trouble:
            keeper.let_go()
            return f"waiting for the database ({type(trouble).__name__})"

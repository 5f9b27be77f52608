"""The keeper's work on the sealed log: seal, anchor, sweep, verify what was ordered, and say what is in the way."""

import logging
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from audit import stored, storing
from audit.anchors import Anchors
from audit.leaves import SOURCES
from audit.orders import next_order
from audit.proving import newest
from audit.seal_key import SealKeyTrouble
from audit.sealing import Sealer, SealRefused
from audit.verifying import Findings
from audit.witnessing import Witness, WitnessRefused, ask_for_cosignature

logger = logging.getLogger("audit.keeper")

ANCHOR_SECONDS = 60
SWEEP_SECONDS = 3600
MAIL_HOURS = 24
UNSEALED_AFTER = timedelta(seconds=60)
SLICE_SECONDS = 3.0
MOST_PASSED_OVER = 5


class LogDuties:
    """What is due for the sealed log in each turn of the keeper. ``troubles`` are sentences, empty when all is well."""

    def __init__(self, connection: BaseDatabaseWrapper, folder: Path, origin: str, witnesses: list[Witness]) -> None:
        self.connection = connection
        self.folder = folder
        self.sealer = Sealer(connection, folder, origin)
        self.witnesses = witnesses
        self.troubles: dict[str, str] = {}
        self._done_at: dict[str, float] = {}
        self._cosigned: dict[str, str] = {}
        self._order: Iterator[Findings] | None = None

    def turn(self) -> list[str]:
        """Seal what may be sealed, then do what else is due; what is in the way, in sentences."""
        self._attempt("seal", self._seal)
        self._attempt("waiting", self._find_waiting)
        if self._is_due("anchor", ANCHOR_SECONDS):
            self._attempt("anchor", self._anchor)
        if self._is_due("sweep", SWEEP_SECONDS):
            self._attempt("sweep", self._sweep)
            self._attempt("mail", self._mail)
        self._attempt("verify", self._verify)
        return list(self.troubles.values())

    def _attempt(self, duty: str, deed: Callable[[], str | None]) -> None:
        """One duty's trouble keeps no other from being done; each new one is told once."""
        try:
            trouble = deed()
        except (SealRefused, SealKeyTrouble, WitnessRefused, OSError) as refused:
            trouble = str(refused)
        if trouble and trouble != self.troubles.get(duty):
            logger.error("the log: %s", trouble)
        if trouble:
            self.troubles[duty] = trouble
        else:
            self.troubles.pop(duty, None)

    def _is_due(self, duty: str, seconds: int) -> bool:
        now = time.monotonic()
        if duty in self._done_at and now - self._done_at[duty] < seconds:
            return False
        self._done_at[duty] = now
        return True

    def _seal(self) -> str | None:
        self.sealer.seal()
        return None

    def _find_waiting(self) -> str | None:
        oldest = storing.oldest_waiting(self.connection)
        if oldest is None or timezone.now() - oldest < UNSEALED_AFTER:
            return None
        for database, role, process in storing.holding_back(self.connection):
            return f"rows wait for their seal: process {process} ({role} in {database}) left a transaction open"
        return "rows wait for their seal"

    def _anchor(self) -> str | None:
        """The newest checkpoint leaves the database: into the file, and to each witness."""
        state = storing.state(self.connection)
        if state is None or not state.note:
            return None
        anchors = Anchors(self.folder, state.origin)
        if anchors.newest() != state.note:
            anchors.add(state.note)
            storing.note_anchor(self.connection, "file")
        for witness in self.witnesses:
            self._ask(witness, state)
        return None

    def _ask(self, witness: Witness, state: storing.State) -> None:
        name = witness.verifier.name
        if self._cosigned.get(name) == state.note:
            return
        line = ask_for_cosignature(witness, storing.tiles(self.connection), state)
        storing.keep_cosignature(self.connection, name, line)
        storing.note_anchor(self.connection, "witness")
        self._cosigned[name] = state.note

    def _sweep(self) -> str | None:
        for source in SOURCES.values():
            for row_id in stored.passed_over(self.connection, source, MOST_PASSED_OVER):
                return f"a row has no seal although newer ones have: {source.table} {row_id}"
        return None

    def _mail(self) -> str | None:
        """Once a day, to those who keep it."""
        checkpoint = newest(self.connection)
        if not settings.ANCHOR_MAIL_TO or storing.is_anchored(self.connection, "mail", MAIL_HOURS):
            return None
        if checkpoint:
            mail_checkpoint(checkpoint.note, checkpoint.size)
            storing.note_anchor(self.connection, "mail")
        return None

    def _verify(self) -> str | None:
        """Some seconds of the verification that was ordered, so that the next seal is not late."""
        until = time.monotonic() + SLICE_SECONDS
        while time.monotonic() < until:
            self._order = self._order or next_order(self.connection, self.folder)
            if self._order is None:
                break
            if next(self._order, None) is None:
                self._order = None
        return None


def mail_checkpoint(note: str, size: int) -> None:
    """Send the newest checkpoint to those who keep it: no guest data, only size and root."""
    message = EmailMessage(
        subject=f"Log checkpoint: {size} entries",
        body="Keep this message. It shows later whether the log was altered.\n\n" + note,
        to=settings.ANCHOR_MAIL_TO,
    )
    message.attach("checkpoint", note, "text/plain")
    message.send()

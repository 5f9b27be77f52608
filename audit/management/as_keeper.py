"""Commands that work with the keeper's own database role, in the keeper's folder."""

import secrets
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from environs import Env

from audit.anchors import Anchors
from audit.duties import LogDuties
from audit.grants import KEEPER
from audit.notes import NoteRefused
from audit.storing import state
from audit.witnessing import Witness


class KeeperCommand(BaseCommand):
    """Connects as ``DATABASE_KEEPER_URL`` says before anything else."""

    requires_system_checks: list[str] = []

    def connect(self) -> None:
        """Turn the connection into the keeper's."""
        connection.close()
        connection.settings_dict.update(Env().dj_db_url("DATABASE_KEEPER_URL"))

    def verify_role(self) -> None:
        """CommandError when the address signs in as somebody else."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            role = cursor.fetchone()[0]
        if role != KEEPER:
            raise CommandError(f"The keeper works as {KEEPER}, but DATABASE_KEEPER_URL signs in as {role}.")

    def show_progress(self, done: int, wanted: int) -> None:
        """One line that moves on a terminal; in a file, every tenth part."""
        parts = 100 if self.stderr.isatty() else 10
        if wanted and done * parts // wanted != getattr(self, "_shown", 0):
            self._shown = done * parts // wanted
            end = "\r" if self.stderr.isatty() and done < wanted else "\n"
            self.stderr.write(f"{done:,} of {wanted:,}", ending=end)


def seal_folder() -> Path:
    """The keeper's folder: the signing key and the anchors."""
    folder: Path = Env().path("SEAL_DIR")
    return folder


def log_duties() -> LogDuties:
    """The work on the sealed log, as the environment wants it."""
    env = Env()
    try:
        witnesses = [Witness.parse(text) for text in env.list("WITNESSES", [])]
    except NoteRefused as trouble:
        raise CommandError(f"WITNESSES: {trouble}") from None
    origin = env.str("LOG_ORIGIN", "") or f"hotel-records-{secrets.token_hex(4)}/audit"
    return LogDuties(connection, seal_folder(), origin, witnesses)


def kept_anchors() -> list[str]:
    """The notes of the anchors' file of the origin that signs now."""
    now = state(connection)
    return list(Anchors(seal_folder(), now.origin).notes()) if now else []

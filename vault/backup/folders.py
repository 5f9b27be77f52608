"""Where the files of a backup lie, which of them count, and when they go."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings

from vault.backup import files
from vault.sealing import SealBroken

_TIME = "%Y%m%dT%H%M%SZ"


class BackupTrouble(Exception):
    """A backup cannot be taken or used as asked; the message is for the operator."""


@dataclass(frozen=True, slots=True, order=True)
class Files:
    """The files of one backup, by its name, which begins with its moment in UTC."""

    name: str

    @property
    def data(self) -> Path:
        """Set A."""
        return _folder("BACKUP_DIR") / f"{self.name}.data"

    @property
    def proof(self) -> Path:
        """What says that both sets were restored for trial; without it the backup does not count."""
        return _folder("BACKUP_DIR") / f"{self.name}.proved"

    @property
    def keys(self) -> Path:
        """Set B."""
        return _folder("BACKUP_KEYS_DIR") / f"{self.name}.keys"

    @property
    def at(self) -> datetime:
        """The moment whose state it holds: the recovery point."""
        return datetime.strptime(self.name.partition("-")[0], _TIME).replace(tzinfo=UTC)

    def is_proved(self) -> bool:
        """Whether the proof is there, opens, and speaks of this very data. Raises OSError."""
        if not self.proof.exists() or not self.data.exists():
            return False
        try:
            told = json.loads(b"".join(files.read(self.proof, set="P")))
            return bool(told["data"] == files.head_of(self.data).wrapped.hex())
        except (SealBroken, ValueError, KeyError):
            return False

    def prove(self) -> None:
        """Write the proof."""
        told = {"data": files.head_of(self.data).wrapped.hex(), "keys": files.head_of(self.keys).wrapped.hex()}
        files.write(self.proof, [json.dumps(told).encode()], set="P", name=self.name, facts={})


def named(at: datetime, mark: str) -> Files:
    """The files of a backup of this moment."""
    return Files(f"{at.astimezone(UTC):{_TIME}}-{mark}")


def _folder(setting: str) -> Path:
    told = getattr(settings, setting)
    if not told:
        raise BackupTrouble(f"{setting} is not set: there is no place for this part of a backup")
    return Path(told)


def proved() -> list[Files]:
    """Every backup that counts and whose data is there, newest first."""
    found = [Files(path.stem) for path in _folder("BACKUP_DIR").glob("*.data")]
    return [each for each in sorted(found, reverse=True) if each.is_proved()]


def newest_keys() -> Files:
    """The backup with the newest keys that were proved. Raises BackupTrouble where there are none."""
    for path in sorted(_folder("BACKUP_KEYS_DIR").glob("*.keys"), reverse=True):
        if Files(path.stem).proof.exists():
            return Files(path.stem)
    raise BackupTrouble("there is no backup of the keys in BACKUP_KEYS_DIR that was proved")


def roll_off(*, at: datetime, newest: Files) -> tuple[list[str], list[str]]:
    """Remove data and keys past their days, and what no proof speaks for; the names of both. The newest stays."""
    data_days, keys_days = timedelta(days=settings.BACKUP_DAYS), timedelta(days=settings.BACKUP_KEYS_DAYS)
    data_gone = [
        each for each in _others("BACKUP_DIR", "data", newest) if at - each.at > data_days or not each.is_proved()
    ]
    for each in data_gone:
        each.data.unlink(missing_ok=True)
        each.proof.unlink(missing_ok=True)
    keys_gone = [
        each
        for each in _others("BACKUP_KEYS_DIR", "keys", newest)
        if at - each.at > keys_days or not each.proof.exists()
    ]
    for each in keys_gone:
        each.keys.unlink(missing_ok=True)
    return [each.name for each in data_gone], [each.name for each in keys_gone]


def _others(setting: str, suffix: str, newest: Files) -> Iterator[Files]:
    for path in sorted(_folder(setting).glob(f"*.{suffix}")):
        if path.stem < newest.name:
            yield Files(path.stem)


def forget_keys_before(newest: Files) -> list[str]:
    """Remove every older backup of the keys, as after a rotation; the names."""
    gone = list(_others("BACKUP_KEYS_DIR", "keys", newest))
    for each in gone:
        each.keys.unlink(missing_ok=True)
    return [each.name for each in gone]


def sweep() -> None:
    """Remove what killed runs left half written."""
    for setting in ("BACKUP_DIR", "BACKUP_KEYS_DIR"):
        folder = _folder(setting)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for path in folder.glob(f"*{files.PART}"):
            path.unlink()

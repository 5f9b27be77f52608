"""The operating system's user who runs the engines."""

import os
import pwd
import stat
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hotelrecords.embedded import EngineTrouble

UNPRIVILEGED = "nobody"


@dataclass(frozen=True, slots=True)
class Account:
    """Who runs the engines: the person who started them, or for root an unprivileged user."""

    name: str
    uid: int
    gid: int

    @property
    def is_another(self) -> bool:
        """Whether commands change the user before they run."""
        return self.uid != os.geteuid()

    def run(self, command: Sequence[str | Path], *, timeout: float = 120) -> "subprocess.CompletedProcess[str]":
        """Run a command as this user, from the root folder, with an environment of its own."""
        return subprocess.run(
            [str(part) for part in command],
            cwd="/",
            env={"PATH": "/usr/bin:/bin", "HOME": "/", "LC_ALL": "C", "TZ": "UTC"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=timeout,
            check=False,
            user=self.uid if self.is_another else None,
            group=self.gid if self.is_another else None,
            extra_groups=[self.gid] if self.is_another else None,
        )

    def claim(self, folder: Path) -> Path:
        """Make ``folder`` for this user alone, or make sure that it already is; EngineTrouble otherwise."""
        try:
            folder.mkdir(mode=0o700)
            if self.is_another:
                os.chown(folder, self.uid, self.gid, follow_symlinks=False)
        except FileExistsError:
            self._verify(folder)
        return folder

    def _verify(self, folder: Path) -> None:
        facts = folder.lstat()
        mine = stat.S_ISDIR(facts.st_mode) and facts.st_uid == self.uid and not facts.st_mode & 0o077
        if not mine:
            raise EngineTrouble(f"{folder} must be a folder that only the user {self.name} can open. Move it away.")


def engine_account() -> Account:
    """The user for the engines: yourself, or ``nobody`` where root starts them (PostgreSQL refuses root)."""
    if os.geteuid() != 0:
        return _own_account()
    try:
        entry = pwd.getpwnam(UNPRIVILEGED)
    except KeyError:
        raise EngineTrouble(
            f"PostgreSQL does not run as root, and this machine has no user {UNPRIVILEGED}. Start as another user."
        ) from None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _own_account() -> Account:
    uid = os.geteuid()
    try:
        return Account(pwd.getpwuid(uid).pw_name, uid, os.getegid())
    except KeyError:
        raise EngineTrouble(
            f"PostgreSQL needs a user with a name, and this machine has none for number {uid}. Start as another user."
        ) from None

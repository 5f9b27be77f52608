"""Every duty of the house as data: how often, how long it may be late, for each property or for the whole house.

Each app declares its own in ``duties.py``; ``StaffConfig.ready`` loads them all. What runs by Celery's beat has the
name of its entry there and is reported by ``hotelrecords.celery``; what the keeper does for the sealed log is read off
the log (``staff.services.log_duties``); everything else calls ``report_done`` at its end.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from staff.roles import ADMINISTRATOR, MANAGER

MINUTE: Final = timedelta(minutes=1)
HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Kind:
    """One duty: its code, its words, how often, what delay is no lapse yet.

    ``for_property``: each property has its own. ``by_hand``: a person does it; nothing runs by itself.
    ``owner``: the role of who owns it until an administrator names somebody.
    """

    code: str
    words: str | Promise
    every: timedelta
    grace: timedelta
    for_property: bool = False
    by_hand: bool = False
    owner: str = ADMINISTRATOR


_declared: dict[str, Kind] = {}


def duty(
    code: str,
    words: str | Promise,
    *,
    every: timedelta,
    grace: timedelta,
    for_property: bool = False,
    by_hand: bool = False,
    owner: str = ADMINISTRATOR,
) -> str:
    """Declare a duty and return its code."""
    _declared[code] = Kind(code, words, every, grace, for_property, by_hand, owner)
    return code


def kinds() -> list[Kind]:
    """Every declared duty, by code."""
    return [_declared[code] for code in sorted(_declared)]


def kind_of(code: str) -> Kind:
    """The duty of this code. Raises ValueError for one that nobody declared."""
    try:
        return _declared[code]
    except KeyError:
        raise ValueError(f"there is no duty called {code!r}") from None


def is_declared(code: str) -> bool:
    """Whether some app declared this duty."""
    return code in _declared


FORGET_OLD_SESSIONS = duty("forget-old-sessions", _("End old sessions and links"), every=DAY, grace=6 * HOUR)
BACKUP = duty("backup", _("Back up data and keys, and restore the copy for trial"), every=DAY, grace=6 * HOUR)
LEDGER_COPY = duty("ledger-copy", _("Copy the erasure ledger off the machine"), every=5 * MINUTE, grace=15 * MINUTE)
RESTORE_DRILL = duty(
    "restore-drill", _("Restore everything for trial and read the report"), every=90 * DAY, grace=7 * DAY, by_hand=True
)
ROTATE_KEK = duty("rotate-kek", _("Replace the key of all guests' keys"), every=31 * DAY, grace=3 * DAY, by_hand=True)
ROTATE_INDEX = duty(
    "rotate-index", _("Replace the key of the search index"), every=31 * DAY, grace=3 * DAY, by_hand=True
)
SEAL_LOG = duty("seal-log", _("Seal the access log"), every=MINUTE, grace=2 * MINUTE, owner=MANAGER)
GUARD_LOG = duty(
    "guard-log",
    _("Compare the guard of the log, find rows without a seal"),
    every=MINUTE,
    grace=5 * MINUTE,
    owner=MANAGER,
)
ANCHOR_LOG = duty(
    "anchor-log", _("Keep the state of the log outside the database"), every=DAY, grace=6 * HOUR, owner=MANAGER
)
VERIFY_LOG = duty("verify-log", _("Verify the access log"), every=DAY, grace=6 * HOUR, owner=MANAGER)
WATCH_KEEPER = duty("watch-the-keeper", _("Notice that the keeper is silent"), every=MINUTE, grace=15 * MINUTE)
BEGIN_ACCESS_REVIEWS = duty(
    "begin-access-reviews", _("Begin the quarter's access reviews"), every=DAY, grace=6 * HOUR, owner=MANAGER
)
ACCESS_REVIEW = duty(
    "access-review",
    _("Review who holds which role"),
    every=92 * DAY,
    grace=HOUR,
    for_property=True,
    by_hand=True,
    owner=MANAGER,
)

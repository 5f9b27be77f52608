"""What the tests of the purge share: stays that are over, and a whole night at once."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from privacy.models import Purge, PurgeItem
from privacy.services import purging
from privacy.tests.factories import AT, checked_in
from staff.models import Person, Property
from stays.models import Registration, Room, Stay
from stays.services import check_out_guest
from vault.models import Envelope

YEAR: Final = timedelta(days=366)
COPY_OVER: Final = AT + timedelta(days=182)
REGISTER_OVER: Final = AT + 3 * YEAR
BILL_OVER: Final = AT + 10 * YEAR


def gone_stay(clerk: Person, room: Room, *people: Any, **facts: Any) -> Stay:
    """A guest who came and left on the same day, and was reported."""
    return leave(clerk, checked_in(clerk, room, *people, **facts))


def leave(clerk: Person, stay: Stay) -> Stay:
    """Check the party out; its reports are acknowledged."""
    check_out_guest(actor=clerk, stay=stay, at=AT + timedelta(hours=1))
    Registration.objects.filter(occupant__stay=stay).update(state="acknowledged", receipt="R-1")
    stay.refresh_from_db()
    return stay


def live(**facts: Any) -> dict[str, UUID]:
    """What is sealed, by category."""
    return dict(Envelope.objects.filter(erased_at__isnull=True, **facts).values_list("category", "pk"))


def planned(house: Property, at: datetime) -> list[tuple[str, str, str]]:
    """Plan a night: record, outcome and reason to skip of each row."""
    purging.plan_night(house=house, at=at)
    return sorted(PurgeItem.objects.filter(purge__state__in=OPEN).values_list("record", "outcome", "skip"))


OPEN: Final = (Purge.State.PLANNED, Purge.State.WAITING, Purge.State.RUNNING, Purge.State.DONE)


def purged(house: Property, officer: Person, at: datetime) -> list[Purge]:
    """Plan a night, approve what waits, and run both a day later, when they are final."""
    runs = purging.plan_night(house=house, at=at)
    for run in runs:
        if run.state == Purge.State.PLANNED:
            purging.approve_purge(purge=run, actor=officer, at=at)
        assert purging.run_purge(purge=run, at=at + timedelta(days=1))
        run.refresh_from_db()
    return runs

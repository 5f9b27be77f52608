"""The three lists of the desk."""

from datetime import date, datetime

from django.db.models import Count, Q

from audit.services import Why
from staff import permissions as rights
from staff.models import Person, Property
from stays import actions
from stays.models import Stay
from stays.models.stays import StayQuerySet
from stays.purposes import require_purpose
from stays.services.looking_up import rows
from stays.services.looking_up.explaining import explain_list
from stays.typed import DeskLists
from vault import services as vault

PAGE = 50
ARRIVALS, IN_HOUSE, DEPARTURES = "arrivals", "in_house", "departures"
ORDER = {
    ARRIVALS: ("arrival_on", "reference"),
    IN_HOUSE: ("departure_on", "reference"),
    DEPARTURES: ("departure_on", "reference"),
}


def list_stays(
    *, actor: Person, property: Property, which: str = ARRIVALS, why: Why, at: datetime, page: int = 1
) -> DeskLists:
    """One list of the business day with the counts of all three; fifty rows a page, counted from 1.

    Opens the names of the page in one look. Raises ``NotAllowed`` and ``PurposeRefused``; KeyError on an
    unknown list.
    """
    rights.require(actor, "work_desk", property)
    why = explain_list(actor, property, require_purpose(actor=actor, house=property, why=why))
    today = property.today(at)
    first = max(page - 1, 0) * PAGE
    stays = stays_of(which, property, today).select_related("property").marked(at).order_by(*ORDER[which])
    bare = rows.gather(stays[first : first + PAGE])
    opened = vault.open_envelopes(
        rows.names_of(bare),
        action=actions.LIST_VIEWED,
        who=rights.who(actor, property),
        why=why,
        object_type="list",
        object_ref=which,
        fields=rows.FIELDS,
        detail={"count": len(bare)},
    )
    return DeskLists(**_counts(property, today), rows=rows.shown(bare, opened))


def stays_of(which: str, house: Property, today: date) -> StayQuerySet:
    """The stays of one list. Raises KeyError on an unknown one."""
    stays = Stay.objects
    return {ARRIVALS: stays.arrivals, IN_HOUSE: stays.in_house, DEPARTURES: stays.departures}[which](house, today)


def _counts(house: Property, today: date) -> dict[str, int]:
    due_in = Q(status=Stay.Status.EXPECTED, arrival_on__lte=today)
    in_house = Q(status=Stay.Status.IN_HOUSE)
    live = Stay.objects.at(house).unrestricted().filter(status__in=[Stay.Status.EXPECTED, Stay.Status.IN_HOUSE])
    counted: dict[str, int] = live.aggregate(
        arrivals=Count("pk", filter=due_in),
        in_house=Count("pk", filter=in_house),
        departures=Count("pk", filter=in_house & Q(departure_on__lte=today)),
    )
    return counted

"""A day of looks in the demonstration: nearly all part of the work, two by a clerk after the shift; then its review."""

from datetime import datetime, timedelta

from audit.models import Event
from audit.services import Why
from staff.models import Person, Property
from staff.services import close_shift, open_shift
from staff.services.access_reviews import begin_access_review
from stays import actions, services
from stays.demo import houses
from stays.models import Occupant, Stay
from vault import services as vault
from vault.categories import Category

FOR_THE_GUEST = Why(purpose="guest_service")
LISTS = ("arrivals", "in_house", "departures")
OPENED = 20
LONG_AGO = timedelta(days=120)
CURIOUS = "desk2"


def is_loaded() -> bool:
    """Whether anybody has looked at a guest in this database already."""
    return Event.objects.filter(action=actions.STAY_VIEWED).exists()


def load(*, at: datetime) -> int:
    """Have each desk look at its lists and at guests in house, then one clerk at a guest who left long ago; how many
    looks. Each is the product's own, on record before it shows anything. A manager then begins an access review.
    """
    count = 0
    for house in houses.HOUSES:
        place = Property.objects.get(code=house.code)
        for post in ("desk", CURIOUS):
            count += _work(Person.objects.get(staff_number=f"{house.code}-{post}"), place, at)
    first = Property.objects.get(code=houses.HOUSES[0].code)
    count += _be_curious(Person.objects.get(staff_number=f"{first.code}-{CURIOUS}"), first, at)
    begin_access_review(property=first, actor=Person.objects.get(staff_number=f"{first.code}-manager"), at=at)
    return count


def _work(clerk: Person, house: Property, at: datetime) -> int:
    shift = open_shift(actor=clerk, property=house, terminal="Desk 1", address=None, at=at)
    for which in LISTS:
        services.list_stays(actor=clerk, property=house, which=which, why=FOR_THE_GUEST, at=at)
    in_house = Stay.objects.at(house).filter(status=Stay.Status.IN_HOUSE).order_by("reference")[:OPENED]
    for stay in in_house:
        services.open_stay(stay, actor=clerk, why=FOR_THE_GUEST, at=at)
    close_shift(shift=shift, at=at)
    return len(LISTS) + len(in_house)


def _be_curious(clerk: Person, house: Property, at: datetime) -> int:
    """Whose phone it was does not matter to anybody's work any more."""
    gone = Stay.objects.at(house).filter(status=Stay.Status.CHECKED_OUT, departed_at__lt=at - LONG_AGO)
    stay = gone.order_by("-departed_at")[0]
    services.open_stay(stay, actor=clerk, why=FOR_THE_GUEST, at=at)
    lead = Occupant.objects.get(stay=stay, role=Occupant.Role.LEAD)
    contact = vault.envelopes_of([lead.subject_id], [Category.CONTACT])
    for envelope in contact.values():
        services.reveal_field(actor=clerk, envelope=envelope, field="phone", why=FOR_THE_GUEST, stepped_up=True, at=at)
    return 1 + len(contact)

"""What ends of a hold years after it was over, and what its page says then."""

from datetime import timedelta

import pytest
from django.test import Client

from audit.models import Event
from privacy import actions
from privacy.models import Hold
from privacy.services import holding, looking_up, purging
from privacy.tests.factories import make_person
from privacy.tests.purges import REGISTER_OVER, gone_stay
from privacy.tests.test_holding import UNTIL, place
from privacy.tests.visits import at_desk
from staff.models import Person, Property
from stays.models import Room, Stay
from stays.tests.factories import RoomFactory
from vault.models import Envelope

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
ENDS = (UNTIL + DAY).replace(year=UNTIL.year + 3)


def test_the_number_of_the_document_ends_with_the_file_of_the_hold(
    officer: Person, house: Property, stay: Stay
) -> None:
    secret = {"confidential": True, "officers": [make_person(house, "privacy_officer")]}
    facts = ({"until": UNTIL}, {"until": UNTIL, **secret}, {"until": None})
    frozen = [place(officer, stay, kind="authority", **each) for each in facts]
    assert holding.expire_documents(at=ENDS - 2 * DAY) == 0
    assert (holding.expire_documents(at=ENDS), holding.expire_documents(at=ENDS)) == (2, 0)
    live = Envelope.objects.filter(pk__in=[hold.envelope for hold in frozen], erased_at__isnull=True)
    assert list(live.values_list("pk", flat=True)) == [frozen[2].envelope]
    for hold, is_there in zip(frozen, (False, False, True), strict=True):
        assert looking_up.look_at_hold(hold=hold, actor=officer, at=ENDS).has_document is is_there
        assert (looking_up.open_document(hold=hold, actor=officer) is not None) is is_there
    rows = Event.objects.filter(action=actions.HOLD_DOCUMENT_EXPIRED).order_by("pk")
    assert [(row.object_ref, list(row.subjects), row.detail) for row in rows] == [
        (hold.number, [], {}) for hold in frozen[:2]
    ]
    assert [hold.steps.last().code for hold in frozen[:2]] == [actions.HOLD_DOCUMENT_EXPIRED] * 2


def test_the_page_names_what_the_purge_left_out_for_it(
    client: Client, officer: Person, clerk: Person, house: Property, room: Room
) -> None:
    stay, other = gone_stay(clerk, room), gone_stay(clerk, RoomFactory(property=house))
    hold, over = (place(officer, stay, kind="authority", until=until) for stay, until in ((stay, None), (other, UNTIL)))
    assert "Left out by the purge" not in page_of(client, officer, hold)
    purging.plan_night(house=house, at=REGISTER_OVER)
    file = looking_up.look_at_hold(hold=hold, actor=officer, at=REGISTER_OVER)
    assert [(item.record, item.ref) for item in file.left_out] == [("register", stay.reference)]
    assert looking_up.look_at_hold(hold=over, actor=officer, at=REGISTER_OVER).left_out == []
    assert f">{stay.reference}</a>" in page_of(client, officer, hold).partition("Left out by the purge")[2]


def page_of(client: Client, officer: Person, hold: Hold) -> str:
    """As the officer reads it."""
    return at_desk(client, officer, hold.property).get(f"/holds/{hold.number}/").content.decode()

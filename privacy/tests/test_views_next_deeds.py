"""What the page of a request asks for next: a correction is made, told and closed by the page's own links."""

import pytest
from django.test import Client
from django.utils import timezone

from privacy.models import Request
from privacy.services import correcting, delivering, letters
from privacy.tests.factories import checked_in
from privacy.tests.visits import at_desk, of, verified
from staff.models import Person, Property
from stays.models import Room
from vault.models import Envelope

pytestmark = pytest.mark.django_db


@pytest.fixture
def granted(clerk: Person, officer: Person, room: Room) -> Request:
    """A correction that was granted and is to be carried out."""
    stay = checked_in(clerk, room)
    return verified(stay.property, state="executing", kind="correction", stay=stay, officer=officer)


def main_of(client: Client, asked: Request) -> str:
    """The one deed the page asks for."""
    return str(client.get(of(asked)).context["may"].main)


def test_a_correction_is_made_then_told_then_closed(
    client: Client, officer: Person, house: Property, granted: Request
) -> None:
    at_desk(client, officer, house)
    told = {"request": granted, "actor": officer, "at": timezone.now()}
    assert main_of(client, granted) == "correct_first"
    name = Envelope.objects.get(subject=granted.guest_id, category="name")
    correcting.correct_record(envelope=name.pk, changes={"latin_name": "OUYANG HAI TANG"}, **told)
    assert main_of(client, granted) == "letter_first"
    letter = letters.make_letter(kind="granted", **told)
    delivering.deliver_in_person(letter=letter, document_seen=True, **told)
    assert main_of(client, granted) == "close"


def test_another_part_can_be_corrected_until_it_is_closed(
    client: Client, officer: Person, house: Property, granted: Request
) -> None:
    at_desk(client, officer, house)
    for number in range(2):
        assert f'href="{of(granted, "correct/")}"' in client.get(of(granted)).content.decode()
        name = Envelope.objects.get(subject=granted.guest_id, category="name")
        changes = {"latin_name": f"OUYANG HAITANG {number}"}
        correcting.correct_record(request=granted, actor=officer, envelope=name.pk, changes=changes, at=timezone.now())


def test_who_decided_before_is_offered_neither_to_decide_an_appeal_nor_to_approve_it(
    client: Client, officer: Person, approver: Person, house: Property, granted: Request
) -> None:
    Request.objects.filter(pk=granted.pk).update(decided_by=officer)
    asked = {"kind": "appeal", "stay": granted.stay, "appeal_of": granted}
    at_desk(client, officer, house)
    in_review = verified(house, state="in_review", **asked)
    may = client.get(of(in_review)).context["may"]
    assert ("decide" in may, may.waits_for_fresh_eyes) == (False, True)
    decided = verified(house, state="awaiting_second", decided_by=approver, decision="granted", **asked)
    may = client.get(of(decided)).context["may"]
    assert ("approve" in may, "send_back" in may, may.waits_for_second) == (False, False, True)

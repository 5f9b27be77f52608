"""A hold stops an approved erasure; two people release it, and what waited goes on by itself."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from hotelrecords.tests.journeys import guests, people
from hotelrecords.tests.journeys.visiting import Visit
from privacy import tasks
from privacy.models import Hold, Request
from privacy.services import deciding, sheets
from privacy.tests.factories import make_request
from staff.models import Person
from stays.models import Room
from stays.typed import GuestData
from vault.models import Envelope

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]
YEARS: Final = 11
LANGUAGES = pytest.mark.parametrize("language", ["en", "zh-hans"])
ORDER: Final = {"en": 740, "zh-hans": 742}


def an_approved_erasure(language: str) -> Request:
    """Of a stay that is over: decided by the officer, approved by the second person, not carried out yet."""
    gone = guests.who_left(YEARS, GuestData(name="步青云", phone="13911117074"), order=ORDER[language])
    stay, at = gone.stay, timezone.now()
    officer, approver = (Person.objects.get(staff_number=each) for each in (people.OFFICER, people.APPROVER))
    asked = make_request(stay.property, state="in_review", stay=stay, kind="deletion", language=language, at=at)
    sheets.make_sheet(request=asked, actor=officer, at=at)
    sheets.choose_proposed(request=asked, actor=officer, at=at)
    deciding.decide_request(request=asked, actor=officer, at=at)
    return deciding.approve_decision(request=asked, actor=approver, at=at)


def names_left(asked: Request) -> int:
    """How many names of the guest are alive."""
    return Envelope.objects.filter(subject=asked.guest_id, category="name", erased_at__isnull=True).count()


@LANGUAGES
def test_a_hold_is_placed_approved_and_released_by_two(visit: Callable[..., Visit], language: str) -> None:
    asked = an_approved_erasure(language)
    assert asked.stay is not None
    officer, approver = visit(people.OFFICER, language), visit(people.APPROVER, language)
    hold = place(officer, asked.stay.reference)
    officer.look("hold-waits-for-approval")
    approver.go("hold", hold.number)
    approver.submit()
    expect(approver.page.locator("main .chip").first).to_be_visible()

    officer.expected_failures.add(409)
    officer.go("request_execute", asked.number)
    officer.fill(number=asked.number)
    officer.send("main button.danger")
    assert names_left(asked) == 1
    officer.go("hold", hold.number)
    expect(officer.page.locator(f"a[href='/requests/{asked.number}/']")).to_be_visible()
    officer.look("hold-in-force")
    officer.go("hold_renew", hold.number)
    officer.look("hold-renew")

    officer.go("hold_review", hold.number)
    officer.field("outcome").nth(1).check()
    officer.look("hold-review")
    officer.submit()
    approver.go("hold", hold.number)
    approver.send("main button.danger")
    tasks.resume_what_waited()
    assert names_left(asked) == 0
    approver.go("hold", hold.number)
    approver.look("hold-released")
    officer.go("holds", query="?list=over")
    expect(officer.page.locator(f"a[href='/holds/{hold.number}/']")).to_be_visible()
    officer.look("holds-ended")


@LANGUAGES
def test_a_confidential_hold_is_shown_to_its_officers(visit: Callable[..., Visit], language: str) -> None:
    officer = visit(people.OFFICER, language)
    officer.go("hold_new")
    officer.field("on").nth(2).check()
    officer.field("kind").select_option("authority")
    officer.field("reason").select_option("freeze_notice")
    day = timezone.localdate()
    room = Room.objects.filter(property__code="harbour")[0].number
    officer.fill(room=room, first_on=f"{day - timedelta(days=30)}", last_on=f"{day}", authority="市公安局浦东分局")
    officer.fill(document_number="沪公冻(2026)17号", review_on=f"{day + timedelta(days=30)}")
    officer.field("confidential").check()
    for box in officer.field("officers").all():
        box.check()
    officer.look("hold-new-confidential")
    officer.submit()
    officer.page.wait_for_url("**/holds/HC-*/")
    officer.page.locator("form[action$='/document/'] button").click()
    expect(officer.page.locator("main")).to_contain_text("沪公冻(2026)17号")
    officer.look("hold-confidential")
    officer.go("hold_officer", Hold.objects.latest("pk").number)
    officer.look("hold-officer")
    Hold.objects.filter(confidential=True).update(review_on=day)
    officer.go("requests")
    expect(officer.page.locator("main .notice.today")).to_be_visible()
    officer.go("holds", query="?list=due")
    officer.look("holds-due")


def place(officer: Visit, reference: str) -> Hold:
    """An internal hold on the stay for two months."""
    officer.go("hold_new", query=f"?stay={reference}")
    day = timezone.localdate()
    officer.field("kind").select_option("internal")
    officer.field("reason").select_option("dispute")
    officer.fill(review_on=f"{day + timedelta(days=30)}", until=f"{day + timedelta(days=60)}")
    officer.look("hold-new")
    officer.submit()
    officer.page.wait_for_url("**/holds/H-*/")
    return Hold.objects.latest("pk")

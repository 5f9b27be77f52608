"""A guest asks about their record: on the public page, at the desk, before the officer and the second person."""

from collections.abc import Callable
from typing import Final

import pytest
from django.db import transaction
from playwright.sync_api import expect

from hotelrecords.tests.journeys import people
from hotelrecords.tests.journeys.visiting import Visit
from privacy.models import Item, Letter, Request
from staff.models import Property
from stays.models import Stay
from vault import services as vault

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]
LANGUAGES = pytest.mark.parametrize("language", ["en", "zh-hans"])
# Stays of the demonstration that no request of it is about, one for each language.
PLACE: Final = {"en": 30, "zh-hans": 31}


def past_stay(language: str) -> Stay:
    """A stay at the harbour hotel that is over, inside the period of its register."""
    gone = Stay.objects.filter(property__code="harbour", status=Stay.Status.CHECKED_OUT, restricted_until=None)
    return gone.order_by("-departed_at")[PLACE[language]]


def type_number(visit: Visit, asked: Request) -> None:
    """Type the request's number, as a deed that cannot be taken back wants it, and do it."""
    visit.fill(number=asked.number)
    visit.page.locator("main button.danger, main button.main").first.click()


@LANGUAGES
def test_somebody_asks_on_the_public_page_and_follows(visit: Callable[..., Visit], language: str) -> None:
    asker = visit(language=language)
    asker.go("ask")
    asker.look("ask")
    asker.field("kind").select_option("access")
    asker.field("property").select_option(str(Property.objects.get(code="harbour").pk))
    asker.fill(name="端木赐", words="想知道留有哪些信息", stay_reference="2026-999999", phone="13911112222")
    asker.submit()
    code = asker.page.locator("dd.code").inner_text().strip()
    asker.look("ask-done")
    asked = Request.objects.filter(channel="web").latest("received_at")
    assert (asked.guest_id, asked.stay_id, asked.taken_in_by_id) == (None, None, None)
    asker.go("follow")
    asker.look("follow")
    asker.fill(number=asked.number, code="AAAA-AAAA-AAAA")
    asker.submit()
    expect(asker.page.locator("main .notice").first).to_be_visible()
    asker.fill(number=asked.number, code=code)
    asker.submit()
    expect(asker.page.locator("h1")).to_contain_text(asked.number)
    asker.look("followed")


@LANGUAGES
def test_a_deletion_inside_the_period_restricts_and_says_until_when(visit: Callable[..., Visit], language: str) -> None:
    stay = past_stay(language)
    clerk = visit(people.CLERK, language)
    clerk.go("request_new", query=f"?stay={stay.reference}")
    clerk.field("kind").select_option("deletion")
    clerk.field("channel").select_option("desk")
    clerk.field("language").select_option(language)
    clerk.fill(name="端木赐", words="请删除我的入住记录。")
    clerk.look("request-new")
    clerk.submit()
    expect(clerk.page.locator("dd.code")).to_be_visible()
    clerk.look("request-receipt")
    asked = Request.objects.filter(kind="deletion", stay=stay).latest("received_at")

    officer = visit(people.OFFICER, language)
    people.prove_anew(people.OFFICER)
    officer.go("requests")
    officer.look("requests")
    officer.go("request", asked.number)
    officer.look("request-received")
    officer.go("request_document", asked.number)
    document = _document_of(stay)
    officer.field("document_type").select_option(document["document_type"])
    officer.fill(document_number=document["document_number"])
    officer.look("request-document")
    officer.submit()
    for deed in ("request_review", "request_sheet"):
        officer.go(deed, asked.number)
        officer.submit()
    officer.go("request", asked.number)
    officer.look("request-sheet")
    officer.page.locator("form[action$='/sheet/choose/'] button").click()
    officer.go("request_decide", asked.number)
    officer.look("request-decide")
    officer.submit()
    asked.refresh_from_db()
    assert (asked.state, asked.decision) == ("awaiting_second", "partly")
    assert Item.objects.get(request=asked, category="register", stay=stay).chosen == "restrict"

    approver = visit(people.APPROVER, language)
    people.prove_anew(people.APPROVER)
    approver.go("request_approve", asked.number)
    approver.look("request-approve")
    type_number(approver, asked)
    officer.go("request_execute", asked.number)
    officer.look("request-execute")
    type_number(officer, asked)
    stay.refresh_from_db()
    assert stay.restricted_until is not None
    officer.go("request_letter_new", asked.number)
    officer.field("kind").select_option("partly")
    officer.submit()
    officer.page.wait_for_url("**/letters/**")
    officer.look("request-letter")
    assert Letter.objects.filter(request=asked, kind="partly", language=language).count() == 1
    assert clerk.page.request.get(f"/stays/{stay.reference}/").status == 404


def _document_of(stay: Stay) -> dict[str, str]:
    """What the guest's document says, as the guest holds it up."""
    envelope = stay.occupants.get(role="lead").register_envelope_id
    with transaction.atomic():
        (opened,) = vault.open_for_deed([envelope]).values()
        return {name: opened.get(name).plain for name in ("document_type", "document_number")}

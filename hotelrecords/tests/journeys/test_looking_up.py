"""Finding guests by whatever the desk is told, seeing them masked, revealing one field, and seeing them off."""

from collections.abc import Callable, Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from pypinyin import lazy_pinyin

from audit.models import Event
from hotelrecords.tests.journeys import guests, people
from hotelrecords.tests.journeys.guests import Guest
from hotelrecords.tests.journeys.visiting import Visit
from staff.models import Person
from stays.models import DeskCase, Stay

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]
LANGUAGES = pytest.mark.parametrize("language", ["en", "zh-hans"])


def keys_of(guest: Guest) -> Iterator[tuple[str, str]]:
    """Everything a person may type to find the guest."""
    syllables = lazy_pinyin(guest.name)
    yield "characters", guest.name
    yield "pinyin", "".join(syllables)
    yield "pinyin in words", " ".join([syllables[0], "".join(syllables[1:])])
    yield "initials", "".join(syllable[0] for syllable in syllables)
    yield "phone", guest.phone
    yield "phone without its country", guest.phone.removeprefix("+86")
    yield "phone tail", guest.phone[-4:]
    yield "document", guest.document_number
    yield "document tail", guest.document_number[-4:]
    yield "room", guest.room
    yield "stay number", guest.stay.reference
    yield "date", guest.stay.arrival_on.isoformat()


@LANGUAGES
def test_a_guest_is_found_by_every_key(visit: Callable[..., Visit], language: str) -> None:
    clerk, guest = visit(people.CLERK, language), next(guests.in_house())
    clerk.go("front_desk")
    found = {}
    for kind, term in keys_of(guest):
        clerk.search(term)
        found[kind] = clerk.page.locator(f"#stay-{guest.stay.reference}").count()
        assert term not in clerk.page.url
    assert found == dict.fromkeys(found, 1)
    clerk.look("search-found")
    clerk.search("查无此人")
    clerk.look("search-nothing")


@LANGUAGES
def test_a_past_guest_is_shown_for_a_purpose_only(visit: Callable[..., Visit], language: str) -> None:
    clerk, guest = visit(people.CLERK, language), next(guests.departed())
    clerk.go("front_desk")
    clerk.search(guest.document_number)
    assert clerk.page.locator(f"#stay-{guest.stay.reference}").count() == 0
    clerk.look("search-past-counted")
    clerk.send("main button[name=past]")
    expect(clerk.page.locator(f"#stay-{guest.stay.reference}")).to_be_visible()
    clerk.look("search-past-shown")
    clerk.send(f"#stay-{guest.stay.reference} a.guest")
    clerk.look("ask-purpose")
    clerk.submit()
    expect(clerk.page.locator("main h1")).to_be_visible()
    clerk.look("stay-past")
    clerk.send(f"a[href='{reverse('guest_history', args=[guest.subject])}']")
    clerk.submit()
    clerk.look("guest-history")


@LANGUAGES
def test_a_phone_number_is_revealed_and_masked_again(visit: Callable[..., Visit], language: str) -> None:
    clerk, guest = visit(people.CLERK, language), next(guests.in_house())
    clerk.page.clock.install()
    clerk.go("stay", guest.stay.reference)
    fact = clerk.page.locator("[id^='fact-'][id$='-phone']").first
    assert guest.phone[-4:] in fact.inner_text()
    assert guest.phone[-11:] not in clerk.page.content()
    fact.locator("summary").click()
    clerk.look("stay-revealing")
    fact.locator("button.main").click()
    expect(fact.locator(".shown")).to_contain_text(guest.phone[-11:-8])
    clerk.page.clock.run_for(29_000)
    expect(fact.locator(".shown")).to_be_visible()
    clerk.page.clock.run_for(2_000)
    expect(fact.locator(".shown")).to_have_count(0)
    assert guest.phone[-11:] not in clerk.page.content()
    clerk_id = Person.objects.get(staff_number=people.CLERK).pk
    revealed = Event.objects.by(clerk_id).filter(action="guest.revealed").latest("id")
    assert (revealed.fields, revealed.subjects, revealed.purpose) == (["phone"], [guest.subject], "guest_service")


def test_identity_is_revealed_after_a_fresh_proof_for_a_case(visit: Callable[..., Visit]) -> None:
    officer, case = visit(people.OFFICER), DeskCase.objects.get(property__code="harbour", kind="dispute", state="open")
    guest = next(guests.of(Stay.objects.filter(pk=case.stay_id)))
    people.let_proofs_grow_old(people.OFFICER)
    officer.go("stay", guest.stay.reference)
    officer.field("purpose").select_option("dispute")
    officer.fill(purpose_ref=case.number)
    officer.submit()
    officer.look("stay-officer")
    assert guest.document_number not in officer.page.content()
    officer.send("main .prove a")
    officer.look("step-up")
    officer.fill(code=people.fresh_code(people.OFFICER))
    officer.submit()
    officer.field("purpose").select_option("dispute")
    officer.fill(purpose_ref=case.number)
    officer.submit()
    fact = officer.page.locator("[id^='fact-'][id$='-document_number']").first
    fact.locator("summary").click()
    fact.locator("select").select_option("dispute")
    fact.locator("input[name=purpose_ref]").fill(case.number)
    fact.locator("button.main").click()
    expect(fact.locator(".shown")).to_have_text(guest.document_number)
    revealed = Event.objects.filter(action="guest.revealed", fields=["document_number"]).latest("id")
    assert (revealed.purpose, revealed.purpose_ref, revealed.outcome) == ("dispute", case.number, "ok")


@LANGUAGES
def test_a_guest_leaves_and_is_reinstated(visit: Callable[..., Visit], language: str) -> None:
    clerk = visit(people.CLERK, language)
    guest = next(one for one in guests.in_house() if one.stay.bill_lines.filter(settled_at=None).exists())
    clerk.go("stay", guest.stay.reference)
    clerk.page.keyboard.press("o")
    clerk.page.wait_for_url("**/check-out/")
    clerk.submit()
    expect(clerk.page.locator("main #errors")).to_be_visible()
    clerk.look("check-out-unpaid")
    clerk.go("bill", guest.stay.reference)
    clerk.look("bill")
    while clerk.page.locator("main button[name=settle]").count():
        clerk.send("main button[name=settle]")
    clerk.go("check_out", guest.stay.reference)
    clerk.look("check-out")
    clerk.submit()
    guest.stay.refresh_from_db()
    assert guest.stay.status == "checked_out"
    clerk.go("reinstate", guest.stay.reference)
    clerk.submit()
    expect(clerk.page.locator("main [name=reason]")).to_be_visible()
    clerk.look("reinstate")
    clerk.submit()
    guest.stay.refresh_from_db()
    assert guest.stay.status == "in_house"


def test_a_clerk_of_another_hotel_sees_nothing(visit: Callable[..., Visit]) -> None:
    stranger, guest = visit(people.ELSEWHERE), next(guests.in_house())
    stranger.go("front_desk")
    for _kind, term in keys_of(guest):
        stranger.search(term)
        assert stranger.page.locator(f"#stay-{guest.stay.reference}").count() == 0
    stranger.expected_failures.add(404)
    for name in ("stay", "check_out", "bill", "registration_card"):
        stranger.go(name, guest.stay.reference)
        assert guest.name not in stranger.text()
    stranger.look("not-found")
    stranger_id = Person.objects.get(staff_number=people.ELSEWHERE).pk
    refused = Event.objects.by(stranger_id).filter(object_ref=guest.stay.reference)
    assert set(refused.values_list("outcome", flat=True)) == {"denied"}
    assert refused.count() == 4

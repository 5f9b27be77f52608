"""Consent given and taken back, a card on paper from cabinet to shredder, and a complaint out of the blue."""

from collections.abc import Callable

import pytest

from hotelrecords.tests.journeys import asking, guests, people
from hotelrecords.tests.journeys.office import Case
from hotelrecords.tests.journeys.visiting import Visit
from hotelrecords.tests.journeys.waiting import until
from privacy.models import Consent, PaperCard
from vault.models import Envelope

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]
WISH = "荞麦枕头"


def test_consent_is_given_at_the_desk_and_withdrawn_from_anywhere(visit: Callable[..., Visit]) -> None:
    clerk, guest = visit(people.CLERK, "zh-hans"), list(guests.in_house())[1]
    clerk.go("stay", guest.stay.reference)
    clerk.page.locator("main .page-head details.menu > summary").click()
    clerk.turn_to("consents", guest.stay.reference)
    clerk.turn_to("consent_new", guest.stay.reference, 1, "preferences")
    clerk.answer(text=WISH, agrees="")
    clerk.send()
    assert WISH in clerk.text()
    clerk.look("consents-given")
    given = Consent.objects.of(guest.subject).standing().get(about="preferences")
    wishes = Envelope.objects.filter(subject=guest.subject, category="preference")
    assert wishes.filter(erased_at=None).count() == 1

    anywhere = visit(language="en", java_script_enabled=False)
    anywhere.go("privacy_notice")
    anywhere.go("consent_withdraw")
    anywhere.answer(
        stay_number=guest.stay.reference,
        document_tail=guest.document_number[-4:],
        phone_tail=guest.phone[-4:],
    )
    anywhere.send()
    until(lambda: Consent.objects.get(pk=given.pk).withdrawn_at, "the withdrawal to be settled")
    assert wishes.filter(erased_at=None).count() == 0
    clerk.go("consents", guest.stay.reference)
    assert WISH not in clerk.text()


def test_a_card_on_paper_goes_with_two_names(visit: Callable[..., Visit]) -> None:
    clerk, guest = visit(people.CLERK), list(guests.in_house())[2]
    clerk.go("stay", guest.stay.reference)
    clerk.turn_to("registration_card", guest.stay.reference)
    clerk.turn_to("paper_card_new", guest.stay.reference)
    clerk.answer(place="Cabinet 3, folder November")
    clerk.send()
    card = PaperCard.objects.get(stay=guest.stay)
    officer = visit(people.OFFICER, "zh-hans")
    officer.go("paper_cards")
    officer.turn_to("paper_card", card.pk)
    officer.answer(to=people.pk_of(people.MANAGER))
    officer.send("main button[value=sign_out]")
    officer.look("paper-card-signed-out")
    officer.answer(place="Cabinet 4")
    officer.send("main button[value=return]")
    officer.answer(second=people.pk_of(people.CLERK), stay_number=guest.stay.reference)
    officer.send("main button[value=destroy]")
    officer.look("paper-card-destroyed")
    card.refresh_from_db()
    assert (card.state, card.destroyed_by.staff_number, card.destroyed_with.staff_number) == (
        "destroyed", people.OFFICER, people.CLERK,
    )  # fmt: skip


def test_a_complaint_without_an_earlier_request_is_a_case(visit: Callable[..., Visit]) -> None:
    complainer = visit(language="zh-hans", java_script_enabled=False)
    asked = asking.ask(complainer, "complaint", name="太史慈", words="前台大声念出了我的房号。")
    officer = Case(visit(people.OFFICER, "en"), asked.number)
    officer.begin()
    officer.do("request_message", kind="information", text="We have spoken with everybody at the desk.")
    officer.decide(decision="granted")
    officer.write("granted")
    officer.give("in_person")
    officer.close()
    asking.follow(complainer, asked)
    assert "We have spoken with everybody at the desk." in complainer.text()

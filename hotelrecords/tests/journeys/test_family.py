"""A family with a child: the five duties, from check-in to the last word; and a companion who comes later."""

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import expect

from audit.models import Event
from hotelrecords.tests.journeys import guests, people
from hotelrecords.tests.journeys.test_arriving import complete, start_walk_in, tick_everything
from hotelrecords.tests.journeys.visiting import Visit
from stays.models import MinorDuty, Registration, Stay

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]
LANGUAGES = pytest.mark.parametrize("language", ["en", "zh-hans"])
BORN, CHILD_BORN = date(1985, 9, 9), date(2015, 3, 2)


def arrive(clerk: Visit, order: int) -> Stay:
    """A mother with her child, the guardian named, every line ticked."""
    start_walk_in(clerk, guests.resident_number(BORN, order), "薛明珠", "13911115555")
    clerk.deed("add_companion").click()
    clerk.field("guest-1-document_type").select_option("household_register")
    clerk.field("guest-1-document_number").fill(guests.resident_number(CHILD_BORN, order + 2))
    with clerk.page.expect_response("**/recognise/"):
        clerk.field("guest-1-name").focus()
    clerk.field("guest-1-name").fill("薛小满")
    expect(clerk.field("guardian-name")).to_be_visible()
    clerk.fill(**{"guardian-name": "薛长庚", "guardian-phone": "13911116666"})
    clerk.page.locator("details:has(select[name=stay-override]) summary").click()
    clerk.page.locator("select[name=stay-override]").select_option("extra_bed")
    tick_everything(clerk)
    return complete(clerk)


def standing(stay: Stay) -> dict[str, bool]:
    """Which of the five are done."""
    return {duty.kind: duty.done_at is not None for duty in MinorDuty.objects.filter(stay=stay)}


@LANGUAGES
def test_a_child_is_cared_for_until_the_family_leaves(visit: Callable[..., Visit], language: str) -> None:
    clerk = visit(people.CLERK, language)
    stay = arrive(clerk, 410 + 10 * len(language))
    assert standing(stay) == {"identity": True, "guardian": True, "relation": True, "patrol": False, "report": False}
    clerk.look("stay-family")
    clerk.go("minors")
    clerk.look("minors")
    patrol, report = (MinorDuty.objects.get(stay=stay, kind=kind).pk for kind in ("patrol", "report"))
    clerk.turn_to("minor_duty", stay.reference, patrol)
    clerk.send()
    clerk.go("minor_duty", stay.reference, report)
    clerk.look("minor-duty")
    clerk.answer(outcome="nothing")
    clerk.send()
    assert all(standing(stay).values())
    done = Event.objects.about("stay", stay.reference).filter(action="minor_duty.done")
    assert sorted(event.detail["duty"] for event in done) == ["patrol", "report"]


@LANGUAGES
def test_a_companion_comes_later_and_leaves_earlier(visit: Callable[..., Visit], language: str) -> None:
    clerk = visit(people.CLERK, language)
    stay = arrive(clerk, 510 + 10 * len(language))
    clerk.go("stay", stay.reference)
    clerk.turn_to("companion_new", stay.reference)
    lines = guests.machine_readable(f"C4{len(language):02d}77", "HARTLEY", "ANNE", "GBR", "900101", "F", "330101")
    clerk.page.locator("details.machine-readable summary").first.click()
    clerk.field("guest-0-mrz").fill(lines)
    with clerk.page.expect_response("**/recognise/"):
        clerk.page.locator("button[value=read]").first.click()
    expect(clerk.field("guest-0-name")).not_to_have_value("")
    clerk.look("companion-new")
    tick_everything(clerk)
    clerk.page.locator("select[name=place-override]").select_option("extra_bed")
    clerk.send(clerk.deed("complete"))
    stay.refresh_from_db()
    assert stay.party_size == 3
    assert Registration.objects.get(occupant__stay=stay, occupant__position=3).kind == "overseas"
    clerk.send("form[action$='/companions/3/leave/'] button")
    assert Stay.objects.get(pk=stay.pk).party_size == 2

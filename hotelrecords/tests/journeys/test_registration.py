"""Reports to the police: a file handed out once, its answers, what failed goes out again."""

import json
from collections.abc import Callable

import pytest

from audit.models import Event
from hotelrecords.tests.journeys import people
from hotelrecords.tests.journeys.visiting import Visit
from stays.models import Registration, RegistrationFile

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]
LANGUAGES = pytest.mark.parametrize("language", ["en", "zh-hans"])


def here() -> "list[int]":
    """Reports of the harbour hotel, oldest first, made new."""
    reports = Registration.objects.filter(occupant__stay__property__code="harbour", occupant__stay__status="in_house")
    chosen = list(reports.order_by("pk").values_list("pk", flat=True)[:4])
    Registration.objects.filter(pk__in=chosen).update(state="pending", receipt="", acknowledged_at=None, sent_at=None)
    return chosen


@LANGUAGES
def test_reports_go_out_once_and_come_back_with_receipts(visit: Callable[..., Visit], language: str) -> None:
    clerk, chosen = visit(people.CLERK, language), here()
    clerk.go("registrations")
    clerk.look("registrations")
    clerk.turn_to("registration_file")
    clerk.look("registration-file")
    clerk.answer(format="json")
    told = json.loads(clerk.download(clerk.page.locator("main form button.main")))
    assert set(map(str, chosen)) <= {guest["report"] for guest in told["guests"]}
    assert set(Registration.objects.filter(pk__in=chosen).values_list("state", flat=True)) == {"sent"}
    assert Event.objects.filter(action="registrations.sent").latest("at").detail["sha256"] == (
        RegistrationFile.objects.latest("made_at").sha256
    )

    clerk.go("registration_answer", chosen[0])
    clerk.look("registration-answer")
    clerk.answer(receipt=f"SH-{language}-1")
    clerk.send()
    clerk.go("registration_answer", chosen[1])
    clerk.answer(failure="rejected")
    clerk.send()
    lines = f"report,receipt,failure\n{chosen[2]},SH-{language}-2,\n{chosen[3]},,unreachable\n"
    clerk.go("registration_answers")
    clerk.look("registration-answers")
    clerk.page.set_input_files("input[type=file]", {"name": "a.csv", "mimeType": "text/csv", "buffer": lines.encode()})
    clerk.send()
    states = [Registration.objects.get(pk=pk).state for pk in chosen]
    assert states == ["acknowledged", "failed", "acknowledged", "failed"]
    clerk.go("registrations")
    assert str(chosen[1]) in clerk.page.locator("main table").inner_text()


def test_a_wrong_line_is_told_and_nothing_is_taken_in(visit: Callable[..., Visit]) -> None:
    clerk, chosen = visit(people.CLERK), here()
    lines = f"report,receipt\n{chosen[0]},SH-9\n999999999,SH-10\n"
    clerk.go("registration_answers")
    clerk.page.set_input_files("input[type=file]", {"name": "a.csv", "mimeType": "text/csv", "buffer": lines.encode()})
    clerk.send()
    assert "999999999" in clerk.page.locator("main").inner_text()
    assert Registration.objects.get(pk=chosen[0]).state == "pending"

"""Every page as it is opened, in both languages: nothing is in anybody's way."""

import re
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import Final

import pytest
from django.utils import timezone

from hotelrecords.tests.alerts import make_alert, make_change
from hotelrecords.tests.journeys import guests, people
from hotelrecords.tests.journeys.visiting import Visit, barriers
from hotelrecords.tests.registers import Registers, keep_registers
from hotelrecords.tests.roles_and_urls import rows
from hotelrecords.tests.rule_changes import make_rule_change
from privacy.models import Certificate, Purge, Request, RuleChange
from privacy.services import purging
from staff.duties import BACKUP
from staff.models import Alert, Duty, Person, Property
from staff.services import report_done
from stays import services as desk
from stays.models import MinorDuty, Registration, Room, Stay

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]
LANGUAGES = pytest.mark.parametrize("language", ["en", "zh-hans"])

# Looked at where a journey comes by, or no page at all.
ON_THE_WAY = {
    "account_login", "enrol", "second_factor_start", "totp_add", "passkey_add", "recovery_codes", "person_posts",
    "check_in", "check_out", "reinstate", "guest_history", "search", "lapse_close",
    "import_file", "group_check_in",
}  # fmt: skip
NO_PAGES: Final = {
    "health_live", "health_ready", "account_logout", "request_letter_pdf", "request_copy",
    "purge_progress", "purge_receipt", "alert_package", "log_verification", "log_file", "log_export_progress",
    "import_progress", "import_left_out", "arrivals_sheet", "roll_call_pdf", "registration_card_pdf",
    "certificate_file", "certificate_key", "request_looks_file", "guest_looks_file",
}  # fmt: skip
# Of the requests: looked at where its journey comes by.
ON_THE_WAY |= {
    "ask", "follow", "request_new", "request_receipt", "requests", "request", "request_document", "request_decide",
    "request_approve", "request_execute", "request_letter_new", "request_letter", "request_looks", "guest_looks",
    "access_reviews", "access_review", "access_review_line", "access_review_report",
}  # fmt: skip
# A deed on a request with a few fields: all of one template, looked at as ``request_pause``.
LIKE_PAUSE: Final = {
    "request_assign", "request_review", "request_duplicate", "request_withdraw", "request_unverified",
    "request_message", "request_task", "request_task_done", "request_counsel", "request_appointment",
    "appointment_kept", "request_appeal", "request_resume", "request_extend", "request_compare", "request_code_send",
    "request_mandate", "request_proof", "request_callback", "request_follow_code", "request_sheet",
    "request_send_back", "request_close", "request_code",
    "request_lift", "request_contest",
}  # fmt: skip


def of_house(**facts: object) -> Stay:
    """Some stay of the harbour hotel."""
    return Stay.objects.filter(property__code="harbour", **facts).order_by("reference")[0]


def given_up() -> tuple[str]:
    """An expected stay that was cancelled."""
    stay = Stay.objects.filter(
        property__code="harbour", status="expected", departure_on__gte=timezone.localdate()
    ).last()
    clerk = Person.objects.get(staff_number=people.CLERK)
    assert stay
    desk.cancel_stay(actor=clerk, stay=stay, reason="guest_cancelled", at=timezone.now())
    return (stay.reference,)


def own_app() -> tuple[int]:
    """The clerk's authenticator."""
    return (Person.objects.get(staff_number=people.CLERK).authenticator_set.get(type="totp").pk,)


@cache
def registers() -> Registers:
    """A line in each register of the office."""
    clerk, officer = (Person.objects.get(staff_number=one) for one in (people.CLERK, people.OFFICER))
    stay = next(guests.in_house()).stay
    return keep_registers(clerk=clerk, officer=officer, house=stay.property, stay=stay, at=timezone.now())


def a_duty() -> tuple[int]:
    """A duty of the whole house."""
    report_done(code=BACKUP, at=timezone.now())
    return (Duty.objects.get(code=BACKUP).pk,)


def a_request(**facts: object) -> tuple[str]:
    """A request of the demonstration."""
    return (Request.objects.filter(property__code="harbour", **facts).earliest("received_at").number,)


def a_deletion() -> tuple[str]:
    """The one whose review has begun."""
    return a_request(kind="deletion", state="in_review")


def a_purge() -> tuple[str]:
    """A plan of the harbour hotel's night."""
    house = Property.objects.get(code="harbour")
    purging.plan_night(house=house, at=timezone.now())
    return (Purge.objects.at(house).filter(asks=False)[0].number,)


def a_minor_duty() -> tuple[str, int]:
    """A duty towards a minor that is not done yet."""
    stay = of_house(status="in_house")
    due_at = timezone.now() + timedelta(hours=3)
    duty, _is_new = MinorDuty.objects.get_or_create(stay=stay, kind="report", defaults={"due_at": due_at})
    return stay.reference, duty.pk


def a_report() -> tuple[int]:
    """The registration of a guest in house."""
    return (Registration.objects.filter(occupant__stay=of_house(status="in_house"))[0].pk,)


def lead_in_house() -> tuple[str, int]:
    """A stay in house, and the place of its lead guest."""
    return next(guests.in_house()).stay.reference, 1


def a_rule_change() -> int:
    """A change of the register's rule that waits for a second person."""
    waiting = RuleChange.objects.open().first()
    officer = Person.objects.get(staff_number=people.OFFICER)
    house = Property.objects.get(code="harbour")
    return (waiting or make_rule_change(officer, house, timezone.now())).pk


@cache
def an_alert() -> Alert:
    """About the clerk, who was asked; a change of a rule waits too."""
    clerk, manager = (Person.objects.get(staff_number=one) for one in (people.CLERK, people.MANAGER))
    house = Property.objects.get(code="harbour")
    made = make_alert(clerk, manager, house, timezone.now())
    make_change(manager, house, timezone.now())
    return made


NOBODY: Final = ""
PAGES: Final[dict[str, tuple[str, Callable[[], tuple[object, ...]]]]] = {
    "front_desk": (people.CLERK, tuple),
    "groups": (people.CLERK, tuple),
    "walk_in": (people.CLERK, tuple),
    "expected_stay": (people.CLERK, tuple),
    "room_board": (people.CLERK, tuple),
    "handover": (people.CLERK, tuple),
    "caller": (people.CLERK, tuple),
    "visitors": (people.CLERK, tuple),
    "room_timeline": (people.CLERK, tuple),
    "roll_call": (people.CLERK, tuple),
    "minors": (people.CLERK, tuple),
    "list_export": (people.CLERK, lambda: ("arrivals",)),
    **dict.fromkeys(("imports", "import_new"), (people.CLERK, tuple)),
    **dict.fromkeys(("registrations", "registration_file", "registration_answers"), (people.CLERK, tuple)),
    "registration_answer": (people.CLERK, a_report),
    "minor_duty": (people.CLERK, a_minor_duty),
    "companion_new": (people.CLERK, lambda: (of_house(status="in_house").reference,)),
    "purpose": (people.CLERK, tuple),
    "stay": (people.CLERK, lambda: (next(guests.in_house()).stay.reference,)),
    "bill": (people.CLERK, lambda: (next(guests.in_house()).stay.reference,)),
    "registration_card": (people.CLERK, lambda: (next(guests.in_house()).stay.reference,)),
    **{
        name: (people.CLERK, lambda: (of_house(status="in_house").reference,))
        for name in ("move", "extend", "note_new")
    },
    "cancel": (people.CLERK, lambda: (of_house(status="expected").reference,)),
    "expect_again": (people.CLERK, given_up),
    "reverse": (people.CLERK, lambda: (of_house(status="in_house").reference,)),
    "desk_cases": (people.CLERK, tuple),
    "desk_case_new": (people.CLERK, tuple),
    "notice": (people.CLERK, lambda: (1,)),
    "my_account": (people.CLERK, tuple),
    "my_sessions": (people.CLERK, tuple),
    "second_factors": (people.CLERK, tuple),
    "second_factor_remove": (people.CLERK, own_app),
    "account_change_password": (people.CLERK, tuple),
    "own_lines": (people.CLERK, tuple),
    "shift": (people.CLERK, tuple),
    "step_up": (people.CLERK, tuple),
    "unlock": (people.LOCKED_OUT, tuple),
    "access_log": (people.MANAGER, tuple),
    "log_integrity": (people.MANAGER, tuple),
    "log_export": (people.MANAGER, tuple),
    "stay_figures": (people.MANAGER, tuple),
    "alert": (people.MANAGER, lambda: (an_alert().pk,)),
    **dict.fromkeys(("alerts", "alert_sample", "explained_share", "detection_rules"), (people.MANAGER, tuple)),
    **dict.fromkeys(("detection_rule", "detection_rule_edit"), (people.MANAGER, lambda: ("probe",))),
    "question": (people.CLERK, lambda: (an_alert().pk,)),
    "questions": (people.CLERK, tuple),
    "rooms": (people.ADMINISTRATOR, tuple),
    "room_new": (people.ADMINISTRATOR, tuple),
    "room": (people.ADMINISTRATOR, lambda: (Room.objects.filter(property__code="harbour")[0].number,)),
    "properties": (people.ADMINISTRATOR, tuple),
    "property_new": (people.ADMINISTRATOR, tuple),
    "property_edit": (people.ADMINISTRATOR, lambda: ("harbour",)),
    "people": (people.ADMINISTRATOR, tuple),
    "duties": (people.MANAGER, tuple),
    "duty": (people.ADMINISTRATOR, a_duty),
    "backups": (people.MANAGER, tuple),
    "person_new": (people.ADMINISTRATOR, tuple),
    **{
        name: (people.ADMINISTRATOR, lambda: (people.FINANCE,))
        for name in ("person", "person_edit", "person_enrolment", "person_reset", "person_deactivate")
    },
    "person_reactivate": (people.ADMINISTRATOR, lambda: (people.FINANCE,)),
    "consents": (people.CLERK, lambda: lead_in_house()[:1]),
    "consent_new": (people.CLERK, lambda: (*lead_in_house(), "marketing")),
    "consent_preferences": (people.CLERK, lambda: (registers().card.stay.reference, 1)),
    "paper_card_new": (people.CLERK, lambda: lead_in_house()[:1]),
    **dict.fromkeys(
        ("paper_cards", "processors", "processor_new", "request_figures", "reviews", "review_new"),
        (people.OFFICER, tuple),
    ),
    "paper_card": (people.OFFICER, lambda: (registers().card.pk,)),
    "processor": (people.OFFICER, lambda: (registers().processor.pk,)),
    "processor_edit": (people.OFFICER, lambda: (registers().processor.pk,)),
    "review": (people.OFFICER, lambda: (registers().review.pk,)),
    "rules": (people.OFFICER, tuple),
    "field_ends": (people.OFFICER, tuple),
    "holidays": (people.OFFICER, tuple),
    "rule": (people.OFFICER, lambda: ("CN-RET-01",)),
    "rule_change_new": (people.OFFICER, lambda: ("CN-RET-01",)),
    "rule_change": (people.OFFICER, lambda: (a_rule_change(),)),
    "purges": (people.OFFICER, tuple),
    "purge_figures": (people.OFFICER, tuple),
    **dict.fromkeys(("purge", "purge_approve", "purge_export"), (people.OFFICER, a_purge)),
    "holds": (people.OFFICER, tuple),
    "hold_new": (people.OFFICER, tuple),
    "certificate": (people.OFFICER, lambda: (Certificate.objects.earliest("made_at").number,)),
    "request_verify": (people.OFFICER, lambda: a_request(verified_at=None, kind="deletion")),
    "request_pause": (people.OFFICER, a_deletion),
    "request_log": (people.OFFICER, a_deletion),
    "answer": (NOBODY, lambda: ("no-such-link",)),
    **dict.fromkeys(("consent_withdraw", "consent_received", "privacy_notice", "retention_summary"), (NOBODY, tuple)),
}
# Needs what only its own work leaves behind; the tests of its views look at what it says.
WITHOUT_A_PICTURE: Final = {
    "hold", "hold_review", "hold_renew", "hold_officer", "request_item", "request_hand_over", "request_link",
    "request_correct", "request_correct_part", "request_code_call",
}  # fmt: skip


def test_every_page_is_looked_at() -> None:
    pages = {row.address for row in rows() if row.method == "GET" and "200" in row.answers.values()}
    assert pages - set(PAGES) - ON_THE_WAY - NO_PAGES - LIKE_PAUSE - WITHOUT_A_PICTURE == set()
    assert set(PAGES) - pages == set()


@LANGUAGES
@pytest.mark.parametrize("staff_number", dict.fromkeys(staff_number for staff_number, _arguments in PAGES.values()))
def test_the_pages_of_a_person_are_in_nobodys_way(
    visit: Callable[..., Visit], staff_number: str, language: str
) -> None:
    person = visit(staff_number, language)
    for name, (whose, arguments) in PAGES.items():
        if whose == staff_number:
            person.go(name, *arguments())
            shown = person.page.locator("html").get_attribute("lang"), person.page.locator("h1").count()
            assert (name, *shown) == (name, language, 1)
            person.look(f"page-{name}")


@LANGUAGES
@pytest.mark.parametrize("chosen", ["arrivals", "in_house", "departures"])
def test_a_home_list_fits_the_screen(visit: Callable[..., Visit], chosen: str, language: str) -> None:
    clerk = visit(people.CLERK, language)
    clerk.go("front_desk", query=f"?list={chosen}")
    assert clerk.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert clerk.page.locator("tr[data-row]").count() > 0
    assert re.search(r"\d", clerk.page.locator("main nav.tabs").inner_text())
    clerk.look(f"page-front-desk-{chosen}")


def test_barriers_are_noticed(visit: Callable[..., Visit]) -> None:
    page = visit().page
    page.set_content("<html lang=en><title>x</title><main><h1>x</h1><img src='data:,'><input></main></html>")
    assert set(barriers(page)) == {"image-alt", "label"}

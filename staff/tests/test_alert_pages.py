"""What managers see of an alert, and what the person asked sees of it."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from django.utils import timezone

from audit import services as audit
from audit.models import Event
from staff import permissions
from staff.models import Alert, AlertRow, DetectionRule, Person, Property
from staff.services import alerts
from staff.services.detection import enter_rules
from staff.tests.factories import PersonFactory
from staff.tests.signing_in import sign_in

if TYPE_CHECKING:
    from django.test import Client

AT = timezone.now()


@pytest.fixture
def alert(clerk: Person, harbour: Property) -> Alert:
    """The clerk revealed a phone number, and nothing explains it."""
    enter_rules(at=AT)
    audit.record(
        "guest.revealed", who=permissions.who(clerk, harbour), object_type="stay", object_ref="2026-000042",
        fields=["phone"],
    )  # fmt: skip
    row = Event.objects.get(action="guest.revealed")
    rule = DetectionRule.objects.in_force().get(code="reveal")
    made = Alert.objects.create(
        rule=rule, code=rule.code, actor=clerk, property=harbour, day=AT.date(), severity="high", score="1.10",
        raised_at=AT, due_at=AT + timedelta(hours=24),
    )  # fmt: skip
    AlertRow.objects.create(
        alert=made, event_at=row.at, event_id=row.pk, event_ref=row.ref, actor=clerk, score="1.10", flags=["reveal"]
    )
    return made


def test_a_manager_reads_the_lines_in_plain_words(alert: Alert, as_manager: "Client") -> None:
    shown = as_manager.get(reverse("alert", args=[alert.pk])).content.decode()
    for words in (alert.number, "revealed", "2026-000042", "nothing explains it", "Reveal without work"):
        assert words in shown
    assert Event.objects.get(action="alert.viewed").object_ref == alert.number


def test_filters_stand_in_the_address(alert: Alert, as_manager: "Client") -> None:
    def numbers(query: str) -> bool:
        return alert.number in as_manager.get(reverse("alerts") + query).content.decode()

    found = [numbers(query) for query in ("", "?which=all&days=7", "?rule=reveal", "?rule=vip", "?which=closed")]
    assert found == [True, True, True, False, False]
    assert [numbers(query) for query in ("?which=overdue", "?which=nonsense", "?days=x&page=x")] == [False, True, True]


def test_a_deed_in_the_wrong_state_says_why(alert: Alert, as_manager: "Client") -> None:
    sent = as_manager.post(reverse("alert_decide", args=[alert.pk]), {"verdict": "explained"})
    assert "has come further meanwhile" in sent.content.decode()
    refused = Event.objects.get(action="alert.deed_refused")
    assert (refused.outcome, refused.object_ref, refused.detail) == ("denied", alert.number, {"reason": "AlertSettled"})


def test_the_person_asked_sees_their_lines_and_answers(
    alert: Alert, client: "Client", clerk: Person, manager: Person, harbour: Property
) -> None:
    at_desk = sign_in(client, clerk, harbour)
    assert at_desk.get(reverse("question", args=[alert.pk])).status_code == 404
    alerts.ask_person(actor=manager, alert=alert, at=AT)
    shown = at_desk.get(reverse("question", args=[alert.pk])).content.decode()
    assert ("2026-000042" in shown, "Reveal without work" in shown) == (True, False)
    sent = at_desk.post(reverse("question", args=[alert.pk]), {"answer": "case", "refers_to": ""})
    assert "Name the stay, case or request" in sent.content.decode()
    at_desk.post(reverse("question", args=[alert.pk]), {"answer": "case", "refers_to": "2026-000042"})
    step = alert.steps.get(kind="answered")
    assert (step.by, step.says, step.refers_to) == (clerk, "case", "2026-000042")


@pytest.mark.parametrize("typed", ["王小明", "138 0000 0000", "2026", "x@y.example"])
def test_an_answer_takes_numbers_of_stays_and_cases_only(
    alert: Alert, client: "Client", clerk: Person, manager: Person, harbour: Property, typed: str
) -> None:
    alerts.ask_person(actor=manager, alert=alert, at=AT)
    sign_in(client, clerk, harbour).post(reverse("question", args=[alert.pk]), {"answer": "served", "refers_to": typed})
    assert alert.steps.filter(kind="answered").count() == 0


def test_an_alert_about_oneself_is_not_there(alert: Alert, client: "Client", harbour: Property) -> None:
    both = PersonFactory(staff_number="both", roles={harbour: ["manager", "front_desk"]})
    Alert.objects.filter(pk=alert.pk).update(state="asked")
    rows = Alert.objects.filter(pk=alert.pk)
    assert rows.not_concerning(both).count() == 1
    own = Alert.objects.create(
        rule=alert.rule, code="vip", actor=both, property=harbour, day=AT.date(), severity="high", score="1",
        raised_at=AT, due_at=AT,
    )  # fmt: skip
    seen = sign_in(client, both, harbour)
    assert [seen.get(reverse("alert", args=[one.pk])).status_code for one in (alert, own)] == [200, 404]
    assert own.number not in seen.get(reverse("alerts")).content.decode()


def test_the_rules_say_how_right_they_were(alert: Alert, as_manager: "Client") -> None:
    Alert.objects.filter(pk=alert.pk).update(state="confirmed", verdict="confirmed")
    assert "100 %: 1 of 1 decided" in as_manager.get(reverse("detection_rules")).content.decode()
    assert "100 %: 1 of 1 decided" in as_manager.get(reverse("detection_rule", args=["reveal"])).content.decode()
    assert as_manager.get(reverse("detection_rule", args=["none"])).status_code == 404


def test_a_proposal_is_typed_in_whole_numbers(alert: Alert, as_manager: "Client", manager: Person) -> None:
    typed = {"number_refusals": "3", "window": "5", "weight": "0.80", "severity": "medium", "mode": "shadow"}
    for wrong in ({"number_refusals": "0"}, {"weight": "1.5"}, {"window": "x"}, {"mode": "loud"}):
        as_manager.post(reverse("detection_rule_edit", args=["probe"]), typed | wrong)
    assert DetectionRule.objects.proposed().count() == 0
    as_manager.post(reverse("detection_rule_edit", args=["probe"]), typed)
    made = DetectionRule.objects.proposed().get()
    assert (made.parameters, made.window, made.mode, made.author) == (
        {"refusals": 3}, timedelta(minutes=5), "shadow", manager,
    )  # fmt: skip

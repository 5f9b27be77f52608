"""What people do about an alert: asked, answered, taken on, decided, passed on, closed; never by the one concerned."""

import io
import json
import subprocess
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.utils import timezone

from audit import services as audit
from audit.actions import PAGE_MISSING
from audit.models import Event, Statement
from staff import permissions
from staff.models import Alert, AlertRow, AlertStep, DetectionRule, Person, Property
from staff.services import alerts
from staff.services.alerts import deciding, refusals
from staff.services.alerts.raising import DECIDED_WITHIN
from staff.services.detection import enter_rules
from staff.tests.factories import PersonFactory

AT = timezone.now()
GUEST = uuid4()


@pytest.fixture
def rules(db: None) -> None:
    """The rules a house begins with."""
    enter_rules(at=AT)


@pytest.fixture
def boss(harbour: Property) -> Person:
    """Another manager of the harbour."""
    return PersonFactory(staff_number="harbour-boss", roles={harbour: ["manager"]})


def raised(actor: Person | None, house: Property | None, code: str = "reveal", **facts: Any) -> Alert:
    """An alert as the keeper raises it."""
    rule = DetectionRule.objects.in_force().get(code=code)
    given = {
        "rule": rule, "code": code, "actor": actor, "property": house, "subject": GUEST, "day": AT.date(),
        "severity": rule.severity, "score": "1.10", "raised_at": AT, "due_at": AT + timedelta(hours=24),
    }  # fmt: skip
    return Alert.objects.create(**given | facts)


def steps(alert: Alert) -> list[tuple[str, str | None, str]]:
    """What was done, by whom, and what it says."""
    return [(step.kind, step.by and step.by.staff_number, step.says) for step in alert.steps.select_related("by")]


def test_the_whole_way_of_an_alert(rules: None, clerk: Person, manager: Person, harbour: Property) -> None:
    alert = raised(clerk, harbour)
    alerts.ask_person(actor=manager, alert=alert, at=AT)
    alerts.answer_alert(actor=clerk, alert=alert, answer="mistake", at=AT)
    alerts.take_alert(actor=manager, alert=alert, at=AT)
    alerts.decide_alert(actor=manager, alert=alert, verdict="confirmed", at=AT)
    closed = alerts.close_alert(actor=manager, alert=alert, measure="talked", at=AT)
    assert (closed.state, closed.verdict, closed.measure) == ("closed", "confirmed", "talked")
    assert steps(alert) == [
        ("asked", "harbour-manager", ""),
        ("answered", "harbour-desk", "mistake"),
        ("triaged", "harbour-manager", ""),
        ("decided", "harbour-manager", "confirmed"),
        ("closed", "harbour-manager", "talked"),
    ]


def test_each_step_is_a_row_and_a_leaf(rules: None, clerk: Person, manager: Person, harbour: Property) -> None:
    alert = raised(clerk, harbour)
    alerts.take_alert(actor=manager, alert=alert, at=AT)
    event = Event.objects.get(action="alert.taken")
    assert (event.actor, event.actor_role, event.property, event.object_ref, event.subjects) == (
        manager.pk, "manager", harbour.pk, alert.number, [],
    )  # fmt: skip
    leaf = Statement.objects.get(ref=AlertStep.objects.get().leaf)
    assert (leaf.kind, leaf.actor, leaf.subjects, leaf.said["step"], leaf.unsaid) == (
        "alert", manager.pk, [GUEST], "triaged", {"concerned": clerk.pk},
    )  # fmt: skip


@pytest.mark.parametrize("deed", ["ask_person", "take_alert"])
def test_the_person_concerned_does_nothing_about_it(rules: None, manager: Person, harbour: Property, deed: str) -> None:
    own = raised(manager, harbour)
    with pytest.raises(refusals.OwnAlert):
        getattr(alerts, deed)(actor=manager, alert=own, at=AT)
    assert (steps(own), list(alerts.alerts_seen_by(manager))) == ([], [])


def test_who_stands_in_one_of_its_rows_is_concerned_too(
    rules: None, manager: Person, boss: Person, harbour: Property
) -> None:
    alert = raised(None, harbour, "pile-on")
    AlertRow.objects.create(
        alert=alert, event_at=AT, event_id=1, event_ref=uuid4(), actor=manager, score="1", flags=["pile-on"]
    )
    with pytest.raises(refusals.OwnAlert):
        alerts.take_alert(actor=manager, alert=alert, at=AT)
    assert (list(alerts.alerts_seen_by(manager)), list(alerts.alerts_seen_by(boss))) == ([], [alert])


@pytest.mark.usefixtures("rules", "manager")
def test_only_who_reads_the_log_of_the_property(clerk: Person, lake: Property, harbour: Property) -> None:
    elsewhere = PersonFactory(staff_number="lake-manager", roles={lake: ["manager"]})
    alert = raised(clerk, harbour)
    for actor in (elsewhere, PersonFactory(staff_number="desk-2", roles={harbour: ["front_desk"]})):
        with pytest.raises(permissions.NotAllowed):
            alerts.take_alert(actor=actor, alert=alert, at=AT)
        assert list(alerts.alerts_seen_by(actor)) == []


def test_what_no_manager_of_the_house_may_look_into_goes_to_those_of_another(
    rules: None, clerk: Person, manager: Person, lake: Property, harbour: Property
) -> None:
    """Four eyes: the second person may be of another property."""
    elsewhere = PersonFactory(staff_number="lake-manager", roles={lake: ["manager"]})
    own, of_clerk, of_several = raised(manager, harbour), raised(clerk, harbour), raised(None, harbour, "pile-on")
    AlertRow.objects.create(
        alert=of_several, event_at=AT, event_id=1, event_ref=uuid4(), actor=manager, score="1", flags=["pile-on"]
    )
    assert set(alerts.alerts_seen_by(elsewhere)) == {own, of_several}
    assert list(alerts.alerts_seen_by(manager)) == [of_clerk]
    assert [deciding.others_who_decide(one) for one in (own, of_clerk, of_several)] == [
        [elsewhere], [manager], [elsewhere],
    ]  # fmt: skip
    alerts.take_alert(actor=elsewhere, alert=own, at=AT)
    alerts.decide_alert(actor=elsewhere, alert=own, verdict="confirmed", at=AT)
    assert steps(own) == [("triaged", "lake-manager", ""), ("decided", "lake-manager", "confirmed")]
    boss = PersonFactory(staff_number="harbour-boss", roles={harbour: ["manager"]})
    assert set(alerts.alerts_seen_by(boss)) == {own, of_clerk, of_several}
    assert list(alerts.alerts_seen_by(elsewhere)) == []


@pytest.mark.parametrize(
    ("state", "verdict", "deed", "facts"),
    [
        ("triaged", "", "ask_person", {}),
        ("triaged", "", "take_alert", {}),
        ("new", "", "decide_alert", {"verdict": "explained"}),
        ("new", "", "close_alert", {"measure": "none"}),
        ("explained", "explained", "decide_alert", {"verdict": "confirmed"}),
    ],
)
def test_each_deed_has_its_state(
    rules: None, clerk: Person, manager: Person, harbour: Property, state: str, verdict: str, deed: str, facts: Any
) -> None:
    alert = raised(clerk, harbour, state=state, verdict=verdict)
    with pytest.raises(refusals.AlertSettled):
        getattr(alerts, deed)(actor=manager, alert=alert, at=AT, **facts)
    assert steps(alert) == []


def test_nobody_can_be_asked_about_what_several_did(rules: None, manager: Person, harbour: Property) -> None:
    with pytest.raises(refusals.NobodyToAsk):
        alerts.ask_person(actor=manager, alert=raised(None, harbour, "pile-on"), at=AT)


def test_who_was_not_asked_does_not_answer(rules: None, clerk: Person, manager: Person, harbour: Property) -> None:
    alert = raised(clerk, harbour)
    assert list(alerts.questions_to(clerk)) == []
    with pytest.raises(refusals.NotAsked):
        alerts.answer_alert(actor=clerk, alert=alert, answer="served", at=AT)
    alerts.ask_person(actor=manager, alert=alert, at=AT)
    assert list(alerts.questions_to(clerk)) == [alert]
    with pytest.raises(refusals.NotAsked):
        alerts.answer_alert(actor=manager, alert=alert, answer="served", at=AT)
    with pytest.raises(refusals.ReferenceMissing):
        alerts.answer_alert(actor=clerk, alert=alert, answer="case", at=AT)


def test_passed_on_it_goes_to_another_manager_by_mail(
    rules: None, clerk: Person, manager: Person, boss: Person, harbour: Property
) -> None:
    Person.objects.filter(pk=boss.pk).update(email="boss@hotel.example")
    boss.refresh_from_db()
    alert = raised(clerk, harbour)
    with pytest.raises(refusals.NotAManagerThere):
        alerts.escalate_alert(actor=manager, alert=alert, to=clerk, at=AT)
    alerts.escalate_alert(actor=manager, alert=alert, to=boss, at=AT)
    [letter] = mail.outbox
    assert (letter.to, alert.number in letter.body, f"/alerts/{alert.pk}/" in letter.body) == (
        ["boss@hotel.example"], True, True,
    )  # fmt: skip
    assert (str(GUEST) in letter.body, clerk.name in letter.body) == (False, False)
    assert deciding.others_who_decide(alert) == [boss, manager]


@pytest.mark.parametrize(("severity", "hours"), [("high", 24), ("medium", 72)])
def test_deadlines(severity: str, hours: int) -> None:
    assert DECIDED_WITHIN[severity] == timedelta(hours=hours)  # type: ignore[index]
    alert = Alert(due_at=AT, verdict="")
    assert [alert.is_overdue(AT + timedelta(seconds=n)) for n in (0, 1)] == [False, True]


def test_the_package_of_a_confirmed_alert_is_verified_by_its_hashes(
    rules: None, clerk: Person, manager: Person, harbour: Property, tmp_path: Path
) -> None:
    alert = raised(clerk, harbour, state="confirmed", verdict="confirmed")
    row = written(clerk, harbour)
    AlertRow.objects.create(
        alert=alert, event_at=row.at, event_id=row.pk, event_ref=row.ref, actor=clerk, score="1.1", flags=["reveal"]
    )
    alerts_taken = zipfile.ZipFile(io.BytesIO(alerts.pack_alert(actor=manager, alert=alert, at=AT)))
    alerts_taken.extractall(tmp_path)
    names = {
        "alert.json", "rows.jsonl", "steps.jsonl", "sentences-en.txt", "sentences-zh-hans.txt", "proofs/without.txt",
        "checkpoint", "key", "verify_log.py", "README.txt", "SHA256SUMS",
    }  # fmt: skip
    assert set(alerts_taken.namelist()) == names
    [told] = [json.loads(line) for line in (tmp_path / "rows.jsonl").read_text().splitlines()]
    assert (told["ref"], told["action"], told["actor"], told["rules"]) == (
        str(row.ref), "page.missing", clerk.pk, ["reveal"],
    )  # fmt: skip
    assert (tmp_path / "proofs" / "without.txt").read_text() == f"{row.ref}\n"
    checked = subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=tmp_path, check=False)
    assert checked.returncode == 0
    assert Event.objects.get(action="alert.packed").detail == {"count": 1}


def written(person: Person, house: Property) -> Event:
    """A row of the log of this person."""
    audit.record(PAGE_MISSING, who=permissions.who(person, house), object_type="page", object_ref="stay")
    return Event.objects.get(action=PAGE_MISSING)


def test_what_is_not_confirmed_has_no_package(rules: None, clerk: Person, manager: Person, harbour: Property) -> None:
    with pytest.raises(refusals.AlertSettled):
        alerts.pack_alert(actor=manager, alert=raised(clerk, harbour), at=AT)


def test_an_alert_is_raised_by_hand_once_for_a_line(
    rules: None, clerk: Person, manager: Person, harbour: Property
) -> None:
    row = written(clerk, harbour)
    made = [alerts.raise_by_hand(actor=manager, row=row, at=AT) for _time in range(2)]
    assert (made[0], made[0].code, made[0].actor, made[0].rows.get().event_ref) == (made[1], "drawn", clerk, row.ref)
    assert steps(made[0]) == [("raised", "harbour-manager", "")]

"""A look without a reason: noticed by the running keeper, asked, answered, decided; and a rule changed by two."""

import io
import time
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from audit.services import Why
from hotelrecords.tests.journeys import people
from hotelrecords.tests.journeys.visiting import Visit
from staff.models import Alert, DetectionRule, Person
from stays import services
from stays.models import Occupant, Stay
from vault import services as vault
from vault.categories import Category

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]
LANGUAGES = pytest.mark.parametrize("language", ["en", "zh-hans"])
NOTICED_WITHIN = 60
REPLAYED_WITHIN = 240
OTHER_MANAGER = "lake-manager"
GONE_SINCE = {"en": timedelta(days=100), "zh-hans": timedelta(days=130)}
Found = TypeVar("Found")


def wait_for(find: Callable[[], Found | None], seconds: int) -> Found:
    """What is found within so many seconds."""
    deadline = time.monotonic() + seconds
    while (found := find()) is None:
        assert time.monotonic() < deadline, "it did not come in time"
        time.sleep(1)
    return found


def look_without_reason(language: str) -> str:
    """A clerk off duty shows the phone of somebody who left long ago; the stay the log names."""
    clerk, at = Person.objects.get(staff_number=people.SECOND_CLERK), timezone.now()
    gone = Stay.objects.filter(
        property__code="harbour", status="checked_out", departed_at__lt=at - GONE_SINCE[language]
    )
    lead = Occupant.objects.filter(stay__in=gone, role="lead").order_by("-stay__departed_at")[0]
    [envelope] = vault.envelopes_of([lead.subject_id], [Category.CONTACT]).values()
    why = Why(purpose="guest_service")
    services.reveal_field(actor=clerk, envelope=envelope, field="phone", why=why, stepped_up=True, at=at)
    return Event.objects.by(clerk.pk).filter(action="guest.revealed").latest("id").object_ref


@LANGUAGES
def test_a_look_without_a_reason(visit: Callable[..., Visit], language: str) -> None:
    reference = look_without_reason(language)
    alert = wait_for(
        lambda: Alert.objects.filter(actor__staff_number=people.SECOND_CLERK, state="new").first(), NOTICED_WITHIN
    )
    manager = visit(people.MANAGER, language)
    manager.go("alerts")
    manager.look("page-alerts")
    manager.turn_to("alert", alert.pk)
    assert reference in manager.text()
    manager.send(f"main form[action='{reverse('alert_ask', args=[alert.pk])}'] button")
    answer(visit(people.SECOND_CLERK, language), alert)
    manager.go("alert", alert.pk)
    manager.send(f"main form[action='{reverse('alert_take', args=[alert.pk])}'] button")
    manager.look("page-alert-taken")
    manager.answer(verdict="confirmed")
    manager.send(f"main form[action='{reverse('alert_decide', args=[alert.pk])}'] button")
    people.prove_anew(people.MANAGER)
    packed = manager.download(manager.page.locator(f"main a[href='{reverse('alert_package', args=[alert.pk])}']"))
    assert {"rows.jsonl", "steps.jsonl", "SHA256SUMS"} < set(zipfile.ZipFile(io.BytesIO(packed)).namelist())
    manager.answer(measure="talked")
    manager.send(f"main form[action='{reverse('alert_close', args=[alert.pk])}'] button")
    manager.look("page-alert-closed")
    alert.refresh_from_db()
    assert (alert.state, alert.verdict, alert.steps.count()) == ("closed", "confirmed", 6)


def answer(clerk: Visit, alert: Alert) -> None:
    """The clerk finds the question and says why."""
    clerk.go("questions")
    clerk.look("page-questions")
    clerk.turn_to("question", alert.pk)
    clerk.look("page-question")
    clerk.answer(answer="mistake")
    clerk.send()


@LANGUAGES
def test_a_rule_is_changed_by_two(visit: Callable[..., Visit], language: str) -> None:
    code = {"en": "probe", "zh-hans": "burst-out"}[language]
    wait_for(lambda: DetectionRule.objects.in_force().filter(code=code).first(), NOTICED_WITHIN)
    manager = visit(people.MANAGER, language)
    manager.go("detection_rules")
    manager.look("page-detection-rules")
    manager.turn_to("detection_rule", code)
    manager.turn_to("detection_rule_edit", code)
    manager.look("page-detection-rule-edit")
    manager.answer(weight="0.9")
    manager.send()
    proposed = DetectionRule.objects.proposed().filter(code=code, replayed_at__isnull=False)
    wait_for(proposed.first, REPLAYED_WITHIN)
    other = visit(OTHER_MANAGER, language)
    other.go("detection_rule", code)
    other.look("page-detection-rule")
    other.send(f"main form[action='{reverse('detection_rule_approve', args=[code])}'] button")
    rule = DetectionRule.objects.in_force().get(code=code)
    assert (rule.version, str(rule.weight), rule.approver and rule.approver.staff_number) == (2, "0.90", OTHER_MANAGER)

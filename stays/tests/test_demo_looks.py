"""The demonstration's looks: more than 95 of a hundred are explained for every role, and one clerk is noticed."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from audit.models import Event
from staff.detecting.batches import Batch
from staff.detecting.finding import flags_of
from staff.detecting.risks import risks_of
from staff.models import AccessReview, DetectionRule, Person, Property
from staff.services.alerts.sharing import explained_shares
from staff.services.detection import enter_rules

pytestmark = pytest.mark.django_db


@pytest.fixture
def looked(settings):
    settings.DEMO = True
    call_command("load_demo", stdout=StringIO())
    call_command("load_demo_looks", stdout=StringIO())


def test_the_share_is_healthy_the_curious_clerk_noticed_and_a_second_run_looks_at_nobody(looked):
    at, day = timezone.now(), timedelta(days=1)
    shares = explained_shares(list(Property.objects.all()), at - day, at + day)
    told = [(share.house.code, share.role, share.looks, share.explained, share.is_healthy) for share in shares]
    assert told == [
        ("harbour", "front_desk", 48, 46, True),
        ("lake", "front_desk", 44, 44, True),
        ("station", "front_desk", 32, 32, True),
    ]
    enter_rules(at=at)
    rules = {rule.code: rule for rule in DetectionRule.objects.in_force()}
    batch = Batch.between(at - day, at + day)
    risks = [risk for risk in risks_of(batch, flags_of(batch, rules.values()), rules) if risk.is_alert]
    curious = Person.objects.get(staff_number="harbour-desk2")
    assert [(risk.actor, risk.code, risk.flags[:2]) for risk in risks] == [
        (curious.pk, "shift", ("shift", "old")), (curious.pk, "shift", ("shift", "reveal")),
    ]  # fmt: skip
    [review] = AccessReview.objects.open()
    assert (review.property.code, review.begun_by.staff_number, review.lines.filter(decision="").count()) == (
        "harbour", "harbour-manager", 7,
    )  # fmt: skip
    before = Event.objects.count()
    call_command("load_demo_looks", stdout=StringIO())
    assert Event.objects.count() == before


def test_it_is_refused_where_demo_is_off(settings):
    settings.DEMO = False
    with pytest.raises(CommandError):
        call_command("load_demo_looks")

"""The requests of the demonstration."""

import pytest
from django.core.management import call_command
from django.utils import timezone

from privacy import demonstration
from privacy.models import Certificate, Request, Rule

pytestmark = pytest.mark.django_db


def test_it_loads_once(settings):
    settings.DEMO = True
    call_command("load_demo", verbosity=0)
    call_command("load_demo_requests", verbosity=0)
    call_command("load_demo_requests", verbosity=0)
    states = sorted(Request.objects.values_list("state", flat=True))
    assert (len(states), states.count("in_review"), Rule.objects.exists()) == (len(demonstration.ASKED), 1, True)
    verified = Request.objects.exclude(verified_at=None)
    assert sorted(verified.values_list("kind", flat=True)) == ["access", "deletion", "deletion"]
    assert Certificate.objects.get().request == Request.objects.get(state="closed")
    assert [one.kind for one in Request.objects.all() if one.is_overdue(one.property.today(timezone.now()))] == [
        "complaint"
    ]

"""What everybody may read: the privacy notice, and how long what is kept."""

from collections.abc import Sequence
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from privacy.policy.rules import DEFAULT_JURISDICTION, REGULATED, Rule
from privacy.services.law import versions_of_rules
from privacy.views.rule_lines import Line, line, place_name
from staff.models import Property
from staff.permissions import public
from stays.models import Notice


@public
@require_safe
def privacy_notice(request: HttpRequest) -> HttpResponse:
    """The newest notice, and which versions there were."""
    versions = list(Notice.objects.order_by("-version").only("version", "published_at"))
    return render(request, "privacy/privacy_notice.html", {"notice": Notice.objects.newest(), "versions": versions})


@public
@require_safe
def retention_summary(request: HttpRequest) -> HttpResponse:
    """How long each kind of record is kept where the house has a hotel, from when, and what happens then; and what
    changes on a day to come."""
    today = timezone.localdate()
    known = [rule for rule, _row in versions_of_rules()]
    places = dict.fromkeys(Property.objects.order_by("jurisdiction").values_list("jurisdiction", flat=True))
    parts = [(place_name(place), _lines(known, place, today), _coming(known, place, today)) for place in places]
    return render(request, "privacy/retention_summary.html", {"parts": [part for part in parts if part[1]]})


def _lines(known: Sequence[Rule], place: str, today: date) -> list[Line]:
    """The rules in force at a place; where it has none of its own for a record that no law regulates, the house's."""
    held = [rule for rule in known if rule.is_in_force(today)]
    own = [rule for rule in held if rule.jurisdiction == place]
    covered = {rule.record for rule in own} | REGULATED
    lent = [rule for rule in held if rule.jurisdiction == DEFAULT_JURISDICTION and rule.record not in covered]
    return [line(rule) for rule in (*own, *lent)]


def _coming(known: Sequence[Rule], place: str, today: date) -> list[Line]:
    ahead = [rule for rule in known if rule.in_force_from is not None and rule.in_force_from > today]
    ahead.sort(key=lambda rule: (rule.in_force_from or today, rule.code))
    return [line(rule) for rule in ahead if rule.jurisdiction == place]

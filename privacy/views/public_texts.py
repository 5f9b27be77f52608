"""What everybody may read: the privacy notice, and how long what is kept."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from privacy.policy import words
from privacy.policy.rules import Kind, Rule
from privacy.services.law import rules_of_the_house
from staff.models import Property
from staff.permissions import public
from stays.models import Notice


@dataclass(frozen=True, slots=True)
class Line:
    """One rule in words."""

    record: str
    period: str
    starts: str
    at_once: str
    ends: str
    source: str
    is_confirmed: bool


@public
@require_safe
def privacy_notice(request: HttpRequest) -> HttpResponse:
    """The newest notice, and which versions there were."""
    versions = list(Notice.objects.order_by("-version").only("version", "published_at"))
    return render(request, "privacy/privacy_notice.html", {"notice": Notice.objects.newest(), "versions": versions})


@public
@require_safe
def retention_summary(request: HttpRequest) -> HttpResponse:
    """How long each kind of record is kept where the house has a hotel, from when, and what happens then."""
    places = dict.fromkeys(Property.objects.order_by("jurisdiction").values_list("jurisdiction", flat=True))
    rules = rules_of_the_house(on=timezone.localdate())
    parts = [(_name(place), [_line(rule) for rule in rules if rule.jurisdiction == place]) for place in places]
    return render(request, "privacy/retention_summary.html", {"parts": [part for part in parts if part[1]]})


def _name(place: str) -> str:
    return str(dict(Property._meta.get_field("jurisdiction").flatchoices).get(place, place))


def _line(rule: Rule) -> Line:
    return Line(
        record=str(words.RECORDS.get(rule.record, rule.record)),
        period=_period(rule),
        starts=str(words.STARTS[rule.start]),
        at_once=str(words.AT_ONCE.get(rule.at_once_on, "")),
        ends=str(words.ENDS[rule.end]),
        source=_source(rule),
        is_confirmed=rule.is_confirmed,
    )


def _period(rule: Rule) -> str:
    """The period, and whether it is a lower or an upper limit."""
    period = words.period(rule.number, rule.unit)
    limits = {Kind.MIN: _("at least %(period)s"), Kind.MAX: _("at most %(period)s")}
    return limits.get(Kind(rule.kind), "%(period)s") % {"period": period}


def _source(rule: Rule) -> str:
    """The instrument and its article; guidelines count paragraphs."""
    facts = {"instrument": words.instrument(rule.instrument), "article": rule.article}
    if not rule.instrument:
        return ""
    is_article = rule.article[:1].isdigit()
    return (_("%(instrument)s, art. %(article)s") if is_article else "%(instrument)s, %(article)s") % facts

"""Retention rules: all of them, one with its history, and the changes that two people make."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from privacy import permissions
from privacy.forms.rules import RefusalForm, RuleChangeForm
from privacy.models import RuleChange
from privacy.services import law
from privacy.services import rules as services
from privacy.services.reviewing import today
from privacy.services.rules import Version
from privacy.services.rules.lines import line_of
from privacy.views.asking import GET_POST, posted
from privacy.views.rule_history import told
from privacy.views.rule_lines import line, place_name
from staff.models import Property
from staff.permissions import any_right_required, may, right_required
from staff.refusals import refused_to
from stays.views.asking import Asking, asking

STATES = ("in_force", "coming", "past")


@require_safe
@any_right_required(*permissions.SEES_RULES)
def rules(request: HttpRequest) -> HttpResponse:
    """Every version of every rule where the house has a hotel: in force, coming or past; and what waits."""
    who, chosen = asking(request), request.GET.get("list", "in_force")
    chosen = chosen if chosen in STATES else STATES[0]
    found = _where_the_house_is(services.versions(on=today(who.house, who.at)), who.house)
    context = {
        "places": _by_place([each for each in found if each.state == chosen]),
        "counts": {state: sum(each.state == state for each in found) for state in STATES},
        "chosen": chosen,
        "waiting": _changes(RuleChange.objects.open()),
    }
    return render(request, "privacy/rules.html", context)


@require_safe
@any_right_required(*permissions.SEES_RULES)
def rule(request: HttpRequest, of: str) -> HttpResponse:
    """One rule at one place: its versions, the changes proposed, and what the log knows of them."""
    who, found = asking(request), _versions(request, of)
    here = found[0].rule
    changes = RuleChange.objects.filter(code=here.code, jurisdiction=here.jurisdiction, region=here.region)
    now = next((each for each in found if each.state == "in_force"), found[0])
    context = {
        "line": of,
        "now": now,
        "words": line(now.rule),
        "versions": [(each, line(each.rule)) for each in found],
        "changes": _changes(changes),
        "history": told(services.history_of(found)),
        "place": place_name(here.jurisdiction),
        "may_change": may(who.person, permissions.DECIDES, who.house) and here.jurisdiction == who.house.jurisdiction,
    }
    return render(request, "privacy/rule.html", context)


@require_http_methods(GET_POST)
@right_required(permissions.DECIDES)
def rule_change_new(request: HttpRequest, of: str) -> HttpResponse:
    """Propose another version of a rule."""
    who, found = asking(request), _versions(request, of)
    base = next((each for each in found if each.state == "in_force"), found[0]).rule
    initial = RuleChangeForm.of(base, today=today(who.house, who.at))
    form = RuleChangeForm(posted(request), base=base, house=who.house, initial=initial)
    if form.is_bound and form.is_valid():
        with refused_to(form, request):
            reason = form.cleaned_data["reason"]
            made = services.propose_change(
                actor=who.person, house=who.house, base=base, facts=form.facts, reason=reason, at=who.at
            )
            messages.success(request, _("The change is proposed. Another person decides about it."))
            return redirect("rule_change", made.pk)
    return render(request, "privacy/rule_change_new.html", {"form": form, "line": of, "words": line(base)})


@require_safe
@any_right_required(*permissions.SEES_RULES)
def rule_change(request: HttpRequest, number: int) -> HttpResponse:
    """A proposal, what it would move, and the decision about it."""
    return _change_page(request, _change(request, number), RefusalForm())


@require_POST
@right_required(permissions.DECIDES)
def rule_change_approve(request: HttpRequest, number: int) -> HttpResponse:
    """Put another's proposal in force."""
    change, who = _change(request, number), asking(request)
    made = services.approve_change(actor=who.person, house=who.house, change=change, at=who.at)
    messages.success(request, _("The rule is in force from %(day)s.") % {"day": made.in_force_from})
    return redirect("rule_change", number)


@require_POST
@right_required(permissions.DECIDES)
def rule_change_refuse(request: HttpRequest, number: int) -> HttpResponse:
    """Turn another's proposal down, with the reason."""
    change, who, form = _change(request, number), asking(request), RefusalForm(request.POST)
    if form.is_valid():
        with refused_to(form, request):
            reason = form.cleaned_data["reason"]
            services.refuse_change(actor=who.person, house=who.house, change=change, reason=reason, at=who.at)
            messages.success(request, _("The proposal is turned down; the rule stays as it is."))
            return redirect("rule_change", number)
    return _change_page(request, change, form)


@require_POST
@right_required(permissions.DECIDES)
def rule_change_withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Take one's own proposal back."""
    change, who = _change(request, number), asking(request)
    services.withdraw_change(actor=who.person, house=who.house, change=change, at=who.at)
    messages.success(request, _("The proposal is withdrawn; the rule stays as it is."))
    return redirect("rule_change", number)


def _change_page(request: HttpRequest, change: RuleChange, form: RefusalForm) -> HttpResponse:
    who = asking(request)
    is_open = change.state == RuleChange.State.PROPOSED
    before = next(
        (each for each in services.versions(on=today(who.house, who.at), line=line_of(change)) if each.state != "past"),
        None,
    )
    context = {
        "change": change,
        "line": line_of(change),
        "words": line(law.as_policy(change)),
        "before": line(before.rule) if before and is_open else None,
        "moved": services.moved_by(change, at=who.at) if is_open else None,
        "is_open": is_open,
        "is_mine": change.proposed_by_id == who.person.pk,
        "may_decide": _may_decide(change, who),
        "form": form,
    }
    return render(request, "privacy/rule_change.html", context)


def _may_decide(change: RuleChange, who: Asking) -> bool:
    return may(who.person, permissions.DECIDES, who.house) and change.jurisdiction == who.house.jurisdiction


def _change(request: HttpRequest, number: int) -> RuleChange:
    """The proposal, where the house has a hotel under its law; 404 otherwise."""
    people = RuleChange.objects.select_related("proposed_by", "decided_by", "made", "property")
    return get_object_or_404(people.filter(jurisdiction__in=_jurisdictions(asking(request).house)), pk=number)


def _versions(request: HttpRequest, of: str) -> list[Version]:
    who = asking(request)
    found = _where_the_house_is(services.versions(on=today(who.house, who.at), line=of), who.house)
    if not found:
        raise Http404
    return found


def _jurisdictions(house: Property) -> set[str]:
    return {house.jurisdiction, *Property.objects.values_list("jurisdiction", flat=True)}


def _where_the_house_is(found: list[Version], house: Property) -> list[Version]:
    here = _jurisdictions(house)
    return [each for each in found if each.rule.jurisdiction in here]


def _by_place(found: list[Version]) -> list[tuple[str, list[tuple[Version, Any]]]]:
    places = dict.fromkeys(each.rule.jurisdiction for each in found)
    return [
        (place_name(place), [(each, line(each.rule)) for each in found if each.rule.jurisdiction == place])
        for place in places
    ]


def _changes(found: Any) -> list[tuple[RuleChange, Any]]:
    """Proposals with what they say in words."""
    people = found.select_related("proposed_by", "decided_by")
    return [(change, line(law.as_policy(change))) for change in people]

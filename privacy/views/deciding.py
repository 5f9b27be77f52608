"""The decision sheet, the decision, the second person, and carrying it out."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from privacy import permissions
from privacy.forms import deciding as forms
from privacy.forms.casework import ReasonForm
from privacy.models import Item
from privacy.services import deciding, executing, sheets
from privacy.views.asking import GET_POST, back_to, posted, request_here
from privacy.views.deeds import Page, deed
from staff.permissions import right_required
from staff.refusals import refused_to
from staff.stepping_up import step_up_required
from stays.views.asking import asking


@deed(
    title=_("Make the decision sheet"),
    button=_("Make the sheet"),
    done=_("The sheet is made. Nothing is decided yet."),
    says=_(
        "All that is kept about the guest is found and tested against the law, part by part. Nothing is opened."
        " Choices made on an earlier sheet are dropped."
    ),
)
def request_sheet(page: Page) -> object:
    """Make the sheet, or make it again."""
    return sheets.make_sheet(**page.by)


@require_http_methods(GET_POST)
@right_required(permissions.DECIDES)
def request_item(request: HttpRequest, number: str, item: int) -> HttpResponse:
    """Choose for one row of the sheet."""
    asked, who = request_here(request, number), asking(request)
    row = get_object_or_404(
        Item.objects.filter(request=asked).select_related("request__property", "stay__property"), pk=item
    )
    initial = {"chosen": row.chosen or row.proposed, "reason": row.override_reason}
    form = forms.ItemForm(posted(request), initial=initial)
    if form.is_bound and form.is_valid():
        with refused_to(form, request):
            sheets.choose_item(item=row, actor=who.person, at=who.at, **form.cleaned_data)
            return back_to(request, asked, _("Your choice is on the sheet."))
    context = {"asked": asked, "item": row, "form": form, "rules": sheets.rules_of(asked, [row], at=who.at)}
    return render(request, "privacy/request_item.html", context)


@require_POST
@right_required(permissions.DECIDES)
def request_choose(request: HttpRequest, number: str) -> HttpResponse:
    """Choose what is proposed for every row without a choice."""
    asked, who = request_here(request, number), asking(request)
    count = sheets.choose_proposed(request=asked, actor=who.person, at=who.at)
    told = ngettext("%(count)s row is as proposed.", "%(count)s rows are as proposed.", count) % {"count": count}
    return back_to(request, asked, told)


@require_http_methods(GET_POST)
@right_required(permissions.DECIDES)
def request_decide(request: HttpRequest, number: str) -> HttpResponse:
    """Decide."""
    asked, who = request_here(request, number), asking(request)
    form = forms.DecideForm(posted(request), has_sheet=asked.wanted in sheets.SHEET_KINDS)
    if form.is_bound and form.is_valid():
        with refused_to(form, request):
            decided = deciding.decide_request(request=asked, actor=who.person, at=who.at, **form.cleaned_data)
            waits = decided.state == decided.State.AWAITING_SECOND
            return back_to(request, asked, _("Decided. A second person approves it now.") if waits else _("Decided."))
    needs_second = deciding.needs_second(asked)
    context = {"asked": asked, "form": form, "needs_second": needs_second, **_sheet(asked, who.at)}
    return render(request, "privacy/request_decide.html", context)


@require_http_methods(GET_POST)
@right_required(permissions.DECIDES)
@step_up_required
def request_approve(request: HttpRequest, number: str) -> HttpResponse:
    """The second person approves the decision of the first."""
    asked, who = request_here(request, number), asking(request)
    form = forms.NumberForm(posted(request), wanted=asked.number)
    if form.is_bound and form.is_valid():
        with refused_to(form, request):
            deciding.approve_decision(request=asked, actor=who.person, at=who.at)
            return back_to(request, asked, _("Approved. It can be carried out now."))
    return render(request, "privacy/request_approve.html", {"asked": asked, "form": form, **_sheet(asked, who.at)})


@deed(
    title=_("Send the decision back"),
    button=_("Send it back"),
    done=_("The decision went back to review."),
    says=_("The request is in review again, its sheet stays as it is."),
    form=lambda page: ReasonForm(page.typed, reasons=deciding.SEND_BACK_REASONS),
)
def request_send_back(page: Page, **typed: Any) -> object:
    """The second person sends the decision back."""
    return deciding.send_back(**page.by, **typed)


@require_http_methods(GET_POST)
@right_required(permissions.DECIDES)
@step_up_required
def request_execute(request: HttpRequest, number: str) -> HttpResponse:
    """Carry the decision out: says what goes, what stays and why, and asks for the number."""
    asked, who = request_here(request, number), asking(request)
    form = forms.NumberForm(posted(request), wanted=asked.number)
    if form.is_bound and form.is_valid():
        with refused_to(form, request):
            executing.execute_decision(request=asked, actor=who.person, at=who.at)
            return back_to(request, asked, _("Carried out. Make the letter and hand it over."))
    return render(request, "privacy/request_execute.html", {"asked": asked, "form": form, **_sorted(asked)})


@deed(
    title=_("Close the request"),
    button=_("Close it"),
    done=_("The request is closed."),
    says=_("All that was decided is done and the letter has left the house."),
)
def request_close(page: Page) -> object:
    """Close what is decided, carried out and answered."""
    return deciding.close_request(**page.by)


def _sheet(asked: Any, at: datetime) -> dict[str, Any]:
    """The rows and the rules they name."""
    items = list(asked.items.select_related("stay__property"))
    return {"items": items, "rules": sheets.rules_of(asked, items, at=at)}


def _sorted(asked: Any) -> dict[str, list[Item]]:
    """The rows by what happens to them."""
    items = list(asked.items.select_related("stay"))
    return {
        "goes": [item for item in items if item.chosen in sheets.DESTROYING],
        "locked": [item for item in items if item.chosen == Item.Outcome.RESTRICT],
        "stays": [item for item in items if item.chosen in (Item.Outcome.KEEP, Item.Outcome.NOT_NOW)],
    }

"""The regular review of how requests are handled."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from privacy.forms.reviews import QUARTER, FindingForm, PeriodForm, past
from privacy.models import Finding, Review
from privacy.services import reviews as services
from privacy.views.plots import panels
from staff.permissions import right_required
from staff.refusals import refused_to
from stays.views.asking import asking

GET_POST = ["GET", "HEAD", "POST"]
ROWS_A_PAGE = 25


@require_safe
@right_required("decide_request")
def reviews(request: HttpRequest) -> HttpResponse:
    """The reviews of this property, newest first, and what is still open of all."""
    who = asking(request)
    found = _here(request).annotate(found=Count("findings"), left=Count("findings", filter=Q(findings__done_at=None)))
    page = Paginator(found.order_by("-period_to", "-pk"), ROWS_A_PAGE).get_page(request.GET.get("page"))
    waiting = Finding.objects.open().filter(review__property=who.house).select_related("review", "owner")
    return render(request, "privacy/reviews.html", {"page": page, "waiting": waiting, "today": who.today})


@require_http_methods(GET_POST)
@right_required("decide_request")
def review_new(request: HttpRequest) -> HttpResponse:
    """Begin a review with the figures of a period."""
    who = asking(request)
    form = PeriodForm(request.POST if request.method == "POST" else None, initial=past(QUARTER, who.today))
    if form.is_bound and form.is_valid():
        with refused_to(form, request):
            made = services.make_review(actor=who.person, property=who.house, period=form.period, at=who.at)
            return redirect("review", number=made.pk)
    return render(request, "privacy/review_new.html", {"form": form})


@require_http_methods(GET_POST)
@right_required("decide_request")
def review(request: HttpRequest, number: int) -> HttpResponse:
    """One review: its figures as they were, its findings, and a further finding."""
    who = asking(request)
    shown = services.open_review(get_object_or_404(_here(request), pk=number), actor=who.person)
    form = FindingForm(request.POST if request.method == "POST" else None, house=who.house)
    if form.is_bound and form.is_valid():
        with refused_to(form, request):
            services.add_finding(actor=who.person, review=shown, at=who.at, **form.cleaned_data)
            messages.success(request, _("The finding is added."))
            return redirect("review", number=shown.pk)
    return render(request, "privacy/review.html", _context(shown, form) | {"today": who.today})


def _context(shown: Review, form: FindingForm) -> dict[str, Any]:
    findings = [
        (finding, services.FINDINGS.get(finding.code, finding.code))
        for finding in shown.findings.select_related("owner")
    ]
    figures = shown.figures
    return {"review": shown, "findings": findings, "form": form, "figures": figures, "panels": panels(figures)}


@require_POST
@right_required("decide_request")
def finding_done(request: HttpRequest, number: int) -> HttpResponse:
    """A finding is settled."""
    who = asking(request)
    findings = Finding.objects.filter(review__in=_here(request)).select_related("review__property")
    finding = get_object_or_404(findings, pk=number)
    services.settle_finding(actor=who.person, finding=finding, at=who.at)
    messages.success(request, _("The finding is settled."))
    return redirect("review", number=finding.review_id)


def _here(request: HttpRequest) -> Any:
    who = asking(request)
    return Review.objects.visible_to(who.person).filter(property=who.house).select_related("property", "made_by")

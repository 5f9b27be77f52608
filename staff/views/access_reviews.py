"""Access reviews: their list, one review with its lines, deciding on a line, signing off, the report."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from staff import permissions, stepping_up
from staff.forms.access_reviews import DecisionForm
from staff.models import AccessReview, AccessReviewLine
from staff.permissions import REVIEWS_ACCESS, any_right_required, right_required
from staff.refusals import refused_to
from staff.roles import RIGHTS, RIGHTS_OF, lesser_roles
from staff.services import access_reviews as services

SHOWN = 40


@require_safe
@any_right_required(*permissions.DUTY_RIGHTS)
def access_reviews(request: Any) -> HttpResponse:
    """The reviews of this property, the newest first."""
    found = permissions.access_reviews_seen_by(request.user).filter(property=request.property)
    reviews = list(found.counted().select_related("begun_by", "signed_off_by")[:SHOWN])
    today = request.property.today(timezone.now())
    context = {
        "reviews": [{"review": review, "is_overdue": review.is_overdue(today)} for review in reviews],
        "may_begin": _may_review(request) and not any(review.is_open for review in reviews),
    }
    return render(request, "staff/access_reviews.html", context)


@require_POST
@right_required(REVIEWS_ACCESS)
def access_review_begin(request: Any) -> HttpResponse:
    """Begin a review by hand."""
    review = services.begin_access_review(property=request.property, actor=request.user, at=timezone.now())
    return redirect("access_review", number=review.pk)


@require_safe
@any_right_required(*permissions.DUTY_RIGHTS)
def access_review(request: Any, number: int) -> HttpResponse:
    """One review: what nobody has decided on first."""
    return _shown(request, number, "staff/access_review.html")


@require_safe
@any_right_required(*permissions.DUTY_RIGHTS)
def access_review_report(request: Any, number: int) -> HttpResponse:
    """The same to be printed and filed."""
    return _shown(request, number, "staff/access_review_report.html")


@require_http_methods(["GET", "HEAD", "POST"])
@any_right_required(*permissions.DUTY_RIGHTS)
def access_review_line(request: Any, number: int, line: int) -> HttpResponse:
    """Decide on one role. What takes rights away asks for a fresh proof."""
    review = _review(request, number)
    seen = permissions.lines_seen_by(request.user, review).select_related("person", "review__property")
    found = get_object_or_404(seen, pk=line)
    form = DecisionForm(request.POST if request.method == "POST" else None, line=found)
    if form.is_valid():
        if form.cleaned_data["decision"] != AccessReviewLine.Decision.KEEP:
            stepping_up.require_step_up(request, back_to=reverse("access_review_line", args=[number, line]))
        with refused_to(form, request):
            services.decide_on_role(line=found, actor=request.user, at=timezone.now(), **form.cleaned_data)
            return redirect("access_review", number=number)
    context = {"review": review, "line": found, "row": _row(request, review, found), "form": form}
    context["may"] = permissions.reviews_line(request.user, found)
    context["rights"] = [RIGHTS[right] for right in RIGHTS_OF[found.role]]
    return render(request, "staff/access_review_line.html", context)


@require_POST
@right_required(REVIEWS_ACCESS)
def access_review_sign_off(request: Any, number: int) -> HttpResponse:
    """Sign a review off."""
    services.sign_off_review(review=_review(request, number), actor=request.user, at=timezone.now())
    messages.success(request, _("The access review is signed off."))
    return redirect("access_review", number=number)


def _shown(request: Any, number: int, page: str) -> HttpResponse:
    review = _review(request, number)
    lines = services.look_at_review(review=review, actor=request.user)
    left = sum(not line.decision for line in lines)
    context = {
        "review": review,
        "lines": [_row(request, review, line) for line in lines],
        "left": left,
        "is_overdue": review.is_overdue(review.property.today(timezone.now())),
        "may_sign_off": _may_review(request) and review.is_open and not left,
    }
    return render(request, page, context)


def _row(request: Any, review: AccessReview, line: AccessReviewLine) -> dict[str, Any]:
    return {
        "line": line,
        "rate": line.reveals_per_hundred(review.check_ins),
        "is_own": line.person_id == request.user.pk,
        "has_lesser": bool(lesser_roles(line.role)),
    }


def _may_review(request: Any) -> bool:
    return permissions.may(request.user, REVIEWS_ACCESS, request.property)


def _review(request: Any, number: int) -> AccessReview:
    seen = permissions.access_reviews_seen_by(request.user).filter(property=request.property)
    named = ("property", "begun_by", "signed_off_by")
    found: AccessReview = get_object_or_404(seen.select_related(*named), pk=number)
    return found

"""One stay, one guest's history, one field revealed."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse as reverse_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from audit.services import Why
from staff import stepping_up
from staff.permissions import right_required
from staff.refusals import refused_to
from stays import permissions, purposes, services
from stays.models import Stay
from stays.services.looking_up import sealed_visible_to
from stays.services.looking_up.rows import pseudonym_of
from stays.typed import StayPage
from stays.views.asking import asking, given_why, kept_why, purpose_form, reveal_context, visible_stay


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("see_basic")
def stay(request: HttpRequest, reference: str) -> HttpResponse:
    """A stay's page. It asks what for first, unless a purpose is kept and the guest is due or in house here."""
    shown = visible_stay(request, reference)
    who = asking(request)
    why = kept_why(request)
    if why.purpose and purposes.kept_serves(shown, who.house, who.at):
        return _stay_page(request, shown, why)
    form = purpose_form(request, typed=request.method == "POST")
    if form.is_bound and form.is_valid():
        with refused_to(form, request):
            return _stay_page(request, shown, given_why(form))
    return render(request, "stays/ask_purpose.html", {"form": form})


def _stay_page(request: HttpRequest, shown: Stay, why: Why) -> HttpResponse:
    who = asking(request)
    page = services.open_stay(shown, actor=who.person, why=why, at=who.at)
    context = {"stay": page.stay, "page": page, "today": who.today, "title": _title(page)}
    return render(request, "stays/stay.html", context | reveal_context(request, why))


def _title(page: StayPage) -> str:
    if page.stay.confidential:
        return pseudonym_of(page.stay)
    lead = page.occupants[0].name.plain if page.occupants else ""
    return lead or _("Nameless stay")


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("see_basic")
def guest_history(request: HttpRequest, subject: UUID) -> HttpResponse:
    """A guest's stays at the properties where the person may see them. It always asks what for."""
    if not Stay.objects.visible_to(asking(request).person).filter(occupants__subject=subject).exists():
        raise Http404
    form = purpose_form(request, typed=request.method == "POST")
    if form.is_bound and form.is_valid():
        with refused_to(form, request):
            return _history_page(request, subject, given_why(form))
    return render(request, "stays/ask_purpose.html", {"form": form, "is_history": True})


def _history_page(request: HttpRequest, subject: UUID, why: Why) -> HttpResponse:
    who = asking(request)
    history = services.open_history(subject=subject, actor=who.person, property=who.house, why=why, at=who.at)
    context = {"history": history, "today": who.today}
    return render(request, "stays/guest_history.html", context | reveal_context(request, why))


@require_POST
@right_required("see_basic")
def reveal(request: HttpRequest, envelope: UUID, field: str) -> HttpResponse:
    """One field in plain for half a minute, for a purpose; identity and payment after a fresh proof besides."""
    who = asking(request)
    sealed = sealed_visible_to(who.person, envelope, field, at=who.at)
    if sealed is None:
        raise Http404
    back = reverse_url("stay", args=[sealed.stay.reference])
    if sealed.grade == permissions.STEP_UP:
        stepping_up.require_step_up(request, back_to=back)
    form = purpose_form(request, typed=True)
    context = {"sealed": sealed, "field": field, "back": back, "form": form, "seconds": settings.REVEAL_SECONDS}
    if form.is_valid():
        with refused_to(form, request):
            context["value"] = services.reveal_field(
                actor=who.person, envelope=envelope, field=field, why=given_why(form), stepped_up=True, at=who.at
            )
    return _revealed(request, context)


def _revealed(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    if request.headers.get("HX-Request"):
        page = "stays/_revealed.html" if "value" in context else "stays/_not_revealed.html"
        return render(request, page, context | reveal_context(request, kept_why(request)))
    response = render(request, "stays/reveal.html", context)
    if "value" in context:
        response["Refresh"] = f"{context['seconds']}; url={context['back']}"
    return response

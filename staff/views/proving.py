"""Proving who one is once more: the step-up page and the unlock page."""

from typing import Any

from allauth.mfa.webauthn.internal import auth as webauthn
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.html import format_html
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from audit import services as audit
from staff import locking, second_factor
from staff.actions import SCREEN_LOCKED, SCREEN_UNLOCKED, STEPPED_UP
from staff.forms.signing_in import ProofForm, UnlockForm
from staff.models import Person
from staff.permissions import off_duty, public
from staff.stepping_up import next_path, page_left, redirect_to_page


@off_duty
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("code")
def step_up(request: Any) -> HttpResponse:
    """A fresh second proof, then back to where it was asked for."""
    form = ProofForm(request.POST or None, person=request.user)
    if form.is_valid() and form.authenticator:
        second_factor.note_proof(request, form.authenticator)
        audit.record_look(STEPPED_UP, who=request.who)
        return HttpResponseRedirect(next_path(request))
    return render(request, "staff/step_up.html", _page(request, form) | {"left": page_left(request)})


@public
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("password", "code")
def unlock(request: Any) -> HttpResponse:
    """The same person goes on. To htmx: 204 and the event ``unlocked``, or the reason; else a page."""
    if not isinstance(request.user, Person):
        return redirect_to_page(request, "account_login")
    if request.method == "GET" and not locking.is_locked(request):
        locking.lock(request)
        audit.record_look(SCREEN_LOCKED, who=request.who)
    form = UnlockForm(request.POST or None, person=request.user)
    if form.is_valid() and form.authenticator:
        return _unlocked(request, form)
    if request.headers.get("HX-Request") and request.method == "POST":
        return HttpResponse(format_html('<p class="reasons">{}</p>', _first_reason(form)))
    return render(request, "staff/unlock.html", _page(request, form))


def _unlocked(request: Any, form: UnlockForm) -> HttpResponse:
    if form.authenticator:
        second_factor.note_proof(request, form.authenticator)
    locking.unlock(request)
    audit.record_look(SCREEN_UNLOCKED, who=request.who)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Trigger": "unlocked"})
    return HttpResponseRedirect(next_path(request))


def _page(request: HttpRequest, form: ProofForm) -> dict[str, Any]:
    has_passkey = any(one.type == second_factor.Type.WEBAUTHN for one in second_factor.of(form.person))
    page: dict[str, Any] = {"form": form, "next": next_path(request), "has_passkey": has_passkey}
    if has_passkey:
        page["passkey_request"] = {"request_options": webauthn.begin_authentication(form.person)}
    return page


def _first_reason(form: ProofForm) -> str:
    return next(str(reason) for reasons in form.errors.values() for reason in reasons)

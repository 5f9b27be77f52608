"""Getting in and out: allauth's sign-in behind our pages, the link of a new person, the language, signing out."""

from typing import Any

from allauth.account import views as account
from allauth.account.adapter import get_adapter
from allauth.account.utils import perform_login
from allauth.mfa.base import views as mfa
from allauth.mfa.webauthn import views as webauthn
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import check_for_language
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from staff import services
from staff.forms.signing_in import NewPasswordForm
from staff.models import Person
from staff.permissions import public
from staff.refusals import refused_to
from staff.stepping_up import next_path

page_or_form = require_http_methods(["GET", "HEAD", "POST"])
account_login = public(page_or_form(account.login))
mfa_authenticate = public(page_or_form(mfa.authenticate))
mfa_login_webauthn = public(page_or_form(webauthn.login_webauthn))


@public
def account_logout(request: HttpRequest) -> HttpResponseBase:
    """Sign out, and tell the browser to forget what it kept of us."""
    response: HttpResponseBase = account.logout(request)
    if request.method == "POST":
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@public
@require_http_methods(["GET", "POST"])
@sensitive_variables("token")
@sensitive_post_parameters("password", "repeated")
def enrol(request: HttpRequest, token: str) -> HttpResponse:
    """The one-time link of a new person: choose a password, then a second factor."""
    at = timezone.now()
    person = services.find_enrolment(token, at=at).person
    form = NewPasswordForm(request.POST or None, person=person)
    if form.is_valid():
        with refused_to(form, request):
            person = services.use_enrolment(token=token, password=form.cleaned_data["password"], at=at)
            return _signed_in(request, person)
    return render(request, "staff/enrol.html", {"form": form, "person": person})


@public
@require_POST
def language(request: Any) -> HttpResponse:
    """Choose the language: for a signed-in person for good, for others on this computer."""
    chosen = request.POST.get("language", "")
    response = HttpResponseRedirect(next_path(request))
    if chosen not in dict(settings.LANGUAGES) or not check_for_language(chosen):
        return response
    if isinstance(request.user, Person):
        services.choose_language(actor=request.user, language=chosen)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        chosen,
        max_age=365 * 24 * 3600,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
    )
    return response


def _signed_in(request: HttpRequest, person: Person) -> HttpResponse:
    if request.user.is_authenticated:
        get_adapter(request).logout(request)
    response: HttpResponse = perform_login(request, person, redirect_url=reverse("second_factor_start"))
    return response

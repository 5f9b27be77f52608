"""One's own account: language, password, sessions; and the shift."""

from typing import Any, Final

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from staff import permissions, second_factor, services
from staff.addresses import client_address
from staff.forms.account import ShiftForm
from staff.forms.signing_in import OwnPasswordForm
from staff.models import Property
from staff.permissions import off_duty
from staff.services import sessions
from staff.stepping_up import next_path, step_up_required

TERMINAL_COOKIE: Final = "terminal"
TERMINAL_COOKIE_SECONDS: Final = 365 * 24 * 3600


@off_duty
@require_GET
def my_account(request: Any) -> HttpResponse:
    """What belongs to one's account, and where to change it."""
    page = {
        "authenticators": second_factor.of(request.user),
        "codes_left": second_factor.recovery_codes_left(request.user),
        "session_count": len(sessions.listed(request.user)),
        "posts": _posts(request),
    }
    return render(request, "staff/my_account.html", page)


@off_duty
@step_up_required
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("old", "password", "repeated")
def account_change_password(request: Any) -> HttpResponse:
    """Change one's password; every other session ends."""
    form = OwnPasswordForm(request.POST or None, person=request.user)
    if form.is_valid():
        key = request.session.session_key
        services.change_own_password(
            actor=request.user, password=form.cleaned_data["password"], keep_session=key, at=timezone.now()
        )
        update_session_auth_hash(request, request.user)
        UserSession.objects.filter(session_key=key).delete()
        UserSession.objects.create_from_request(request)
        messages.success(request, _("Your password is changed. You are signed out everywhere else."))
        return redirect("my_account")
    return render(request, "staff/account_change_password.html", {"form": form})


@off_duty
@require_http_methods(["GET", "POST"])
def my_sessions(request: Any) -> HttpResponse:
    """Where one is signed in, and one button to end it everywhere else."""
    if request.method == "POST":
        services.end_other_sessions(actor=request.user, keep_session=request.session.session_key, at=timezone.now())
        messages.success(request, _("You are signed out everywhere else."))
        return redirect("my_sessions")
    return render(request, "staff/my_sessions.html", {"sessions": sessions.listed(request.user)})


@off_duty
@require_http_methods(["GET", "POST"])
def shift(request: Any) -> HttpResponse:
    """Open a shift: at which property, at which terminal."""
    properties = permissions.properties_of(request.user)
    if not properties:
        return render(request, "staff/no_post.html", status=403)
    initial = {"property": request.property or properties[0], "terminal": _terminal(request)}
    form = ShiftForm(request.POST or None, properties=properties, initial=initial)
    if form.is_valid():
        return _opened(request, form.cleaned_data["property"], form.cleaned_data["terminal"])
    return render(request, "staff/shift.html", {"form": form, "next": next_path(request)})


@off_duty
@require_POST
def shift_close(request: Any) -> HttpResponse:
    """Close the shift without signing out."""
    if request.shift:
        services.close_shift(shift=request.shift, at=timezone.now())
        request.session.pop(sessions.SHIFT_KEY, None)
    return redirect("shift")


def _opened(request: Any, property: Property, terminal: str) -> HttpResponse:
    at = timezone.now()
    sessions.close_shift_of(request.session, at=at)
    opened = services.open_shift(
        actor=request.user, property=property, terminal=terminal, address=client_address(request), at=at
    )
    request.session[sessions.SHIFT_KEY] = str(opened.session_ref)
    response = HttpResponseRedirect(next_path(request))
    response.set_cookie(
        TERMINAL_COOKIE,
        signing.dumps(terminal, salt=TERMINAL_COOKIE),
        max_age=TERMINAL_COOKIE_SECONDS,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
    return response


def _terminal(request: HttpRequest) -> str:
    try:
        return str(signing.loads(request.COOKIES.get(TERMINAL_COOKIE, ""), salt=TERMINAL_COOKIE))
    except signing.BadSignature:
        return ""


def _posts(request: Any) -> list[tuple[Property, tuple[str, ...]]]:
    return [(one, permissions.roles_at(request.user, one)) for one in permissions.properties_of(request.user)]

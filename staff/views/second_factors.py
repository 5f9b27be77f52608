"""One's second factors: authenticator app, passkeys, recovery codes."""

from typing import Any, Final

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.mfa.webauthn.internal import auth as webauthn
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from staff import second_factor, services
from staff.forms.signing_in import PasskeyForm, TotpForm
from staff.permissions import off_duty, signed_in
from staff.pictures import qr_picture
from staff.stepping_up import require_step_up, step_up_required
from vault import services as vault

SECRET_KEY: Final = "totp_secret"  # noqa: S105  # the name of a session entry


@signed_in
@require_GET
def second_factor_start(request: Any) -> HttpResponse:
    """The first steps of a new person: choose an app or a passkey."""
    if second_factor.is_enrolled(request.user):
        return redirect("second_factors")
    return render(request, "staff/second_factor_start.html")


@off_duty
@require_GET
def second_factors(request: Any) -> HttpResponse:
    """One's apps, passkeys and how many recovery codes are left."""
    page = {
        "authenticators": second_factor.of(request.user),
        "codes_left": second_factor.recovery_codes_left(request.user),
        "has_app": any(one.type == second_factor.Type.TOTP for one in second_factor.of(request.user)),
    }
    return render(request, "staff/second_factors.html", page)


@signed_in
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("code")
def totp_add(request: Any) -> HttpResponse:
    """Show the secret of a new authenticator app and take its first code."""
    _require_proof_of_the_enrolled(request)
    if request.method == "GET" or SECRET_KEY not in request.session:
        request.session[SECRET_KEY] = vault.seal_credential(generate_totp_secret())
    secret = vault.open_credential(request.session[SECRET_KEY])
    form = TotpForm(request.POST or None, person=request.user, secret=secret)
    if form.is_valid():
        services.add_app(actor=request.user, secret=secret, code=form.cleaned_data["code"], at=timezone.now())
        del request.session[SECRET_KEY]
        return redirect("recovery_codes")
    return render(
        request, "staff/totp_add.html", {"form": form, "secret": secret, "picture": _picture(request, secret)}
    )


@signed_in
@require_http_methods(["GET", "POST"])
def passkey_add(request: Any) -> HttpResponse:
    """Register a passkey of this device or of a security key."""
    _require_proof_of_the_enrolled(request)
    form = PasskeyForm(request.POST or None, person=request.user)
    if form.is_valid():
        services.add_passkey(
            actor=request.user,
            name=form.cleaned_data["name"],
            credential=form.cleaned_data["credential"],
            at=timezone.now(),
        )
        return redirect("recovery_codes")
    options = {"creation_options": webauthn.begin_registration(request.user, passwordless=False)}
    return render(request, "staff/passkey_add.html", {"form": form, "passkey_request": options})


@off_duty
@step_up_required
@require_http_methods(["GET", "POST"])
def second_factor_remove(request: Any, number: int) -> HttpResponse:
    """Remove an app or a passkey, never the last one."""
    authenticator = get_object_or_404(Authenticator, pk=number, user=request.user, type__in=second_factor.MAIN)
    if request.method == "POST":
        services.remove_second_factor(actor=request.user, authenticator=authenticator)
        messages.success(request, _("Removed."))
        return redirect("second_factors")
    return render(request, "staff/second_factor_remove.html", {"authenticator": authenticator})


@signed_in
@require_GET
def recovery_codes(request: Any) -> HttpResponse:
    """Show new recovery codes, once."""
    page = {
        "codes": second_factor.show_recovery_codes(request.user),
        "left": second_factor.recovery_codes_left(request.user),
    }
    return render(request, "staff/recovery_codes.html", page)


@off_duty
@require_POST
def recovery_codes_renew(request: Any) -> HttpResponse:
    """Make new recovery codes in place of the old."""
    require_step_up(request, back_to=reverse("second_factors"))
    services.renew_recovery_codes(actor=request.user)
    return redirect("recovery_codes")


def _require_proof_of_the_enrolled(request: Any) -> None:
    if second_factor.is_enrolled(request.user):
        require_step_up(request)


def _picture(request: Any, secret: str) -> str:
    return qr_picture(get_adapter().build_totp_url(request.user, secret))

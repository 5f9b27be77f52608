"""Certificates of erasure: read, saved as a file, searched again; and the key by which anybody checks them."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from privacy import permissions
from privacy.models import Certificate
from privacy.services import certificates, looking_up, rechecking
from privacy.views.answers import download
from staff.permissions import public, right_required
from stays.views.asking import asking
from vault.keys import KeyUnknown


@require_safe
@right_required(permissions.DECIDES)
def certificate(request: HttpRequest, number: str) -> HttpResponse:
    """What was erased and when, and what later searches found of it."""
    found = _certificate_here(request, number)
    view = looking_up.open_certificate(certificate=found, actor=asking(request).person)
    return render(request, "privacy/certificate.html", {"view": view, "certificate": found})


@require_safe
@right_required(permissions.DECIDES)
def certificate_file(request: HttpRequest, number: str) -> HttpResponse:
    """The certificate as a file that anybody can check offline."""
    found = _certificate_here(request, number)
    content = looking_up.take_certificate(certificate=found, actor=asking(request).person)
    return download(content, "application/json", f"{found.number}.json")


@require_POST
@right_required(permissions.DECIDES)
def certificate_recheck(request: HttpRequest, number: str) -> HttpResponse:
    """Search now for what the certificate says is erased."""
    found, who = _certificate_here(request, number), asking(request)
    done = rechecking.recheck_erasure(certificate=found, actor=who.person, at=who.at)
    if done.found:
        messages.error(request, _("Something of it was found. Tell the operator at once, and keep this page."))
    else:
        messages.success(request, _("Every place was searched. Nothing of it was found."))
    return redirect("certificate", found.number)


@public
@require_safe
def certificate_key(request: HttpRequest, key: int) -> HttpResponse:
    """The public key, in hex, by which certificates of this key are checked."""
    try:
        content = certificates.published_key(key)
    except KeyUnknown:
        raise Http404 from None
    return HttpResponse(f"{content}\n", content_type="text/plain; charset=utf-8")


def _certificate_here(request: HttpRequest, number: str) -> Certificate:
    """The certificate of this number, if it is one of the property where the person is on duty; 404 otherwise."""
    who = asking(request)
    found = Certificate.objects.visible_to(who.person).filter(property=who.house).select_related("property", "request")
    return get_object_or_404(found, number=number.upper())

"""The public page of one's own request, opened by its number and code for half an hour."""

from datetime import timedelta
from typing import Any, Final

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from privacy import services
from privacy.forms import following as forms
from privacy.models import Request
from privacy.services import looking_up
from privacy.views.asking import GET_POST, posted
from privacy.views.limits import limited
from staff.permissions import public
from staff.refusals import refused_to

FOLLOWED: Final = "followed"  # in the session: the id of the request, and until when
OPEN_FOR: Final = timedelta(minutes=30)


@public
@require_http_methods(GET_POST)
@limited("follow", "30/h/ip")
@sensitive_post_parameters("code")
def follow(request: HttpRequest) -> HttpResponse:
    """Where one's request stands; whatever is wrong with number or code gets one and the same answer."""
    if "leave" in request.POST:
        request.session.pop(FOLLOWED, None)
        return redirect("follow")
    form = forms.FollowForm(posted(request))
    if form.is_bound and form.is_valid():
        found = services.open_follow(at=timezone.now(), **form.cleaned_data)
        if found is not None:
            return _begin(request, found)
        form.add_error(None, _("This number and code do not open anything, or no longer."))
    elif not form.is_bound and (asked := _followed(request)):
        return _page(request, asked)
    return render(request, "privacy/follow.html", {"form": form})


@public
@require_POST
@limited("follow_add", "20/h/ip")
@sensitive_post_parameters("text")
def follow_add(request: HttpRequest) -> HttpResponse:
    """Add what was asked for."""
    return _deed(
        request,
        "add",
        forms.AddForm(request.POST),
        lambda asked, typed: services.receive_message(request=asked, actor=None, at=timezone.now(), **typed),
        _("Your message is with us."),
    )


@public
@require_POST
@limited("follow_code", "20/h/ip")
def follow_code(request: HttpRequest) -> HttpResponse:
    """Ask for a one-time code; the answer is the same whether or not there is where to send it."""
    return _deed(
        request,
        "ask_code",
        Form(request.POST),
        lambda asked, _typed: services.ask_for_code(request=asked, at=timezone.now()),
        _("If we have an e-mail of the guest, a code is on its way to it. Otherwise we will write to you here."),
    )


@public
@require_POST
@limited("follow_check", "20/h/ip")
@sensitive_post_parameters("code")
def follow_check(request: HttpRequest) -> HttpResponse:
    """Enter the code."""
    return _deed(
        request,
        "check",
        forms.OneTimeCodeForm(request.POST),
        lambda asked, typed: services.check_code(request=asked, actor=None, at=timezone.now(), **typed),
        _("Thank you. We go on with it; nothing else has to be done now unless we write to you here."),
    )


@public
@require_POST
@limited("follow_withdraw", "20/h/ip")
def follow_withdraw(request: HttpRequest) -> HttpResponse:
    """Take the request back."""
    return _deed(
        request,
        "withdraw",
        Form(request.POST),
        lambda asked, _typed: services.withdraw_request(request=asked, actor=None, at=timezone.now()),
        _("Your request is withdrawn."),
    )


@public
@require_POST
@limited("follow_rate", "20/h/ip")
@sensitive_post_parameters("comment")
def follow_rate(request: HttpRequest) -> HttpResponse:
    """Say how the request was handled."""
    return _deed(
        request,
        "rate",
        forms.RateForm(request.POST),
        lambda asked, typed: services.rate_request(request=asked, at=timezone.now(), **typed),
        _("Thank you for telling us."),
    )


@public
@require_POST
@limited("follow_appeal", "20/h/ip")
@sensitive_post_parameters("words")
def follow_appeal(request: HttpRequest) -> HttpResponse:
    """Appeal against the answer; the appeal has a number and a code of its own, shown this one time."""
    asked = _followed(request)
    if asked is None:
        return redirect("follow")
    form = forms.AppealWordsForm(request.POST)
    if form.is_valid():
        with refused_to(form, request):
            taken = services.appeal_request(request=asked, actor=None, at=timezone.now(), **form.cleaned_data)
            address = request.build_absolute_uri(reverse("follow"))
            context = {"asked": taken.request, "code": taken.follow_code, "follow_address": address}
            return render(request, "privacy/ask_done.html", context | {"number": taken.request.number})
    return _page(request, asked, appeal=form)


def _deed(request: HttpRequest, name: str, form: Form, do: Any, done: str) -> HttpResponse:
    """Do something with one's own request, once it was opened in this session; refusals stand on its page."""
    asked = _followed(request)
    if asked is None:
        return redirect("follow")
    if form.is_valid():
        with refused_to(form, request):
            do(asked, form.cleaned_data)
            messages.success(request, done)
            return redirect("follow")
    return _page(request, asked, **{name: form})


def _begin(request: HttpRequest, asked: Request) -> HttpResponse:
    """Open it in a session of a new key, so that nobody who knew the old one follows along."""
    request.session.cycle_key()
    until = timezone.now() + OPEN_FOR
    request.session[FOLLOWED] = {"request": str(asked.pk), "until": until.timestamp()}
    return redirect("follow")


def _followed(request: HttpRequest) -> Request | None:
    kept = request.session.get(FOLLOWED)
    if not kept or kept["until"] < timezone.now().timestamp():
        request.session.pop(FOLLOWED, None)
        return None
    return Request.objects.select_related("property").filter(pk=kept["request"]).first()


def _page(request: HttpRequest, asked: Request, **bound: Form) -> HttpResponse:
    """The page of the request with its small forms; ``bound``: the one that was sent and not taken."""
    blank = {
        "add": forms.AddForm(),
        "check": forms.OneTimeCodeForm(),
        "appeal": forms.AppealWordsForm(),
        "rate": forms.RateForm(),
    }
    file = looking_up.open_followed(request=asked, at=timezone.now())
    context = {"file": file, "asked": asked, **blank, **bound, "sent": next(iter(bound.values()), None)}
    return render(request, "privacy/followed.html", context)

"""The public page on which anybody asks about their record. It looks nothing up: what is written is sealed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from privacy.forms.intake import AskForm, letter_language
from privacy.models import Request
from privacy.services import take_in_request
from privacy.typed import TakenIn
from privacy.views.asking import GET_POST, posted
from privacy.views.desk import form_id, keep_form, taken_by_form
from privacy.views.limits import limited
from staff.models import Property
from staff.permissions import public
from staff.refusals import refused_to


@public
@require_http_methods(GET_POST)
@limited("ask", "10/h/ip")
@sensitive_post_parameters()
def ask(request: HttpRequest) -> HttpResponse:
    """Ask about one's record, from anywhere."""
    if taken_by_form(request):
        return redirect("ask_done")
    houses = list(Property.objects.all())
    initial = {"kind": request.GET.get("kind", "")[:12], "acts_as": Request.ActsAs.SELF}
    form = AskForm(posted(request), houses=houses, initial=initial)
    if form.is_bound and form.is_valid():
        with refused_to(form, request):
            return _done(request, _take_in(form))
    context = {"form": form, "form_id": form_id(request), "houses": houses}
    return render(request, "privacy/ask.html", context)


@public
@require_safe
def ask_done(request: HttpRequest) -> HttpResponse:
    """What was asked for is received: again without the code, which is shown once."""
    number = next(reversed(request.session.get("taken_in", {}).values()), "")
    if not number:
        return redirect("ask")
    return render(request, "privacy/ask_done.html", {"number": number})


def _take_in(form: AskForm) -> TakenIn:
    data = form.cleaned_data
    told = ("property", "kind", "acts_as", "stay_reference", "name", "phone", "email", "words")
    given = {name: data[name] for name in told}
    return take_in_request(
        actor=None,
        channel=Request.Channel.WEB,
        language=letter_language(),
        facts=form.facts(),
        at=timezone.now(),
        **given,
    )


def _done(request: HttpRequest, taken: TakenIn) -> HttpResponse:
    keep_form(request, taken.request.number)
    context = {
        "asked": taken.request,
        "number": taken.request.number,
        "code": taken.follow_code,
        "follow_address": request.build_absolute_uri(reverse("follow")),
    }
    return render(request, "privacy/ask_done.html", context)

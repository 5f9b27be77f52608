"""Letters and answers: made, read, printed, handed over, and opened by a link."""

from base64 import b64encode
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from privacy import permissions
from privacy.forms.answering import AnswerForm, HandOverForm, LetterForm
from privacy.models import Delivery, Letter, Request
from privacy.services import copies, delivering, letters
from privacy.views.asking import GET_POST, back_to, posted, request_here
from privacy.views.limits import limited
from staff.permissions import public, right_required
from staff.refusals import refused_to
from staff.stepping_up import step_up_required
from stays.views.asking import asking

PDF = "application/pdf"
CONTENT = {"pdf": PDF, "json": "application/json", "csv": "text/csv; charset=utf-8", "zip": "application/zip"}
COPIES = {"access": Delivery.Kind.ACCESS_COPY, "transfer": Delivery.Kind.TRANSFER}


@require_http_methods(GET_POST)
@right_required(permissions.DECIDES)
def request_letter_new(request: HttpRequest, number: str) -> HttpResponse:
    """Make a letter from the request as it stands."""
    asked, who = request_here(request, number), asking(request)
    form = LetterForm(posted(request), initial={"kind": _fitting(asked)})
    if form.is_bound and form.is_valid():
        with refused_to(form, request):
            made = letters.make_letter(request=asked, actor=who.person, at=who.at, **form.cleaned_data)
            return redirect("request_letter", asked.number, made.pk)
    return render(request, "privacy/request_letter_new.html", {"asked": asked, "form": form})


@require_safe
@right_required(permissions.DECIDES)
def request_letter(request: HttpRequest, number: str, letter: int) -> HttpResponse:
    """A letter, to be read and printed."""
    asked, who = request_here(request, number), asking(request)
    reading = letters.read_letter(letter=_letter(asked, letter), actor=who.person, at=who.at)
    context = {"asked": asked, "letter": reading.letter, "paper": reading.html()}
    return render(request, "privacy/request_letter.html", context)


@require_safe
@right_required(permissions.DECIDES)
def request_letter_pdf(request: HttpRequest, number: str, letter: int) -> HttpResponse:
    """A letter as PDF."""
    asked, who = request_here(request, number), asking(request)
    reading = letters.read_letter(letter=_letter(asked, letter), actor=who.person, at=who.at)
    return download(reading.pdf(), PDF, f"{asked.number}-{reading.letter.kind}.pdf")


@require_http_methods(GET_POST)
@right_required(permissions.DECIDES)
def request_hand_over(request: HttpRequest, number: str) -> HttpResponse:
    """Hand the answer over in person."""
    asked, who = request_here(request, number), asking(request)
    form = HandOverForm(posted(request), letters=_waiting(asked), kinds=_kinds(asked))
    if form.is_bound and form.is_valid():
        with refused_to(form, request):
            given = form.cleaned_data | {"letter": _chosen(asked, form)}
            delivering.deliver_in_person(request=asked, actor=who.person, at=who.at, **given)
            return back_to(request, asked, _("It is noted that the answer was handed over."))
    context = {"asked": asked, "form": form, "formats": _formats(asked)}
    return render(request, "privacy/request_hand_over.html", context)


@require_http_methods(GET_POST)
@right_required(permissions.DECIDES)
@step_up_required
def request_link(request: HttpRequest, number: str) -> HttpResponse:
    """Mail a link that opens the answer once, to the contact on file."""
    asked, who = request_here(request, number), asking(request)
    form = AnswerForm(posted(request), letters=_waiting(asked), kinds=_kinds(asked))
    if form.is_bound and form.is_valid():
        with refused_to(form, request):
            delivering.make_link(
                request=asked,
                actor=who.person,
                kind=form.cleaned_data["kind"],
                contact_field=Delivery.ContactField.EMAIL,
                letter=_chosen(asked, form),
                link_to=lambda token: request.build_absolute_uri(reverse("answer", args=[token])),
                at=who.at,
            )
            done = _("The link is on its way to the e-mail on file. It opens once, for seven days.")
            return back_to(request, asked, done)
    return render(request, "privacy/request_link.html", {"asked": asked, "form": form})


@require_safe
@right_required(permissions.DECIDES)
@step_up_required
def request_copy(request: HttpRequest, number: str, file: str) -> HttpResponse:
    """The copy or the file for transfer, to hand over in person."""
    asked, who = request_here(request, number), asking(request)
    kind, _dot, ending = file.partition(".")
    if file not in _formats(asked):
        raise Http404
    service = copies.access_copy if kind == "copy" else copies.transfer
    made: Any = service(request=asked, actor=who.person, at=who.at)
    return download(getattr(made, ending)(), CONTENT[ending], f"{asked.number}-{file}")


@public
@require_http_methods(GET_POST)
@limited("answer", "30/h/ip")
@sensitive_variables("token")
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """The answer behind a one-time link: first a button, so that no mail scanner uses the link up."""
    if request.method != "POST":
        return render(request, "privacy/answer.html")
    opened = delivering.open_link(token=token, at=timezone.now())
    files = [
        {"name": file.name, "address": f"data:{file.content_type};base64,{b64encode(file.content).decode()}"}
        for file in opened.files
    ]
    return render(request, "privacy/answer.html", {"paper": opened.html(), "files": files, "asked": opened.request})


def _fitting(asked: Request) -> str:
    """The letter that fits where the request stands."""
    if asked.kind == Request.Kind.APPEAL and asked.decision:
        return Letter.Kind.APPEAL_OUTCOME
    if asked.decision:
        return str(asked.decision)
    return Letter.Kind.EXTENDED if asked.extended_at else Letter.Kind.NEED_MORE


def _letter(asked: Request, number: int) -> Letter:
    return get_object_or_404(Letter.objects.filter(request=asked).select_related("request__property"), pk=number)


def _waiting(asked: Request) -> list[Letter]:
    """Letters that have not left the house, the newest first."""
    return list(Letter.objects.filter(request=asked, sent_at__isnull=True).order_by("-made_at"))


def _chosen(asked: Request, form: AnswerForm) -> Letter | None:
    number = form.cleaned_data["letter"]
    return _letter(asked, number) if number else None


def _kinds(asked: Request) -> list[str]:
    """What can go with a letter: a copy or a file only where that was asked for and granted."""
    granted = asked.decision in (Request.Decision.GRANTED, Request.Decision.PARTLY)
    more = COPIES.get(asked.wanted) if granted else None
    return [Delivery.Kind.LETTER, *([more] if more else [])]


def _formats(asked: Request) -> list[str]:
    """The files there are to hand over."""
    kinds = _kinds(asked)
    if Delivery.Kind.ACCESS_COPY in kinds:
        return ["copy.pdf", "copy.json", "copy.zip"]
    return ["transfer.csv", "transfer.json"] if Delivery.Kind.TRANSFER in kinds else []


def download(content: bytes, content_type: str, name: str) -> HttpResponse:
    """A file to keep, under a name that tells nothing of a person."""
    response = HttpResponse(content, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response

"""Making sure who asks. What is typed here is compared blindly and kept nowhere."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from audit import registry
from privacy import permissions
from privacy.forms import verifying as forms
from privacy.forms.casework import NothingForm
from privacy.models import Check
from privacy.services import codes, following, verification
from privacy.views.asking import GET_POST, Deed, deed_page, posted, request_here, taken_in_here
from staff.permissions import right_required
from staff.refusals import refused_to
from stays.views.asking import asking


@require_http_methods(GET_POST)
@right_required(permissions.DECIDES)
@sensitive_post_parameters()
def request_verify(request: HttpRequest, number: str) -> HttpResponse:
    """Compare what the requester states with the record, without seeing the record."""
    asked, who = request_here(request, number), asking(request)
    form = forms.FactsForm(posted(request))
    if form.is_bound and form.is_valid():
        with refused_to(form, request):
            reference = form.cleaned_data["stay_reference"]
            check = verification.match_guest(
                request=asked, actor=who.person, facts=form.facts(), stay_reference=reference, at=who.at
            )
            return _told(request, asked.number, check)
    deed = Deed(
        title=_("Compare stay facts"),
        button=_("Compare"),
        done="",
        says=_("Type what the requester states. You see for each fact whether it is right, never what is on record."),
    )
    return render(request, "privacy/deed.html", {"asked": asked, "deed": deed, "form": form, "is_facts": True})


@require_http_methods(GET_POST)
@right_required(permissions.DECIDES)
@sensitive_post_parameters()
def request_compare(request: HttpRequest, number: str) -> HttpResponse:
    """Compare what the requester stated when asking."""
    asked, who = request_here(request, number), asking(request)
    form = NothingForm(posted(request))
    if form.is_bound:
        with refused_to(form, request):
            check = verification.match_guest(request=asked, actor=who.person, at=who.at)
            return _told(request, asked.number, check)
    deed = Deed(
        title=_("Compare what was stated"),
        button=_("Compare"),
        done="",
        says=_("What the requester stated when asking is compared with the record. Neither is shown."),
    )
    return render(request, "privacy/deed.html", {"asked": asked, "deed": deed, "form": form})


@require_http_methods(GET_POST)
@right_required(permissions.TAKES_IN)
@sensitive_post_parameters("document_number")
def request_document(request: HttpRequest, number: str) -> HttpResponse:
    """Note that the original document was seen, in the office or by who takes the request in at the desk.

    The desk learns nothing of what is on record, not even whether it fits.
    """
    who = asking(request)
    is_office = permissions.may_decide(who.person, who.house)
    asked = request_here(request, number) if is_office else taken_in_here(request, number)
    form = forms.DocumentForm(posted(request))
    if form.is_bound and form.is_valid():
        with refused_to(form, request):
            check = verification.note_document_seen(request=asked, actor=who.person, at=who.at, **form.cleaned_data)
            return _told(request, asked.number, check) if is_office else _noted(request, asked.number)
    back = "request" if is_office else "request_receipt"
    deed = Deed(title=_("Document seen"), button=_("Note it"), done="")
    return render(request, "privacy/deed.html", {"asked": asked, "deed": deed, "form": form, "back": back})


@require_http_methods(GET_POST)
@right_required(permissions.DECIDES)
def request_code_send(request: HttpRequest, number: str) -> HttpResponse:
    """Mail a one-time code to the address on file."""
    asked, who = request_here(request, number), asking(request)
    deed = Deed(
        title=_("Send a one-time code"),
        button=_("Send it"),
        done=_("A code was sent to the e-mail on file. It is valid for ten minutes."),
        says=_("It goes to the e-mail on file, which nobody sees. The requester reads the code out to you."),
    )
    return deed_page(
        request,
        asked,
        deed,
        NothingForm(posted(request)),
        lambda _typed: codes.send_code(request=asked, actor=who.person, at=who.at),
    )


@require_http_methods(GET_POST)
@right_required(permissions.DECIDES)
@sensitive_variables("told")
def request_code_call(request: HttpRequest, number: str) -> HttpResponse:
    """A code to read out on the phone on file: code and phone are shown this one time."""
    asked, who = request_here(request, number), asking(request)
    form = NothingForm(posted(request))
    context: dict[str, Any] = {"asked": asked, "form": form}
    if form.is_bound:
        with refused_to(form, request):
            told = codes.read_out_code(request=asked, actor=who.person, at=who.at)
            return render(request, "privacy/request_code_call.html", context | {"told": told})
    deed = Deed(
        title=_("Call the phone on file"),
        button=_("Show phone and code"),
        done="",
        says=_(
            "You see the phone on file and a code, once. Call it, read the code out, and end the call."
            " The requester then tells you the code in the conversation with them."
        ),
    )
    return render(request, "privacy/deed.html", context | {"deed": deed})


@require_http_methods(GET_POST)
@right_required(permissions.DECIDES)
@sensitive_post_parameters("code")
def request_code(request: HttpRequest, number: str) -> HttpResponse:
    """Enter the code the requester tells."""
    asked, who = request_here(request, number), asking(request)
    form = forms.CodeForm(posted(request))
    if form.is_bound and form.is_valid():
        with refused_to(form, request):
            check = codes.check_code(request=asked, actor=who.person, at=who.at, **form.cleaned_data)
            return _told(request, asked.number, check)
    deed = Deed(title=_("Enter the code"), button=_("Check it"), done="")
    return render(request, "privacy/deed.html", {"asked": asked, "deed": deed, "form": form})


@require_http_methods(GET_POST)
@right_required(permissions.DECIDES)
@sensitive_post_parameters("text")
def request_mandate(request: HttpRequest, number: str) -> HttpResponse:
    """Note a mandate that was seen."""
    asked, who = request_here(request, number), asking(request)
    deed = Deed(
        title=_("Mandate seen"),
        button=_("Note it"),
        done=_("The mandate is noted."),
        says=_("It names who, for whom, in which matter and until when. A blanket mandate is not accepted."),
    )
    return deed_page(
        request,
        asked,
        deed,
        forms.MandateForm(posted(request)),
        lambda typed: verification.note_mandate(request=asked, actor=who.person, at=who.at, **typed),
    )


@require_http_methods(GET_POST)
@right_required(permissions.DECIDES)
@sensitive_post_parameters("text")
def request_proof(request: HttpRequest, number: str) -> HttpResponse:
    """Note proofs that were seen."""
    asked, who = request_here(request, number), asking(request)
    deed = Deed(
        title=_("Proof seen"),
        button=_("Note it"),
        done=_("The proof is noted."),
        says=_("See it and note it; make no copy."),
    )
    return deed_page(
        request,
        asked,
        deed,
        forms.ProofForm(posted(request)),
        lambda typed: verification.note_proof(request=asked, actor=who.person, at=who.at, **typed),
    )


@require_http_methods(GET_POST)
@right_required(permissions.DECIDES)
def request_callback(request: HttpRequest, number: str) -> HttpResponse:
    """Note a call back to the guest about who acts for them."""
    asked, who = request_here(request, number), asking(request)
    deed = Deed(title=_("Call-back to the guest"), button=_("Note it"), done=_("The call-back is noted."))
    return deed_page(
        request,
        asked,
        deed,
        forms.CallbackForm(posted(request)),
        lambda typed: verification.note_callback(request=asked, actor=who.person, at=who.at, **typed),
    )


@require_http_methods(GET_POST)
@right_required(permissions.DECIDES)
@sensitive_variables("code")
def request_follow_code(request: HttpRequest, number: str) -> HttpResponse:
    """A new code for the requester to follow by, shown this one time."""
    asked, who = request_here(request, number), asking(request)
    form = NothingForm(posted(request))
    if form.is_bound:
        with refused_to(form, request):
            code = following.renew_follow_code(request=asked, actor=who.person, at=who.at)
            return render(request, "privacy/request_receipt.html", {"asked": asked, "code": code, "is_new_code": True})
    deed = Deed(
        title=_("New code to follow by"),
        button=_("Make a new code"),
        done="",
        says=_(
            "For a requester who lost theirs, once you are sure it is them. The earlier code opens nothing any more."
        ),
    )
    return render(request, "privacy/deed.html", {"asked": asked, "deed": deed, "form": form})


def _noted(request: HttpRequest, number: str) -> HttpResponse:
    """Back to the receipt: what the comparison said is for the office."""
    messages.success(request, _("It is noted that you saw the document. The privacy officer goes on from here."))
    return redirect("request_receipt", number)


def _told(request: HttpRequest, number: str, check: Check) -> HttpResponse:
    """Back to the request, with ✓ or ✗ for each fact in words."""
    marked = [*((fact, "✓") for fact in check.matched), *((fact, "✗") for fact in check.failed)]
    told = " · ".join(f"{registry.word(fact)} {mark}" for fact, mark in marked)
    if check.passed:
        messages.success(request, _("Confirmed: %(facts)s") % {"facts": told})
    else:
        messages.warning(request, _("Not confirmed: %(facts)s") % {"facts": told})
    return redirect("request", number)

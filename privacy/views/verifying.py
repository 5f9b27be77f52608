"""Making sure who asks. What is typed here is compared blindly and kept nowhere."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from audit import registry
from privacy import permissions
from privacy.forms import verifying as forms
from privacy.models import Check
from privacy.services import codes, following, verification
from privacy.views.asking import GET_POST, request_here, taken_in_here
from privacy.views.deeds import Deed, Page, deed
from staff.permissions import right_required
from staff.refusals import refused_to
from stays.views.asking import asking


@deed(
    title=_("Compare stay facts"),
    button=_("Compare"),
    says=_("Type what the requester states. You see for each fact whether it is right, never what is on record."),
    fields="privacy/_facts_fields.html",
    form=lambda page: forms.FactsForm(page.typed),
)
def request_verify(page: Page, *, stay_reference: str, **facts: Any) -> object:
    """Compare what the requester states with the record, without seeing the record."""
    stated = {name: str(value) for name, value in facts.items() if value}
    return _told(page, verification.match_guest(**page.by, facts=stated, stay_reference=stay_reference))


@deed(
    title=_("Compare what was stated"),
    button=_("Compare"),
    says=_("What the requester stated when asking is compared with the record. Neither is shown."),
)
def request_compare(page: Page) -> object:
    """Compare what the requester stated when asking."""
    return _told(page, verification.match_guest(**page.by))


@require_http_methods(GET_POST)
@right_required(permissions.TAKES_IN)
@sensitive_post_parameters("document_number")
def request_document(request: HttpRequest, number: str) -> HttpResponse:
    """Note that the original document was seen, in the office or by who takes the request in at the desk.

    The desk learns nothing of what is on record, not even whether it fits.
    """
    who = asking(request)
    is_office = permissions.may_decide(who.person, who.house)
    page = Page(request, request_here(request, number) if is_office else taken_in_here(request, number), who)
    form = forms.DocumentForm(page.typed)
    if form.is_bound and form.is_valid():
        with refused_to(form, request):
            check = verification.note_document_seen(**page.by, **form.cleaned_data)
            return _told(page, check) if is_office else _noted(page)
    context = {"asked": page.asked, "form": form, "back": "request" if is_office else "request_receipt"}
    return render(request, "privacy/deed.html", context | {"deed": Deed(_("Document seen"), _("Note it"))})


@deed(
    title=_("Send a one-time code"),
    button=_("Send it"),
    done=_("A code was sent to the e-mail on file. It is valid for ten minutes."),
    says=_("It goes to the e-mail on file, which nobody sees. The requester reads the code out to you."),
)
def request_code_send(page: Page) -> object:
    """Mail a one-time code to the address on file."""
    return codes.send_code(**page.by)


@deed(
    title=_("Call the phone on file"),
    button=_("Show phone and code"),
    says=_(
        "You see the phone on file and a code, once. Call it, read the code out, and end the call."
        " The requester then tells you the code in the conversation with them."
    ),
)
@sensitive_variables("told")
def request_code_call(page: Page) -> object:
    """A code to read out on the phone on file: code and phone are shown this one time."""
    told = codes.read_out_code(**page.by)
    return render(page.request, "privacy/request_code_call.html", {"asked": page.asked, "told": told})


@deed(title=_("Enter the code"), button=_("Check it"), form=lambda page: forms.CodeForm(page.typed))
def request_code(page: Page, **typed: Any) -> object:
    """Enter the code the requester tells."""
    return _told(page, codes.check_code(**page.by, **typed))


@deed(
    title=_("Mandate seen"),
    button=_("Note it"),
    done=_("The mandate is noted."),
    says=_("It names who, for whom, in which matter and until when. A blanket mandate is not accepted."),
    form=lambda page: forms.MandateForm(page.typed),
)
def request_mandate(page: Page, **typed: Any) -> object:
    """Note a mandate that was seen."""
    return verification.note_mandate(**page.by, **typed)


@deed(
    title=_("Proof seen"),
    button=_("Note it"),
    done=_("The proof is noted."),
    says=_("See it and note it; make no copy."),
    form=lambda page: forms.ProofForm(page.typed),
)
def request_proof(page: Page, **typed: Any) -> object:
    """Note proofs that were seen."""
    return verification.note_proof(**page.by, **typed)


@deed(
    title=_("Call-back to the guest"),
    button=_("Note it"),
    done=_("The call-back is noted."),
    form=lambda page: forms.CallbackForm(page.typed),
)
def request_callback(page: Page, **typed: Any) -> object:
    """Note a call back to the guest about who acts for them."""
    return verification.note_callback(**page.by, **typed)


@deed(
    title=_("New code to follow by"),
    button=_("Make a new code"),
    says=_("For a requester who lost theirs, once you are sure it is them. The earlier code opens nothing any more."),
)
@sensitive_variables("code")
def request_follow_code(page: Page) -> object:
    """A new code for the requester to follow by, shown this one time."""
    code = following.renew_follow_code(**page.by)
    context = {"asked": page.asked, "code": code, "is_new_code": True}
    return render(page.request, "privacy/request_receipt.html", context)


def _noted(page: Page) -> HttpResponse:
    """Back to the receipt: what the comparison said is for the office."""
    told = gettext("It is noted that you saw the document. The privacy officer goes on from here.")
    messages.success(page.request, told)
    return redirect("request_receipt", page.asked.number)


def _told(page: Page, check: Check) -> HttpResponse:
    """Back to the request, with ✓ or ✗ for each fact in words."""
    marked = [*((fact, "✓") for fact in check.matched), *((fact, "✗") for fact in check.failed)]
    told = " · ".join(f"{registry.word(fact)} {mark}" for fact, mark in marked)
    if check.passed:
        messages.success(page.request, gettext("Confirmed: %(facts)s") % {"facts": told})
    else:
        messages.warning(page.request, gettext("Not confirmed: %(facts)s") % {"facts": told})
    return redirect("request", page.asked.number)

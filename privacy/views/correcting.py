"""Correcting a record: new values are written, the old ones are not shown."""

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from privacy import permissions
from privacy.forms.answering import CorrectionForm
from privacy.models import Request
from privacy.services import correcting
from privacy.views.asking import GET_POST, back_to, posted, request_here
from staff.permissions import right_required
from staff.refusals import refused_to
from staff.stepping_up import step_up_required
from stays.models import Stay
from stays.views.asking import asking
from vault.categories import Category
from vault.models import Envelope


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the record that can be corrected."""

    envelope: UUID
    category: Category
    stay: str


@require_safe
@right_required(permissions.DECIDES)
def request_correct(request: HttpRequest, number: str) -> HttpResponse:
    """Which part of the record is wrong."""
    asked = request_here(request, number)
    return render(request, "privacy/request_correct.html", {"asked": asked, "parts": _parts(asked)})


@require_http_methods(GET_POST)
@right_required(permissions.DECIDES)
@step_up_required
@sensitive_post_parameters()
def request_correct_part(request: HttpRequest, number: str, envelope: UUID) -> HttpResponse:
    """Write the new values of one part."""
    asked, who = request_here(request, number), asking(request)
    part = next((each for each in _parts(asked) if each.envelope == envelope), None)
    if part is None:
        raise Http404
    form = CorrectionForm(posted(request), category=part.category)
    if form.is_bound and form.is_valid():
        with refused_to(form, request):
            correcting.correct_record(
                request=asked, actor=who.person, envelope=envelope, changes=form.changes(), at=who.at
            )
            return back_to(request, asked, _("The record is corrected. Make the letter and hand it over."))
    return render(request, "privacy/request_correct_part.html", {"asked": asked, "part": part, "form": form})


def _parts(asked: Request) -> list[Part]:
    """What is kept about the guest, once it is sure who that is; nothing is opened for it."""
    if not asked.is_verified or asked.guest_id is None:
        return []
    found = Envelope.objects.filter(
        subject=asked.guest_id, category__in=correcting.CORRECTABLE, erased_at__isnull=True
    ).order_by("category", "created_at")
    rows = list(found.values_list("pk", "category", "belongs_to"))
    references = dict(
        Stay.objects.filter(pk__in=[stay for *_rest, stay in rows if stay]).values_list("pk", "reference")
    )
    return [Part(pk, Category(category), references.get(stay, "") if stay else "") for pk, category, stay in rows]

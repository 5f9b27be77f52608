"""Companies that handle guests' data for us."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from privacy.forms.registers import ProcessorEndForm, ProcessorForm, ProcessorProofForm
from privacy.models import Processor, Told
from privacy.services import processors as services
from staff.permissions import right_required
from staff.refusals import refused_to
from stays.views.asking import asking

GET_POST = ["GET", "HEAD", "POST"]


@require_safe
@right_required("decide_request")
def processors(request: HttpRequest) -> HttpResponse:
    """The register: what runs out soon, who has to be told, all of them."""
    who = asking(request)
    waiting = Q(told__confirmed_at__isnull=True, told__request__property=who.house, told__isnull=False)
    found = _visible(request).annotate(waiting=Count("told", filter=waiting)).order_by("ended_on", "expires_on", "name")
    context = {"processors": found, "today": who.today, "soon": who.today + services.REMIND_BEFORE}
    return render(request, "privacy/processors.html", context | {"told": _told_here(request).filter(told_at=None)})


@require_http_methods(GET_POST)
@right_required("decide_request")
def processor_new(request: HttpRequest) -> HttpResponse:
    """Enter a processor."""
    return _form_page(request, None)


@require_http_methods(GET_POST)
@right_required("decide_request")
def processor_edit(request: HttpRequest, number: int) -> HttpResponse:
    """Change what is known of a processor whose agreement has not ended."""
    return _form_page(request, get_object_or_404(_visible(request), pk=number))


def _form_page(request: HttpRequest, found: Processor | None) -> HttpResponse:
    who = asking(request)
    typed = request.POST if request.method == "POST" else None
    form = ProcessorForm(typed, initial=ProcessorForm.facts_of(found) if found else None)
    if form.is_bound and form.is_valid():
        with refused_to(form, request):
            facts = {name: form.cleaned_data[name] for name in services.FACTS}
            of_group = form.cleaned_data["is_of_group"]
            saved = services.save_processor(
                actor=who.person, house=who.house, processor=found, is_of_group=of_group, facts=facts
            )
            messages.success(request, _("%(name)s is saved.") % {"name": saved.name})
            return redirect("processor", number=saved.pk)
    return render(request, "privacy/processor_form.html", {"form": form, "processor": found})


@require_http_methods(GET_POST)
@right_required("decide_request")
def processor(request: HttpRequest, number: int) -> HttpResponse:
    """One processor: its agreement, what it was told; the end of the agreement, and the proof after it."""
    who, found = asking(request), get_object_or_404(_visible(request), pk=number)
    kind, deed = (ProcessorProofForm, _prove) if found.ended_on else (ProcessorEndForm, _end)
    typed = request.POST if request.method == "POST" else None
    form = kind(typed, initial=dict.fromkeys(kind.base_fields, who.today))
    if form.is_bound and form.is_valid():
        with refused_to(form, request):
            deed(request, found, form.cleaned_data)
            return redirect("processor", number=found.pk)
    told = _told_here(request).filter(processor=found)
    context = {"processor": found, "form": form, "told": told, "today": who.today}
    return render(request, "privacy/processor.html", context | {"soon": who.today + services.REMIND_BEFORE})


def _end(request: HttpRequest, found: Processor, typed: dict[str, Any]) -> None:
    who = asking(request)
    services.end_processor(actor=who.person, house=who.house, processor=found, on=typed["ended_on"], at=who.at)


def _prove(request: HttpRequest, found: Processor, typed: dict[str, Any]) -> None:
    who, on = asking(request), typed["deletion_proof_on"]
    services.prove_deletion(actor=who.person, house=who.house, processor=found, on=on, at=who.at)


@require_POST
@right_required("decide_request")
def told_mark(request: HttpRequest, number: int) -> HttpResponse:
    """A processor was told."""
    told, who = get_object_or_404(_told_here(request), pk=number), asking(request)
    services.mark_told(actor=who.person, told=told, at=who.at)
    return redirect("processor", number=told.processor_id)


@require_POST
@right_required("decide_request")
def told_confirm(request: HttpRequest, number: int) -> HttpResponse:
    """A processor confirmed."""
    told, who = get_object_or_404(_told_here(request), pk=number), asking(request)
    services.confirm_told(actor=who.person, told=told, at=who.at)
    return redirect("processor", number=told.processor_id)


def _visible(request: HttpRequest) -> Any:
    """Those of this property and those of the group."""
    who = asking(request)
    found = Processor.objects.visible_to(who.person).select_related("property")
    return found.filter(Q(property=who.house) | Q(property__isnull=True))


def _told_here(request: HttpRequest) -> Any:
    lines = Told.objects.filter(request__property=asking(request).house)
    return lines.select_related("request", "processor", "task__owner").order_by("told_at", "pk")

"""Special requests and feedback: written down for somebody, and done."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from staff.permissions import right_required
from staff.refusals import refused_to
from stays import services
from stays.forms.during import NoteForm
from stays.models import Note, Stay
from stays.services import noting
from stays.views.asking import asking, stay_here
from stays.views.departures import GET_POST, posted, show_deed


@require_http_methods(GET_POST)
@right_required("work_desk")
def note_new(request: HttpRequest, reference: str) -> HttpResponse:
    """Write a note on a stay."""
    stay, who = stay_here(request, reference), asking(request)
    if request.method != "POST" and stay.status not in noting.HAS_NOTES:
        return redirect("stay", stay.reference)
    form = NoteForm(posted(request), owners=services.owners_at(who.house), initial={"owner": str(who.person.pk)})
    if form.is_bound and form.is_valid():
        with refused_to(form, request):
            services.add_note(actor=who.person, stay=stay, **form.given())
            messages.success(request, _("The note is kept with the stay."))
            return redirect("stay", stay.reference)
    return show_deed(request, "note_new", stay, form, {})


@require_POST
@right_required("work_desk")
def note_done(request: HttpRequest, number: int) -> HttpResponse:
    """Mark a request or feedback as done."""
    who = asking(request)
    stays = Stay.objects.visible_to(who.person).at(who.house)
    note = get_object_or_404(Note.objects.select_related("stay__property"), pk=number, stay__in=stays)
    services.finish_note(actor=who.person, note=note, at=who.at)
    messages.success(request, _("The note is done."))
    return redirect("handover") if "handover" in request.POST else redirect("stay", note.stay.reference)

"""The administrator's properties."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from staff import permissions, services
from staff.forms.properties import PropertyForm
from staff.models import Property
from staff.permissions import right_required
from staff.refusals import refused_to
from staff.stepping_up import step_up_required


@right_required("manage_house")
@require_GET
def properties(request: Any) -> HttpResponse:
    """The properties the administrator keeps."""
    kept = permissions.visible(request.user, "manage_house")
    return render(request, "staff/properties.html", {"properties": kept})


@right_required("manage_house")
@step_up_required
@require_http_methods(["GET", "POST"])
def property_new(request: Any) -> HttpResponse:
    """Found a property."""
    form = PropertyForm(request.POST or None, initial=PropertyForm.of(None))
    if form.is_valid():
        with refused_to(form, request):
            founded = services.create_property(actor=request.user, facts=form.cleaned_data)
            messages.success(request, _("%(name)s is founded. You are its administrator.") % {"name": founded.name})
            return redirect("properties")
    return render(request, "staff/property_new.html", {"form": form})


@right_required("manage_house")
@require_http_methods(["GET", "POST"])
def property_edit(request: Any, code: str) -> HttpResponse:
    """Change a property's facts."""
    kept = get_object_or_404(permissions.visible(request.user, "manage_house"), code=code)
    form = PropertyForm(request.POST or None, initial=PropertyForm.of(kept))
    if form.is_valid():
        with refused_to(form, request):
            changed: Property = services.change_property(actor=request.user, property=kept, facts=form.cleaned_data)
            messages.success(request, _("%(name)s is saved.") % {"name": changed.name})
            return redirect("properties")
    return render(request, "staff/property_edit.html", {"form": form, "kept": kept})

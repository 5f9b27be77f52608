"""The administrator's people: accounts, posts, links."""

import logging
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods

from staff import permissions, services
from staff.forms.people import NewPersonForm, PersonForm, PostForm
from staff.models import Person, Post, Property
from staff.permissions import right_required
from staff.refusals import refused_to
from staff.stepping_up import step_up_required

PAGE = 50
log = logging.getLogger(__name__)


@right_required("manage_house")
@require_GET
def people(request: Any) -> HttpResponse:
    """Everybody the administrator keeps, with their roles at the administrator's properties."""
    kept = permissions.properties_where(request.user, "manage_house")
    everybody = Person.objects.at(kept).order_by("-is_active", "staff_number")
    page = Paginator(everybody, PAGE).get_page(request.GET.get("page"))
    posts = _posts_of(list(page), kept)
    rows = [(one, posts.get(one.pk, [])) for one in page]
    return render(request, "staff/people.html", {"rows": rows, "page": page, "several": len(kept) > 1})


@right_required("manage_house")
@require_GET
def person(request: Any, staff_number: str) -> HttpResponse:
    """One account."""
    found = _person(request, staff_number)
    kept = permissions.properties_where(request.user, "manage_house")
    page = {
        "person": found,
        "posts": _posts_of([found], kept).get(found.pk, []),
        "is_keeper": permissions.may(request.user, "manage_house", found.kept_at),
        "is_self": found.pk == request.user.pk,
    }
    return render(request, "staff/person.html", page)


@right_required("manage_house")
@step_up_required
@require_http_methods(["GET", "POST"])
@sensitive_variables("token")
def person_new(request: Any) -> HttpResponse:
    """Create an account with its first role, and show the link with which the person enrols."""
    kept = permissions.properties_where(request.user, "manage_house")
    form = NewPersonForm(
        request.POST or None, properties=kept, initial={"property": request.property, "language": request.user.language}
    )
    if form.is_valid():
        with refused_to(form, request):
            created = services.create_person(
                actor=request.user,
                property=form.cleaned_data["property"],
                facts=form.facts(),
                role=form.cleaned_data["role"],
            )
            token = services.make_enrolment(actor=request.user, person=created, at=timezone.now())
            return _link_page(request, created, token)
    return render(request, "staff/person_new.html", {"form": form})


@right_required("manage_house")
@require_http_methods(["GET", "POST"])
def person_edit(request: Any, staff_number: str) -> HttpResponse:
    """Change names, e-mail, language."""
    found = _person(request, staff_number)
    initial = {name: getattr(found, name) for name in PersonForm.base_fields}
    form = PersonForm(request.POST or None, initial=initial)
    if form.is_valid():
        services.change_person(actor=request.user, person=found, facts=form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("person", staff_number=found.staff_number)
    return render(request, "staff/person_edit.html", {"form": form, "person": found})


@right_required("manage_house")
@step_up_required
@require_http_methods(["GET", "POST"])
def person_posts(request: Any, staff_number: str) -> HttpResponse:
    """Give a role, or take one."""
    found = _person(request, staff_number)
    kept = permissions.properties_where(request.user, "manage_house")
    form = PostForm(request.POST or None, properties=kept, initial={"property": request.property})
    if form.is_valid():
        deed = services.take_role if "take" in request.POST else services.give_role
        with refused_to(form, request):
            deed(
                actor=request.user,
                person=found,
                property=form.cleaned_data["property"],
                role=form.cleaned_data["role"],
            )
            return redirect("person_posts", staff_number=found.staff_number)
    page = {"form": form, "person": found, "posts": _posts_of([found], kept).get(found.pk, [])}
    return render(request, "staff/person_posts.html", page)


@right_required("manage_house")
@step_up_required
@require_http_methods(["GET", "POST"])
@sensitive_variables("token")
def person_enrolment(request: Any, staff_number: str) -> HttpResponse:
    """Make a new enrolment link."""
    found = _person(request, staff_number)
    if request.method == "POST":
        return _link_page(request, found, services.make_enrolment(actor=request.user, person=found, at=timezone.now()))
    return render(request, "staff/person_enrolment.html", {"person": found})


@right_required("manage_house")
@step_up_required
@require_http_methods(["GET", "POST"])
@sensitive_variables("token")
def person_reset(request: Any, staff_number: str) -> HttpResponse:
    """Reset password and second factors of somebody who lost them, and make a new link."""
    found = _person(request, staff_number)
    if request.method == "POST":
        return _link_page(
            request, found, services.reset_second_factors(actor=request.user, person=found, at=timezone.now())
        )
    return render(request, "staff/person_reset.html", {"person": found})


@right_required("manage_house")
@step_up_required
@require_http_methods(["GET", "POST"])
def person_deactivate(request: Any, staff_number: str) -> HttpResponse:
    """Let somebody sign in no more."""
    found = _person(request, staff_number)
    if request.method == "POST":
        services.deactivate_person(actor=request.user, person=found, at=timezone.now())
        messages.success(request, _("%(person)s can sign in no more.") % {"person": found.staff_number})
        return redirect("person", staff_number=found.staff_number)
    return render(request, "staff/person_deactivate.html", {"person": found})


@right_required("manage_house")
@step_up_required
@require_http_methods(["GET", "POST"])
def person_reactivate(request: Any, staff_number: str) -> HttpResponse:
    """Let somebody sign in again."""
    found = _person(request, staff_number)
    if request.method == "POST":
        services.reactivate_person(actor=request.user, person=found)
        messages.success(request, _("%(person)s can sign in again.") % {"person": found.staff_number})
        return redirect("person", staff_number=found.staff_number)
    return render(request, "staff/person_reactivate.html", {"person": found})


def _person(request: Any, staff_number: str) -> Person:
    kept = permissions.properties_where(request.user, "manage_house")
    found: Person = get_object_or_404(Person.objects.at(kept).select_related("kept_at"), staff_number=staff_number)
    return found


def _posts_of(people: list[Person], properties: list[Property]) -> dict[int, list[Post]]:
    held: dict[int, list[Post]] = {}
    posts = Post.objects.filter(property__in=properties, group__user__in=people).select_related("property")
    for post in posts.annotate(holder=F("group__user")):
        held.setdefault(post.holder, []).append(post)
    return held


def _link_page(request: Any, person: Person, token: str) -> HttpResponse:
    address = request.build_absolute_uri(reverse("enrol", kwargs={"token": token}))
    is_mailed = False
    try:
        is_mailed = services.mail_enrolment(person=person, address=address)
    except OSError:
        log.warning("The mail server took no enrolment link.")
    return render(request, "staff/enrolment_link.html", {"person": person, "address": address, "is_mailed": is_mailed})

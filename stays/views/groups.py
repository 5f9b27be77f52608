"""Groups: which are here or due, and a whole group checked in on one page, guest by guest."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_list_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from staff.permissions import right_required
from staff.refusals import refused_to
from stays import review, services
from stays.forms.groups import BookingForm, GroupForms, Offered
from stays.groups import GroupPage
from stays.models import Notice, Room, Stay
from stays.services.grouping import group_stays, ungroup_stay
from stays.services.looking_up.groups import MOST_COMING, list_groups, open_group
from stays.views import drafts
from stays.views.asking import Asking, asking, kept_why, stay_here


@require_safe
@right_required("work_desk")
def groups(request: HttpRequest) -> HttpResponse:
    """The groups of which somebody is due or in house."""
    who = asking(request)
    return render(
        request, "stays/groups.html", {"groups": list_groups(actor=who.person, property=who.house, at=who.at)}
    )


@require_POST
@right_required("work_desk")
def group_new(request: HttpRequest) -> HttpResponse:
    """Make a group of the bookings that are ticked in the list of arrivals, and go on to its page."""
    who, ticked = asking(request), request.POST.getlist("stay")[:MOST_COMING]
    stays = list(Stay.objects.visible_to(who.person).at(who.house).filter(reference__in=ticked))
    return redirect("group_check_in", group_stays(actor=who.person, property=who.house, stays=stays))


@require_POST
@right_required("work_desk")
def ungroup(request: HttpRequest, reference: str) -> HttpResponse:
    """Take an expected stay out of its group."""
    stay = ungroup_stay(actor=asking(request).person, stay=stay_here(request, reference))
    messages.success(request, _("Stay %(reference)s belongs to no group now.") % {"reference": stay.reference})
    return redirect("stay", stay.reference)


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("work_desk")
def group_check_in(request: HttpRequest, number: str) -> HttpResponse:
    """Check in those of a group who show their documents; whatever cannot be done says why, and stays typed."""
    who, stays = asking(request), _stays(request, number)
    forms = _forms(who, stays, _typed(request, who, number))
    if request.method == "POST" and _complete(request, who, forms):
        if forms.are_done:
            drafts.forget(who, number, drafts.GROUP)
            return redirect("group_check_in", number)
        drafts.keep_the_rest(request, drafts.GROUP, number, forms.done)
        stays = _stays(request, number)
    why, standing = kept_why(request), forms.standing
    page = open_group(stays, actor=who.person, property=who.house, why=why, standing=standing, at=who.at)
    return _show(request, page, forms)


def _typed(request: HttpRequest, who: Asking, number: str) -> QueryDict | None:
    if request.method != "POST":
        return None
    goes_on = request.POST.get("deed") == "go_on"
    return drafts.opened(who, number, drafts.GROUP) if goes_on else request.POST.copy()


def _complete(request: HttpRequest, who: Asking, forms: GroupForms) -> int:
    """Check in those who are ready, if that is what was pressed; how many are in house now."""
    ready = forms.ready()
    if request.POST.get("deed") != "complete":
        forms.forget_common_errors()
        return 0
    forms.require_somebody()
    done = [form for form in ready if forms.common.is_valid() and _check_in(request, who, forms, form)]
    forms.done.update(form.stay.reference for form in done)
    if done:
        messages.success(request, _("Checked in: %(count)s.") % {"count": len(done)})
    return len(done)


def _stays(request: HttpRequest, number: str) -> list[Stay]:
    who = asking(request)
    found = Stay.objects.visible_to(who.person).of_group(who.house, number, who.today)
    return get_list_or_404(found.select_related("property").order_by("arrival_on", "reference"))


def _forms(who: Asking, stays: list[Stay], typed: Any) -> GroupForms:
    coming = [stay for stay in stays if stay.status == Stay.Status.EXPECTED]
    rooms = {room.number: room for room in Room.objects.at(who.house)}
    offered = Offered(rooms, review.active_rules(), Notice.objects.newest())
    return GroupForms(coming[:MOST_COMING], offered, who.today, typed)


def _check_in(request: HttpRequest, who: Asking, forms: GroupForms, form: BookingForm) -> bool:
    """One guest, one transaction; a refusal is told in the row."""
    with refused_to(form, request):
        services.check_in_guest(
            actor=who.person, property=who.house, stay=form.stay, arrival=forms.arrival(form), at=who.at
        )
        return True
    return False


def _show(request: HttpRequest, page: GroupPage, forms: GroupForms) -> HttpResponse:
    lines = [(booking, forms.row(booking.row.stay, booking.room)) for booking in page.coming]
    is_empty = request.method != "POST"
    context = {
        "page": page,
        "common": forms.common,
        "notice": forms.offered.notice,
        "rooms": forms.offered.rooms.values(),
        "lines": lines,
        "today": asking(request).today,
        "refused": sum(bool(form.errors) for _booking, form in lines if form.is_begun),
        "draft": drafts.kept(asking(request), page.number, drafts.GROUP) if is_empty else None,
        "draft_url": reverse("draft", args=[drafts.GROUP]),
    }
    return render(request, "stays/group_check_in.html", context)

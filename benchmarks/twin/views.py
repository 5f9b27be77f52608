"""The twin's pages, each beside the product's view of the same name."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from benchmarks.twin import looking_up
from staff.permissions import right_required
from stays import purposes
from stays.forms.looking_up import SearchForm
from stays.services.looking_up.lists import PAGE
from stays.views.asking import asking, kept_why, purpose_form, reveal_context, visible_stay
from stays.views.stays import _title


@require_safe
@right_required("work_desk")
def front_desk(request: HttpRequest) -> HttpResponse:
    """Arrivals, in house, departures."""
    who, chosen = asking(request), request.GET.get("list", "arrivals")
    lists = looking_up.list_stays(chosen, who.house, who.at, 1)
    pages = Paginator(range(getattr(lists, chosen)), PAGE)
    context = {"lists": lists, "chosen": chosen, "today": who.today, "page": pages.get_page(1)}
    context["ticks"] = chosen == "arrivals" and len(lists.rows) > 1
    return render(request, "stays/front_desk.html", {**context, "focus_search": True})


@require_safe
@right_required("see_basic")
def stay(request: HttpRequest, reference: str) -> HttpResponse:
    """A stay's page."""
    shown, who, why = visible_stay(request, reference), asking(request), kept_why(request)
    purposes.kept_serves(shown, who.house, who.at)
    page = looking_up.open_stay(shown, who.person, who.at)
    context = {"stay": page.stay, "page": page, "today": who.today, "title": _title(page)}
    return render(request, "stays/stay.html", context | reveal_context(request, why))


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("see_basic")
def search(request: HttpRequest) -> HttpResponse:
    """The one box, with the past shown."""
    who, form = asking(request), SearchForm(request.POST if request.method == "POST" else None)
    context = {"form": form, "focus_search": True, "today": who.today}
    if form.is_bound and form.is_valid():
        asks = purpose_form(request, typed=True)
        asks.is_valid()
        found = looking_up.find_stays(who.person, who.house, form.cleaned_data["term"], who.at)
        context |= {"search_term": form.cleaned_data["term"], "found": found, "purpose_form": asks}
    return render(request, "stays/search.html", context)


@require_safe
@right_required("work_desk")
def nothing(request: HttpRequest) -> HttpResponse:
    """What the middleware alone costs."""
    return HttpResponse("")

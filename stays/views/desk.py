"""The front desk: home, the three lists, the search, the purpose kept."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from audit.services import Why
from staff import permissions
from staff.permissions import right_required
from staff.refusals import refused_to
from staff.stepping_up import step_up_required
from stays import purposes, services
from stays.forms.looking_up import PurposeForm, SearchForm
from stays.services.looking_up.exporting import export_list
from stays.views.asking import KEPT, asking, given_why, kept_why, purpose_form

LISTS = ("arrivals", "in_house", "departures")
ROWS_A_PAGE = 50
FIRST_PAGE_OF = (
    ("work_desk", "front_desk"),
    ("decide_request", "requests"),
    ("see_basic", "search"),
    ("read_whole_log", "access_log"),
    ("manage_house", "properties"),
)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Lead everybody to the page they work on."""
    who = asking(request)
    held = permissions.rights_at(who.person, who.house)
    return redirect(next((page for right, page in FIRST_PAGE_OF if right in held), "my_account"))


@require_safe
@right_required("work_desk")
def front_desk(request: HttpRequest) -> HttpResponse:
    """Arrivals, in house, departures."""
    who = asking(request)
    chosen = request.GET.get("list", "")
    chosen = chosen if chosen in LISTS else LISTS[0]
    number = page_number(request)
    lists = services.list_stays(
        actor=who.person, property=who.house, which=chosen, why=kept_why(request), at=who.at, page=number
    )
    pages = Paginator(range(getattr(lists, chosen)), ROWS_A_PAGE)
    context = {"lists": lists, "chosen": chosen, "today": who.today, "page": pages.get_page(number)}
    context["ticks"] = chosen == "arrivals" and len(lists.rows) > 1
    return render(request, "stays/front_desk.html", {**context, "focus_search": True})


def page_number(request: HttpRequest) -> int:
    """The page of a list the address names, 1 where it names none."""
    given = request.GET.get("page", "1")
    return max(1, int(given)) if given.isascii() and given.isdigit() and len(given) <= 4 else 1


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("see_basic")
def search(request: HttpRequest) -> HttpResponse:
    """The one box. Its term is posted, so that it stands in no address; what is past is shown for a purpose given."""
    form = SearchForm(request.POST if request.method == "POST" else None)
    context = {"form": form, "focus_search": True, "today": asking(request).today}
    if form.is_bound and form.is_valid():
        context |= {"search_term": form.cleaned_data["term"], **_found(request, form)}
    return render(request, "stays/search.html", context)


def _found(request: HttpRequest, form: SearchForm) -> dict[str, object]:
    """What is found. Who has no purpose kept, or wants to see past stays, says first what for."""
    who = asking(request)
    asks = purpose_form(request, typed="past" in request.POST)
    given = _given(request, asks)
    why = given or kept_why(request)
    if not why.purpose:
        return {"purpose_form": asks, "asks_first": True}
    term = form.cleaned_data["term"]
    found = services.find_stays(
        actor=who.person, property=who.house, term_text=term, why=why, past_why=given, at=who.at
    )
    return {"found": found, "purpose_form": asks}


def _given(request: HttpRequest, asks: PurposeForm) -> Why | None:
    who = asking(request)
    if asks.is_bound and asks.is_valid():
        with refused_to(asks, request):
            return purposes.require_purpose(actor=who.person, house=who.house, why=given_why(asks))
    return None


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("see_basic")
def purpose(request: HttpRequest) -> HttpResponse:
    """Keep a purpose for the session."""
    form = purpose_form(request, typed=request.method == "POST")
    if form.is_bound and _keep(request, form):
        messages.success(request, _("The purpose is kept for this session."))
        return redirect("home")
    return render(request, "stays/purpose.html", {"form": form})


def _keep(request: HttpRequest, form: PurposeForm) -> bool:
    why = _given(request, form)
    if why is not None:
        request.session[KEPT] = {"purpose": why.purpose, "ref": why.ref}
    return why is not None


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("work_desk")
@step_up_required
def list_export(request: HttpRequest, which: str) -> HttpResponse:
    """One list as a file. The purpose kept does not serve: what the file is for is said each time."""
    if which not in LISTS:
        raise Http404
    who, form = asking(request), purpose_form(request, typed=request.method == "POST")
    if form.is_bound and form.is_valid():
        with refused_to(form, request):
            file = export_list(actor=who.person, property=who.house, which=which, why=given_why(form), at=who.at)
            response = HttpResponse(file.content, content_type="text/csv; charset=utf-8")
            response.headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
            return response
    return render(request, "stays/list_export.html", {"form": form, "which": which})

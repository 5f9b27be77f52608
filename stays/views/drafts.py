"""Forms begun and not finished: kept while typing, gone on with, discarded."""

import json
from collections.abc import Collection, Mapping
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from staff.permissions import right_required
from stays import services
from stays.forms import check_in, groups
from stays.models import Draft, Stay
from stays.services.drafts import KEPT_FOR
from stays.views.asking import Asking, asking, stay_here

CHECK_IN, GROUP = "check_in", "group_check_in"
ASKED: Final = {CHECK_IN: check_in.is_asked, GROUP: groups.is_asked}
LARGEST_BYTES: Final = 48_000  # of the 64 kB an envelope holds


@require_POST
@right_required("work_desk")
def draft(request: HttpRequest, form: str) -> HttpResponse:
    """Keep what is typed so far (a fragment answers), or discard it (the page answers)."""
    if form not in ASKED:
        raise Http404
    who, about = asking(request), request.POST.get("about", "")
    _require_here(request, form, about)
    if request.POST.get("deed") == "discard":
        forget(who, about, form)
        return redirect(form, about) if about else redirect("walk_in")
    content = _content(request, form)
    if len(json.dumps(content, ensure_ascii=False).encode()) > LARGEST_BYTES:
        return HttpResponse(_("too long to keep"), status=413)
    return HttpResponse(_save(who, form, about, content))


def _content(request: HttpRequest, form: str, done: Collection[str] = ()) -> dict[str, Any]:
    """What was typed into the fields of this form, without the rows of the stays that are done."""
    typed = {name: texts for name, texts in request.POST.lists() if ASKED[form](name)}
    return {"typed": {name: typed[name] for name in typed if groups.row_of(name) not in done}}


def keep_the_rest(request: HttpRequest, form: str, about: str, done: Collection[str]) -> None:
    """Where something is kept of a form of several stays, keep no longer what was typed of those that are done."""
    who = asking(request)
    if kept(who, about, form):
        _save(who, form, about, _content(request, form, done))


def _require_here(request: HttpRequest, form: str, about: str) -> None:
    """404 unless the stay or the group is of this property."""
    if form == GROUP:
        who = asking(request)
        if not Stay.objects.visible_to(who.person).of_group(who.house, about, who.today).exists():
            raise Http404
    elif about:
        stay_here(request, about)


def _save(who: Asking, form: str, about: str, content: Mapping[str, Any]) -> str:
    services.save_draft(actor=who.person, property=who.house, form=form, about=about, content=content, at=who.at)
    return _("kept at %(time)s") % {"time": date_format(localtime(who.at), "TIME_FORMAT")}


def kept(who: Asking, about: str, form: str = CHECK_IN) -> Draft | None:
    """The person's own draft of this form, if it is younger than a day; nothing is opened."""
    own = Draft.objects.filter(person=who.person, property=who.house, form=form, about=about)
    return own.filter(saved_at__gte=who.at - KEPT_FOR).first()


def opened(who: Asking, about: str, form: str = CHECK_IN) -> QueryDict:
    """What was typed, as it was posted."""
    content = services.read_draft(actor=who.person, property=who.house, form=form, about=about, at=who.at)
    typed = QueryDict(mutable=True)
    for name, texts in (content or {}).get("typed", {}).items():
        typed.setlist(name, texts)
    return typed


def forget(who: Asking, about: str, form: str = CHECK_IN) -> None:
    """Erase the draft, if there is one."""
    services.discard_draft(actor=who.person, property=who.house, form=form, about=about)

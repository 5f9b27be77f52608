"""Registration cards on paper."""

from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from privacy.forms.registers import CardBackForm, CardFilterForm, CardGoneForm, CardKeptForm, CardOutForm
from privacy.models import PaperCard
from privacy.services import paper
from staff.permissions import any_right_required, right_required
from staff.refusals import refused_to
from stays.views.asking import Asking, asking, stay_here

GET_POST = ["GET", "HEAD", "POST"]


@require_safe
@right_required("decide_request")
def paper_cards(request: HttpRequest) -> HttpResponse:
    """Where the cards lie, and which tasks wait for one."""
    who, form = asking(request), CardFilterForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    page = paper.list_cards(actor=who.person, property=who.house, page=request.GET.get("page"), **chosen)
    waiting = {"tasks": paper.tasks_waiting(who.house), "ended": paper.cards_ended(who.house)}
    context = {"form": form, "page": page, "today": who.today, **waiting}
    return render(request, "privacy/paper_cards.html", context)


@require_http_methods(GET_POST)
@any_right_required(*paper.KEEPS_CARDS)
def paper_card_new(request: HttpRequest, reference: str) -> HttpResponse:
    """Note where a card of a stay was put."""
    stay, who = stay_here(request, reference), asking(request)
    initial = {"custodian": who.person.pk}
    form = CardKeptForm(request.POST if request.method == "POST" else None, stay=stay, initial=initial)
    if form.is_bound and form.is_valid():
        with refused_to(form, request):
            paper.keep_card(actor=who.person, stay=stay, at=who.at, **form.cleaned_data)
            messages.success(request, _("It is noted where the card lies."))
            return redirect("stay", reference=stay.reference)
    return render(request, "privacy/paper_card_new.html", {"form": form, "stay": stay})


@require_http_methods(GET_POST)
@right_required("decide_request")
def paper_card(request: HttpRequest, number: int) -> HttpResponse:
    """One card: signed out, returned, destroyed."""
    who = asking(request)
    people = ("custodian", "signed_out_to", "destroyed_by", "destroyed_with")
    cards = PaperCard.objects.visible_to(who.person).filter(stay__property=who.house)
    card = get_object_or_404(cards.select_related("stay__property", "occupant", *people), pk=number)
    forms = _forms(request, card)
    bound = next((deed for deed, form in forms.items() if form.is_bound), "")
    if bound and forms[bound].is_valid():
        with refused_to(forms[bound], request):
            DEEDS[bound](who, card, forms[bound].cleaned_data)
            return redirect("paper_card", number=card.pk)
    return render(request, "privacy/paper_card.html", {"card": card, "stay": card.stay, "forms": forms, "deed": bound})


def _forms(request: HttpRequest, card: PaperCard) -> dict[str, Any]:
    """A form for each deed the card may be in for; the one that was sent is bound."""
    sent = request.POST.get("deed", "destroy") if request.method == "POST" else ""
    if sent and sent not in DEEDS:
        raise Http404
    house, number = card.stay.property, card.stay.reference
    kinds: dict[str, tuple[Any, dict[str, Any]]] = {
        "sign_out": (CardOutForm, {}),
        "return": (CardBackForm, {"initial": {"place": card.place}}),
        "destroy": (CardGoneForm, {"number": number}),
    }
    return {
        deed: form(request.POST if deed == sent else None, house=house, **more) for deed, (form, more) in kinds.items()
    }


def _sign_out(who: Asking, card: PaperCard, typed: dict[str, Any]) -> None:
    paper.sign_out_card(actor=who.person, card=card, to=typed["to"], at=who.at)


def _return(who: Asking, card: PaperCard, typed: dict[str, Any]) -> None:
    paper.return_card(actor=who.person, card=card, place=typed["place"], at=who.at)


def _destroy(who: Asking, card: PaperCard, typed: dict[str, Any]) -> None:
    paper.destroy_card(actor=who.person, card=card, second=typed["second"], at=who.at)


DEEDS: Final[dict[str, Callable[[Asking, PaperCard, dict[str, Any]], None]]] = {
    "sign_out": _sign_out,
    "return": _return,
    "destroy": _destroy,
}

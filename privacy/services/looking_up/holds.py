"""Holds: numbers, kinds, dates, what they lie on by reference. What an authority wrote stays sealed until asked for."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from audit import services as audit
from privacy import actions, permissions
from privacy.models import HeldEnvelope, HeldStay, Hold, HoldStep, Item, Purge, PurgeItem, Request
from privacy.models.holding import HoldQuerySet
from privacy.policy.blockers import HOLDS
from privacy.services.holding.notes import named
from privacy.services.purging.candidates import Skip
from privacy.services.reviewing import today
from privacy.services.sheets import DESTROYING
from staff import permissions as rights
from staff.models import Person, Property
from stays.models import Stay
from vault import services as vault
from vault.categories import Category
from vault.models import Envelope
from vault.values import Value

ROWS_A_PAGE: Final = 50
MOST_SHOWN: Final = 50  # stays and requests on the page of one hold
OPEN, DUE, SECOND, OVER = "open", "due", "second", "over"
LISTS: Final = (OPEN, DUE, SECOND, OVER)


@dataclass(frozen=True, slots=True)
class HoldList:
    """One page of one list, and how many holds each list has."""

    page: "Page[Hold]"
    counts: dict[str, int]
    today: date


@dataclass(frozen=True, slots=True)
class HoldFile:
    """What the page of a hold shows. ``stays`` and ``waiting``: those the reader may see, ``stays_in_all`` also others.

    ``categories``: how many live envelopes it keeps of each. ``waiting``: requests whose erasures wait for its end.
    ``left_out``: what the newest plans of a purge would end and leave out for a hold that all officers may know of.
    ``has_document``: the number of an authority's document is still sealed.
    """

    hold: Hold
    today: date
    steps: Sequence[HoldStep]
    officers: Sequence[Person]
    categories: Sequence[tuple[str, int]]
    stays: Sequence[Stay]
    stays_in_all: int
    waiting: Sequence[Request]
    left_out: Sequence[PurgeItem]
    has_document: bool


def list_holds(
    *, actor: Person, property: Property, which: str, kind: str = "", page: str | None, at: datetime
) -> HoldList:
    """One list of the property's holds, the soonest review first; those that are over, the newest first.

    Raises ``NotAllowed``; an unknown list is the open ones. The row counts no confidential ones: it must not tell.
    """
    permissions.require_decide(actor, property)
    on = today(property, at)
    here = Hold.objects.visible_to(actor).filter(property=property)
    counts = {name: _rows(here, name, on, at).count() for name in LISTS}
    rows = _rows(here, which if which in LISTS else OPEN, on, at)
    rows = rows.filter(kind=kind) if kind in Hold.Kind.values else rows
    shown = Paginator(rows.select_related("property", "stay", "room", "request"), ROWS_A_PAGE).get_page(page)
    audit.record_look(
        actions.HOLDS_LISTED,
        who=rights.who(actor, property),
        object_type="list",
        object_ref="holds",
        detail={"count": sum(not hold.confidential for hold in shown.object_list)},
    )
    return HoldList(shown, counts, on)


def holds_due(*, actor: Person, property: Property, at: datetime) -> int:
    """How many holds that the person may see are to be looked at again: for the worklist."""
    here = Hold.objects.visible_to(actor).filter(property=property)
    return _rows(here, DUE, today(property, at), at).count()


def look_at_hold(*, hold: Hold, actor: Person, at: datetime) -> HoldFile:
    """Open the page of a hold. Raises ``NotAllowed``."""
    permissions.require_decide(actor, hold.property)
    audit.record_look(actions.HOLD_VIEWED, who=rights.who(actor, hold.property), **named(hold))
    stays = Stay.objects.filter(pk__in=hold.held_stays.values("stay")).order_by("-arrival_on", "-reference")
    return HoldFile(
        hold=hold,
        today=today(hold.property, at),
        steps=list(hold.steps.select_related("actor", "named")),
        officers=list(hold.officers.all()) if hold.confidential else [],
        categories=_categories(hold),
        stays=list(stays.visible_to(actor).select_related("property")[:MOST_SHOWN]),
        stays_in_all=stays.count(),
        waiting=list(_waiting(hold).filter(pk__in=Request.objects.visible_to(actor).values("pk"))[:MOST_SHOWN]),
        left_out=list(_left_out(hold).filter(purge__in=Purge.objects.visible_to(actor))[:MOST_SHOWN]),
        has_document=_has_document(hold),
    )


def open_document(*, hold: Hold, actor: Person) -> Value | None:
    """The number of the authority's document, for who decides on the hold; None where there is none any more.

    Raises ``NotAllowed``. The row names the hold alone: the number is sealed apart from any guest.
    """
    permissions.require_decide(actor, hold.property)
    opened = vault.open_envelopes(
        [hold.envelope] if hold.envelope else [],
        action=actions.HOLD_DOCUMENT_OPENED,
        who=rights.who(actor, hold.property),
        why=audit.Why(purpose="authority"),
        **named(hold),
    )
    return next((each.get("text") for each in opened.values()), None)


def _rows(here: HoldQuerySet, which: str, on: date, at: datetime) -> HoldQuerySet:
    if which == OVER:
        return here.over(at).order_by(F("released_at").desc(nulls_last=True), "-until", "-number")
    unapproved = Q(kind=Hold.Kind.INTERNAL, approved_at__isnull=True)
    narrowed = {DUE: Q(review_on__lte=on), SECOND: unapproved | Q(release_asked_by__isnull=False)}
    return here.open(at).filter(narrowed.get(which, Q())).order_by("review_on", "number")


def _categories(hold: Hold) -> list[tuple[str, int]]:
    counted = HeldEnvelope.objects.filter(hold=hold).order_by().values("envelope__category").annotate(n=Count("*"))
    found = Counter({row["envelope__category"]: row["n"] for row in counted})
    return [(category, found[category]) for category in Category if found[category]]


def _waiting(hold: Hold) -> QuerySet[Request]:
    """Approved to erase and not carried out, or locked away or put off for a hold, in something this one keeps."""
    held = HeldEnvelope.objects.filter(hold=hold, envelope=OuterRef("envelope"))
    undone = Q(chosen__in=DESTROYING, done_at__isnull=True, request__state=Request.State.EXECUTING)
    put_off = Q(chosen__in=["restrict", "not_now"], done_at__isnull=False, blockers__overlap=[*HOLDS])
    rows = Item.objects.filter(undone | put_off, Exists(held), request=OuterRef("pk"))
    return Request.objects.filter(Exists(rows)).order_by("received_at")


def _left_out(hold: Hold) -> QuerySet[PurgeItem]:
    """A booking stands in a plan by its stay, everything else by its envelope."""
    kept = Exists(HeldEnvelope.objects.filter(hold=hold, envelope=OuterRef("envelope")))
    stay = Q(Exists(HeldStay.objects.filter(hold=hold, stay=OuterRef("stay"))), envelope__isnull=True)
    return PurgeItem.objects.filter(kept | stay, skip=Skip.HOLD).order_by("due_on", "pk")


def _has_document(hold: Hold) -> bool:
    live = Envelope.objects.filter(erased_at__isnull=True)
    return hold.envelope is not None and live.filter(pk=hold.envelope).exists()

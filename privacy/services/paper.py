"""Registration cards on paper: where each lies, who answers for it, how it ended (M34)."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db import transaction
from django.db.models import Q

from audit import services as audit
from privacy import actions, permissions
from privacy.models import PaperCard, Request, Task
from privacy.models.registers import PaperCardQuerySet
from privacy.refusals import CardGone, CardHeld
from privacy.services.finishing import finish_at_once
from privacy.services.free_text import require_harmless
from privacy.services.held import is_part_held
from privacy.services.reviewing import wait_for_holds
from staff import permissions as rights
from staff.models import Person, Property
from stays.models import Occupant, Stay

KEEPS_CARDS = ("work_desk", "decide_request")
ROWS_A_PAGE = 50
State = PaperCard.State


def list_cards(
    *, actor: Person, property: Property, state: str = "", stay_number: str = "", page: str | int | None = None
) -> Page[PaperCard]:
    """The cards of a property, newest first, on record as looked at. Raises ``NotAllowed``."""
    permissions.require_decide(actor, property)
    cards = PaperCard.objects.visible_to(actor).filter(stay__property=property).order_by("-pk")
    cards = cards.filter(state=state) if state in State.values else cards
    cards = cards.filter(stay__reference=stay_number) if stay_number else cards
    people = ("custodian", "signed_out_to", "destroyed_by", "destroyed_with")
    shown = Paginator(cards.select_related("stay", "occupant", *people), ROWS_A_PAGE).get_page(page)
    audit.record_look(
        actions.PAPER_LISTED,
        who=rights.who(actor, property),
        object_type="property",
        object_ref=property.code,
        detail={"count": len(shown.object_list)},
    )
    return shown


def keep_card(
    *, actor: Person, stay: Stay, occupant: Occupant | None, place: str, custodian: Person, at: datetime
) -> PaperCard:
    """Note where a card lies and who answers for it. Raises ``NotAllowed`` and ``NotInFreeText``."""
    _require_keeper(actor, stay.property)
    require_harmless(place, about="paper_card", field="place")
    if occupant is not None and occupant.stay_id != stay.pk:
        raise ValueError("the occupant is of another stay")
    with transaction.atomic():
        card = PaperCard.objects.create(stay=stay, occupant=occupant, place=place, custodian=custodian)
        _record(actions.PAPER_KEPT, actor, card)
    return card


def sign_out_card(*, actor: Person, card: PaperCard, to: Person, at: datetime) -> PaperCard:
    """Let somebody take a card away. Raises ``NotAllowed`` and ``CardGone``."""
    with transaction.atomic():
        locked = _lock(actor, card, State.KEPT)
        _change(locked, state=State.SIGNED_OUT, signed_out_to=to, signed_out_at=at)
        _record(actions.PAPER_SIGNED_OUT, actor, locked)
    return locked


def return_card(*, actor: Person, card: PaperCard, place: str, at: datetime) -> PaperCard:
    """Take a card back and note where it lies now. Raises ``NotAllowed``, ``CardGone`` and ``NotInFreeText``."""
    require_harmless(place, about="paper_card", field="place")
    with transaction.atomic():
        locked = _lock(actor, card, State.SIGNED_OUT)
        _change(locked, state=State.KEPT, signed_out_to=None, signed_out_at=None, place=place)
        _record(actions.PAPER_RETURNED, actor, locked)
    return locked


def destroy_card(*, actor: Person, card: PaperCard, second: Person, at: datetime) -> PaperCard:
    """Note that two people destroyed a card; the paper tasks it was the last of are done with it.

    Raises ``NotAllowed``, ``CardGone``, ``SamePerson`` and ``CardHeld``.
    """
    permissions.require_another(actor, second, object_type="stay", object_ref=card.stay.reference)
    with transaction.atomic():
        locked = _lock(actor, card, State.KEPT, State.SIGNED_OUT)
        _require_no_hold(locked, at)
        gone = {"destroyed_by": actor, "destroyed_with": second, "destroyed_at": at}
        _change(locked, state=State.DESTROYED, signed_out_to=None, signed_out_at=None, **gone)
        _record(actions.PAPER_DESTROYED, actor, locked)
        finish_at_once(_settled_tasks(locked.stay), actor=actor, second=second, at=at)
    return locked


def ask_to_destroy(*, request: Request, stays: Sequence[Stay], owner: Person, due_on: date) -> list[Task]:
    """One task for each stay of which a card of the guest still exists, naming it in ``about``.

    Called inside the deed that erases the record: it records nothing by itself.
    """
    return [
        Task.objects.create(request=request, kind=Task.Kind.PAPER, owner=owner, due_on=due_on, about=stay.reference)
        for stay in stays
        if _existing(stay, request).exists()
    ]


def end_cards(*, occupants: Collection[int], stays: Collection[UUID], destroy_by: date) -> None:
    """Have the cards of these guests, and those of whole parties of these stays, destroyed by a day.

    Called inside the deed that ends their register: it records nothing by itself. A card that is late keeps its day.
    """
    ended = Q(occupant__in=occupants) | Q(occupant__isnull=True, stay__in=stays)
    PaperCard.objects.existing().filter(ended, destroy_by__isnull=True).update(destroy_by=destroy_by)


def cards_ended(house: Property) -> list[PaperCard]:
    """The cards of a property whose register has ended, for two people to destroy."""
    return list(PaperCard.objects.ended().filter(stay__property=house).select_related("stay", "custodian"))


def tasks_waiting(house: Property) -> list[Task]:
    """The paper tasks of a property that wait, the most urgent first; each names its stay in ``about``."""
    tasks = Task.objects.open().filter(kind=Task.Kind.PAPER, request__property=house)
    return list(tasks.select_related("request", "owner").order_by("due_on", "pk"))


def _settled_tasks(stay: Stay) -> list[Task]:
    """The tasks about a stay's cards for which there is no card left."""
    tasks = Task.objects.open().filter(kind=Task.Kind.PAPER, about=stay.reference).select_related("request__property")
    return [task for task in tasks if not _existing(stay, task.request).exists()]


def _existing(stay: Stay, request: Request) -> PaperCardQuerySet:
    """The cards of the request's guest, and those of the whole party."""
    of_guest = Q(occupant__isnull=True) | Q(occupant__subject=request.guest_id)
    return PaperCard.objects.existing().filter(of_guest, stay=stay)


def _lock(actor: Person, card: PaperCard, *states: str) -> PaperCard:
    cards = PaperCard.objects.select_for_update(of=("self",)).select_related("stay__property")
    locked = cards.get(pk=card.pk)
    permissions.require_decide(actor, locked.stay.property)
    if locked.state not in states:
        words = {"reference": locked.stay.reference, "state": locked.get_state_display()}
        raise CardGone(object_type="stay", object_ref=locked.stay.reference, **words)
    return locked


def _require_no_hold(card: PaperCard, at: datetime) -> None:
    wait_for_holds(alone=False)
    if is_part_held(card.stay_id, card.occupant.subject_id if card.occupant else None, at):
        raise CardHeld(object_type="stay", object_ref=card.stay.reference, reference=card.stay.reference)


def _change(card: PaperCard, **facts: Any) -> None:
    for name, value in facts.items():
        setattr(card, name, value)
    card.save(update_fields=list(facts))


def _require_keeper(actor: Person, house: Property) -> None:
    if not any(rights.may(actor, right, house) for right in KEEPS_CARDS):
        raise rights.NotAllowed(object_type="right", object_ref=KEEPS_CARDS[0])


def _record(action: str, actor: Person, card: PaperCard) -> None:
    audit.record(
        action,
        who=rights.who(actor, card.stay.property),
        object_type="stay",
        object_ref=card.stay.reference,
        subjects=[card.occupant.subject_id] if card.occupant else [],
        detail={"card": card.pk},
    )

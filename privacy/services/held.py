"""What holds keep at a moment: asked by whoever erases or shows, of the two views that know what holds lie on.

Whoever erases asks after ``reviewing.wait_for_holds(alone=False)``: a hold that commits first wins.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from privacy.models import HeldEnvelope, HeldStay, Hold
from staff.models import Person


def held_envelopes(at: datetime) -> QuerySet[HeldEnvelope, UUID]:
    """Live envelopes that any hold in force keeps, confidential ones too: for erasing, never for showing."""
    return _envelopes(HeldEnvelope.objects.filter(hold__in=Hold.objects.in_force(at)))


def openly_held_envelopes(at: datetime) -> QuerySet[HeldEnvelope, UUID]:
    """Those that a hold keeps of which everybody who decides at its property may know."""
    return _envelopes(HeldEnvelope.objects.filter(hold__in=Hold.objects.in_force(at).filter(confidential=False)))


def visibly_held_envelopes(person: Person, at: datetime) -> QuerySet[HeldEnvelope, UUID]:
    """Those that a hold keeps which this person may see: for pages, counts and exports."""
    return _envelopes(HeldEnvelope.objects.filter(hold__in=Hold.objects.visible_to(person).in_force(at)))


def held_stays(at: datetime) -> QuerySet[HeldStay, UUID]:
    """Stays on which a hold in force lies, for all of them or for one guest's part."""
    found = HeldStay.objects.filter(hold__in=Hold.objects.in_force(at))
    return found.order_by().values_list("stay_id", flat=True).distinct()


def is_part_held(stay: UUID, guest: UUID | None, at: datetime) -> bool:
    """Whether any hold in force, a confidential one too, lies on this guest's part of a stay; on anybody's, where no
    guest is named. For destroying, never for showing."""
    mine = Q(hold__subject=guest) | Q(hold__request__guest=guest)
    on_all = Q(hold__subject__isnull=True, hold__request__isnull=True)
    whose = Q() if guest is None else mine | on_all
    return HeldStay.objects.filter(whose, stay=stay, hold__in=Hold.objects.in_force(at)).exists()


def holds_on(envelopes: Collection[UUID], at: datetime) -> Mapping[UUID, Sequence[Hold]]:
    """The holds in force on each of these envelopes; what none keeps is absent."""
    in_force = {hold.pk: hold for hold in Hold.objects.in_force(at)}
    if not in_force:
        return {}  # the view behind HeldEnvelope takes longer to plan than everything else a sheet asks
    found: dict[UUID, list[Hold]] = defaultdict(list)
    lines = HeldEnvelope.objects.filter(envelope__in=envelopes, hold__in=list(in_force))
    for envelope, hold in lines.order_by("hold__review_on", "hold__number").values_list("envelope_id", "hold_id"):
        found[envelope].append(in_force[hold])
    return dict(found)


def _envelopes(found: QuerySet[HeldEnvelope]) -> QuerySet[HeldEnvelope, UUID]:
    return found.order_by().values_list("envelope_id", flat=True).distinct()

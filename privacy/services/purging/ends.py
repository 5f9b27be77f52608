"""What happens to each record at the end of its period: erased, unlinked, restricted or reduced, many at a time.

Each end does its part in the transaction under way and says which envelopes are erased as its last step.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from audit import services as audit
from privacy.models import Certificate, Purge, PurgeItem, Recheck
from privacy.policy.rules import Record
from privacy.services import paper
from privacy.services.following_up import FOLLOW_UP_DAYS
from privacy.services.purging.sources import GUEST, NOTE
from privacy.services.restricting import UNTIL_LIFTED
from stays.models import BillLine, Occupant
from stays.services.restricting import restrict_stays
from stays.services.unlinking import unlink_occupants
from vault import services as vault
from vault.categories import Category
from vault.models import Envelope

Items = Sequence[PurgeItem]
# What the rule of bills keeps of who pays; amount and date stand on the bill's lines.
KEPT_OF_BILLS: Final = ("invoice_title",)


def end_items(record: str, items: Items, who: audit.Who, on: date) -> list[UUID]:
    """Carry out the end of these rows of one record on a day; the envelopes to be erased by the caller, at last."""
    return _ENDS[record](items, who, on)


def _erase(items: Items, who: audit.Who, on: date) -> list[UUID]:
    return _envelopes(items)


def _end_register(items: Items, who: audit.Who, on: date) -> list[UUID]:
    """Unlink who was registered, and whoever is left of a party of which nobody is registered any more.

    Their cards on paper are to be destroyed (M34).
    """
    registers, stays = _envelopes(items), {item.stay for item in items}
    registered = Envelope.objects.filter(category=Category.REGISTER, erased_at__isnull=True, belongs_to__in=stays)
    still = set(registered.exclude(pk__in=registers).values_list("belongs_to", flat=True))
    over = {stay for stay in stays - still if stay is not None}
    gone = Q(register_envelope__in=registers) | Q(_is_sealed(), stay__in=over)
    unlinked = list(Occupant.objects.filter(gone).values_list("pk", flat=True))
    unlink_occupants(unlinked)
    paper.end_cards(occupants=unlinked, stays=over, destroy_by=on + timedelta(days=FOLLOW_UP_DAYS))
    return registers


def _end_booking(items: Items, who: audit.Who, on: date) -> list[UUID]:
    """Unlink the party; what was sealed for the stay goes, but for what the rule of bills keeps."""
    stays = [item.stay for item in items]
    unlink_occupants(Occupant.objects.filter(_is_sealed(), stay__in=stays).values_list("pk", flat=True))
    sealed = Envelope.objects.filter(belongs_to__in=stays, erased_at__isnull=True).exclude(category=Category.PAYMENT)
    return list(sealed.values_list("pk", flat=True))


def _restrict(items: Items, who: audit.Who, on: date) -> list[UUID]:
    """Out of the desk's sight: the registers, and the stays themselves."""
    vault.restrict_envelopes(_envelopes(items), until=UNTIL_LIFTED, who=who)
    restrict_stays({item.stay for item in items if item.stay is not None}, until=UNTIL_LIFTED)
    return []


def _reduce_bill(items: Items, who: audit.Who, on: date) -> list[UUID]:
    """Seal anew, for nobody, what the rule keeps; the bill's lines lead there, and the former envelope is erased."""
    opened = vault.open_for_deed(_envelopes(items), with_restricted=True)
    kept = {envelope: content for envelope, each in opened.items() if (content := _kept(each.plain))}
    nobodies = vault.new_subjects(len(kept))
    made = vault.seal_many(
        [
            vault.Sealing(nobody, Category.PAYMENT, content)
            for nobody, content in zip(nobodies, kept.values(), strict=True)
        ]
    )
    reduced = dict(zip(kept, made, strict=True))
    lines = list(BillLine.objects.filter(payment_envelope__in=opened).select_for_update(of=("self",)).order_by("pk"))
    for line in lines:
        line.payment_envelope_id = reduced.get(line.payment_envelope_id) if line.payment_envelope_id else None
    BillLine.objects.bulk_update(lines, ["payment_envelope_id"])
    return _envelopes(items)


def _kept(content: Mapping[str, Any]) -> dict[str, Any]:
    return {name: content[name] for name in KEPT_OF_BILLS if content.get(name)}


def _end_certificates(items: Items, who: audit.Who, on: date) -> list[UUID]:
    """The rows themselves: the database lets them go while a running purge names them."""
    ended = Certificate.objects.filter(number__in=[item.ref for item in items])
    Purge.objects.filter(receipt__in=ended).update(receipt=None)
    Recheck.objects.filter(certificate__in=ended).delete()
    ended.delete()
    return []


def _envelopes(items: Items) -> list[UUID]:
    return [item.envelope for item in items if item.envelope is not None]


def _is_sealed() -> Exists:
    """Something of the occupant is still sealed: whoever was unlinked before stays as they are."""
    return Exists(Envelope.objects.filter(subject=OuterRef("subject"), erased_at__isnull=True))


_ENDS: Final[Mapping[str, Callable[[Items, audit.Who, date], list[UUID]]]] = {
    Record.REGISTER: _end_register,
    Record.REGISTER_COPY: _restrict,
    Record.BOOKING: _end_booking,
    Record.BILL: _reduce_bill,
    Record.CERTIFICATE: _end_certificates,
    Record.PREFERENCE: _erase,
    Record.VISITOR: _erase,
    Record.GUARDIAN: _erase,
    NOTE: _erase,
    GUEST: _erase,
}

"""Erasing rows of a decision sheet for good, with all that goes with them; the vault's part comes last."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import F
from django.db.models.functions import Greatest

from privacy.models import Certificate, Consent, Delivery, Item, OneTimeCode, Recheck, Request, Told
from privacy.services import certificates, following_up, requests
from privacy.services.reviewing import guest_of, today
from staff.models import Person
from stays.models import Draft
from vault import services as vault
from vault.categories import Category

RECHECK_AGAIN: Final = timedelta(days=30)
COPY: Final = "copy"  # what a certificate calls a copy of the record that was made for the guest
_COPIES: Final = (Delivery.Kind.ACCESS_COPY, Delivery.Kind.TRANSFER)
_A_MOMENT: Final = timedelta(seconds=1)


def erase_items(
    request: Request,
    erased: Sequence[Item],
    *,
    restricted: Sequence[Item] = (),
    actor: Person | None,
    owner: Person,
    reason: str,
    at: datetime,
) -> Certificate:
    """Erase the envelopes of these rows in the transaction under way, as its last step, and certify it.

    ``actor`` None is the system; ``owner`` gets the tasks that follow. Raises ``vault.keys.KeyUnknown`` where no
    certificate can be signed.
    """
    by = requests.who(actor, request.property) if actor else requests.system_at(request.property)
    _end_consents(request, erased, actor, at)
    following_up.destroy_paper(request, erased, owner=owner, at=at)
    following_up.tell_processors(request, Told.What.ERASED, {item.category for item in erased}, owner=owner, at=at)
    following_up.tell_recipients(request, erased, owner=owner, at=at)
    gone = {item.envelope: item.category for item in erased} | dict.fromkeys(_stop_copies(request, at), COPY)
    Draft.objects.filter(envelope__in=gone).delete()
    certificate = certificates.sign_certificate(
        property=request.property,
        request=request,
        reason=reason,
        erased=gone,
        restricted=[item.category for item in restricted],
        who=by,
        at=at,
    )
    _plan_rechecks(certificate, at)
    vault.erase_envelopes(list(gone), reason=reason, who=by)
    return certificate


def copies_about(guest: UUID) -> list[UUID]:
    """Envelopes of copies that were made of this guest's record for an answer."""
    copies = Delivery.objects.filter(request__guest=guest, kind__in=_COPIES, envelope__isnull=False)
    return [envelope for envelope in copies.values_list("envelope", flat=True) if envelope is not None]


def _stop_copies(request: Request, at: datetime) -> list[UUID]:
    """No link opens a copy of what is erased any more, and no code to the contact on file counts any more."""
    guest = guest_of(request)
    open_links = Delivery.objects.filter(request__guest=guest, kind__in=_COPIES, opened_at__isnull=True)
    open_links.filter(expires_at__gt=at).update(expires_at=Greatest(at, F("made_at") + _A_MOMENT))
    codes = OneTimeCode.objects.filter(request__guest=guest, purpose=OneTimeCode.Purpose.CONTACT)
    codes.filter(used_at__isnull=True, expires_at__gt=at).update(expires_at=at)
    return copies_about(guest)


def _end_consents(request: Request, erased: Sequence[Item], actor: Person | None, at: datetime) -> None:
    """Nothing is left of what the guest had agreed to: asking for its end withdraws the consent (PIPL 15)."""
    categories = {item.category for item in erased}
    ended = {Category.PREFERENCE: Consent.About.PREFERENCES, Category.CONTACT: Consent.About.MARKETING}
    abouts = [about for category, about in ended.items() if category in categories]
    standing = Consent.objects.standing().of(guest_of(request)).filter(about__in=abouts)
    standing.update(withdrawn_at=at, withdrawn_by=actor, withdrawn_channel=request.channel)


def _plan_rechecks(certificate: Certificate, at: datetime) -> None:
    on = today(certificate.property, at)
    Recheck.objects.bulk_create(Recheck(certificate=certificate, due_on=day) for day in (on, on + RECHECK_AGAIN))

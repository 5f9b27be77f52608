"""Searching again for what a certificate says is erased: every place is looked in, and “0 of N” is the answer (B06).

The values are gone, so the search is for their ids: what is sealed, keys, search tokens, forms, notes, copies and
codes. The certificate names envelopes by keyed hashes only; they are traced through the rows of the sheet.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from audit import services as audit
from privacy import actions, permissions
from privacy.models import Certificate, Delivery, Item, OneTimeCode, Recheck
from privacy.services import certificates, requests
from privacy.services.erasing import copies_about
from privacy.services.reviewing import today
from staff.models import Person
from stays.models import Draft, Note
from vault.categories import Category
from vault.models import Envelope, EnvelopeKey, SubjectToken


@dataclass(frozen=True, slots=True)
class Place:
    """How much was searched in one place, and how much of it should not be there."""

    searched: int
    found: int


def recheck_erasure(*, certificate: Certificate, at: datetime, actor: Person | None = None) -> Recheck:
    """Search now and keep the answer: in the row that is due, or one more. Without an actor the system does.

    Raises ``NotAllowed``.
    """
    house = certificate.property
    if actor is not None:
        permissions.require_decide(actor, house)
    with transaction.atomic():
        on = today(house, at)
        due = certificate.rechecks.select_for_update(of=("self",)).due(on)
        recheck = due.order_by("due_on").first() or Recheck(certificate=certificate, due_on=on)
        places = _search(certificate, at)
        recheck.at, recheck.found = at, sum(place.found for place in places.values())
        recheck.places = {name: {"searched": one.searched, "found": one.found} for name, one in places.items()}
        recheck.save(update_fields=["at", "found", "places"] if recheck.pk else None)
        audit.record(
            actions.CERTIFICATE_RECHECKED,
            who=requests.who(actor, house) if actor else requests.system_at(house),
            outcome="failed" if recheck.found else "ok",
            object_type="certificate",
            object_ref=certificate.number,
            detail={"count": len(certificate.payload["envelopes"]), "found": recheck.found},
        )
    return recheck


def recheck_due(*, at: datetime) -> int:
    """Make the searches that are due, and return how many. The system's deed, for the sweep; safe to repeat."""
    due = Recheck.objects.due(at.date()).select_related("certificate__property", "certificate__request")
    certified = list({recheck.certificate_id: recheck.certificate for recheck in due}.values())
    for certificate in certified:
        recheck_erasure(certificate=certificate, at=at)
    return len(certified)


def _search(certificate: Certificate, at: datetime) -> dict[str, Place]:
    ids = _traced(certificate)
    sealed = Envelope.objects.filter(pk__in=ids)
    return {
        "certificate": Place(len(certificate.payload["envelopes"]), len(certificate.payload["envelopes"]) - len(ids)),
        "records": Place(len(ids), sealed.filter(erased_at__isnull=True).count()),
        "contents": Place(len(ids), sealed.exclude(ciphertext=b"").count()),
        "keys": Place(len(ids), EnvelopeKey.objects.filter(pk__in=ids, wrapped__isnull=False).count()),
        "search": _in_search(ids),
        "forms": Place(Draft.objects.count(), Draft.objects.filter(envelope__in=ids).count()),
        "notes": _of(Note.objects.filter(envelope__in=ids), envelope__erased_at__isnull=True),
        **_in_requests(certificate, at),
    }


def _traced(certificate: Certificate) -> list[UUID]:
    """The envelopes the certificate means, as far as rows of the sheet and copies lead to them."""
    known = Item.objects.filter(request=certificate.request_id, done_at__isnull=False)
    ids = list(known.values_list("envelope", flat=True))
    if certificate.request is not None and certificate.request.guest_id is not None:
        ids += copies_about(certificate.request.guest_id)
    named = set(certificate.payload["envelopes"])
    return [envelope for hashed, envelope in certificates.marks(ids, certificate.key_id).items() if hashed in named]


def _in_search(ids: Collection[UUID]) -> Place:
    """A subject may be found only by what is still sealed of it: a register that is restricted keeps its number."""
    subjects = list(Envelope.objects.filter(pk__in=ids).order_by().values_list("subject", flat=True).distinct())
    tokens = SubjectToken.objects.filter(subject__in=subjects)
    named = tokens.filter(tok__len__gt=0).exclude(_still(Category.NAME))
    phoned = tokens.filter(phone__isnull=False).exclude(_still(Category.CONTACT))
    shown = tokens.filter(document__isnull=False).exclude(_still(Category.REGISTER))
    return Place(len(subjects), named.count() + phoned.count() + shown.count())


def _still(category: str) -> Exists:
    live = Envelope.objects.filter(subject=OuterRef("subject"), category=category, erased_at__isnull=True)
    return Exists(live)


def _in_requests(certificate: Certificate, at: datetime) -> dict[str, Place]:
    """Copies that a link would still open, and codes that would still count, of requests about the same guest."""
    guest = certificate.request.guest_id if certificate.request else None
    before = Q(request__guest=guest, request__guest__isnull=False, made_at__lte=certificate.made_at)
    links = Delivery.objects.filter(before, kind__in=[Delivery.Kind.ACCESS_COPY, Delivery.Kind.TRANSFER])
    codes = OneTimeCode.objects.filter(request__guest=guest, request__guest__isnull=False)
    return {
        "links": _of(links, opened_at__isnull=True, expires_at__gt=at),
        "codes": _of(codes.filter(purpose=OneTimeCode.Purpose.CONTACT), used_at__isnull=True, expires_at__gt=at),
    }


def _of(rows: Any, **still: Any) -> Place:
    return Place(rows.count(), rows.filter(**still).count())

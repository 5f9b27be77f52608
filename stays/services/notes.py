"""Words about a stay: sealed, and where they give a reason, committed to in the log."""

import hashlib
import secrets
from uuid import UUID

from django.core.exceptions import ValidationError

from staff.models import Person
from stays.free_text import refuse_numbers
from stays.models import Note, Stay
from stays.refusals import NotInFreeText
from stays.typed import ArrivalData
from vault import services as vault
from vault.categories import Category

SALT_BYTES = 16


def write_arrival_notes(actor: Person, stay: Stay, lead: UUID, arrival: ArrivalData) -> bytes | None:
    """Seal the special request and the reason of an override. Returns the commitment to the reason, if any."""
    if arrival.special_request:
        seal_note(stay, lead, Note.Kind.REQUEST, arrival.special_request, owner=actor)
    if arrival.override_reason:
        return seal_note(stay, lead, Note.Kind.REASON, arrival.override_reason, owner=None)
    return None


def seal_note(stay: Stay, subject: UUID, kind: str, text: str, *, owner: Person | None) -> bytes:
    """Seal the words with the guest and return their commitment: SHA-256 over a salt sealed with them, and the words.

    Raises ``NotInFreeText`` where they hold what looks like a document, phone or card number.
    """
    _require_clean(text)
    salt = secrets.token_bytes(SALT_BYTES)
    content = {"text": text, "salt": salt.hex()}
    envelope = vault.seal(subject=subject, category=Category.NOTE, content=content, belongs_to=stay.pk)
    Note.objects.create(stay=stay, envelope_id=envelope, kind=kind, owner=owner)
    return hashlib.sha256(salt + text.encode()).digest()


def _require_clean(text: str) -> None:
    try:
        refuse_numbers(text)
    except ValidationError as reason:
        raise NotInFreeText(reason.message, object_type="note") from reason

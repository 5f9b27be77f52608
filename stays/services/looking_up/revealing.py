"""One field in plain, for a purpose."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Case, IntegerField, When

from audit.services import Why
from staff import permissions as rights
from staff.models import Person
from stays import actions, permissions
from stays.models import Occupant, Stay
from stays.purposes import opens_restricted, require_purpose
from stays.refusals import GuestGone, RevealRefused, StepUpMissing
from stays.services.looking_up.explaining import explain_stay
from vault import services as vault
from vault.categories import FIELDS
from vault.models import Envelope
from vault.values import Value


@dataclass(frozen=True, slots=True)
class SealedField:
    """A field that may be revealed, and the stay through which the person sees it. ``grade``: what it takes.

    ``guest``: whose it is, where it belongs to the guest and to no stay.
    """

    envelope: UUID
    subject: UUID
    field: str
    stay: Stay
    grade: str
    guest: UUID | None


def sealed_visible_to(person: Person, envelope: UUID, field: str, *, at: datetime) -> SealedField | None:
    """The field, where a stay makes it visible to the person; else None, and the page is not found."""
    found = Envelope.objects.filter(pk=envelope, erased_at__isnull=True).first()
    if found is None or field not in FIELDS[found.category]:
        return None
    stay = _stay_of(person, found)
    if stay is None:
        return None
    grade = permissions.reveal_grade(person, found.category, stay, at)
    guest = found.subject_id if found.belongs_to is None else None
    return SealedField(found.pk, found.subject_id, field, stay, grade, guest)


def reveal_field(*, actor: Person, envelope: UUID, field: str, why: Why, stepped_up: bool, at: datetime) -> Value:
    """The value of one field, on record before it is shown.

    Raises ``GuestGone`` for what the actor cannot see or what is erased, ``RevealRefused`` where the roles forbid it,
    ``StepUpMissing`` and ``PurposeRefused``.
    """
    sealed = sealed_visible_to(actor, envelope, field, at=at)
    if sealed is None:
        raise GuestGone(object_type="envelope", object_ref=str(envelope))
    _require_grade(sealed, stepped_up)
    stay = sealed.stay
    why = require_purpose(
        actor=actor, house=stay.property, why=why, stay=stay, guest=sealed.guest, revealed=sealed.subject
    )
    opened = vault.open_envelopes(
        [sealed.envelope],
        action=actions.FIELD_REVEALED,
        who=rights.who(actor, stay.property),
        why=explain_stay(actor, stay, [sealed.subject], why, at=at),
        object_type="stay",
        object_ref=stay.reference,
        fields=[field],
        with_restricted=opens_restricted(actor, stay.property, why),
    )
    if sealed.envelope not in opened:
        raise GuestGone(object_type="envelope", object_ref=str(envelope))
    return opened[sealed.envelope].get(field)


def _require_grade(sealed: SealedField, stepped_up: bool) -> None:
    if sealed.grade == permissions.NOT_ALLOWED:
        raise RevealRefused(object_type="stay", object_ref=sealed.stay.reference, field=sealed.field)
    if sealed.grade == permissions.STEP_UP and not stepped_up:
        raise StepUpMissing(object_type="stay", object_ref=sealed.stay.reference, field=sealed.field)


def _stay_of(person: Person, envelope: Envelope) -> Stay | None:
    """The stay the envelope belongs to, or where it is of the guest, a current stay of theirs, or the newest."""
    seen = Stay.objects.visible_to(person).select_related("property")
    if envelope.belongs_to is not None:
        return seen.filter(pk=envelope.belongs_to).first()
    current = Case(
        When(status=Stay.Status.IN_HOUSE, then=0), When(status=Stay.Status.EXPECTED, then=1), default=2,
        output_field=IntegerField(),
    )  # fmt: skip
    stays = Occupant.objects.filter(subject=envelope.subject_id).values("stay")
    return seen.filter(pk__in=stays).order_by(current, "-arrival_on").first()

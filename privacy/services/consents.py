"""Consent: given and withdrawn at the desk, withdrawn on the public page.

Preferences and marketing rest on consent alone (PIPL 13(1)(1)); what rests on it ends with it, at once (15, 47(1)(3)).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit import services as audit
from audit.services import Why
from privacy import actions
from privacy.models import Consent, Request
from privacy.models.consents import ConsentQuerySet
from privacy.refusals import ConsentStands, NoConsent
from privacy.services.free_text import require_harmless
from privacy.services.held import held_envelopes, openly_held_envelopes
from privacy.services.restricting import UNTIL_LIFTED
from privacy.services.reviewing import wait_for_holds
from staff import permissions as rights
from staff.models import Person
from stays.models import Notice, Occupant, Stay
from stays.purposes import require_purpose
from stays.services.looking_up.explaining import explain_stay
from vault import services as vault
from vault.categories import Category
from vault.values import Opened, Value

About, Channel = Consent.About, Request.Channel
OWN_CONSENT_FROM = 14  # years: for younger guests a guardian consents (PIPL 31)
LONGEST_TEXT = 500
_NOTHING = Value("text", "")


class NoticeOutdated(audit.Refused):
    """The notice the guest was shown is not the newest: who consents must know what to (PIPL 14, 17)."""

    action = actions.CONSENT_DEED_REFUSED
    field = "notice"
    message = _("A newer privacy notice has been published: show that one to the guest.")


class GuardianMissing(audit.Refused):
    """The guest is under 14 and nobody says that the guardian agrees."""

    action = actions.CONSENT_DEED_REFUSED
    field = "guardian_agrees"
    message = _("This guest is under 14: the guardian must agree.")


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """One thing that rests on consent, and the consent that stands for it here."""

    about: str
    label: str
    consent: Consent | None


@dataclass(frozen=True, slots=True)
class GuestConsents:
    """What one guest of a stay has agreed to. ``preferences`` is empty where nothing is written down."""

    occupant: Occupant
    name: Value
    lines: tuple[ConsentLine, ...]
    preferences: Value


def open_consents(stay: Stay, *, actor: Person, why: Why, at: datetime) -> list[GuestConsents]:
    """The consents of the guests of a stay, with their names and preferences. Raises as ``stays`` does for a look."""
    rights.require(actor, "work_desk", stay.property)
    why = require_purpose(actor=actor, house=stay.property, why=why, stay=stay)
    party = list(stay.occupants.all())
    subjects = [occupant.subject_id for occupant in party]
    standing = {(each.subject_id, each.about): each for each in _standing(subjects).filter(property=stay.property)}
    kept = [subject for subject in subjects if (subject, About.PREFERENCES) in standing]
    opened = vault.open_envelopes(
        [*vault.ids_of(subjects, [Category.NAME]), *vault.ids_of(kept, [Category.PREFERENCE])],
        action=actions.CONSENTS_VIEWED,
        who=rights.who(actor, stay.property),
        why=explain_stay(actor, stay, subjects, why, at=at),
        object_type="stay",
        object_ref=stay.reference,
        fields=["name", *(["preferences"] if kept else [])],
    )
    held = {(each.subject, each.category): each for each in opened.values()}
    return [_of_guest(occupant, standing, held) for occupant in party]


def _of_guest(
    occupant: Occupant, standing: Mapping[tuple[UUID, str], Consent], held: Mapping[tuple[UUID, str], Opened]
) -> GuestConsents:
    subject = occupant.subject_id
    name, preferences = held.get((subject, Category.NAME)), held.get((subject, Category.PREFERENCE))
    return GuestConsents(
        occupant=occupant,
        name=name.get("name") if name else _NOTHING,
        lines=tuple(ConsentLine(about, str(label), standing.get((subject, about))) for about, label in About.choices),
        preferences=preferences.text if preferences else _NOTHING,
    )


def give_consent(
    *,
    actor: Person,
    occupant: Occupant,
    about: str,
    notice: Notice,
    text: str = "",
    guardian_agrees: bool = False,
    channel: str = Channel.DESK,
    at: datetime,
) -> Consent:
    """Record that a guest agrees, under the notice they were shown; ``text``: the preferences they want kept.

    Raises ``NotAllowed``, ``NoticeOutdated``, ``GuardianMissing``, ``ConsentStands`` and ``NotInFreeText``.
    """
    stay = occupant.stay
    rights.require(actor, "work_desk", stay.property)
    _require_newest(notice)
    require_harmless(text, about="consent")
    with transaction.atomic():
        _require_guardian(occupant, guardian_agrees, stay.property.today(at))
        facts = {"notice": notice, "given_at": at, "given_by": actor, "channel": Channel(channel)}
        consent, is_new = Consent.objects.get_or_create(
            subject_id=occupant.subject_id,
            property=stay.property,
            about=About(about),
            withdrawn_at=None,
            defaults=facts,
        )
        if not is_new:
            raise ConsentStands(object_type="stay", object_ref=stay.reference)
        if text and about == About.PREFERENCES:
            _seal_preferences(occupant.subject_id, text, keep=True)
        _record(actions.CONSENT_GIVEN, actor, occupant, about, notice=notice.version, channel=str(channel))
    return consent


def note_preferences(*, actor: Person, occupant: Occupant, text: str, at: datetime) -> None:
    """Write the guest's preferences down anew, while their consent stands here.

    Raises ``NotAllowed``, ``NoConsent`` and ``NotInFreeText``.
    """
    stay = occupant.stay
    rights.require(actor, "work_desk", stay.property)
    require_harmless(text, about="consent")
    with transaction.atomic():
        mine = _standing([occupant.subject_id]).filter(property=stay.property, about=About.PREFERENCES)
        if not mine.select_for_update(of=("self",)).exists():
            raise NoConsent(object_type="stay", object_ref=stay.reference)
        _seal_preferences(occupant.subject_id, text, keep=False)
        _record(actions.PREFERENCES_NOTED, actor, occupant, About.PREFERENCES)


def withdraw_consent(*, actor: Person, occupant: Occupant, about: str, at: datetime) -> int:
    """Record a withdrawal at the desk, for every property of the house; preferences are erased with it.

    Returns what ``erase_preferences`` does. Raises ``NotAllowed`` and ``NoConsent``.
    """
    stay = occupant.stay
    rights.require(actor, "work_desk", stay.property)
    with transaction.atomic():
        if not _end([occupant.subject_id], [about], by=actor, channel=Channel.DESK, at=at):
            raise NoConsent(object_type="stay", object_ref=stay.reference)
        _record(actions.CONSENT_WITHDRAWN, actor, occupant, about, channel=str(Channel.DESK))
        return erase_preferences([occupant.subject_id], [about], who=rights.who(actor, stay.property), at=at)


def end_consents(subject: UUID, abouts: Sequence[str], *, at: datetime) -> list[str]:
    """End a guest's consents by the public page, inside the deed that matched the guest; what they were about."""
    return _end([subject], abouts, by=None, channel=Channel.WEB, at=at)


def erase_preferences(subjects: Sequence[UUID], abouts: Sequence[str], *, who: audit.Who, at: datetime) -> int:
    """Erase the preferences where it is them the consent was about; last in a deed, as the vault wants it.

    What a hold keeps is locked away instead, until the purge erases it after the hold (policy.md, B1 and B3). Returns
    how many are told as erased: of those that only a confidential hold keeps, nobody may learn that they are not.
    """
    if About.PREFERENCES not in abouts:
        return 0
    found = set(vault.ids_of(subjects, [Category.PREFERENCE]))
    held = found.intersection(held_envelopes(at).filter(envelope__in=found))
    openly = found.intersection(openly_held_envelopes(at).filter(envelope__in=found))
    vault.restrict_envelopes(list(held), until=UNTIL_LIFTED, who=who)
    vault.erase_envelopes(list(found - held), reason="consent_withdrawn", who=who)
    return len(found - openly)


def _end(
    subjects: Sequence[UUID], abouts: Sequence[str], *, by: Person | None, channel: str, at: datetime
) -> list[str]:
    wait_for_holds(alone=False)
    standing = list(_standing(subjects).filter(about__in=abouts).select_for_update(of=("self",)))
    for consent in standing:
        consent.withdrawn_at, consent.withdrawn_by, consent.withdrawn_channel = at, by, channel
        consent.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_channel"])
    return sorted({consent.about for consent in standing})


def _standing(subjects: Sequence[UUID]) -> ConsentQuerySet:
    return Consent.objects.standing().filter(subject__in=subjects).select_related("notice", "given_by")


def _seal_preferences(subject: UUID, text: str, *, keep: bool) -> None:
    """One envelope in use for each guest. ``keep``: what another property wrote under its own consent stays above."""
    envelope = vault.ids_of([subject], [Category.PREFERENCE]).filter(restricted_until__isnull=True).first()
    if envelope is None:
        vault.seal(subject=subject, category=Category.PREFERENCE, content={"text": text})
        return
    before = vault.open_for_deed([envelope])[envelope].text.plain if keep else ""
    vault.reseal(envelope, {"text": "\n".join(filter(None, (before, text)))})


def _require_newest(notice: Notice) -> None:
    if notice != Notice.objects.newest():
        raise NoticeOutdated(object_type="notice", object_ref=str(notice.version))


def _require_guardian(occupant: Occupant, guardian_agrees: bool, today: date) -> None:
    if guardian_agrees or occupant.register_envelope_id is None:
        return
    register = vault.open_for_deed([occupant.register_envelope_id], with_restricted=True)
    born = [date.fromisoformat(each.birth_date.plain) for each in register.values() if each.birth_date.shown]
    if any(_age(day, today) < OWN_CONSENT_FROM for day in born):
        raise GuardianMissing(object_type="stay", object_ref=occupant.stay.reference)


def _age(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _record(action: str, actor: Person, occupant: Occupant, about: str, **detail: int | str) -> None:
    audit.record(
        action,
        who=rights.who(actor, occupant.stay.property),
        object_type="stay",
        object_ref=occupant.stay.reference,
        subjects=[occupant.subject_id],
        fields=[about],
        detail=detail,
    )

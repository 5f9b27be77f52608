"""Words about a stay: special requests and feedback, each with an owner until it is done."""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from staff import permissions as rights
from staff.models import Person, Property
from staff.roles import FRONT_DESK
from stays import actions
from stays.models import Note, Stay
from stays.refusals import NoteDone, NotOfTheDesk
from stays.services.checking_in import lock_stay
from stays.services.notes import Words
from stays.services.recording import lead_of, record_deed
from vault import services as vault

WRITTEN: Final = (Note.Kind.REQUEST, Note.Kind.FEEDBACK)
HAS_NOTES = {Stay.Status.EXPECTED, Stay.Status.IN_HOUSE, Stay.Status.CHECKED_OUT}


def add_note(*, actor: Person, stay: Stay, kind: str, text: str, owner: Person) -> Note:
    """Write a special request or feedback down, for somebody of the desk to see to.

    Raises ``NotAllowed``, ``WrongState``, ``NotInFreeText`` and ``NotOfTheDesk``; ValueError on another kind.
    """
    rights.require(actor, "work_desk", stay.property)
    if kind not in WRITTEN:
        raise ValueError(f"no such kind of note: {kind}")
    if not owners_at(stay.property).filter(pk=owner.pk).exists():
        raise NotOfTheDesk(object_type="stay", object_ref=stay.reference)
    words = Words.checked(kind, text)
    with transaction.atomic():
        noted = lock_stay(stay, HAS_NOTES)
        note = seal_note(noted, words, owner=owner)
        record_deed(actions.NOTE_ADDED, noted, actor=actor, detail={"kind": kind}, note_commit=words.commit)
    return note


def finish_note(*, actor: Person, note: Note, at: datetime) -> Note:
    """Mark a request or feedback as done. Raises ``NotAllowed`` and ``NoteDone``."""
    rights.require(actor, "work_desk", note.stay.property)
    with transaction.atomic():
        notes = Note.objects.select_for_update(of=("self",)).select_related("stay__property")
        done = notes.get(pk=note.pk)
        if done.done_at or done.kind not in WRITTEN:
            raise NoteDone(object_type="stay", object_ref=done.stay.reference)
        done.done_at = at
        done.save(update_fields=["done_at"])
        record_deed(actions.NOTE_DONE, done.stay, actor=actor, detail={"kind": done.kind})
    return done


def seal_note(stay: Stay, words: Words, *, owner: Person | None = None) -> Note:
    """Seal words with the stay. Part of another deed, which records them."""
    [envelope] = vault.seal_many([words.sealing(stay, lead_of(stay))])
    return Note.objects.create(stay=stay, envelope_id=envelope, kind=words.kind, owner=owner)


def owners_at(house: Property) -> QuerySet[Person]:
    """Who works the desk of a property, and so may own a note, by staff number."""
    desk = Person.objects.filter(is_active=True, groups__post__property=house, groups__post__role=FRONT_DESK)
    owners: QuerySet[Person] = desk.distinct().order_by("staff_number")
    return owners

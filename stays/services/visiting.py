"""The visitor register 来访登记: who came to see which guests, from when to when. It ends after 90 days (CN-RET-10)."""

from datetime import datetime

from django.db import transaction

from staff import permissions as rights
from staff.models import Person
from stays import actions, documents
from stays.models import Stay, Visitor
from stays.refusals import VisitorGone
from stays.services.checking_in import lock_stay
from stays.services.recording import record_deed
from vault import services as vault
from vault.categories import Category
from vault.models import Subject


def register_visitor(
    *, actor: Person, stay: Stay, name: str, document_type: str, document_number: str, at: datetime
) -> Visitor:
    """Register somebody who comes to see the guests of a stay. Raises ``NotAllowed`` and ``WrongState``."""
    rights.require(actor, "work_desk", stay.property)
    content = {
        "name": name,
        "document_type": document_type,
        "document_number": documents.normalise(document_number),
    }
    with transaction.atomic():
        visited = lock_stay(stay, {Stay.Status.IN_HOUSE})
        subject = vault.new_subject(Subject.Kind.VISITOR)
        envelope = vault.seal(subject=subject, category=Category.REGISTER, content=content, belongs_to=visited.pk)
        visitor = Visitor.objects.create(stay=visited, subject_id=subject, envelope_id=envelope, came_at=at)
        record_deed(actions.VISITOR_REGISTERED, visited, actor=actor, fields=sorted(content))
    return visitor


def see_visitor_off(*, actor: Person, visitor: Visitor, at: datetime) -> Visitor:
    """Note that a visitor has left. Raises ``NotAllowed`` and ``VisitorGone``."""
    rights.require(actor, "work_desk", visitor.stay.property)
    with transaction.atomic():
        visitors = Visitor.objects.select_for_update(of=("self",)).select_related("stay__property")
        left = visitors.get(pk=visitor.pk)
        if left.left_at:
            raise VisitorGone(object_type="stay", object_ref=left.stay.reference)
        left.left_at = at
        left.save(update_fields=["left_at"])
        record_deed(actions.VISITOR_LEFT, left.stay, actor=actor)
    return left

"""Deciding on the lines of an access review and signing it off. What is lowered or removed is gone at once."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit import services as audit
from staff import duties, permissions
from staff.actions import ACCESS_LINE_DECIDED, ACCESS_REVIEW_REFUSED, ACCESS_REVIEW_SIGNED_OFF
from staff.models import AccessReview, AccessReviewLine, Person
from staff.roles import lesser_roles
from staff.services.duties import report_done
from staff.services.roles import RoleNotHeld, holds_role, lower_role, withdraw_role

Decision = AccessReviewLine.Decision


class DecidedAlready(audit.Refused):
    """A line is decided on once; the next review looks again."""

    action = ACCESS_REVIEW_REFUSED
    message = _("Somebody decided on this role already.")


class ReviewSignedOff(audit.Refused):
    """Nothing changes in a review that is signed off."""

    action = ACCESS_REVIEW_REFUSED
    message = _("This access review is signed off.")


class LinesLeft(audit.Refused):
    """A review is signed off when every line is decided on."""

    action = ACCESS_REVIEW_REFUSED
    message = _("Roles nobody has decided on yet: %(count)s.")


class NotLesser(audit.Refused):
    """Lowering never gives a right the person did not hold."""

    action = ACCESS_REVIEW_REFUSED
    field = "lowered_to"
    message = _("This role does not hold a part of the rights of the other. Choose one that does.")


def decide_on_role(
    *, line: AccessReviewLine, actor: Person, decision: str, at: datetime, lowered_to: str = ""
) -> AccessReviewLine:
    """Keep, lower or remove a role; lowered and removed it is gone at the person's next request.

    Raises ``NotAllowed``, ``OwnLine``, ``ReviewSignedOff``, ``DecidedAlready``, ``NotLesser``, ``RoleNotHeld`` where it
    was taken since and is to be kept or lowered, and ``LastAdministrator``.
    """
    with transaction.atomic():
        found = AccessReviewLine.objects.select_for_update(of=("self",)).select_related("person", "review__property")
        decided = found.get(pk=line.pk)
        permissions.require_reviewer(actor, decided)
        _require_undecided(decided)
        _carry_out(decided, actor, Decision(decision), lowered_to)
        decided.decision, decided.lowered_to = decision, lowered_to
        decided.decided_at, decided.decided_by = at, actor
        decided.save(update_fields=["decision", "lowered_to", "decided_at", "decided_by"])
        _record(decided, actor)
    permissions.forget_standing(decided.person)
    return decided


def sign_off_review(*, review: AccessReview, actor: Person, at: datetime) -> AccessReview:
    """Sign the review off: its property's duty is done until the next quarter.

    Raises ``NotAllowed``, ``ReviewSignedOff`` and ``LinesLeft``.
    """
    with transaction.atomic():
        signed = AccessReview.objects.select_for_update(of=("self",)).select_related("property").get(pk=review.pk)
        permissions.require(actor, permissions.REVIEWS_ACCESS, signed.property)
        if not signed.is_open:
            raise ReviewSignedOff(**_named(signed))
        left = signed.lines.filter(decision="").count()
        if left:
            raise LinesLeft(count=left, **_named(signed))
        signed.signed_off_at, signed.signed_off_by = at, actor
        signed.save(update_fields=["signed_off_at", "signed_off_by"])
        audit.record(
            ACCESS_REVIEW_SIGNED_OFF,
            who=permissions.who(actor, signed.property),
            object_type="access_review",
            object_ref=signed.number,
        )
        report_done(code=duties.ACCESS_REVIEW, property=signed.property, at=at)
    return signed


def _require_undecided(line: AccessReviewLine) -> None:
    if not line.review.is_open:
        raise ReviewSignedOff(**_named(line.review))
    if line.decision:
        raise DecidedAlready(**_named(line.review))


def _named(review: AccessReview) -> dict[str, str]:
    return {"object_type": "access_review", "object_ref": review.number}


def _carry_out(line: AccessReviewLine, actor: Person, decision: Decision, lowered_to: str) -> None:
    person, house = line.person, line.review.property
    if decision == Decision.LOWER and lowered_to not in lesser_roles(line.role):
        raise NotLesser(object_type="person", object_ref=person.staff_number)
    if not holds_role(person=person, property=house, role=line.role):
        if decision != Decision.REMOVE:
            raise RoleNotHeld(object_type="person", object_ref=person.staff_number)
    elif decision == Decision.LOWER:
        lower_role(actor=actor, person=person, property=house, role=line.role, lowered_to=lowered_to)
    elif decision == Decision.REMOVE:
        withdraw_role(actor=actor, person=person, property=house, role=line.role)


def _record(line: AccessReviewLine, actor: Person) -> None:
    review = line.review
    audit.record(
        ACCESS_LINE_DECIDED,
        who=permissions.who(actor, review.property),
        object_type="person",
        object_ref=line.person.staff_number,
        fields=[line.role],
        detail={"review": review.number, "decision": line.decision},
    )

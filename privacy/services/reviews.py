"""The regular review of how requests are handled (M16): figures as they were, findings, who sees to them."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit import services as audit
from privacy import actions, permissions
from privacy.models import Finding, Review
from privacy.services.figures import LONGEST_DAYS, Period, count_requests
from privacy.services.free_text import require_harmless
from staff import permissions as rights
from staff.models import Person, Property

FINDINGS = {
    "process": pgettext_lazy("finding", "The way we work"),
    "figures": pgettext_lazy("finding", "Seen in the figures"),
    "comment": pgettext_lazy("finding", "Comment of a guest"),
    "suggestion": pgettext_lazy("finding", "Suggestion of a colleague"),
    "law": pgettext_lazy("finding", "Change of law"),
    "training": pgettext_lazy("finding", "Training"),
    "system": pgettext_lazy("finding", "This system"),
}


class BadPeriod(audit.Refused):
    """A period that ends before it begins, in the future, or is longer than three years."""

    action = actions.REGISTER_DEED_REFUSED
    field = "last"
    message = _("A period ends on or after its first day, not in the future, and is at most three years long.")


class DueTooEarly(audit.Refused):
    """A finding is to be settled from today on."""

    action = actions.REGISTER_DEED_REFUSED
    field = "due_on"
    message = _("Choose a day from today on.")


class FindingSettled(audit.Refused):
    """The finding was settled before."""

    action = actions.REGISTER_DEED_REFUSED
    message = _("This finding is settled already.")


def make_review(*, actor: Person, property: Property, period: Period, at: datetime) -> Review:
    """Begin a review of a period with its figures as they are now. Raises ``NotAllowed`` and ``BadPeriod``."""
    permissions.require_decide(actor, property)
    require_period(period, property.today(at))
    with transaction.atomic():
        review = Review.objects.create(
            property=property,
            period_from=period.first,
            period_to=period.last,
            made_by=actor,
            made_at=at,
            figures=count_requests(property=property, period=period, at=at),
        )
        _record(actions.REVIEW_MADE, actor, review)
    return review


def open_review(review: Review, *, actor: Person) -> Review:
    """A review to be read, on record. Raises ``NotAllowed``."""
    permissions.require_decide(actor, review.property)
    audit.record_look(
        actions.REVIEW_VIEWED,
        who=rights.who(actor, review.property),
        object_type="review",
        object_ref=str(review.pk),
    )
    return review


def add_finding(
    *, actor: Person, review: Review, code: str, text: str, owner: Person, due_on: date, at: datetime
) -> Finding:
    """Write down what was found, who sees to it and until when.

    Raises ``NotAllowed``, ``DueTooEarly`` and ``NotInFreeText``.
    """
    permissions.require_decide(actor, review.property)
    if code not in FINDINGS:
        raise ValueError(f"no such finding: {code}")
    if due_on < review.property.today(at):
        raise DueTooEarly(object_type="review", object_ref=str(review.pk))
    require_harmless(text, about="review")
    with transaction.atomic():
        finding = Finding.objects.create(review=review, code=code, text=text, owner=owner, due_on=due_on)
        _record(actions.FINDING_ADDED, actor, review, code=code)
    return finding


def settle_finding(*, actor: Person, finding: Finding, at: datetime) -> Finding:
    """Mark a finding as settled. Raises ``NotAllowed`` and ``FindingSettled``."""
    permissions.require_decide(actor, finding.review.property)
    with transaction.atomic():
        locked = Finding.objects.select_for_update(of=("self",)).select_related("review__property").get(pk=finding.pk)
        if locked.done_at is not None:
            raise FindingSettled(object_type="review", object_ref=str(locked.review_id))
        locked.done_at = at
        locked.save(update_fields=["done_at"])
        _record(actions.FINDING_DONE, actor, locked.review, code=locked.code)
    return locked


def require_period(period: Period, today: date) -> None:
    """Raise ``BadPeriod`` where no figures can be made of it."""
    if not period.first <= period.last <= today or (period.last - period.first).days > LONGEST_DAYS:
        raise BadPeriod(object_type="review")


def _record(action: str, actor: Person, review: Review, **detail: str) -> None:
    audit.record(
        action,
        who=rights.who(actor, review.property),
        object_type="review",
        object_ref=str(review.pk),
        detail=detail,
    )

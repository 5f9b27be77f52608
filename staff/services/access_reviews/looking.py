"""Looking at an access review: what it says of colleagues is a line in the log too."""

from collections.abc import Sequence

from audit import services as audit
from staff import permissions
from staff.actions import ACCESS_REVIEW_VIEWED
from staff.models import AccessReview, AccessReviewLine, Person


def look_at_review(*, review: AccessReview, actor: Person) -> Sequence[AccessReviewLine]:
    """The lines of the review the actor may see, those nobody has decided on first."""
    found = permissions.lines_seen_by(actor, review).select_related("person", "decided_by", "review__property")
    lines = sorted(found, key=lambda line: (bool(line.decision), line.person.staff_number, line.role))
    audit.record_look(
        ACCESS_REVIEW_VIEWED,
        who=permissions.who(actor, review.property),
        object_type="access_review",
        object_ref=review.number,
        detail={"count": len(lines)},
    )
    return lines

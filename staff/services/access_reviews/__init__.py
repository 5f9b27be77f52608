"""Access reviews: begun by the quarter or by hand, decided line by line, signed off (M29)."""

from staff.services.access_reviews.beginning import begin_access_review, begin_due_reviews
from staff.services.access_reviews.deciding import decide_on_role, sign_off_review
from staff.services.access_reviews.looking import look_at_review

__all__ = ["begin_access_review", "begin_due_reviews", "decide_on_role", "look_at_review", "sign_off_review"]

"""Who works here: people, their properties, posts, shifts and duties, and how they look at guests."""

from .alerts import Alert, AlertQuerySet, AlertRow, AlertStep, Reminder
from .detection import DetectionPosition, DetectionRule, Severity
from .duties import Duty, Lapse
from .houses import Jurisdiction, Post, Property, PropertyRight, check_time_zone, region_rule
from .people import Enrolment, Person, Shift, staff_number_rule
from .reviews import AccessReview, AccessReviewLine, AccessReviewQuerySet

__all__ = [
    "AccessReview",
    "AccessReviewLine",
    "AccessReviewQuerySet",
    "Alert",
    "AlertQuerySet",
    "AlertRow",
    "AlertStep",
    "DetectionPosition",
    "DetectionRule",
    "Duty",
    "Enrolment",
    "Jurisdiction",
    "Lapse",
    "Person",
    "Post",
    "Property",
    "PropertyRight",
    "Reminder",
    "Severity",
    "Shift",
    "check_time_zone",
    "region_rule",
    "staff_number_rule",
]

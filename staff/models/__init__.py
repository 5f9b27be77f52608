"""Who works here: people, the properties they work at, the posts they hold, their shifts, their duties."""

from .duties import Duty, Lapse
from .houses import Jurisdiction, Post, Property, PropertyRight, check_time_zone, region_rule
from .people import Enrolment, Person, Shift, staff_number_rule

__all__ = [
    "Duty",
    "Enrolment",
    "Jurisdiction",
    "Lapse",
    "Person",
    "Post",
    "Property",
    "PropertyRight",
    "Shift",
    "check_time_zone",
    "region_rule",
    "staff_number_rule",
]

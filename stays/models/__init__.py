"""What the front desk records. Nothing here names a guest: that is the vault's part."""

from stays.models.bills import BillLine
from stays.models.cases import DeskCase
from stays.models.drafts import Draft
from stays.models.figures import Figure
from stays.models.handovers import Handover
from stays.models.imports import ImportBatch, ImportFile
from stays.models.minors import MinorDuty
from stays.models.notes import Note
from stays.models.notices import Notice
from stays.models.registrations import Registration, RegistrationFile
from stays.models.reviews import ReviewRule, ReviewTick
from stays.models.rooms import Room, RoomUse
from stays.models.stays import Occupant, Stay
from stays.models.visitors import Visitor

__all__ = [
    "BillLine",
    "DeskCase",
    "Draft",
    "Figure",
    "Handover",
    "ImportBatch",
    "ImportFile",
    "MinorDuty",
    "Note",
    "Notice",
    "Occupant",
    "Registration",
    "RegistrationFile",
    "ReviewRule",
    "ReviewTick",
    "Room",
    "RoomUse",
    "Stay",
    "Visitor",
]

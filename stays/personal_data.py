"""What is personal in the tables of the desk: opaque ids, and the facts of a stay while its guest has a name.

Names, numbers and words are in the vault. Dates, room and companions together count as sensitive (mission.md, M24).
"""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_noop as _

from audit.personal_data import ACCOUNTABILITY, CONTRACT, LEGAL_DUTY, Fields, Personal, nobodys

NAMELESS: Final = _("stays, nameless, once the guest's envelopes are erased")
FACT: Final = Personal("guest", "sensitive", CONTRACT, NAMELESS)
LINK: Final = Personal("guest", "reference", CONTRACT, NAMELESS)
BILL: Final = Personal("guest", "sensitive", LEGAL_DUTY, _("10 years (CN-RET-05), nameless after that"))
REPORT: Final = Personal("guest", "sensitive", LEGAL_DUTY, _("with the register (CN-RET-01)"))
VISIT: Final = Personal("guest", "sensitive", LEGAL_DUTY, _("90 days (CN-RET-10), nameless after that"))
IMPORTED: Final = Personal("guest", "reference", CONTRACT, _("erased once imported, at the latest after a day"))
SHIFT: Final = Personal("staff", "reference", ACCOUNTABILITY, _("after 30 days, with the words"))
CLERK: Final = Personal("staff", "reference", ACCOUNTABILITY, _("with the stay it explains"))

MODELS: Final[Mapping[str, Fields]] = {
    "stays.Room": nobodys("id", "property", "number", "floor", "type", "capacity", "state"),
    "stays.Stay": {
        **nobodys("property", "restricted_until", "do_not_move", "group"),
        **LINK.each("id", "reference"),
        **FACT.each("status", "origin", "arrival_on", "departure_on", "arrived_at", "departed_at"),
        **FACT.each("confidential", "party_size"),
    },
    "stays.Occupant": {
        **nobodys("id"),
        **LINK.each("stay", "subject", "booked_as", "register_envelope"),
        **FACT.each("role", "position", "came_at", "left_at", "notice", "notice_shown_at"),
    },
    "stays.RoomUse": {**nobodys("id"), **LINK.each("stay"), **FACT.each("room", "during", "state", "moved_for")},
    "stays.BillLine": {
        **nobodys("id"),
        **LINK.each("stay", "payment_envelope"),
        **BILL.each("kind", "amount", "currency", "posted_at", "settled_at"),
    },
    "stays.Registration": {
        **nobodys("id"),
        **LINK.each("occupant"),
        **REPORT.each("kind", "state", "due_at", "receipt", "sent_at", "acknowledged_at", "failure", "file"),
    },
    "stays.RegistrationFile": {
        **nobodys("id", "property", "format", "made_at", "count", "sha256"),
        **CLERK.each("made_by"),
    },
    "stays.MinorDuty": {
        **nobodys("id"),
        **LINK.each("stay"),
        **FACT.each("kind", "due_at", "done_at", "outcome"),
        **CLERK.each("done_by"),
    },
    "stays.Note": {**nobodys("id", "kind", "done_at"), **LINK.each("stay", "envelope"), **CLERK.each("owner")},
    "stays.Handover": {
        **nobodys("id", "property", "written_at", "done_at"),
        **SHIFT.each("envelope", "writer", "done_by"),
    },
    "stays.ImportFile": {
        **nobodys("id", "property", "kind", "state", "mark", "columns", "failure", "begun_at", "acted_at"),
        **nobodys("finished_at"),
        **IMPORTED.each("subject", "head"),
        **CLERK.each("begun_by"),
    },
    "stays.ImportBatch": {
        **nobodys("id", "file", "numbers", "left_out", "written", "checked_at", "written_at"),
        **IMPORTED.each("envelope"),
    },
    "stays.Visitor": {
        **nobodys("id"),
        **LINK.each("stay"),
        **VISIT.each("subject", "envelope", "came_at", "left_at"),
    },
    "stays.DeskCase": {
        **nobodys("id", "number", "property", "state", "opened_at", "closed_at"),
        **LINK.each("stay"),
        **FACT.each("kind"),
        **CLERK.each("owner"),
    },
    "stays.Figure": nobodys("id", "property", "day", "kind", "key", "count"),
    "stays.Notice": nobodys("id", "version", "published_at", "text_en", "text_zh"),
    "stays.ReviewRule": nobodys("id", "code", "text_en", "text_zh", "applies_to", "kind", "position", "active"),
    "stays.ReviewTick": {**nobodys("id", "rule", "at"), **LINK.each("stay"), **CLERK.each("ticked_by")},
    "stays.Draft": {
        **nobodys("id", "property", "form", "about", "saved_at"),
        **LINK.each("envelope"),
        **CLERK.each("person"),
    },
}

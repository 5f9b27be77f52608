"""What is done at the desk, as the log calls it and says it."""

from django.utils.translation import gettext_lazy as _

from audit.registry import action, words
from staff.uses import check_in

# Looks
LIST_VIEWED = action("stays.list_viewed", _("%(who)s looked at a desk list of %(count)s stays"))
SEARCHED = action("stays.searched", _("%(who)s searched and found %(count)s stays"))
STAY_VIEWED = action("stay.viewed", _("%(who)s opened stay %(object)s"))
HISTORY_VIEWED = action("guest.history_viewed", _("%(who)s opened a guest's history of %(count)s stays"))
FIELD_REVEALED = action("guest.revealed", _("%(who)s revealed %(fields)s of %(object)s"))
GUEST_RECOGNISED = action("guest.recognised", _("%(who)s recognised a returning guest by document"))
GUEST_UNKNOWN = action("guest.not_recognised", _("%(who)s looked for a returning guest by document and found none"))
CARD_PRINTED = action("card.printed", _("%(who)s printed the registration card of stay %(object)s"))
ARRIVALS_PRINTED = action("arrivals.printed", _("%(who)s printed the arrivals sheet of %(count)s stays"))
FIGURES_VIEWED = action("figures.viewed", _("%(who)s looked at the figures of stays of %(object)s"))
LIST_OPENED = action("list.opened", _("%(who)s opened a desk list of %(count)s stays to export it"))
BILL_VIEWED = action("bill.viewed", _("%(who)s opened the bill of stay %(object)s"))
ROLL_CALLED = action("roll_call.viewed", _("%(who)s called the roll of %(count)s people in house"))
ROLL_CALL_PREPARED = action("roll_call.prepared", _("%(who)s prepared the sheet for down-time of %(object)s"))
ROLL_CALL_SHEET_OPENED = action("roll_call.sheet_opened", _("%(who)s opened a sheet for down-time of %(count)s people"))
HANDOVER_VIEWED = action("handover.viewed", _("%(who)s looked at what the shift hands over: %(count)s entries"))
VISITORS_VIEWED = action("visitors.viewed", _("%(who)s looked at the visitor register: %(count)s visitors"))
CALLER_RECOGNISED = action("caller.recognised", _("%(who)s made sure that a caller is the guest of stay %(object)s"))
CALLER_NOT_PROVED = action("caller.not_proved", _("%(who)s could not make sure who called, and told nothing"))
CASES_VIEWED = action("cases.viewed", _("%(who)s looked at %(count)s desk cases"))

REGISTRATIONS_OPENED = action("registrations.opened", _("%(who)s opened %(count)s registers for the police"))

# The life of a stay
STAY_EXPECTED = action("stay.expected", _("%(who)s entered the expected stay %(object)s"))
CHECKED_IN = check_in(action("guest.checked_in", _("%(who)s checked in stay %(object)s")))
CHECKED_OUT = action("guest.checked_out", _("%(who)s checked out stay %(object)s"))
CHECK_IN_REVERSED = action("check_in.reversed", _("%(who)s reversed the check-in of stay %(object)s"))
REINSTATED = action("stay.reinstated", _("%(who)s reinstated stay %(object)s"))
MOVED = action("stay.moved", _("%(who)s moved the party of stay %(object)s to another room"))
EXTENDED = action("stay.extended", _("%(who)s extended stay %(object)s"))
SHORTENED = action("stay.shortened", _("%(who)s shortened stay %(object)s"))
CANCELLED = action("stay.cancelled", _("%(who)s cancelled stay %(object)s"))
NO_SHOW = action("stay.no_show", _("%(who)s marked that nobody came for stay %(object)s"))
EXPECTED_AGAIN = action("stay.expected_again", _("%(who)s expects the party of stay %(object)s again"))
GROUPED = action("stay.grouped", _("%(who)s put stay %(object)s into a group"))
UNGROUPED = action("stay.ungrouped", _("%(who)s took stay %(object)s out of its group"))
MARKED = action("stay.marked", _("%(who)s marked stay %(object)s as %(fields)s"))
UNMARKED = action("stay.unmarked", _("%(who)s took the mark %(fields)s off stay %(object)s"))
NOTE_ADDED = action("note.added", _("%(who)s wrote a note on stay %(object)s"))
VISITOR_REGISTERED = action("visitor.registered", _("%(who)s registered a visitor of stay %(object)s"))
VISITOR_LEFT = action("visitor.left", _("%(who)s noted that a visitor of stay %(object)s left"))
HANDOVER_WRITTEN = action("handover.written", _("%(who)s left words for the next shift"))
HANDOVER_DONE = action("handover.done", _("%(who)s marked words of an earlier shift as done"))
HANDOVERS_FORGOTTEN = action("handovers.forgotten", _("%(who)s erased %(count)s old words between shifts"))
NOTE_DONE = action("note.done", _("%(who)s marked a note of stay %(object)s as done"))

COMPANION_ADDED = action("companion.added", _("%(who)s let a companion join stay %(object)s"))
COMPANION_LEFT = action("companion.left", _("%(who)s noted that a companion left stay %(object)s"))
MINOR_DUTY_DONE = action("minor_duty.done", _("%(who)s did a duty towards the minor of stay %(object)s"))

REGISTRATIONS_SENT = action("registrations.sent", _("%(who)s was handed the file of %(count)s registrations"))
REGISTRATION_ANSWERED = action("registration.answered", _("%(who)s noted the answer to a report of stay %(object)s"))

# Lists brought in
IMPORT_TAKEN_IN = action("import.taken_in", _("%(who)s handed in a file, import %(object)s"))
IMPORT_READ = action("import.read", _("%(who)s read %(count)s rows of import %(object)s"))
IMPORT_VIEWED = action("import.viewed", _("%(who)s looked at rows of import %(object)s"))
IMPORT_COLUMNS_SET = action("import.columns_set", _("%(who)s said what the columns of import %(object)s are"))
IMPORT_CHECKED_AGAIN = action("import.checked_again", _("%(who)s had rows of import %(object)s checked again"))
IMPORT_STARTED = action("import.started", _("%(who)s started import %(object)s of %(count)s rows"))
IMPORT_BATCH_WRITTEN = action("import.batch_written", _("%(who)s brought in %(count)s rows of import %(object)s"))
IMPORT_FINISHED = action("import.finished", _("%(who)s finished import %(object)s: %(count)s rows are in"))
IMPORT_DISCARDED = action("import.discarded", _("%(who)s discarded import %(object)s"))
IMPORT_FAILED = action("import.failed", _("%(who)s could not go on with import %(object)s"))
IMPORT_FORGOTTEN = action("import.forgotten", _("%(who)s erased what was left of import %(object)s"))
IMPORT_REFUSED = action("import.refused", _("%(who)s was refused a deed on import %(object)s"))
PAST_STAY_RECORDED = action("stay.past_recorded", _("%(who)s brought in stay %(object)s, which was over"))

LIST_EXPORTED = action("list.exported", _("%(who)s exported a desk list of %(count)s stays"))

# Bill, cases, rooms, drafts
BILL_LINE_ADDED = action("bill.line_added", _("%(who)s added a line to the bill of stay %(object)s"))
BILL_LINE_SETTLED = action("bill.line_settled", _("%(who)s settled a line of the bill of stay %(object)s"))
CASE_OPENED = action("case.opened", _("%(who)s opened desk case %(object)s"))
CASE_CLOSED = action("case.closed", _("%(who)s closed desk case %(object)s"))
ROOM_SAVED = action("room.saved", _("%(who)s saved room %(object)s"))
ROOM_STATE_CHANGED = action("room.state_changed", _("%(who)s changed the state of room %(object)s"))
DRAFT_SAVED = action("draft.saved", _("%(who)s kept an unfinished form"))
DRAFT_READ = action("draft.read", _("%(who)s went on with an unfinished form"))
DRAFT_DISCARDED = action("draft.discarded", _("%(who)s discarded an unfinished form"))
DRAFTS_FORGOTTEN = action("drafts.forgotten", _("%(who)s forgot %(count)s unfinished forms"))
NOTICE_PUBLISHED = action("notice.published", _("Version %(object)s of the privacy notice was published"))
DEMO_LOADED = action("demo.loaded", _("%(who)s loaded the demonstration data: %(count)s stays"))

# Refusals
ROOM_REFUSED = action("room.refused", _("%(who)s was refused room %(object)s"))
CHECK_IN_REFUSED = action("check_in.refused", _("%(who)s could not complete the check-in of stay %(object)s"))
CHECK_OUT_REFUSED = action("check_out.refused", _("%(who)s could not check out stay %(object)s"))
DEED_REFUSED = action("stay.deed_refused", _("%(who)s was refused a deed on stay %(object)s"))
PURPOSE_REFUSED = action("purpose.refused", _("%(who)s named a purpose that was not accepted"))
MINOR_DUTY_REFUSED = action("minor_duty.refused", _("%(who)s was refused a duty towards the minor of stay %(object)s"))
REGISTRATION_REFUSED = action("registration.refused", _("%(who)s was refused a deed on a registration"))
REVEAL_REFUSED = action("reveal.refused", _("%(who)s was refused %(fields)s of %(object)s"))

words(
    {
        "name": _("the name"),
        "latin_name": _("the Latin name"),
        "phone": _("the phone number"),
        "phone_tail": _("the end of the phone number"),
        "email": _("the e-mail address"),
        "address": _("the address"),
        "document_type": _("the type of document"),
        "document_number": _("the document number"),
        "document_tail": _("the end of the document number"),
        "nationality": _("the nationality"),
        "birth_date": _("the date of birth"),
        "sex": _("the sex"),
        "expires_on": _("the expiry date"),
        "region": _("the region"),
        "method": _("the way of payment"),
        "payer": _("the payer"),
        "card_last4": _("the last four digits of the card"),
        "deposit": _("the deposit"),
        "invoice_title": _("the invoice title"),
        "tax_number": _("the tax number"),
        "text": _("the note"),
        "do_not_move": _("not to be moved"),
        "confidential": _("confidential"),
    }
)

# What changes of the house are about, and the pages a refusal names
words(
    {
        "room": _("room"),
        "reviewrule": _("line of the review checklist"),
        "notice": _("privacy notice"),
        "number": _("number"),
        "floor": _("floor"),
        "type": _("type"),
        "capacity": _("capacity"),
        "state": _("state"),
        "version": _("version"),
        "published_at": _("published at"),
        "text_en": _("English text"),
        "text_zh": _("Chinese text"),
        "applies_to": _("applies to"),
        "position": _("position"),
        "active": _("in use"),
        "stay": _("stay"),
        "guest": _("guest"),
        "bill": _("bill"),
        "desk_case": _("desk case"),
        "desk_cases": _("desk cases"),
        "search": _("search"),
        "expected_stay": _("expected stay"),
        "walk_in": _("walk-in"),
        "check_in": _("check-in"),
        "check_out": _("check-out"),
        "reverse": _("reversing a check-in"),
        "reinstate": _("reinstating a stay"),
        "registration_card": _("registration card"),
        "guest_history": _("guest history"),
        "reveal": _("a masked value"),
        "recognise": _("recognising a guest"),
        "draft": _("unfinished form"),
        "rooms": _("rooms"),
        "room_state": _("state of a room"),
        "roll_call": _("roll call"),
        "list_export": _("export of a list"),
        "stay_figures": _("figures of stays"),
        "roll_call_pdf": _("roll call"),
        "arrivals_sheet": _("arrivals sheet"),
        "registration_card_pdf": _("registration card"),
        "import": _("import"),
        "arrival_on": _("the day of arrival"),
        "departure_on": _("the day of departure"),
        "origin": _("how the party came"),
        "party_size": _("the number of people"),
        "registration_file": _("file of registrations"),
        "registration_answer": _("answer to a registration"),
        "registration_answers": _("answers to registrations"),
        "registrations": _("registration queue"),
        "minors": _("minors"),
        "minor_duty": _("duty towards a minor"),
        "companion_new": _("companion"),
        "companion_leaves": _("companion"),
        "roll_call_sheet": _("sheet for down-time"),
        "operator": _("operator"),
    }
)

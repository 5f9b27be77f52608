"""What is done about a guest's request, as the log calls it and says it."""

from django.utils.translation import gettext_lazy as _

from audit.registry import action, words
from privacy.policy.evidence import Shown
from privacy.policy.words import SHOWN

# Looks
REQUESTS_LISTED = action("requests.listed", _("%(who)s looked at a list of %(count)s requests"))
REQUEST_VIEWED = action("request.viewed", _("%(who)s opened request %(object)s"))
REQUEST_LOG_VIEWED = action("request.log_viewed", _("%(who)s read the log of request %(object)s"))
CONTACT_REVEALED = action(
    "request.contact_revealed", _("%(who)s revealed %(fields)s of who asks in request %(object)s")
)
LETTER_VIEWED = action("request.letter_viewed", _("%(who)s read a letter of request %(object)s"))
ANSWER_OPENED = action("request.answer_opened", _("The answer to request %(object)s was opened by its link"))
FOLLOWED = action("request.followed", _("Request %(object)s was followed on the public page"))
FIGURES_VIEWED = action("requests.figures_viewed", _("%(who)s looked at the figures of requests"))
HOLDS_LISTED = action("holds.listed", _("%(who)s looked at a list of %(count)s holds"))
HOLD_VIEWED = action("hold.viewed", _("%(who)s opened hold %(object)s"))
CERTIFICATE_VIEWED = action("certificate.viewed", _("%(who)s opened erasure certificate %(object)s"))
CERTIFICATE_TAKEN = action("certificate.taken", _("%(who)s saved erasure certificate %(object)s as a file"))
GUEST_SHEET_VIEWED = action("guest_sheet.viewed", _("%(who)s opened the list of who looked at a guest (%(object)s)"))
GUEST_SHEET_TAKEN = action(
    "guest_sheet.taken", _("%(who)s saved the list of who looked at a guest (%(object)s) as a file")
)
REVIEW_VIEWED = action("review.viewed", _("%(who)s opened review %(object)s"))

# The life of a request
REQUEST_RECEIVED = action("request.received", _("%(who)s took in request %(object)s"))
REQUEST_ACKNOWLEDGED = action("request.acknowledged", _("%(who)s acknowledged request %(object)s"))
APPOINTMENT_MADE = action("request.appointment_made", _("%(who)s made an appointment for request %(object)s"))
APPOINTMENT_KEPT = action("request.appointment_kept", _("%(who)s noted how the appointment for %(object)s went"))
OFFICER_ASSIGNED = action("request.officer_assigned", _("%(who)s gave request %(object)s to an officer"))
REQUEST_VERIFIED = action("request.verified", _("%(who)s verified request %(object)s by %(fields)s"))
CHECK_PASSED = action("request.check_passed", _("%(who)s checked %(fields)s for request %(object)s"))
CHECK_FAILED = action("request.check_failed", _("%(who)s could not confirm %(fields)s for request %(object)s"))
CODE_SENT = action("request.code_sent", _("%(who)s sent a one-time code for request %(object)s to the %(fields)s"))
CODE_ASKED = action("request.code_asked", _("A one-time code was asked for to go on with request %(object)s"))
CODE_NOT_SENT = action("request.code_not_sent", _("No one-time code could be sent for request %(object)s"))
CALLBACK_NUMBER_OPENED = action(
    "request.callback_number_opened", _("%(who)s opened the phone on file to call back about request %(object)s")
)
FOLLOW_CODE_RENEWED = action("request.follow_code_renewed", _("%(who)s renewed the code to follow request %(object)s"))
REVIEW_STARTED = action("request.review_started", _("%(who)s began to review request %(object)s"))
REQUEST_PAUSED = action("request.paused", _("%(who)s paused the clock of request %(object)s"))
REQUEST_RESUMED = action("request.resumed", _("%(who)s let the clock of request %(object)s run again"))
REQUEST_EXTENDED = action("request.extended", _("%(who)s extended request %(object)s"))
DUPLICATE_MARKED = action("request.duplicate_marked", _("%(who)s marked request %(object)s as a duplicate"))
REQUEST_WITHDRAWN = action("request.withdrawn", _("%(who)s withdrew request %(object)s"))
MESSAGE_SENT = action("request.message_sent", _("%(who)s wrote to the requester of %(object)s"))
MESSAGE_RECEIVED = action("request.message_received", _("%(who)s took in a message about request %(object)s"))
REQUEST_REMINDED = action("request.reminded", _("%(who)s reminded the office that request %(object)s is due"))
TASK_ADDED = action("request.task_added", _("%(who)s added a task to request %(object)s"))
TASK_DONE = action("request.task_done", _("%(who)s finished a task of request %(object)s"))
COUNSEL_ASKED = action("request.counsel_asked", _("%(who)s asked for a legal opinion on request %(object)s"))
REQUEST_CLOSED = action("request.closed", _("%(who)s closed request %(object)s"))
REQUEST_RATED = action("request.rated", _("The requester rated how request %(object)s was handled"))
REQUEST_APPEALED = action("request.appealed", _("%(who)s took in an appeal against request %(object)s"))
CASE_FILES_EXPIRED = action("request.file_expired", _("%(who)s erased %(count)s expired papers of request %(object)s"))

# Decision and answer
SHEET_MADE = action("request.sheet_made", _("%(who)s made the decision sheet of request %(object)s"))
ITEM_CHOSEN = action("request.item_chosen", _("%(who)s chose on a row of the sheet of request %(object)s"))
REQUEST_DECIDED = action("request.decided", _("%(who)s decided request %(object)s"))
DECISION_APPROVED = action("request.approved", _("%(who)s approved the decision on request %(object)s"))
DECISION_SENT_BACK = action("request.sent_back", _("%(who)s sent the decision on request %(object)s back"))
DECISION_EXECUTED = action("request.executed", _("%(who)s carried out the decision on request %(object)s"))
LETTER_MADE = action("request.letter_made", _("%(who)s made a letter of request %(object)s"))
ANSWER_DELIVERED = action("request.delivered", _("%(who)s handed over the answer to request %(object)s"))
LINK_MADE = action("request.link_made", _("%(who)s made a one-time link to the answer of request %(object)s"))
COPY_OPENED = action("request.copy_opened", _("%(who)s opened the copy of the record for request %(object)s"))
TRANSFER_OPENED = action("request.transfer_opened", _("%(who)s opened the file for transfer of request %(object)s"))
OTHERS_LEFT_OUT = action(
    "request.others_left_out", _("The names of %(count)s other persons were taken out of the answer to %(object)s")
)
STAY_RESTRICTED = action("stay.restricted", _("%(who)s restricted the processing of stay %(object)s"))
RESTRICTION_LIFTED = action("stay.restriction_lifted", _("%(who)s lifted the restriction of stay %(object)s"))
LIFT_ASKED = action("request.lift_asked", _("%(who)s asked to lift the restriction that rests on request %(object)s"))
LIFT_DECLINED = action("request.lift_declined", _("%(who)s left restricted what request %(object)s restricts"))
REQUEST_LIFTED = action("request.lifted", _("%(who)s lifted the restriction that rested on request %(object)s"))
RECORD_CORRECTED = action("record.corrected", _("%(who)s corrected %(fields)s for request %(object)s"))
CERTIFICATE_SIGNED = action("certificate.signed", _("%(who)s signed erasure certificate %(object)s"))
CERTIFICATE_RECHECKED = action("certificate.rechecked", _("%(who)s searched again for what %(object)s says is erased"))

# Holds
HOLD_PLACED = action("hold.placed", _("%(who)s placed hold %(object)s"))
HOLD_APPROVED = action("hold.approved", _("%(who)s approved hold %(object)s"))
HOLD_RELEASE_ASKED = action("hold.release_asked", _("%(who)s asked to release hold %(object)s"))
HOLD_RELEASED = action("hold.released", _("%(who)s released hold %(object)s"))
HOLD_RENEWED = action("hold.renewed", _("%(who)s renewed hold %(object)s"))
HOLD_REVIEWED = action("hold.reviewed", _("%(who)s reviewed hold %(object)s"))
HOLD_OFFICER_NAMED = action("hold.officer_named", _("%(who)s named another person who may know of hold %(object)s"))
HOLD_REMINDED = action("hold.reminded", _("%(who)s reminded the office to review hold %(object)s"))
HOLD_DOCUMENT_EXPIRED = action(
    "hold.document_expired", _("%(who)s erased the expired document number of hold %(object)s")
)
HOLD_RESUMED = action("hold.resumed", _("%(who)s took up again what had waited for hold %(object)s"))
HOLD_DOCUMENT_OPENED = action("hold.document_opened", _("%(who)s opened the document number of hold %(object)s"))

# The purge
PURGES_LISTED = action("purges.listed", _("%(who)s looked at a list of %(count)s runs of the purge"))
PURGE_VIEWED = action("purge.viewed", _("%(who)s opened purge %(object)s"))
PURGE_EXPORTED = action("purge.exported", _("%(who)s exported the plan of purge %(object)s"))
PURGE_RECEIPT_OPENED = action("purge.receipt_opened", _("%(who)s downloaded the receipt of purge %(object)s"))
PURGE_FIGURES_VIEWED = action("purge.figures_viewed", _("%(who)s looked at the figures of the purge"))
PURGE_PLANNED = action("purge.planned", _("%(who)s planned purge %(object)s of %(count)s records"))
PURGE_APPROVED = action("purge.approved", _("%(who)s approved purge %(object)s"))
PURGE_STOPPED = action("purge.stopped", _("%(who)s stopped purge %(object)s"))
PURGE_STARTED = action("purge.started", _("%(who)s began purge %(object)s of %(count)s records"))
PURGE_BATCH_DONE = action("purge.batch_done", _("%(who)s ended %(count)s records of purge %(object)s"))
PURGE_FINISHED = action("purge.finished", _("%(who)s finished purge %(object)s of %(count)s records"))

# Registers, consent, reviews, law
PAPER_LISTED = action("paper.listed", _("%(who)s looked at a list of %(count)s registration cards on paper"))
PAPER_KEPT = action("paper.kept", _("%(who)s noted where the card of stay %(object)s lies"))
PAPER_SIGNED_OUT = action("paper.signed_out", _("%(who)s signed out the card of stay %(object)s"))
PAPER_RETURNED = action("paper.returned", _("%(who)s took back the card of stay %(object)s"))
PAPER_DESTROYED = action("paper.destroyed", _("%(who)s noted that the card of stay %(object)s was destroyed"))
PROCESSOR_SAVED = action("processor.saved", _("%(who)s saved processor %(object)s"))
PROCESSOR_ENDED = action("processor.ended", _("%(who)s ended the agreement with processor %(object)s"))
PROCESSOR_PROVED = action("processor.proved", _("%(who)s noted that processor %(object)s proved the deletion"))
PROCESSOR_REMINDED = action("processor.reminded", _("%(who)s reminded of %(count)s agreements that expire"))
TOLD_SENT = action("told.sent", _("%(who)s told a processor about request %(object)s"))
TOLD_CONFIRMED = action("told.confirmed", _("%(who)s noted a processor's confirmation for request %(object)s"))
CONSENT_GIVEN = action("consent.given", _("%(who)s recorded a guest's consent to %(fields)s"))
CONSENTS_VIEWED = action("consents.viewed", _("%(who)s looked at the consents of the guests of stay %(object)s"))
PREFERENCES_NOTED = action("consent.preferences_noted", _("%(who)s wrote down a guest's preferences"))
WITHDRAWAL_RECEIVED = action("consent.withdrawal_received", _("A withdrawal of consent came in on the public page"))
WITHDRAWAL_MATCH_FAILED = action("consent.match_failed", _("A withdrawal from the public page fitted no consent"))
CONSENT_WITHDRAWN = action("consent.withdrawn", _("%(who)s recorded that a guest withdrew consent to %(fields)s"))
REVIEW_MADE = action("review.made", _("%(who)s made review %(object)s of how requests are handled"))
FINDING_ADDED = action("review.finding_added", _("%(who)s added a finding to review %(object)s"))
FINDING_DONE = action("review.finding_done", _("%(who)s settled a finding of review %(object)s"))
RULE_PROPOSED = action("rule.proposed", _("%(who)s proposed a change of retention rule %(object)s"))
RULE_APPROVED = action("rule.approved", _("%(who)s approved a change of retention rule %(object)s"))
RULE_CHANGE_REFUSED = action("rule.turned_down", _("%(who)s turned down a change of retention rule %(object)s"))
RULE_WITHDRAWN = action("rule.withdrawn", _("%(who)s withdrew a change of retention rule %(object)s"))
RULE_FOLLOWED = action("rule.followed", _("%(who)s reckoned %(count)s restrictions anew by retention rule %(object)s"))
HOLIDAYS_ENTERED = action("holidays.entered", _("%(who)s entered %(count)s days of the calendar %(object)s"))
LAW_LOADED = action("law.loaded", _("%(who)s loaded %(count)s rules and profiles of law"))

# Refusals
REQUEST_DEED_REFUSED = action("request.deed_refused", _("%(who)s was refused a deed on request %(object)s"))
FOLLOW_REFUSED = action("follow.refused", _("A number and code to follow a request were refused"))
ANSWER_REFUSED = action("answer.refused", _("A link to an answer was refused"))
HOLD_DEED_REFUSED = action("hold.deed_refused", _("%(who)s was refused a deed on hold %(object)s"))
RULE_DEED_REFUSED = action("rule.deed_refused", _("%(who)s was refused a deed on retention rule %(object)s"))
PURGE_DEED_REFUSED = action("purge.deed_refused", _("%(who)s was refused a deed on purge %(object)s"))
REGISTER_DEED_REFUSED = action("register.deed_refused", _("%(who)s was refused a deed on a register"))
CONSENT_DEED_REFUSED = action("consent.deed_refused", _("%(who)s was refused a deed on a consent"))

# What a requester shows; a code, the mandate and the call-back are called more shortly in a sentence
words({str(shown): SHOWN[shown] for shown in Shown if shown not in ("code", "mandate", "callback")})

# Facts that are compared, consents, and what changes of the law are about
words(
    {
        "room_number": _("the room number"),
        "arrival_on": _("the day of arrival"),
        "departure_on": _("the day of departure"),
        "stay_reference": _("the stay number"),
        "requester": _("the requester"),
        "code": _("the one-time code"),
        "mandate": _("the mandate"),
        "proof": _("the proof"),
        "callback": _("the call-back"),
        "preferences": _("preferences"),
        "marketing": _("marketing"),
        "rule": _("retention rule"),
        "profile": _("profile of law"),
        "holiday": _("holiday"),
        "processor": _("processor"),
        "request": _("guest request"),
        "hold": _("hold"),
        "purge": _("purge"),
        "secret_hold": _("confidential hold"),
        "law": _("law"),
        "answer_days": _("days to answer"),
        "answer_months": _("months to answer"),
        "answer_target_working_days": _("working days aimed at"),
        "extension_days": _("days of extension"),
        "extension_months": _("months of extension"),
        "ack_working_days": _("working days to acknowledge"),
        "counts": _("days counted"),
        "asking_is_ground": _("asking is ground enough"),
        "status": _("how sure"),
        "confirmed_on": _("confirmed on"),
        "day": _("day"),
        "is_working": _("worked"),
        "record": _("record"),
        "unit": _("unit"),
        "start": _("starts with"),
        "at_once_on": _("ends at once with"),
        "kind": _("kind"),
        "level": _("level"),
        "instrument": _("instrument"),
        "article": _("article"),
        "end": _("what happens at the end"),
        "in_force_from": _("in force from"),
        "in_force_to": _("in force to"),
        "calendar": _("calendar of holidays"),
        "needs_approval": _("a purge waits for a person"),
        "agreement_ref": _("agreement"),
        "scope": _("scope"),
        "signed_on": _("signed on"),
        "ended_on": _("ended on"),
        "deletion_proof_on": _("deletion proved on"),
    }
)

"""The deeds of the room of requests, a module for each noun."""

from privacy.services.afterwards import appeal_request, rate_request
from privacy.services.checks import asks_next, evidence_of, is_verified_for, must_show
from privacy.services.clock import (
    EXTENSION_REASONS,
    PAUSE_REASONS,
    acknowledge_by,
    extend_request,
    pause_request,
    resume_request,
)
from privacy.services.codes import ask_for_code, check_code, read_out_code, send_asked_code, send_code
from privacy.services.expiring import expire_case_files
from privacy.services.following import open_follow, renew_follow_code
from privacy.services.lifecycle import (
    acknowledge_request,
    assign_officer,
    close_unverified,
    mark_duplicate,
    start_review,
    tell_extension,
    withdraw_request,
)
from privacy.services.matching import FACTS
from privacy.services.messages import RECEIVED_KINDS, SENT_KINDS, receive_message, send_message
from privacy.services.reminding import remind_office
from privacy.services.taking_in import KINDS, make_appointment, note_appointment, take_in_request
from privacy.services.tasks_by_hand import add_task, ask_counsel, finish_task
from privacy.services.timeline import PUBLIC_STEPS
from privacy.services.verification import (
    PROOFS,
    match_guest,
    match_submission,
    note_callback,
    note_document_seen,
    note_mandate,
    note_proof,
)

__all__ = [
    "EXTENSION_REASONS",
    "FACTS",
    "KINDS",
    "PAUSE_REASONS",
    "PROOFS",
    "PUBLIC_STEPS",
    "RECEIVED_KINDS",
    "SENT_KINDS",
    "acknowledge_by",
    "acknowledge_request",
    "add_task",
    "appeal_request",
    "ask_counsel",
    "ask_for_code",
    "asks_next",
    "assign_officer",
    "check_code",
    "close_unverified",
    "evidence_of",
    "expire_case_files",
    "extend_request",
    "finish_task",
    "is_verified_for",
    "make_appointment",
    "mark_duplicate",
    "match_guest",
    "match_submission",
    "must_show",
    "note_appointment",
    "note_callback",
    "note_document_seen",
    "note_mandate",
    "note_proof",
    "open_follow",
    "pause_request",
    "rate_request",
    "read_out_code",
    "receive_message",
    "remind_office",
    "renew_follow_code",
    "resume_request",
    "send_asked_code",
    "send_code",
    "send_message",
    "start_review",
    "take_in_request",
    "tell_extension",
    "withdraw_request",
]

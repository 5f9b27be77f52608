"""What is personal about guests' requests: opaque ids, and the facts of a case. Words and names are in the vault.

A requester is a subject of their own: their case outlives the erasure of the guest's record.
"""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_noop as _

from audit.personal_data import ACCOUNTABILITY, CONSENT, CONTRACT, LEGAL_DUTY, Fields, Personal, nobodys

NAMELESS: Final = _("leads nowhere once the requester's and the guest's envelopes are erased")
CASE: Final = Personal("guest", "basic", LEGAL_DUTY, _("closed + 3 years (CN-RET-13), nameless after that"))
LINK: Final = Personal("guest", "reference", LEGAL_DUTY, NAMELESS)
EVIDENCE: Final = Personal("guest", "reference", LEGAL_DUTY, _("case close, at most 30 days (CN-RET-14)"))
AGREED: Final = Personal("guest", "preference", CONSENT, _("withdrawal or 24 months idle (CN-RET-09), then nameless"))
PAPER: Final = Personal("guest", "reference", CONTRACT, _("destruction of the card, with the register (CN-RET-01)"))
PLANNED: Final = Personal(
    "guest", "reference", LEGAL_DUTY, _("when it is carried out, else with the next night's plan")
)
OFFICER: Final = Personal("staff", "reference", ACCOUNTABILITY, _("with the request, hold or register it explains"))

MODELS: Final[Mapping[str, Fields]] = {
    "privacy.Request": {
        **nobodys("number", "property", "language", "is_complex", "received_at", "acknowledged_at", "due_on"),
        **nobodys("extended_at", "extension_reason", "paused_at", "pause_reason", "paused_days", "failures"),
        **nobodys("locked_until", "follow_code_hash"),
        **LINK.each("id", "requester", "guest", "stay", "duplicate_of", "appeal_of"),
        **CASE.each("kind", "channel", "acts_as", "state", "result", "decision", "refusal_ground", "decided_at"),
        **CASE.each("closed_at", "verified_at", "rating"),
        **OFFICER.each("taken_in_by", "officer", "decided_by", "approved_by"),
    },
    "privacy.Step": {
        **nobodys("id", "at", "code", "detail"),
        **LINK.each("request", "envelope"),
        **OFFICER.each("actor"),
    },
    "privacy.Message": {
        **nobodys("id", "direction", "kind", "at"),
        **LINK.each("request", "envelope"),
        **OFFICER.each("by"),
    },
    "privacy.Task": {
        **nobodys("id", "kind", "due_on", "done_at"),
        **LINK.each("request", "envelope", "about"),
        **OFFICER.each("owner", "done_by", "second_by"),
    },
    "privacy.Appointment": {**nobodys("id", "at", "kept"), **LINK.each("request")},
    "privacy.Check": {
        **nobodys("id", "at"),
        **LINK.each("request"),
        **EVIDENCE.each("method", "matched", "failed", "passed", "envelope"),
        **OFFICER.each("by"),
    },
    "privacy.OneTimeCode": {
        **nobodys("id", "purpose", "code_hash", "expires_at", "used_at", "tries"),
        **EVIDENCE.each("request"),
    },
    "privacy.Item": {
        **nobodys("id", "category", "rule", "until", "override_reason", "done_at"),
        **LINK.each("request", "envelope", "stay", "subject"),
        **CASE.each("grounds", "blockers", "proposed", "chosen"),
    },
    "privacy.Letter": {
        **nobodys("id", "language", "made_at", "sent_at", "way"),
        **LINK.each("request", "envelope"),
        **CASE.each("kind"),
        **OFFICER.each("made_by"),
    },
    "privacy.Delivery": {
        **nobodys("id", "token_hash", "kind", "contact_field", "made_at", "expires_at", "opened_at"),
        **LINK.each("request", "letter", "envelope"),
        **OFFICER.each("made_by"),
    },
    "privacy.Hold": {
        **nobodys("id", "number", "property", "review_on", "until", "confidential", "placed_at", "approved_at"),
        **nobodys("released_at", "resumed_at", "renews"),
        **LINK.each("subject", "stay", "room", "during", "request", "envelope"),
        **CASE.each("kind", "reason", "authority"),
        **OFFICER.each("officers", "placed_by", "approved_by", "release_asked_by", "released_by"),
    },
    "privacy.HoldStep": {
        **nobodys("id", "hold", "at", "review_on"),
        **CASE.each("code", "outcome"),
        **OFFICER.each("actor", "named"),
    },
    "privacy.HeldStay": {**nobodys("hold"), **LINK.each("stay")},
    "privacy.HeldEnvelope": {**nobodys("hold"), **LINK.each("envelope")},
    "privacy.Profile": {
        **nobodys("id", "code", "law", "answer_days", "answer_months", "answer_target_working_days"),
        **nobodys("extension_days", "extension_months", "ack_working_days", "counts", "asking_is_ground", "status"),
        **nobodys("confirmed_on"),
        **OFFICER.each("confirmed_by"),
    },
    "privacy.Holiday": nobodys("id", "jurisdiction", "day", "is_working"),
    "privacy.Rule": {
        **nobodys("id", "code", "jurisdiction", "region", "record", "number", "unit", "start", "at_once_on", "kind"),
        **nobodys("level", "instrument", "article", "end", "in_force_from", "in_force_to", "status", "confirmed_on"),
        **nobodys("needs_approval"),
        **OFFICER.each("confirmed_by"),
    },
    "privacy.RuleChange": {
        **nobodys("id", "code", "jurisdiction", "region", "record", "number", "unit", "start", "at_once_on", "kind"),
        **nobodys("level", "instrument", "article", "end", "in_force_from", "in_force_to", "status", "needs_approval"),
        **nobodys("reason", "state", "property", "proposed_at", "decided_at", "refused_because", "made"),
        **nobodys("followed_at"),
        **OFFICER.each("proposed_by", "decided_by"),
    },
    "privacy.PaperCard": {
        **nobodys("id", "state", "signed_out_at", "destroyed_at", "destroy_by"),
        **PAPER.each("stay", "occupant", "place"),
        **OFFICER.each("custodian", "signed_out_to", "destroyed_by", "destroyed_with"),
    },
    "privacy.Processor": nobodys(
        "id",
        "property",
        "name",
        "agreement_ref",
        "scope",
        "contact",
        "signed_on",
        "expires_on",
        "ended_on",
        "deletion_proof_on",
        "reminded_at",
    ),
    "privacy.Told": {**nobodys("id", "processor", "what", "task", "told_at", "confirmed_at"), **LINK.each("request")},
    "privacy.Consent": {
        **nobodys("id", "property", "notice"),
        **LINK.each("subject"),
        **AGREED.each("about", "given_at", "channel", "withdrawn_at", "withdrawn_channel"),
        **OFFICER.each("given_by", "withdrawn_by"),
    },
    "privacy.Certificate": {
        **nobodys("id", "number", "property", "reason", "made_at", "payload", "signature", "key_id"),
        **LINK.each("request"),
    },
    "privacy.Recheck": nobodys("id", "certificate", "due_on", "at", "places", "found"),
    "privacy.Review": {
        **nobodys("id", "property", "period_from", "period_to", "made_at", "figures"),
        **OFFICER.each("made_by"),
    },
    "privacy.Finding": {
        **nobodys("id", "review", "code", "text", "due_on", "done_at"),
        **OFFICER.each("owner"),
    },
    "privacy.Purge": {
        **nobodys("id", "number", "property", "night", "asks", "state", "missed", "planned_at", "approved_at"),
        **nobodys("final_at", "stopped_at", "started_at", "finished_at", "total", "counts", "outlook", "receipt"),
        **OFFICER.each("approved_by", "stopped_by"),
    },
    "privacy.PurgeItem": {
        **nobodys("id", "purge", "record", "rule", "outcome", "skip", "due_on"),
        **PLANNED.each("ref", "envelope", "stay"),
    },
    "privacy.PurgeBatch": nobodys("id", "purge", "at", "counts", "changed", "mark"),
}

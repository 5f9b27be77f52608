"""What is personal about those who work here, in our tables and in those of the packages we stand on."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_noop as _

from audit.personal_data import ACCOUNTABILITY, EMPLOYMENT, SUBJECT, Fields, Personal, nobodys

ACCOUNT: Final = Personal(
    "staff", "work", EMPLOYMENT, _("the account is deactivated on leaving, and kept as long as the log")
)
SECRET: Final = Personal(
    "staff", "secret", EMPLOYMENT, _("replaced by a change, useless once the account is deactivated")
)
DUTY: Final = Personal("staff", "work", ACCOUNTABILITY, _("36 months, with the log it explains (CN-LOG-01)"))
VISIT: Final = Personal("staff", "work", EMPLOYMENT, _("at sign-out, or when the session expires (12 hours)"))

MODELS: Final[Mapping[str, Fields]] = {
    "staff.Person": {
        **nobodys("id", "is_superuser", "created_at"),
        **ACCOUNT.each(
            "staff_number", "name", "latin_name", "email", "language", "is_active", "enrolled_at", "kept_at"
        ),
        **ACCOUNT.each("last_login", "groups", "user_permissions"),
        **SECRET.each("password"),
    },
    "staff.Property": nobodys(
        "id", "code", "name_en", "name_zh", "group_name", "time_zone", "jurisdiction", "region", "created_at"
    ),
    "staff.PropertyRight": nobodys("id", "permission", "group", "content_object"),
    "staff.Post": nobodys("id", "property", "role", "group"),
    "staff.Shift": {
        **nobodys("id", "property"),
        **DUTY.each("person", "terminal", "session_ref", "opened_at", "closed_at"),
    },
    "staff.Duty": {
        **nobodys(
            "id", "code", "property", "every", "last_started_at", "last_done_at", "last_failed_at", "next_due_at"
        ),
        **DUTY.each("owner"),
    },
    "staff.Lapse": {
        **nobodys("id", "duty", "kind", "found_at", "mailed_at", "done_again_at", "cause", "measure", "closed_at"),
        **DUTY.each("words", "closed_by"),
    },
    "staff.DetectionRule": {
        **nobodys("id", "code", "version", "parameters", "window", "weight", "severity", "mode", "proposed_at"),
        **nobodys("replay", "replayed_at", "in_force_since", "ended_at"),
        **DUTY.each("author", "approver"),
    },
    "staff.DetectionPosition": nobodys("id", "xact", "row_id", "scanned_at"),
    "staff.Alert": {
        **nobodys("id", "rule", "code", "property", "day", "severity", "score", "state"),
        **nobodys("raised_at", "due_at", "asked_at", "mailed_at", "escalated_at", "decided_at", "closed_at"),
        **DUTY.each("actor", "triaged_by", "verdict", "measure"),
        **SUBJECT.each("subject"),
    },
    "staff.AlertRow": {
        **nobodys("id", "alert", "event_at", "event_id", "event_ref", "score", "flags"),
        **DUTY.each("actor"),
    },
    "staff.AlertStep": {
        **nobodys("id", "alert", "kind", "at", "leaf"),
        **DUTY.each("by", "to", "says", "refers_to"),
    },
    "staff.Reminder": {
        **nobodys("id", "property", "day", "event_at", "event_id", "event_ref", "score", "mailed_at"),
        **DUTY.each("person"),
    },
    "staff.AccessReview": {
        **nobodys("id", "property", "since", "begun_at", "due_on", "check_ins", "signed_off_at"),
        **DUTY.each("begun_by", "signed_off_by"),
    },
    "staff.AccessReviewLine": {
        **nobodys("id", "review"),
        **DUTY.each("person", "role", "last_used_at", "reveals", "decision", "lowered_to", "decided_at", "decided_by"),
    },
    "staff.Enrolment": {
        **nobodys("id", "made_at", "expires_at", "used_at"),
        **ACCOUNT.each("person"),
        **SECRET.each("token_hash"),
    },
}

OF_PACKAGES: Final[Mapping[str, Fields]] = {
    "auth.Permission": nobodys("id", "name", "content_type", "codename"),
    "auth.Group": nobodys("id", "name", "permissions"),
    "contenttypes.ContentType": nobodys("id", "app_label", "model"),
    "sessions.Session": {**nobodys("expire_date"), **VISIT.each("session_key", "session_data")},
    "guardian.UserObjectPermission": {
        **nobodys("id", "permission", "content_type", "object_pk"),
        **ACCOUNT.each("user"),
    },
    "guardian.GroupObjectPermission": nobodys("id", "permission", "content_type", "object_pk", "group"),
    "account.EmailAddress": {**nobodys("id", "verified", "primary"), **ACCOUNT.each("user", "email")},
    "account.EmailConfirmation": {
        **nobodys("id", "created", "sent"),
        **ACCOUNT.each("email_address"),
        **SECRET.each("key"),
    },
    "mfa.Authenticator": {
        **nobodys("id", "type", "created_at", "last_used_at"),
        **ACCOUNT.each("user"),
        **SECRET.each("data"),
    },
    "usersessions.UserSession": {
        **nobodys("id"),
        **VISIT.each("user", "created_at", "ip", "last_seen_at", "session_key", "user_agent", "data"),
    },
}

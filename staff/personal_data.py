"""What is personal in the tables of those who work here. They are employees, not guests: their data lives here."""

from collections.abc import Mapping
from typing import Final

from audit.personal_data import ACCOUNTABILITY, EMPLOYMENT, Fields, Personal, nobodys

WITH_ACCOUNT: Final = "with the account, which is deactivated at the end of employment"
ACCOUNT: Final = Personal("staff", "work", EMPLOYMENT, WITH_ACCOUNT)
SECRET: Final = Personal("staff", "secret", EMPLOYMENT, "when replaced, reset or taken away")
POST: Final = Personal("staff", "work", EMPLOYMENT, "when the role is taken")
DUTY: Final = Personal("staff", "work", ACCOUNTABILITY, "36 months, with the log it explains (CN-LOG-01)")
LINK: Final = Personal("staff", "secret", EMPLOYMENT, "72 hours after it was made, then the row goes")
VISIT: Final = Personal("staff", "work", ACCOUNTABILITY, "at the session's end, 12 hours at most")

MODELS: Final[Mapping[str, Fields]] = {
    "staff.Person": {
        **nobodys("id", "is_superuser", "user_permissions"),
        **ACCOUNT.each("staff_number", "name", "latin_name", "email", "language", "is_active", "enrolled_at"),
        **ACCOUNT.each("last_login", "created_at", "kept_at"),
        **SECRET.each("password"),
        **POST.each("groups"),
    },
    "staff.Property": nobodys(
        "id", "code", "name_en", "name_zh", "group_name", "time_zone", "jurisdiction", "created_at"
    ),
    "staff.PropertyRight": nobodys("id", "permission", "group", "content_object"),
    "staff.Post": nobodys("id", "property", "role", "group"),
    "staff.Shift": {
        **nobodys("id", "property"),
        **DUTY.each("person", "terminal", "session_ref", "opened_at", "closed_at"),
    },
    "staff.Enrolment": {**nobodys("id"), **LINK.each("person", "token_hash", "made_at", "expires_at", "used_at")},
    "mfa.Authenticator": {
        **nobodys("id"),
        **SECRET.each("user", "type", "data", "created_at", "last_used_at"),
    },
    "usersessions.UserSession": {
        **nobodys("id"),
        **VISIT.each("user", "created_at", "ip", "last_seen_at", "session_key", "user_agent", "data"),
    },
    "sessions.Session": VISIT.each("session_key", "session_data", "expire_date"),
}

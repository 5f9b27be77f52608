"""The audit codes of what people do with accounts, shifts, properties, roles and the log itself."""

from django.utils.translation import gettext_lazy as _

from audit.registry import action, words
from staff.roles import RIGHTS, ROLE_NAMES

SIGNED_IN = action("account.signed_in", _("%(who)s signed in"))
SIGN_IN_FAILED = action("account.sign_in_failed", _("A sign-in as %(object)s failed"))
SIGNED_OUT = action("account.signed_out", _("%(who)s signed out"))
SESSIONS_ENDED = action("account.sessions_ended", _("%(who)s signed out on all other terminals (%(count)s)"))
SCREEN_LOCKED = action("account.screen_locked", _("The screen of %(who)s was locked"))
SCREEN_UNLOCKED = action("account.screen_unlocked", _("%(who)s unlocked the screen"))
STEPPED_UP = action("account.stepped_up", _("%(who)s confirmed who they are once more"))
PASSWORD_CHANGED = action("account.password_changed", _("%(who)s changed their password"))
SECOND_FACTOR_ADDED = action("account.second_factor_added", _("%(who)s added a second factor (%(fields)s)"))
SECOND_FACTOR_REMOVED = action("account.second_factor_removed", _("%(who)s removed a second factor (%(fields)s)"))
RECOVERY_CODES_MADE = action("account.recovery_codes_made", _("%(who)s made new recovery codes"))
ACCOUNT_CHANGED = action("account.changed", _("%(who)s changed their own account (%(fields)s)"))

SHIFT_OPENED = action("shift.opened", _("%(who)s opened a shift"))
SHIFT_CLOSED = action("shift.closed", _("%(who)s closed a shift"))

PROPERTY_CREATED = action("property.created", _("%(who)s created the property %(object)s"))
PROPERTY_CHANGED = action("property.changed", _("%(who)s changed the property %(object)s (%(fields)s)"))

PERSON_CREATED = action("person.created", _("%(who)s created the account %(object)s"))
PERSON_CHANGED = action("person.changed", _("%(who)s changed the account %(object)s (%(fields)s)"))
PERSON_DEACTIVATED = action("person.deactivated", _("%(who)s deactivated the account %(object)s"))
PERSON_REACTIVATED = action("person.reactivated", _("%(who)s reactivated the account %(object)s"))
ENROLMENT_MADE = action("person.enrolment_made", _("%(who)s made an enrolment link for %(object)s"))
ENROLMENT_USED = action("person.enrolment_used", _("%(who)s used their enrolment link"))
SECOND_FACTORS_RESET = action("person.second_factors_reset", _("%(who)s reset the second factors of %(object)s"))
ROLE_GIVEN = action("role.given", _("%(who)s gave %(object)s the role %(fields)s"))
ROLE_TAKEN = action("role.taken", _("%(who)s took the role %(fields)s from %(object)s"))

DUTY_OWNER_NAMED = action("duty.owner_named", _("%(who)s named the owner of duty %(object)s"))
DUTY_DEED_REFUSED = action("duty.deed_refused", _("%(who)s was refused a deed on duty %(object)s"))
LAPSE_FOUND = action("lapse.found", _("%(who)s noticed that duty %(object)s was not done in time, or failed"))
LAPSE_CLOSED = action("lapse.closed", _("%(who)s closed a lapse of duty %(object)s"))

ALERTS_LISTED = action("alerts.listed", _("%(who)s looked at a list of %(count)s alerts"))
ALERT_VIEWED = action("alert.viewed", _("%(who)s opened alert %(object)s"))
ALERT_RAISED = action("alert.raised", _("%(who)s raised alert %(object)s"))
ALERT_ASKED = action("alert.asked", _("%(who)s asked the person about alert %(object)s"))
ALERT_ANSWERED = action("alert.answered", _("%(who)s answered the question of alert %(object)s"))
ALERT_TAKEN = action("alert.taken", _("%(who)s took on alert %(object)s"))
ALERT_DECIDED = action("alert.decided", _("%(who)s decided alert %(object)s"))
ALERT_ESCALATED = action("alert.escalated", _("%(who)s passed alert %(object)s to another manager"))
ALERT_CLOSED = action("alert.closed", _("%(who)s closed alert %(object)s"))
ALERT_PACKED = action("alert.packed", _("%(who)s took out the package of alert %(object)s: %(count)s lines"))
ALERT_DEED_REFUSED = action("alert.deed_refused", _("%(who)s was refused a deed on alert %(object)s"))
REMINDERS_MAILED = action("reminders.mailed", _("%(who)s reminded %(object)s by mail of %(count)s lines"))
SHARE_VIEWED = action("access.share_viewed", _("%(who)s looked at the share of explained access"))
SAMPLE_VIEWED = action("access.sample_viewed", _("%(who)s read %(count)s lines drawn from the access log"))

DETECTION_PROPOSED = action("detection.proposed", _("%(who)s proposed a change of detection rule %(object)s"))
DETECTION_REPLAYED = action("detection.replayed", _("%(who)s replayed detection rule %(object)s over 90 days"))
DETECTION_APPROVED = action("detection.approved", _("%(who)s approved a change of detection rule %(object)s"))
DETECTION_WITHDRAWN = action("detection.withdrawn", _("%(who)s withdrew a change of detection rule %(object)s"))
DETECTION_DEED_REFUSED = action("detection.deed_refused", _("%(who)s was refused a deed on detection rule %(object)s"))

ACCESS_REVIEW_BEGUN = action("access_review.begun", _("%(who)s began access review %(object)s of %(count)s roles"))
ACCESS_REVIEW_VIEWED = action("access_review.viewed", _("%(who)s opened access review %(object)s: %(count)s roles"))
ACCESS_LINE_DECIDED = action("access_review.line_decided", _("%(who)s reviewed the role %(fields)s of %(object)s"))
ACCESS_REVIEW_SIGNED_OFF = action("access_review.signed_off", _("%(who)s signed off access review %(object)s"))
ACCESS_REVIEW_REFUSED = action(
    "access_review.deed_refused", _("%(who)s was refused a deed on access review %(object)s")
)

ACCESS_REFUSED = action("access.refused", _("%(who)s was not allowed: %(object)s"))

words(
    {
        **ROLE_NAMES,
        **RIGHTS,
        "password": _("password"),
        "totp": _("authenticator app"),
        "webauthn": _("passkey"),
        "recovery_codes": _("recovery codes"),
        "language": _("language"),
        "email": _("e-mail"),
        "latin_name": _("name in Latin letters"),
        "staff_number": _("staff number"),
        "code": _("code"),
        "name_en": _("English name"),
        "name_zh": _("Chinese name"),
        "group_name": _("hotel group"),
        "time_zone": _("time zone"),
        "jurisdiction": _("jurisdiction"),
        "region": _("the region"),
    }
)

# Pages a refusal names
words(
    {
        "access_log": _("access log"),
        "log_export": _("export of the access log"),
        "log_export_file": _("export of the access log"),
        "log_export_progress": _("export of the access log"),
        "own_lines": _("one's own lines"),
        "log_integrity": _("log integrity"),
        "log_verification": _("verification of the access log"),
        "log_sheet": _("night-audit sheet"),
        "log_year_end": _("end of a year of the access log"),
        "log_file": _("file to verify the access log"),
        "properties": _("properties"),
        "property_new": _("new property"),
        "property_edit": _("property"),
        "property": _("property"),
        "people": _("people"),
        "person": _("person"),
        "person_new": _("new person"),
        "person_edit": _("person"),
        "person_posts": _("roles of a person"),
        "person_enrolment": _("enrolment link"),
        "person_reset": _("reset of second factors"),
        "person_deactivate": _("deactivating a person"),
        "person_reactivate": _("reactivating a person"),
        "duties": _("duties"),
        "duty": _("duty"),
        "lapse_close": _("closing a lapse"),
        "backups": _("backups and keys"),
        "access_reviews": _("access reviews"),
        "access_review": _("access review"),
        "access_review_line": _("line of an access review"),
        "access_review_report": _("report of an access review"),
        "alerts": _("alerts"),
        "alert": _("alert"),
        "alert_sample": _("sample of the access log"),
        "explained_share": _("share of explained access"),
        "detection_rules": _("detection rules"),
        "detection_rule": _("detection rule"),
        "questions": _("questions to oneself"),
        "question": _("question to oneself"),
    }
)

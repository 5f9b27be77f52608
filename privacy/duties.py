"""What the room of requests has to do again and again."""

from django.utils.translation import gettext_lazy as _

from staff.duties import DAY, HOUR, MINUTE, duty
from staff.roles import PRIVACY_OFFICER

FIND_DUE = duty(
    "find-what-is-due", _("Send what is due about requests"), every=MINUTE, grace=15 * MINUTE, owner=PRIVACY_OFFICER
)
SETTLE_WITHDRAWALS = duty(
    "settle-withdrawals",
    _("Settle withdrawals from the public page"),
    every=MINUTE,
    grace=15 * MINUTE,
    owner=PRIVACY_OFFICER,
)
FINISH_RESTRICTIONS = duty(
    "finish-restrictions", _("Erase what was restricted until now"), every=HOUR, grace=HOUR, owner=PRIVACY_OFFICER
)
EXPIRE_CASE_FILES = duty(
    "expire-case-files", _("Erase expired papers of requests"), every=HOUR, grace=HOUR, owner=PRIVACY_OFFICER
)
FOLLOW_RULES = duty(
    "follow-rule-changes", _("Let restrictions follow changed rules"), every=HOUR, grace=HOUR, owner=PRIVACY_OFFICER
)
RESUME_WHAT_WAITED = duty(
    "resume-what-waited", _("Go on with what waited for holds"), every=10 * MINUTE, grace=HOUR, owner=PRIVACY_OFFICER
)
REVIEW_HOLDS = duty(
    "find-holds-to-review", _("Remind of holds to be reviewed"), every=HOUR, grace=6 * HOUR, owner=PRIVACY_OFFICER
)
RECHECK_ERASURES = duty(
    "recheck-erasures", _("Search again for what was erased"), every=DAY, grace=6 * HOUR, owner=PRIVACY_OFFICER
)
REMIND_OF_PROCESSORS = duty(
    "remind-of-processors", _("Remind of agreements that run out"), every=DAY, grace=6 * HOUR, owner=PRIVACY_OFFICER
)
PLAN_PURGES = duty(
    "plan-purges", _("Look whose night has come for the purge"), every=10 * MINUTE, grace=HOUR, owner=PRIVACY_OFFICER
)
CARRY_ON_PURGES = duty(
    "carry-on-purges", _("Go on with what is purged"), every=MINUTE, grace=15 * MINUTE, owner=PRIVACY_OFFICER
)
PURGE = duty(
    "purge",
    _("Purge what the rules end, each night"),
    every=DAY,
    grace=6 * HOUR,
    for_property=True,
    owner=PRIVACY_OFFICER,
)

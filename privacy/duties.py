"""What the room of requests has to do again and again."""

from django.utils.translation import gettext_lazy as _

from staff.duties import DAY, HOUR, MINUTE, duty

FIND_DUE = duty("find-what-is-due", _("Send what is due about requests"), every=MINUTE, grace=15 * MINUTE)
SETTLE_WITHDRAWALS = duty(
    "settle-withdrawals", _("Settle withdrawals from the public page"), every=MINUTE, grace=15 * MINUTE
)
FINISH_RESTRICTIONS = duty("finish-restrictions", _("Erase what was restricted until now"), every=HOUR, grace=HOUR)
EXPIRE_CASE_FILES = duty("expire-case-files", _("Erase expired papers of requests"), every=HOUR, grace=HOUR)
RECHECK_ERASURES = duty("recheck-erasures", _("Search again for what was erased"), every=DAY, grace=6 * HOUR)
REMIND_OF_PROCESSORS = duty("remind-of-processors", _("Remind of agreements that run out"), every=DAY, grace=6 * HOUR)

"""What the desk's room has to do again and again."""

from django.utils.translation import gettext_lazy as _

from staff.duties import HOUR, MINUTE, duty

FORGET_OLD_DRAFTS = duty("forget-old-drafts", _("Erase forms nobody finished"), every=HOUR, grace=30 * MINUTE)
ROLL_CALL_SHEETS = duty(
    "roll-call-sheets", _("Prepare the roll call for down-time"), every=15 * MINUTE, grace=15 * MINUTE
)
ROLL_NO_SHOWS = duty("roll-no-shows", _("Mark who did not come when the business day turns"), every=HOUR, grace=HOUR)

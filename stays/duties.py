"""What the desk's room has to do again and again."""

from django.utils.translation import gettext_lazy as _

from staff.duties import DAY, HOUR, MINUTE, duty

FORGET_OLD_DRAFTS = duty("forget-old-drafts", _("Erase forms nobody finished"), every=HOUR, grace=30 * MINUTE)
ROLL_CALL_SHEETS = duty(
    "roll-call-sheets", _("Prepare the roll call for down-time"), every=15 * MINUTE, grace=15 * MINUTE
)
ROLL_NO_SHOWS = duty("roll-no-shows", _("Mark who did not come when the business day turns"), every=HOUR, grace=HOUR)
WATCH_REPORTS = duty(
    "watch-reports", _("Look for late registrations and duties towards minors"), every=5 * MINUTE, grace=15 * MINUTE
)
# Done while nothing is late: so a late report becomes a lapse with its owner, mail and cause (M39).
REGISTER_GUESTS = duty(
    "register-guests",
    _("Upload every guest's registration in time and get its receipt"),
    every=5 * MINUTE,
    grace=5 * MINUTE,
    for_property=True,
    by_hand=True,
)
CARE_FOR_MINORS = duty(
    "care-for-minors",
    _("Do the five duties towards every minor in time"),
    every=5 * MINUTE,
    grace=5 * MINUTE,
    for_property=True,
    by_hand=True,
)
FORGET_OLD_HANDOVERS = duty("forget-old-handovers", _("Erase old words between shifts"), every=DAY, grace=6 * HOUR)
CARRY_ON_IMPORTS = duty("carry-on-imports", _("Go on with what is imported"), every=MINUTE, grace=15 * MINUTE)
FORGET_OLD_IMPORTS = duty("forget-old-imports", _("Erase imports nobody finished"), every=HOUR, grace=30 * MINUTE)

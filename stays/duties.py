"""What the desk's room has to do again and again."""

from django.utils.translation import gettext_lazy as _

from staff.duties import HOUR, MINUTE, duty

FORGET_OLD_DRAFTS = duty("forget-old-drafts", _("Erase forms nobody finished"), every=HOUR, grace=30 * MINUTE)

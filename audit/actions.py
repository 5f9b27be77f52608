"""The audit codes of the log itself, and of what no other room has a code for."""

from django.utils.translation import gettext_lazy as _

from audit.registry import action, words

DEED_REFUSED = action("deed.refused", _("%(who)s asked for something that cannot be done"))
PAGE_REFUSED = action("page.refused", _("%(who)s asked for a page without the right to it: %(type)s %(object)s"))
PAGE_MISSING = action("page.missing", _("%(who)s asked for something that is not there: %(type)s %(object)s"))
LOG_READ = action("log.read", _("%(who)s read %(count)s lines of the access log"))
LOG_EXPORT_BEGUN = action("log.export_begun", _("%(who)s began to export the access log"))
LOG_EXPORTED = action("log.exported", _("%(who)s exported %(count)s lines of the access log"))
LOG_VERIFICATION_ORDERED = action("log.verification_ordered", _("%(who)s had the access log verified"))
LOG_SHEET_MADE = action("log.sheet_made", _("%(who)s had the night-audit sheet made"))
LOG_KEY_REPLACED = action("log.key_replaced", _("%(who)s replaced the key that the access log is sealed with"))
LOG_PRUNING_APPROVED = action("log.pruning_approved", _("%(who)s approved dropping the access log of %(object)s"))
LOG_PRUNING_REFUSED = action("log.pruning_refused", _("%(who)s may not approve dropping the access log of %(object)s"))
LOG_PRUNED = action("log.pruned", _("%(who)s dropped the access log of %(object)s"))

words({"system": _("the system"), "log_sheet": _("night-audit sheet")})
# Where a checkpoint is kept outside the database.
words({"file": _("Into a file"), "mail": _("By mail"), "witness": _("With a witness")})

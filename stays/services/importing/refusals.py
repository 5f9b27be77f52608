"""Why an import may be refused. Each carries the sentence the person reads."""

from django.utils.translation import gettext_lazy as _

from audit.services import Refused
from stays import actions


class FileTooLarge(Refused):
    """More than 20 MB."""

    action = actions.IMPORT_REFUSED
    field = "file"
    message = _("The file is larger than 20 MB: bring it in in parts.")


class BroughtInBefore(Refused):
    """The very same file was taken in already."""

    action = actions.IMPORT_REFUSED
    field = "file"
    message = _("This very file was taken in before, as import %(number)s.")


class NotWaiting(Refused):
    """The import is not at the step where the deed is possible."""

    action = actions.IMPORT_REFUSED
    message = _("This import is not waiting for you any more. Reload the page.")


class ColumnsMissing(Refused):
    """A field no row can do without has no column."""

    action = actions.IMPORT_REFUSED
    message = _("Say which column holds: %(missing)s.")


class NothingToWrite(Refused):
    """No row can be brought in."""

    action = actions.IMPORT_REFUSED
    message = _("No row can be brought in: correct the file, or the columns.")


class HereAlready(Refused):
    """The guest has a stay of the same days here."""

    action = actions.IMPORT_REFUSED
    field = "arrival_on"
    message = _("This guest has a stay of these days here already.")

"""Lists brought from another system: bookings, guests and rooms out of a CSV or XLSX file.

A file is sealed as it arrives, read, shown row by row with what is wrong in
words, and only then written, through the same services as a clerk's booking.
"""

from stays.services.importing.deeds import check_again, discard_import, set_columns, start_import, take_in_file
from stays.services.importing.forgetting import forget_old_imports
from stays.services.importing.looking import PAGE, left_out_rows, open_import
from stays.services.importing.progress import progress_of
from stays.services.importing.running import due_imports, go_on

__all__ = [
    "PAGE",
    "check_again",
    "discard_import",
    "due_imports",
    "forget_old_imports",
    "go_on",
    "left_out_rows",
    "open_import",
    "progress_of",
    "set_columns",
    "start_import",
    "take_in_file",
]

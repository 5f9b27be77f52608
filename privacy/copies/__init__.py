"""What a guest gets of their own record: gathered, others left out, as PDF, JSON and CSV. Nothing of it is stored."""

from privacy.copies.files import as_csv, as_json
from privacy.copies.gathering import Held, gather
from privacy.copies.leaving_out import Others
from privacy.copies.log_sheet import LogSheet, log_sheet
from privacy.copies.looks import sheet_paper, tell_sheet
from privacy.copies.proofs import with_proofs
from privacy.copies.report import report
from privacy.copies.telling import tell, tell_given

__all__ = [
    "Held",
    "LogSheet",
    "Others",
    "as_csv",
    "as_json",
    "gather",
    "log_sheet",
    "report",
    "sheet_paper",
    "tell",
    "tell_given",
    "tell_sheet",
    "with_proofs",
]

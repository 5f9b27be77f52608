"""How far an import is, in numbers of rows."""

from dataclasses import dataclass

from stays.models import ImportFile


@dataclass(frozen=True, slots=True)
class Progress:
    """Rows of a file: all, looked at, written, left out."""

    rows: int
    checked: int
    written: int
    left_out: int

    @property
    def good(self) -> int:
        """Those that can be brought in and are not yet."""
        return self.rows - self.written - self.left_out

    def percent(self, state: str) -> int:
        """How much of the step under way is done."""
        if state == ImportFile.State.WRITING:
            return 100 * self.written // max(self.rows - self.left_out, 1)
        return 100 * self.checked // max(self.rows, 1)


def progress_of(file: ImportFile) -> Progress:
    """The numbers of now."""
    rows = checked = written = left_out = 0
    for numbers, left, done, checked_at in file.batches.values_list("numbers", "left_out", "written", "checked_at"):
        rows, written, left_out = rows + len(numbers), written + done, left_out + len(left)
        checked += len(numbers) if checked_at else 0
    return Progress(rows, checked, written, left_out)

"""Noticing what is late: registrations without a receipt, duties towards minors."""

from datetime import datetime

from staff.models import Property
from staff.services import report_done
from stays.duties import CARE_FOR_MINORS, REGISTER_GUESTS
from stays.models import Registration
from stays.services import minors


def watch_reports(*, at: datetime) -> int:
    """Ask for tonight's patrols; tell the duties of each property where nothing is late. How many have something late.

    What is late leaves the duty undone: the keeper opens a lapse, and its owner gets a mail without guest data.
    """
    minors.open_patrols(at=at)
    late = 0
    for house in Property.objects.all():
        in_time = {
            REGISTER_GUESTS: not Registration.objects.at(house).late(at).exists(),
            CARE_FOR_MINORS: minors.is_in_time(house, at),
        }
        for code, is_so in in_time.items():
            if is_so:
                report_done(code=code, at=at, property=house)
        late += not all(in_time.values())
    return late

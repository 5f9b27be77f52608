"""What the keeper does for those who own duties: it notices what was not done, with neither broker nor beat."""

from datetime import datetime

from audit.keeping import work
from staff.services import lapses


@work(seconds=60)
def notice_lapses(at: datetime) -> None:
    """Enter new duties, open a lapse for each late or failed one, mail the owners."""
    lapses.keep_duties(at=at)
    lapses.find_lapses(at=at)
    lapses.mail_lapses(at=at)

"""A run of the purge that waits for a person at the first hotel, for whole-system tests, with a receipt to download."""

from datetime import datetime

from privacy.models import Purge
from privacy.services import certificates, purging
from privacy.services.requests import system_at
from staff.models import Property


def make_purge(house: Property, at: datetime) -> Purge:
    """The night's plan, as if there was a register to end."""
    _own, run = purging.plan_night(house=house, at=at)
    run.counts = [{"record": "register", "rule": "CN-RET-01", "outcome": "unlink_and_erase", "skip": "", "count": 1}]
    run.state, run.total, run.final_at = Purge.State.PLANNED, 1, None
    run.receipt = certificates.sign_receipt(purge=run, done={"register": 1}, who=system_at(house), at=at)
    run.save(update_fields=["counts", "state", "total", "final_at", "receipt"])
    return run

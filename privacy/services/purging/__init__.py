"""The nightly purge of what the rules end (M18, B05): planned, approved where a rule asks, carried out, certified."""

from privacy.services.purging.approving import approve_purge, stop_purge
from privacy.services.purging.planning import due_houses, night_of, plan_night
from privacy.services.purging.running import due_purges, run_purge

__all__ = ["approve_purge", "due_houses", "due_purges", "night_of", "plan_night", "run_purge", "stop_purge"]

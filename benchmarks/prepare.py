"""``python -m benchmarks.prepare``: bring a kept data set to today. Runs as the owner, before a measurement."""

import django

django.setup()

from benchmarks.load import TODAY  # noqa: E402
from benchmarks.loading import bulk, measured, office, rush  # noqa: E402
from hotelrecords.embedded.roles import WEB  # noqa: E402

# The rows an erasure empties, in tables of their own from which a plain DELETE may take them (P7).
DOOMED = [
    statement
    for name, table in (("envelope", "vault_envelope"), ("key", "keys.envelope_key"), ("token", "search.subject_token"))
    for statement in (
        f"CREATE TABLE IF NOT EXISTS bench.doomed_{name} (LIKE {table} INCLUDING ALL)",
        f"GRANT SELECT, INSERT, DELETE ON bench.doomed_{name} TO {WEB}",
    )
]

if __name__ == "__main__":
    measured.bring_to(TODAY)
    rush.empty()
    office.keep(TODAY)
    bulk.execute(DOOMED)

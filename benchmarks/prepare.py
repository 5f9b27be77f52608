"""``python -m benchmarks.prepare``: bring a kept data set to today. Runs as the owner, before a measurement."""

import django

django.setup()

from benchmarks.load import TODAY  # noqa: E402
from benchmarks.loading import measured, office, rush  # noqa: E402

if __name__ == "__main__":
    measured.bring_to(TODAY)
    rush.empty()
    office.keep(TODAY)

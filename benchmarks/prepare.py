"""``python -m benchmarks.prepare P1 …``: bring a kept data set to today. Runs as the owner, before these measures."""

import sys

import django

django.setup()

from benchmarks.load import TODAY  # noqa: E402
from benchmarks.loading import measured, office, rush  # noqa: E402

if __name__ == "__main__":
    measured.bring_to(TODAY)
    rush.empty()
    if "P3-office" in sys.argv:
        office.keep(TODAY)

"""``python -m benchmarks.load GUESTS``: fill the database of this process. Started by ``python -m benchmarks``."""

import sys
from datetime import UTC, datetime, timedelta

import django

django.setup()

from benchmarks.loading.fill import fill  # noqa: E402

# The business day in Shanghai, where all houses are.
TODAY = (datetime.now(UTC) + timedelta(hours=8 - 6)).date()

if __name__ == "__main__":
    fill(int(sys.argv[1]), TODAY)

"""For the container's health check: exit code 0 when the site is ready."""

import os
import sys
import urllib.error
import urllib.request

site = os.environ["ALLOWED_HOSTS"].split(",")[0]
request = urllib.request.Request(
    f"http://127.0.0.1:{os.environ.get('PORT', '8000')}/health/ready",
    headers={"Host": site, "X-Forwarded-Proto": "https"},
)
try:
    with urllib.request.urlopen(request, timeout=4) as answer:  # noqa: S310
        sys.exit(0 if answer.status == 200 else 1)
except (urllib.error.URLError, OSError):
    sys.exit(1)

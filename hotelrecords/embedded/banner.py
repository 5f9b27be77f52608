"""What ``script/server`` says once the site answers."""

import base64
import hashlib
import hmac
import time
from pathlib import Path

# The demonstration's sign-ins, as load_demo makes them and the README tells them.
PASSWORD = "welcome to the desk"  # noqa: S105
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105
PEOPLE = (
    ("harbour-desk", "front desk, Harbour Hotel 海港酒店"),
    ("harbour-finance", "finance"),
    ("harbour-officer", "privacy officer"),
    ("harbour-approver", "second approver"),
    ("harbour-manager", "manager"),
    ("admin", "administrator of all three hotels"),
)
STEP_SECONDS = 30


def greeting(port: int, logs: Path) -> str:
    """Where the site is, how to get in, how to stop."""
    people = "\n".join(f"    {number:<18}{role}" for number, role in PEOPLE)
    return f"""
  Hotel Records is open at  http://localhost:{port}

  Sign in with a staff number and the password   {PASSWORD}
{people}
    (the same at lake-… Lakeside Hotel 湖畔酒店 and station-… Station Hotel 站前酒店)
  {code_line()}
    (later: script/server code, or an authenticator app with the secret {TOTP_SECRET})

  Logs are in {logs}. Your data stays in .local/ for the next start.
  Stop with Ctrl-C.
"""


def code_line(now: float | None = None) -> str:
    """The one-time code of the demonstration's accounts, and how long it holds."""
    moment = time.time() if now is None else now
    left = STEP_SECONDS - int(moment) % STEP_SECONDS
    return f"One-time code   {code(moment)}   for {left} more seconds, then   {code(moment + STEP_SECONDS)}"


def code(moment: float) -> str:
    """The six digits at a moment in seconds since 1970 (TOTP, RFC 6238, with SHA-1 and 30 seconds)."""
    counter = int(moment // STEP_SECONDS).to_bytes(8)
    digest = hmac.new(base64.b32decode(TOTP_SECRET), counter, hashlib.sha1).digest()
    offset = digest[-1] & 15
    number = int.from_bytes(digest[offset : offset + 4]) & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"

"""The mail that the running product has sent: files in its mail folder."""

import re
from email import message_from_bytes, policy
from typing import Final

from hotelrecords.tests.journeys.house import House
from hotelrecords.tests.journeys.waiting import until

BETWEEN_MAILS: Final = re.compile(rb"^-{79}$", re.MULTILINE)


def find(house: House, address: str, pattern: str) -> str:
    """What the pattern's only group matches in the newest mail to this address; waits until there is one."""
    return until(lambda: _matches(house, address, pattern), f"mail to {address} with {pattern}")[-1]


def _matches(house: House, address: str, pattern: str) -> list[str]:
    texts = [text for path in sorted(house.mail.iterdir()) for text in _texts(path.read_bytes(), address)]
    return [match.group(1) for text in texts if (match := re.search(pattern, text))]


def _texts(file: bytes, address: str) -> list[str]:
    mails = [message_from_bytes(part.strip(), policy=policy.default) for part in BETWEEN_MAILS.split(file)]
    return [mail.get_content() for mail in mails if mail["To"] == address]

"""A mail server that does not answer."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class EmailBackend(BaseEmailBackend):
    """Refuses every letter."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Raise what a silent server makes of it."""
        raise TimeoutError

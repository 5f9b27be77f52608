"""Words about a stay: sealed, and where they give a reason, committed to in the log."""

import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Self
from uuid import UUID

from django.core.exceptions import ValidationError

from stays.free_text import refuse_numbers
from stays.models import Stay
from stays.refusals import NotInFreeText
from vault import services as vault
from vault.categories import Category

SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class Words:
    """Free text of one kind, with the salt that is sealed beside it."""

    kind: str
    text: str = field(repr=False)
    salt: bytes = field(repr=False)

    @classmethod
    def checked(cls, kind: str, text: str) -> Self:
        """The words, unless they hold what looks like a number of a person. Raises ``NotInFreeText``."""
        try:
            refuse_numbers(text)
        except ValidationError as reason:
            raise NotInFreeText(reason.message, object_type="note") from reason
        return cls(kind, text, secrets.token_bytes(SALT_BYTES))

    @property
    def commit(self) -> bytes:
        """What the log keeps of them: SHA-256 over salt and words, which shows later that these were the words."""
        return hashlib.sha256(self.salt + self.text.encode()).digest()

    @property
    def content(self) -> dict[str, str]:
        """Content of the note envelope."""
        return {"text": self.text, "salt": self.salt.hex()}

    def sealing(self, stay: Stay, subject: UUID) -> vault.Sealing:
        """The words as they are sealed, with the guest, for the stay."""
        return vault.Sealing(subject, Category.NOTE, self.content, belongs_to=stay.pk)

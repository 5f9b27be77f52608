"""Guests for tests, made as the product makes them: through the vault's deeds."""

import uuid
from dataclasses import dataclass, field
from typing import Any

import factory

from vault import services as vault


@dataclass
class SealedGuest:
    """What a test knows of a guest it has sealed."""

    name: str
    latin_name: str
    phone: str
    email: str
    address: str
    document_type: str
    document_number: str
    stay: uuid.UUID
    subject: uuid.UUID = field(init=False)
    envelopes: dict[str, uuid.UUID] = field(init=False)

    def __post_init__(self) -> None:
        self.subject = vault.new_subject()
        made = vault.seal_many(
            [
                vault.Sealing(self.subject, "name", {"name": self.name, "latin_name": self.latin_name}),
                vault.Sealing(
                    self.subject, "contact", {"phone": self.phone, "email": self.email, "address": self.address}
                ),
                vault.Sealing(self.subject, "register", self.register, self.stay),
            ]
        )
        self.envelopes = dict(zip(("name", "contact", "register"), made, strict=True))
        vault.index_guest(
            self.subject,
            names=[self.name, self.latin_name],
            phones=[self.phone],
            documents=[self.document_number],
        )

    @property
    def register(self) -> dict[str, Any]:
        """What is registered of the guest."""
        return {
            "document_type": self.document_type,
            "document_number": self.document_number,
            "name": self.name,
            "birth_date": "1949-12-31",
        }


class GuestFactory(factory.Factory):
    """A guest with name, contact and one registration."""

    class Meta:
        model = SealedGuest

    name = "张伟"
    latin_name = ""
    phone = factory.Sequence(lambda n: f"138{n:08d}")
    email = "zhang.wei@example.com"
    address = "中山路 1 号"
    document_type = "resident_id"
    document_number = factory.Sequence(lambda n: f"1101051949{n:07d}X")
    stay = factory.LazyFunction(uuid.uuid4)

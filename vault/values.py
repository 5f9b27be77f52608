"""Opened values: their text is the mask, plaintext is asked for by name."""

from collections.abc import Iterator
from typing import Any, Self
from uuid import UUID

from . import masks
from .categories import FIELDS, Category


class Value(str):
    """One opened field. As text, in JSON, in a pickle, in an f-string it is its mask; ``plain`` is the plaintext.

    Being a string whose characters are those of the mask, it cannot show more by accident, whoever formats it.
    """

    __slots__ = ("_plain",)
    _plain: str

    def __new__(cls, field: str, plain: str) -> Self:
        """The value of a field; empty plaintext makes an empty value."""
        made = super().__new__(cls, masks.mask(field, plain))
        made._plain = plain
        return made

    @property
    def plain(self) -> str:
        """The plaintext. Written where it is meant to be shown, compared or sealed again, and nowhere else."""
        return self._plain

    @property
    def shown(self) -> bool:
        """Whether there is a value at all."""
        return self._plain != ""

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        return str, (str(self),)

    def __reduce_ex__(self, protocol: object) -> tuple[type[str], tuple[str]]:
        return self.__reduce__()


class Opened:
    """One opened envelope: ``opened.phone`` or ``opened.get("phone")`` is a Value, empty when nothing stands there."""

    __slots__ = ("_content", "belongs_to", "category", "envelope", "subject")

    def __init__(
        self, *, envelope: UUID, subject: UUID, category: str, belongs_to: UUID | None, content: dict[str, Any]
    ) -> None:
        self.envelope = envelope
        self.subject = subject
        self.category = category
        self.belongs_to = belongs_to
        self._content = content

    def get(self, field: str) -> Value:
        """The value of a field, empty when the envelope does not hold it."""
        held = self._content.get(field)
        return Value(field, "" if held is None else str(held))

    def __getattr__(self, field: str) -> Value:
        if field not in FIELDS[self.category] and self.category != Category.DRAFT or field.startswith("_"):
            raise AttributeError(f"{self.category} has no field {field}")
        return self.get(field)

    @property
    def plain(self) -> dict[str, Any]:
        """All plaintext, for sealing it again or filling a form."""
        return dict(self._content)

    def __iter__(self) -> Iterator[str]:
        return iter(self._content)

    def __repr__(self) -> str:
        return f"<Opened {self.category} {self.envelope}>"

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        return str, (repr(self),)

    def __reduce_ex__(self, protocol: object) -> tuple[type[str], tuple[str]]:
        return self.__reduce__()

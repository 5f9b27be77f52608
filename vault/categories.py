"""What is sealed: the frozen registry of categories, their fields and their classes.

Numbers go into the associated data of every ciphertext. They never change and are never used again.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DataClass(models.TextChoices):
    """The three classes of guest data, from the seed words basic, sensitive, preference."""

    BASIC = "basic", _("basic")
    SENSITIVE = "sensitive", _("sensitive")
    PREFERENCE = "preference", _("preference")


class Category(models.TextChoices):
    """One envelope holds one category of one subject."""

    NAME = "name", _("name")
    CONTACT = "contact", _("contact")
    REGISTER = "register", _("register")
    PAYMENT = "payment", _("payment")
    PREFERENCE = "preference", _("preference")
    NOTE = "note", _("note")
    DRAFT = "draft", _("draft")


NUMBER_OF: dict[str, int] = {
    Category.NAME: 1,
    Category.CONTACT: 2,
    Category.REGISTER: 3,
    Category.PAYMENT: 4,
    Category.PREFERENCE: 5,
    Category.NOTE: 6,
    Category.DRAFT: 7,
}

CLASS_OF: dict[str, DataClass] = {
    Category.NAME: DataClass.BASIC,
    Category.CONTACT: DataClass.BASIC,
    Category.REGISTER: DataClass.SENSITIVE,
    Category.PAYMENT: DataClass.SENSITIVE,
    Category.PREFERENCE: DataClass.PREFERENCE,
    Category.NOTE: DataClass.PREFERENCE,
    Category.DRAFT: DataClass.BASIC,
}

# A draft holds a form as typed: any field.
FIELDS: dict[str, tuple[str, ...]] = {
    Category.NAME: ("name", "latin_name"),
    Category.CONTACT: ("phone", "email", "address"),
    Category.REGISTER: (
        "document_type",
        "document_number",
        "nationality",
        "birth_date",
        "sex",
        "expires_on",
        "name",
        "latin_name",
        "region",
    ),
    Category.PAYMENT: ("method", "payer", "card_last4", "deposit", "invoice_title", "tax_number"),
    Category.PREFERENCE: ("text",),
    Category.NOTE: ("text", "salt"),  # salt: of the note's commitment in the log
    Category.DRAFT: (),
}

# A subject has at most one live envelope of these.
ONE_PER_SUBJECT = (Category.NAME, Category.CONTACT, Category.PREFERENCE)

# What the blind index is made of.
INDEXED = (Category.NAME, Category.CONTACT, Category.REGISTER)

# Bytes a plaintext is padded to. A note's length says more than a field's, so its steps are wider.
BLOCK_OF: dict[str, int] = {category: 64 if category == Category.NOTE else 16 for category in Category}

"""What is personal in the vault: nothing beside the envelopes, everything inside them."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_noop as _

from audit.personal_data import CONSENT, CONTRACT, LEGAL_DUTY, Fields, Personal, nobodys

REFERENCE: Final = Personal("guest", "reference", CONTRACT, _("leads nowhere once the guest's envelopes are erased"))
SEALED: Final = Personal("guest", "sensitive", _("that of what is in it"), _("shredded with the envelope's key"))
INDEX: Final = Personal("guest", "sensitive", CONTRACT, _("removed when the subject's envelopes are erased"))

MODELS: Final[Mapping[str, Fields]] = {
    "vault.Subject": {**nobodys("kind", "created_at"), **REFERENCE.each("id", "seen_on")},
    "vault.Envelope": {
        **nobodys("id", "category", "restricted_until", "erased_at", "turn", "created_at", "sealed_at"),
        **REFERENCE.each("subject", "belongs_to"),
        **SEALED.each("ciphertext"),
    },
    "vault.EnvelopeKey": nobodys("envelope", "kek", "generation", "wrapped", "shredded_at"),
    "vault.SubjectToken": {
        **nobodys("epoch", "part"),
        **REFERENCE.each("subject", "seen_on"),
        **INDEX.each("tok", "phone", "phone_tail", "document", "document_tail"),
    },
    "vault.TokenFrequency": nobodys("epoch", "version", "sealed", "counted_at"),
    "vault.ErasureEntry": {
        **nobodys("sequence", "at", "envelopes", "reason", "property", "previous", "digest"),
        **Personal("staff", "reference", LEGAL_DUTY, _("longest of all, with the ledger")).each("actor", "role"),
    },
    "vault.Backup": nobodys(
        "name",
        "begun_at",
        "taken_at",
        "proved_at",
        "failed_at",
        "failure",
        "ledger",
        "data_bytes",
        "keys_bytes",
        "opened",
        "data_gone_at",
        "keys_gone_at",
    ),
    "vault.Drill": nobodys("id", "begun_at", "ended_at", "backup", "steps", "facts", "failure"),
    "vault.KeyEpoch": nobodys("id", "purpose", "epoch", "reference", "state", "created_at", "destroyed_at"),
}

NAME: Final = Personal(
    "guest",
    "basic",
    CONTRACT,
    _("when nothing leads to the guest any more: no stay with a register, no booking, no preference"),
)
CONTACT: Final = Personal("guest", "basic", CONTRACT, _("with the name; of a booking never used, CN-RET-08"))
REGISTER: Final = Personal(
    "guest", "sensitive", LEGAL_DUTY, _("CN-RET-01 per stay; working copy restricted by CN-RET-02")
)
PAYMENT: Final = Personal(
    "guest", "sensitive", CONTRACT, _("CN-RET-05 per stay, reduced to amount, date, invoice title")
)
PREFERENCE: Final = Personal("guest", "preference", CONSENT, _("withdrawal, or 24 months idle (CN-RET-09)"))
NOTE: Final = Personal("guest", "preference", CONTRACT, _("with the stay, request or case it belongs to (CN-RET-01)"))
DRAFT: Final = Personal("guest", "basic", CONTRACT, _("at completion of the form, or after 24 hours"))

# What the envelopes of each category hold; a draft holds whatever its form asks.
CONTENT: Final[Mapping[str, Fields]] = {
    "name": NAME.each("name", "latin_name"),
    "contact": CONTACT.each("phone", "email", "address"),
    "register": REGISTER.each(
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
    "payment": PAYMENT.each("method", "payer", "card_last4", "deposit", "invoice_title", "tax_number"),
    "preference": PREFERENCE.each("text"),
    "note": {**NOTE.each("text"), **nobodys("salt")},
    "draft": DRAFT.each(),
}

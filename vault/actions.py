"""What the vault puts on record, one sentence each."""

from django.utils.translation import gettext_lazy as _

from audit.registry import action, words

ERASED = action("envelope.erased", _("%(who)s erased %(count)s sealed records for good"))
RESTRICTED = action("envelope.restricted", _("%(who)s restricted %(count)s sealed records"))
SEARCH_REBUILT = action("search.rebuilt", _("%(who)s rebuilt the search index of %(count)s guests"))
KEYS_MADE = action("keys.made", _("%(who)s made %(count)s keys of the vault"))
BACKUP_PROVED = action(
    "backup.proved", _("%(who)s took backup %(object)s and opened %(count)s records of it for trial")
)
BACKUP_FAILED = action("backup.failed", _("%(who)s could not take or prove backup %(object)s"))
HOUSE_RESTORED = action("house.restored", _("%(who)s restored the house from backup %(object)s"))
DRILL_DONE = action("drill.done", _("%(who)s restored backup %(object)s for trial"))
DRILL_FAILED = action("drill.failed", _("%(who)s could not restore backup %(object)s for trial"))
KEY_BEGUN = action("key.begun", _("%(who)s began key %(object)s"))
KEY_DESTROYED = action("key.destroyed", _("%(who)s destroyed key %(object)s after %(count)s keys were wrapped anew"))

words(
    {
        "data": _("data"),
        "keys": _("keys"),
        "structure": _("indexes and rules"),
        "ledger": _("erasure ledger"),
        "replay": _("erasing again"),
        "proof": _("proof"),
        "kek": _("key of the guests' keys"),
        "index": _("key of the search index"),
        "name": _("name"),
        "latin_name": _("name in Latin letters"),
        "phone": _("phone"),
        "email": _("e-mail"),
        "address": _("address"),
        "document_type": _("document type"),
        "document_number": _("document number"),
        "document_tail": _("last characters of the document number"),
        "phone_tail": _("last digits of the phone number"),
        "initials": _("initials"),
        "document": _("document number"),
        "nationality": _("nationality"),
        "birth_date": _("birth date"),
        "sex": _("sex"),
        "expires_on": _("document's expiry date"),
        "region": _("region"),
        "method": _("way of payment"),
        "payer": _("payer"),
        "card_last4": _("last 4 digits of the card"),
        "deposit": _("deposit"),
        "invoice_title": _("invoice title"),
        "tax_number": _("tax number"),
        "text": _("text"),
        "contact": _("contact"),
        "register": _("register"),
        "payment": _("payment"),
        "preference": _("preference"),
        "note": _("note"),
        "draft": _("draft"),
    }
)

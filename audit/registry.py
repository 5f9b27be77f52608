"""Every action code of the house with its sentence, and the words for the codes a sentence contains.

Each app declares its own in ``actions.py``; ``AuditConfig.ready`` loads them all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from audit.models import Event

Text = str | Promise

_sentences: dict[str, Text] = {}
_words: dict[str, Text] = {}


@dataclass(frozen=True, slots=True)
class Names:
    """What the reader of the log may call people, things and properties; what is missing is shown by its id."""

    people: Mapping[int, str] = field(default_factory=dict)
    objects: Mapping[tuple[str, str], str] = field(default_factory=dict)
    properties: Mapping[int, str] = field(default_factory=dict)

    def who(self, actor: int | None, role: str = "") -> str:
        """The person's name; where nobody of ours acted, who it was by role, or the system."""
        if actor is None:
            told = word(role) if role in OUTSIDERS else word("system")
            return told[:1].upper() + told[1:]
        return self.people.get(actor) or _("Person %(id)s") % {"id": actor}

    def thing(self, object_type: str, object_ref: str) -> str:
        """The thing's display text, or its reference."""
        return self.objects.get((object_type, object_ref), object_ref)

    def place(self, property_id: int | None) -> str:
        """The property's name, empty where none is concerned."""
        return "" if property_id is None else self.properties.get(property_id, f"#{property_id}")


NO_NAMES = Names()
PLACEHOLDERS = ("who", "object", "type", "fields", "purpose", "count", "property")
# Roles of who acts without an account of ours.
OUTSIDERS = ("requester",)
# Codes whose sentence says by itself that nothing was done.
TELLS_ITS_OUTCOME = ("refused", "failed", "missing")


def action(code: str, sentence: Text) -> str:
    """Register an action code with its human sentence and return the code.

    The sentence may use ``%(who)s %(object)s %(type)s %(fields)s %(count)s %(property)s`` and ``%(purpose)s``; the
    purpose is added at the end where the sentence does not use it. A sentence that says by itself that nothing was
    done belongs to a code that ends in refused, failed or missing.
    """
    _sentences[code] = sentence
    return code


def words(texts: Mapping[str, Text]) -> None:
    """Register words for codes (fields, purposes, roles, reasons). Rooms that use one code share its word."""
    _words.update(texts)


def word(code: str) -> str:
    """The word for a code in the reader's language, the code itself where it has none."""
    return str(_words.get(code, code))


def is_action(code: str) -> bool:
    """Whether some app has declared this action."""
    return code in _sentences


def codes() -> list[str]:
    """Every declared action code, sorted."""
    return sorted(_sentences)


def label(code: str) -> str:
    """The action without its people and things, for filters: “opened stay …”."""
    return str(_sentences.get(code, code)) % dict.fromkeys(PLACEHOLDERS, "…")


def listed(texts: Sequence[str]) -> str:
    """Several words in one sentence, separated as the language does it."""
    return reduce(lambda one, other: _("%(one)s, %(other)s") % {"one": one, "other": other}, texts) if texts else ""


def sentence(event: "Event", names: Names = NO_NAMES) -> str:
    """One row of the log as a person would say it, in the active language."""
    template = str(_sentences.get(event.action, "%(who)s: " + event.action + " %(object)s"))
    told = (template % _facts(event, names)).rstrip()
    if event.purpose and "%(purpose)s" not in template:
        told = _("%(sentence)s, for %(purpose)s") % {"sentence": told, "purpose": _purpose(event)}
    if event.action.endswith(TELLS_ITS_OUTCOME):
        return told
    if event.outcome == "denied":
        return _("Refused, so not done: %(sentence)s") % {"sentence": told}
    if event.outcome == "failed":
        return _("Failed, so not done: %(sentence)s") % {"sentence": told}
    return told


def _facts(event: "Event", names: Names) -> dict[str, Any]:
    return {
        "who": names.who(event.actor, event.actor_role),
        "object": names.thing(event.object_type, event.object_ref),
        "type": word(event.object_type),
        "fields": listed([word(code) for code in event.fields]),
        "purpose": _purpose(event),
        "count": event.detail.get("count", len(event.subjects)),
        "property": names.place(event.property),
    }


def _purpose(event: "Event") -> str:
    if not event.purpose_ref:
        return word(event.purpose)
    return f"{word(event.purpose)} ({event.purpose_ref})"

"""What is personal in each field of each table: the vocabulary, and the log's own tables.

Every app says so for its models in ``personal_data.py``; a test refuses a field that nobody has classified.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_noop as _

CONTRACT: Final = _("contract with the guest, PIPL 13(1)(2)")
LEGAL_DUTY: Final = _("legal duty, PIPL 13(1)(3)")
CONSENT: Final = _("consent, PIPL 13(1)(1), 14")
EMPLOYMENT: Final = _("employment, PIPL 13(1)(2)")
ACCOUNTABILITY: Final = _("duty to show who handled what, PIPL 51, 54; Cybersecurity Law 23(3)")

WITH_THE_LOG: Final = _("36 months, with the log (CN-LOG-01)")


@dataclass(frozen=True, slots=True)
class Personal:
    """A field that says something about a person.

    ``of``: guest or staff. ``grade``: basic, sensitive or preference (guests); reference (an opaque id that leads to a
    person only through the vault or the list of people); work or secret (staff). ``basis``: why it may be kept.
    ``ends``: what ends it, with the code of the rule where one exists.
    """

    of: str
    grade: str
    basis: str
    ends: str

    def each(self, *names: str) -> dict[str, "Personal | None"]:
        """The same said of several fields."""
        return dict.fromkeys(names, self)


Fields = Mapping[str, Personal | None]


def nobodys(*names: str) -> dict[str, Personal | None]:
    """Fields that say nothing about any person."""
    return dict.fromkeys(names)


ACTOR: Final = Personal("staff", "reference", ACCOUNTABILITY, WITH_THE_LOG)
SUBJECT: Final = Personal(
    "guest", "reference", ACCOUNTABILITY, _("refers to nobody once the guest's envelopes are erased")
)
SEAT: Final = Personal("staff", "work", ACCOUNTABILITY, _("6 months after the session's end, then the row goes"))

MODELS: Final[Mapping[str, Fields]] = {
    "audit.Event": {
        **nobodys("id", "ref", "v", "at", "property", "action", "outcome", "purpose", "fields", "explained_by"),
        **nobodys("detail", "request_id", "note_commit", "object_type"),
        **ACTOR.each("actor", "actor_role", "session_ref", "request_n"),
        **SUBJECT.each("subjects", "object_ref", "purpose_ref"),
    },
    "audit.Session": {
        **nobodys("property"),
        **SEAT.each("session_ref", "actor", "terminal", "address", "started_at", "ended_at"),
    },
    "audit.Change": {
        **nobodys("id", "v", "content_type", "object_pk", "object_id", "object_repr", "serialized_data", "action"),
        **nobodys("changes_text", "changes", "additional_data", "timestamp", "cid", "property"),
        **nobodys("remote_addr", "remote_port", "actor_email"),
        **ACTOR.each("actor", "session_ref", "request_n"),
    },
    "audit.TermKey": nobodys("month", "key", "destroyed_at"),
    "audit.KeeperBeat": nobodys("id", "at", "breaches"),
    "audit.Origin": {
        **nobodys("id", "name", "verifier", "first_size", "at"),
        **nobodys("event_floor", "change_floor", "statement_floor"),
    },
    "audit.Statement": {
        **nobodys("id", "ref", "v", "at", "kind", "property", "said", "unsaid"),
        **ACTOR.each("actor"),
        **SUBJECT.each("subjects"),
    },
    "audit.Leaf": nobodys("number", "source", "row_id", "at", "private_hash"),
    "audit.Checkpoint": nobodys("id", "origin", "size", "root", "note", "at", "source", "row_id"),
    "audit.Cosignature": nobodys("id", "checkpoint", "witness", "line", "at"),
    "audit.Anchor": nobodys("id", "checkpoint", "place", "at"),
    "audit.Verification": {
        **nobodys("id", "asked_at", "scope", "begins", "ends", "done", "finished_at", "complaints"),
        **ACTOR.each("asked_by"),
    },
    "audit.PruningApproval": {**nobodys("id", "year", "at"), **ACTOR.each("actor")},
    "audit.Pruning": nobodys("year", "minimum_index", "at"),
}

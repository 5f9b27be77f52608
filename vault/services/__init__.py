"""The vault's deeds: seal, open, match, index, restrict, erase."""

from .comparing import Namesakes, find_namesakes
from .credentials import is_sealed_before, open_credential, seal_credential
from .erasing import UNTIL_LIFTED, erase_envelopes, restrict_envelopes
from .indexing import Indexing, index_guest, index_many, note_seen, rebuild_search, reindex
from .opening import match_facts, open_envelopes, open_for_deed
from .recognising import subject_by_document, subjects_by_document
from .sealing import EnvelopeErased, Sealing, envelopes_of, ids_of, new_subject, new_subjects, reseal, seal, seal_many

__all__ = [
    "UNTIL_LIFTED",
    "EnvelopeErased",
    "Indexing",
    "Namesakes",
    "Sealing",
    "envelopes_of",
    "erase_envelopes",
    "find_namesakes",
    "ids_of",
    "index_guest",
    "index_many",
    "is_sealed_before",
    "match_facts",
    "new_subject",
    "new_subjects",
    "note_seen",
    "open_credential",
    "open_envelopes",
    "open_for_deed",
    "rebuild_search",
    "reindex",
    "reseal",
    "restrict_envelopes",
    "seal",
    "seal_credential",
    "seal_many",
    "subject_by_document",
    "subjects_by_document",
]

"""A proof for one row: made by a page, without the right to read salts, verified by anybody."""

import json
from dataclasses import replace
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from audit import services as audit
from audit.leaves import guest_mark
from audit.models import Event, Statement
from audit.notes import Checkpoint, Proof, opened
from audit.proving import proof_of
from audit.tests.factories import COMPANION, SUBJECT, WhoFactory
from audit.tests.sealed_house import House
from audit.tree import leaf_hash, proves_inclusion


def holds(house: House, proof: Proof) -> bool:
    """Whether a proof leads to a checkpoint of the house."""
    checkpoint = Checkpoint.parse(opened(proof.note, [house.verifier]))
    return proves_inclusion(proof.index, checkpoint.size, leaf_hash(proof.extra), checkpoint.root, proof.path)


def sealed_event(house: House) -> Event:
    """A row about two guests, sealed among others."""
    house.write(3)
    [ref] = house.write(subjects=[SUBJECT, COMPANION])
    house.write(3)
    house.seal()
    return Event.objects.get(ref=ref)


def test_a_page_makes_the_proof_of_a_row(house: House) -> None:
    event = sealed_event(house)
    proof = proof_of(connection, event)
    assert proof is not None and holds(house, Proof.parse(str(proof)))
    shown = json.loads(proof.extra)["pub"]
    assert (shown["action"], shown["role"], shown["fields"]) == ("log.read", "front_desk", ["name"])
    assert shown["guests"] == [guest_mark(bytes.fromhex(shown["salt"]), each) for each in (SUBJECT, COMPANION)]
    assert not {str(SUBJECT), str(event.request_id), "2026-000042"} & set(proof.extra.decode().split('"'))
    assert len(str(proof)) < 2500


def test_a_true_proof_proves_nothing_at_another_place_or_of_another_row(house: House) -> None:
    """Defence: index and size in ``proves_inclusion``; with them left out all of these would hold."""
    proof = proof_of(connection, sealed_event(house))
    assert proof is not None and holds(house, proof)
    assert not holds(house, replace(proof, index=proof.index + 1))
    assert not holds(house, replace(proof, index=proof.index ^ 2))
    assert not holds(house, replace(proof, extra=proof.extra.replace(b"log.read", b"log.rexd")))
    house.write(40)
    larger = house.seal()
    assert larger is not None and not holds(house, replace(proof, note=larger.note))


def test_what_waits_for_its_seal_has_no_proof_yet(house: House) -> None:
    house.sealed(1)
    [ref] = house.write()
    assert proof_of(connection, Event.objects.get(ref=ref)) is None


def test_a_statement_has_a_proof_too(house: House) -> None:
    house.sealed(1)
    with transaction.atomic():
        ref = audit.add_leaf("erasure", who=WhoFactory(), said={"envelopes": 3}, subjects=[SUBJECT])
    house.seal()
    proof = proof_of(connection, Statement.objects.get(ref=ref))
    assert proof is not None and holds(house, proof)
    assert json.loads(json.loads(proof.extra)["pub"]["said"]) == {"envelopes": 3}


def test_a_page_may_not_state_what_the_keeper_states(house: House) -> None:
    with pytest.raises(DatabaseError, match="may not state retention"):
        audit.add_leaf("retention", who=WhoFactory(), said={"year": 2020})


@pytest.mark.parametrize("said", [{"reason": "free text!"}, {"name": uuid4()}, {"nested": [[1]]}])
def test_a_statement_takes_codes_only(house: House, said: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        audit.add_leaf("erasure", who=WhoFactory(), said=said)

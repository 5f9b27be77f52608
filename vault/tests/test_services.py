"""The vault's deeds: seal, look, match, restrict; what they leave in the log and in the tables."""

import json
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from audit import services as audit
from audit.models import Event
from vault import actions, masks
from vault import services as vault
from vault.categories import FIELDS, Category
from vault.models import Envelope, EnvelopeKey, Subject

from .factories import GuestFactory

LOOKED = actions.SEARCH_REBUILT  # any declared code: the rooms above name their own looks
WHO = audit.Who(actor=7, role="front_desk", property=3)
WHY = audit.Why(purpose="guest_service", ref="2026-000042", explained_by="E1")

pytestmark = pytest.mark.django_db


def look(*ids, **more):
    return vault.open_envelopes(ids, action=LOOKED, who=WHO, why=WHY, **more)


def test_what_was_sealed_is_opened():
    guest = GuestFactory()
    opened = look(*guest.envelopes.values())
    assert {envelope.category: envelope.plain for envelope in opened.values()} == {
        "name": {"name": guest.name, "latin_name": ""},
        "contact": {"phone": guest.phone, "email": guest.email, "address": guest.address},
        "register": guest.register,
    }
    assert {envelope.subject for envelope in opened.values()} == {guest.subject}
    assert opened[guest.envelopes["register"]].belongs_to == guest.stay


def test_the_look_is_on_record_exactly():
    guest, other = GuestFactory(), GuestFactory()
    look(
        guest.envelopes["name"],
        guest.envelopes["contact"],
        other.envelopes["name"],
        object_type="stay",
        object_ref="2026-000042",
        fields=["name", "phone"],
        detail={"kinds": ["phone"]},
    )
    event = Event.objects.get(action=LOOKED)
    facts = {
        name: getattr(event, name)
        for name in ("actor", "actor_role", "property", "outcome", "purpose", "purpose_ref", "object_type")
        + ("object_ref", "subjects", "fields", "explained_by", "detail")
    }
    assert facts == {
        "actor": 7,
        "actor_role": "front_desk",
        "property": 3,
        "outcome": "ok",
        "purpose": "guest_service",
        "purpose_ref": "2026-000042",
        "object_type": "stay",
        "object_ref": "2026-000042",
        "subjects": [guest.subject, other.subject],
        "fields": ["name", "phone"],
        "explained_by": "E1",
        "detail": {"kinds": ["phone"]},
    }


def test_a_look_is_one_row_and_few_queries(django_assert_num_queries):
    guests = [GuestFactory() for _ in range(20)]
    for count in (1, 20):
        with django_assert_num_queries(4):  # envelopes with keys, begin, row, commit
            look(*(guest.envelopes["name"] for guest in guests[:count]))
    assert [len(event.subjects) for event in Event.objects.filter(action=LOOKED).order_by("id")] == [1, 20]


def test_a_look_inside_a_transaction_is_refused():
    guest = GuestFactory()
    with pytest.raises(RuntimeError), transaction.atomic():
        look(guest.envelopes["name"])


def test_unknown_ids_are_absent():
    guest = GuestFactory()
    assert list(look(uuid4(), guest.envelopes["name"])) == [guest.envelopes["name"]]


def test_resealing_takes_a_new_key():
    guest = GuestFactory()
    envelope = guest.envelopes["contact"]
    before = EnvelopeKey.objects.values("generation", "wrapped").get(pk=envelope)
    vault.reseal(envelope, {"phone": "13900000000"})
    after = EnvelopeKey.objects.values("generation", "wrapped").get(pk=envelope)
    assert (before["generation"], after["generation"]) == (1, 2)
    assert bytes(before["wrapped"]) != bytes(after["wrapped"])
    assert look(envelope)[envelope].plain == {"phone": "13900000000"}


def test_generations_begin_again_before_they_run_out():
    guest = GuestFactory()
    envelope = guest.envelopes["name"]
    EnvelopeKey.objects.filter(pk=envelope).update(generation=0xFFFF)
    vault.reseal(envelope, {"name": "李四"})
    assert look(envelope)[envelope].name.plain == "李四"


@pytest.mark.parametrize("category", [category for category in Category if category != "draft"])
def test_a_field_the_category_does_not_have_is_refused(category):
    with pytest.raises(ValueError, match="has no field"):
        vault.seal(subject=vault.new_subject(), category=category, content={"shoe_size": "42"})


def test_a_draft_holds_any_form():
    subject = vault.new_subject("draft")
    typed = {"room": "0812", "occupants": [{"name": "张伟"}]}
    envelope = vault.seal(subject=subject, category="draft", content=typed)
    assert look(envelope)[envelope].plain == typed


def test_a_kind_of_subject_is_known():
    with pytest.raises(ValueError, match="no such kind"):
        vault.new_subject("ghost")


def test_many_are_sealed_in_order_with_few_statements(django_assert_num_queries):
    subjects = vault.new_subjects(300)
    items = [vault.Sealing(subject, "name", {"name": f"张{n}"}) for n, subject in enumerate(subjects)]
    for few, statements in ((items[:30], 1), (items[30:], 2)):  # both tables on one way, or a COPY for each
        with django_assert_num_queries(statements):
            ids = vault.seal_many(few)
        opened = look(*ids)
        assert [opened[envelope].name.plain for envelope in ids] == [item.content["name"] for item in few]


def test_a_subject_has_one_name():
    guest = GuestFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        vault.seal(subject=guest.subject, category="name", content={"name": "李四"})


def test_envelopes_of_subjects():
    guest, other = GuestFactory(), GuestFactory()
    assert vault.envelopes_of([guest.subject, other.subject], ["name"]) == {
        (guest.subject, "name", None): guest.envelopes["name"],
        (other.subject, "name", None): other.envelopes["name"],
    }
    assert vault.envelopes_of([guest.subject], ["name", "register"], belongs_to=guest.stay) == {
        (guest.subject, "register", guest.stay): guest.envelopes["register"]
    }
    assert vault.envelopes_of([], ["name"]) == {}


def test_restricted_envelopes_are_absent_until_their_day():
    guest = GuestFactory()
    ids = [guest.envelopes["register"]]
    restrict = {"who": WHO, "until": timezone.now() + timedelta(days=1)}
    assert vault.restrict_envelopes(ids, **restrict) == 1
    assert (look(*ids), list(look(*ids, with_restricted=True))) == ({}, ids)
    vault.restrict_envelopes(ids, who=WHO, until=timezone.now() - timedelta(seconds=1))
    assert list(look(*ids)) == ids


def test_facts_are_matched_not_told():
    guest = GuestFactory(
        name="张偉", latin_name="ZHANG WEI", phone="138 0000 5678", document_number="11010519491231002X"
    )
    vault.seal(subject=guest.subject, category="payment", content={"card_last4": "4242"}, belongs_to=guest.stay)
    right = {
        "name": " 张伟 ",
        "phone": "+8613800005678",
        "phone_tail": "5678",
        "email": "Zhang.Wei@Example.com",
        "document_number": "11010519491231002x",
        "document_tail": "002x",
        "birth_date": "1949-12-31",
        "card_last4": "4242",
    }
    assert vault.match_facts(guest.subject, right) == dict.fromkeys(right, True)
    assert vault.match_facts(guest.subject, {"name": "Zhang Wei"}) == {"name": True}
    assert vault.match_facts(guest.subject, dict.fromkeys(right, "1234")) == dict.fromkeys(right, False)
    assert vault.match_facts(guest.subject, dict.fromkeys(right, "")) == dict.fromkeys(right, False)
    assert vault.match_facts(uuid4(), right) == dict.fromkeys(right, False)


def test_an_unknown_fact_is_refused():
    with pytest.raises(ValueError, match="no such fact"):
        vault.match_facts(uuid4(), {"shoe_size": "42"})


def test_a_subject_is_known_by_document():
    guest = GuestFactory(document_number="11010519491231002X")
    ask = vault.subject_by_document
    assert ask("resident_id", "110105 19491231 002x") == guest.subject
    assert [ask("passport", "11010519491231002X"), ask("resident_id", "110105194912310021")] == [None, None]
    assert [ask("resident_id", ""), ask("resident_id", "--")] == [None, None]


@pytest.mark.parametrize(("locked", "known"), [("register", True), ("name", False), ("contact", True)])
def test_a_document_is_known_while_the_name_of_its_guest_stands_open(locked, known):
    guest = GuestFactory()
    ids, until = [guest.envelopes[locked]], timezone.now() + timedelta(days=1)
    vault.restrict_envelopes(ids, who=WHO, until=until)
    asked = guest.document_type, guest.document_number
    assert vault.subject_by_document(*asked) == (guest.subject if known else None)
    vault.restrict_envelopes(ids, who=WHO, until=None)
    assert vault.subject_by_document(*asked) == guest.subject


def test_of_two_subjects_of_one_document_the_house_knows_whom_it_saw_last():
    """As a house has them that once did not recognise its guests."""
    first, second = (GuestFactory(document_number="11010519491231002X") for _each in range(2))
    vault.note_seen({first.subject: date(2026, 1, 1), second.subject: date(2026, 2, 1)})
    assert vault.subject_by_document("resident_id", "11010519491231002X") == second.subject
    vault.note_seen({first.subject: date(2026, 3, 1)})
    assert vault.subject_by_document("resident_id", "11010519491231002X") == first.subject


def every_cell():
    """Every value of every row of every table there is, as text and as bytes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM pg_tables"
            " WHERE schemaname IN ('public', 'keys', 'search') AND has_table_privilege("
            " quote_ident(schemaname) || '.' || quote_ident(tablename), 'SELECT')"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT * FROM {table}")
            for row in cursor.fetchall():
                for value in row:
                    yield value.tobytes() if isinstance(value, memoryview) else json.dumps(value, default=told).encode()


def told(value):
    """A value in words; a random number that stands as one is none: now and then it has any four digits in it."""
    return "" if isinstance(value, UUID) else str(value)


def test_no_plaintext_is_in_any_table():
    canaries = {
        f"{category}.{field}": f"canary{category}{field}9471" for category in FIELDS for field in FIELDS[category]
    }
    canaries["draft.typed"] = "canarydrafttyped9471"
    subject = vault.new_subject()
    for category in Category:
        content = {name.partition(".")[2]: value for name, value in canaries.items() if name.startswith(f"{category}.")}
        vault.seal(subject=subject, category=category, content=content, belongs_to=uuid4())
    values = list(canaries.values())
    vault.index_guest(subject, names=values, phones=["13847119471"], documents=values)
    look(*Envelope.objects.values_list("id", flat=True), fields=["name"])
    vault.rebuild_search()
    secrets = [b"9471", b"canary", "canary".encode("utf-16-le")]
    assert [cell for cell in every_cell() for secret in secrets if secret in cell] == []


def test_references_are_no_names():
    guest = GuestFactory()
    envelope = Envelope.objects.select_related("subject", "key").get(pk=guest.envelopes["name"])
    assert [str(envelope), str(envelope.subject), str(envelope.key)] == [
        str(envelope.pk),
        str(guest.subject),
        str(envelope.pk),
    ]
    assert Subject.objects.get(pk=guest.subject).kind == "guest"


def test_every_field_has_a_mask_that_hides_it():
    plain = "Q7-canary"
    assert {field for fields in FIELDS.values() for field in fields if masks.mask(field, plain) == plain} == set()

"""What a purge does to each record, and what it leaves."""

import importlib.util
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from privacy.models import Certificate, Consent, PurgeBatch, PurgeItem
from privacy.services import certificates, consents, paper, purging
from privacy.services.reviewing import today
from privacy.tests.factories import (
    AT,
    NoticeFactory,
    expected,
    make_hold,
    make_property,
    make_request,
    row,
    subjects_of,
)
from privacy.tests.purges import BILL_OVER, COPY_OVER, REGISTER_OVER, gone_stay, live, planned, purged
from privacy.tests.sheets import with_preferences
from staff.models import Person, Property
from stays.models import BillLine, Occupant, Registration, Room, Stay
from stays.typed import PaymentData
from vault import services as vault
from vault.models import Envelope, EnvelopeKey, ErasureEntry

pytestmark = pytest.mark.django_db

TITLED = PaymentData("card", "欧阳海棠", "4242", None, "海棠贸易有限公司", "91310000MA1K35XY7P")


def test_a_copy_of_the_register_goes_out_of_the_desks_sight(
    house: Property, clerk: Person, officer: Person, room: Room
) -> None:
    stay = gone_stay(clerk, room)
    sealed = live()
    own, asks = purged(house, officer, COPY_OVER)
    stay.refresh_from_db()
    assert (own.state, own.total, asks.total) == ("done", 1, 0)
    assert stay.is_restricted(COPY_OVER) and live() == sealed
    assert live(restricted_until__isnull=False) == {"register": sealed["register"]}
    assert (Stay.objects.visible_to(clerk).count(), Stay.objects.visible_to(officer).count()) == (0, 1)
    assert planned(house, COPY_OVER + timedelta(days=3)) == []


def test_a_register_ends_and_the_stay_leads_to_nobody(
    house: Property, clerk: Person, officer: Person, room: Room
) -> None:
    stay = gone_stay(clerk, room, special_request="靠窗")
    guest, before = subjects_of(stay)[0], live()
    assert set(before) == {"name", "contact", "register", "payment", "note"}
    purged(house, officer, REGISTER_OVER)
    occupant = Occupant.objects.get(stay=stay)
    assert set(live()) == {"name", "contact", "payment"}
    assert (occupant.register_envelope, occupant.subject_id == guest, live(subject=occupant.subject_id)) == (
        None, False, {},
    )  # fmt: skip
    assert Registration.objects.get().receipt == ""
    purged(house, officer, REGISTER_OVER + timedelta(days=2))
    assert set(live()) == {"payment"}
    assert Stay.objects.get() == stay


def test_cards_on_paper_are_to_be_destroyed_once_their_register_has_ended(
    house: Property, clerk: Person, officer: Person, room: Room
) -> None:
    stay = gone_stay(clerk, room)
    kept = {"actor": clerk, "stay": stay, "custodian": clerk, "at": AT}
    own = paper.keep_card(occupant=stay.occupants.get(), place="Cabinet 3", **kept)
    of_party = paper.keep_card(occupant=None, place="Cabinet 4", **kept)
    assert paper.cards_ended(house) == []
    purged(house, officer, REGISTER_OVER)
    ended = paper.cards_ended(house)
    assert {(card.pk, card.destroy_by) for card in ended} == {
        (card.pk, today(house, REGISTER_OVER) + timedelta(days=1 + 7)) for card in (own, of_party)
    }
    paper.destroy_card(actor=officer, card=own, second=clerk, at=REGISTER_OVER)
    assert paper.cards_ended(house) == [of_party]


def test_a_bill_keeps_its_title_under_a_fresh_key(house: Property, clerk: Person, officer: Person, room: Room) -> None:
    stay = gone_stay(clerk, room, payment=TITLED)
    former = live()["payment"]
    line = BillLine.objects.create(
        stay=stay, kind="room", amount=388, posted_at=AT, settled_at=AT, payment_envelope_id=former
    )
    purged(house, officer, BILL_OVER)
    line.refresh_from_db()
    assert (line.amount, line.posted_at) == (388, AT)
    assert line.payment_envelope_id not in (None, former)
    with transaction.atomic():
        kept = vault.open_for_deed([line.payment_envelope_id or former])
    assert [each.plain for each in kept.values()] == [{"invoice_title": "海棠贸易有限公司"}]
    assert EnvelopeKey.objects.get(pk=former).wrapped is None
    assert [former in entry.envelopes for entry in ErasureEntry.objects.filter(reason="purge")].count(True) == 1
    assert Envelope.objects.get(pk=line.payment_envelope_id).belongs_to is None
    assert ("bill", "reduce_bill", "") not in planned(house, BILL_OVER + timedelta(days=3))


def test_a_bill_without_a_title_keeps_only_its_lines(
    house: Property, clerk: Person, officer: Person, room: Room
) -> None:
    stay = gone_stay(clerk, room)
    line = BillLine.objects.create(
        stay=stay, kind="room", amount=1, posted_at=AT, settled_at=AT, payment_envelope_id=live()["payment"]
    )
    purged(house, officer, BILL_OVER)
    line.refresh_from_db()
    assert (line.payment_envelope, live(category="payment")) == (None, {})


def test_a_booking_never_used_ends(house: Property, clerk: Person, officer: Person) -> None:
    stay = expected(clerk, house)
    guest = subjects_of(stay)[0]
    vault.seal(subject=guest, category="note", content={"text": "晚到"}, belongs_to=stay.pk)
    Stay.objects.filter(pk=stay.pk).update(status="no_show")
    own, _asks = purged(house, officer, AT + timedelta(days=92))
    assert own.counts == [
        {"record": "booking", "rule": "CN-RET-08", "outcome": "erase", "skip": "", "count": 1},
    ]
    assert (set(live()), live(belongs_to=stay.pk)) == ({"name", "contact"}, {})
    purged(house, officer, AT + timedelta(days=94))
    assert live() == {}


def test_visitors_and_guardians_end(house: Property, clerk: Person, officer: Person, room: Room) -> None:
    stay = gone_stay(clerk, room)
    visitor, guardian = _visitor(stay), vault.new_subject("guardian")
    vault.seal(subject=guardian, category="contact", content={"phone": "13700002222"}, belongs_to=stay.pk)
    purged(house, officer, AT + timedelta(days=92))
    assert (live(subject=visitor), set(live(subject=guardian))) == ({}, {"contact"})
    purged(house, officer, REGISTER_OVER)
    assert live(subject=guardian) == {}


def _visitor(stay: Stay) -> UUID:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO vault_subject (id, kind, created_at) VALUES (gen_random_uuid(), 'visitor', %s) RETURNING id",
            [AT],
        )
        [visitor] = cursor.fetchone()
    vault.seal(subject=visitor, category="name", content={"name": "司马光"}, belongs_to=stay.pk)
    return visitor


def test_idle_preferences_end(house: Property, clerk: Person, officer: Person, room: Room) -> None:
    stay = gone_stay(clerk, room)
    with_preferences(stay)
    purged(house, officer, AT + timedelta(days=729))
    assert "preference" in live()
    purged(house, officer, AT + timedelta(days=733))
    assert "preference" not in live() and "name" in live()


def test_preferences_a_hold_kept_at_the_end_of_their_consent_end_after_it(
    house: Property, clerk: Person, officer: Person, room: Room
) -> None:
    stay = gone_stay(clerk, room)
    guest = stay.occupants.get()
    consents.give_consent(actor=clerk, occupant=guest, about="preferences", notice=NoticeFactory(), text="高层", at=AT)
    make_hold(house, placed_by=officer, stay=stay, kind="authority", until=AT + timedelta(days=10))
    consents.withdraw_consent(actor=clerk, occupant=guest, about="preferences", at=AT)
    purged(house, officer, AT + timedelta(days=5))
    assert "preference" in live()
    purged(house, officer, AT + timedelta(days=11))
    assert "preference" not in live()


def test_preferences_of_a_guest_who_never_came_end_too(house: Property, clerk: Person, officer: Person) -> None:
    stay = expected(clerk, house)
    with_preferences(stay)
    notice = NoticeFactory()
    Consent.objects.create(
        subject_id=subjects_of(stay)[0], property=house, about="preferences", notice=notice, given_at=AT, channel="desk"
    )
    Stay.objects.filter(pk=stay.pk).update(status="cancelled")
    purged(house, officer, AT + timedelta(days=92))
    assert set(live()) == {"name", "contact", "preference"}
    purged(house, officer, AT + timedelta(days=740))
    purged(house, officer, AT + timedelta(days=742))
    assert live() == {}


def test_guests_to_whom_nothing_leads_are_looked_for_once_a_night_under_each_law(
    house: Property, clerk: Person, officer: Person, room: Room
) -> None:
    guest = subjects_of(gone_stay(clerk, room))[0]
    purged(house, officer, REGISTER_OVER)
    make_request(house, state="verifying", guest_id=guest)
    night = REGISTER_OVER + timedelta(days=2)
    houses = [make_property(), house, make_property()]
    Property.objects.filter(pk=houses[2].pk).update(jurisdiction="EU")
    houses[2].refresh_from_db()
    runs = [purging.plan_night(house=each, at=night)[0] for each in houses]
    looked_for = PurgeItem.objects.filter(record="guest", skip="open_request")
    assert [looked_for.filter(purge=run).count() for run in runs] == [2, 0, 2]  # name and contact


def test_certificates_and_receipts_end(house: Property, clerk: Person, officer: Person, room: Room) -> None:
    gone_stay(clerk, room)
    own, _asks = purged(house, officer, COPY_OVER)
    receipt = Certificate.objects.get()
    assert own.receipt == receipt
    with pytest.raises(DatabaseError), transaction.atomic():
        Certificate.objects.filter(pk=receipt.pk).delete()
    purged(house, officer, COPY_OVER + timedelta(days=3 * 366))
    assert not Certificate.objects.filter(pk=receipt.pk).exists()
    own.refresh_from_db()
    assert (own.receipt, own.state) == (None, "done")


def test_the_receipt_is_signed_and_checked_offline(house: Property, clerk: Person, officer: Person, room: Room) -> None:
    gone_stay(clerk, room, special_request="靠窗")
    register, note = live()["register"], live()["note"]
    own, asks = purged(house, officer, REGISTER_OVER)
    payload = asks.receipt.payload  # type: ignore[union-attr]
    marks = list(PurgeBatch.objects.filter(purge=asks).exclude(mark="").values_list("mark", flat=True))
    assert {name: payload[name] for name in ("purge", "reason", "erased", "restricted", "reduced", "batches")} == {
        "purge": asks.number,
        "reason": "purge",
        "erased": {"note": 1, "register": 1},
        "restricted": {},
        "reduced": {},
        "batches": marks,
    }
    assert sorted(marks) == sorted(certificates.mark_of([one]) for one in (register, note))
    code, lines = _verifier().verify(certificates.certificate_file(asks.receipt))  # type: ignore[arg-type]
    assert (code, lines[3:]) == (0, ["Erased: note 1, register 1", "Locked away instead: nothing"])
    assert own.receipt is not None and certificates.is_genuine(own.receipt)


def _verifier() -> Any:
    spec = importlib.util.spec_from_file_location(
        "verifier", Path(settings.BASE_DIR) / "docs" / "verify_certificate.py"
    )
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_each_step_stands_in_the_log(house: Property, clerk: Person, officer: Person, room: Room) -> None:
    gone_stay(clerk, room)
    own, _asks = purged(house, officer, COPY_OVER)
    plain = {
        "actor": None, "actor_role": "system", "property": house.pk, "outcome": "ok", "purpose": "",
        "purpose_ref": "", "object_type": "purge", "object_ref": own.number, "subjects": [], "fields": [],
        "explained_by": "",
    }  # fmt: skip
    assert row("purge.started") == plain | {"detail": {"count": 1}}
    assert row("purge.batch_done") == plain | {"detail": {"count": 1, "record": "register_copy"}}
    assert row("purge.finished") == plain | {"detail": {"count": 1}}

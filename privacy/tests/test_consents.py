"""Consent given and withdrawn, at the desk and on the public page."""

from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from audit.models import Event
from audit.services import Why
from privacy import refusals
from privacy.copies.gathering import gather
from privacy.models import Consent
from privacy.services import consents, withdrawals
from privacy.services.restricting import UNTIL_LIFTED
from privacy.tests.factories import (
    AT,
    NoticeFactory,
    as_row,
    checked_in,
    companion,
    document,
    guest,
    lead,
    make_hold,
    make_person,
    make_property,
    row,
    subjects_of,
)
from privacy.tests.office import answers, on_duty
from staff.models import Person, Property
from staff.permissions import NotAllowed
from stays.models import Notice, Room, Stay
from stays.refusals import NotInFreeText
from stays.tests.desk_visits import in_house
from vault import services as vault
from vault.models import Envelope

pytestmark = pytest.mark.django_db

TEXT = "靠窗的安静房间，荞麦枕"


@pytest.fixture(autouse=True)
def near_broker(settings: Any) -> None:
    """No time is spent on waiting for a broker."""
    settings.CELERY_BROKER_URL = "memory://"


@pytest.fixture
def notice(db: None) -> Notice:
    """The newest privacy notice."""
    return NoticeFactory()


def give(clerk: Person, stay: Stay, notice: Notice, about: str = "preferences", **facts: Any) -> Consent:
    """The lead guest agrees."""
    given = {"text": TEXT if about == "preferences" else "", **facts}
    lead_guest = stay.occupants.get(role="lead")
    return consents.give_consent(actor=clerk, occupant=lead_guest, about=about, notice=notice, at=AT, **given)


def preferences_of(stay: Stay) -> list[str]:
    """What is written down of the lead guest's wishes."""
    ids = list(vault.ids_of(subjects_of(stay)[:1], ["preference"]))
    opened = vault.open_envelopes(ids, action="consents.viewed", who=as_who(), why=Why())
    return [each.text.plain for each in opened.values()]


def as_who() -> Any:
    """Nobody in particular."""
    return consents.audit.SYSTEM


def test_given(clerk: Person, house: Property, stay: Stay, notice: Notice) -> None:
    consent = give(clerk, stay, notice)
    assert (consent.notice, consent.given_by, consent.channel) == (notice, clerk, "desk")
    assert row("consent.given") == as_row(
        clerk,
        house,
        object_type="stay",
        object_ref=stay.reference,
        subjects=subjects_of(stay)[:1],
        fields=["preferences"],
        detail={"notice": notice.version, "channel": "desk"},
    )


def test_what_the_guest_wants_is_sealed_and_goes_with_the_consent(clerk: Person, stay: Stay, notice: Notice) -> None:
    give(clerk, stay, notice)
    before = preferences_of(stay)
    erased = consents.withdraw_consent(
        actor=clerk, occupant=stay.occupants.get(role="lead"), about="preferences", at=AT
    )
    envelope = Envelope.objects.get(category="preference")
    assert (before, erased, preferences_of(stay), bytes(envelope.ciphertext)) == ([TEXT], 1, [], b"")


def test_withdrawn(clerk: Person, house: Property, stay: Stay, notice: Notice) -> None:
    consent = give(clerk, stay, notice)
    consents.withdraw_consent(actor=clerk, occupant=stay.occupants.get(role="lead"), about="preferences", at=AT)
    consent.refresh_from_db()
    assert (consent.withdrawn_at, consent.withdrawn_by, consent.withdrawn_channel) == (AT, clerk, "desk")
    facts = {"object_type": "stay", "object_ref": stay.reference, "subjects": subjects_of(stay)[:1]}
    said = as_row(clerk, house, fields=["preferences"], detail={"channel": "desk"}, **facts)
    assert row("consent.withdrawn") == said
    assert row("envelope.erased")["detail"] == {"count": 1, "reason": "consent_withdrawn"}


@pytest.mark.parametrize(("confidential", "told"), [(False, 0), (True, 1)])
def test_what_a_hold_keeps_is_locked_away_and_not_erased(
    clerk: Person, officer: Person, house: Property, stay: Stay, notice: Notice, confidential: bool, told: int
) -> None:
    """Of a confidential hold neither the desk nor the guest learns: they are told what they would be told without."""
    give(clerk, stay, notice)
    make_hold(house, placed_by=officer, stay=stay, kind="authority", until=None, confidential=confidential)
    lead_guest = stay.occupants.get(role="lead")
    assert consents.withdraw_consent(actor=clerk, occupant=lead_guest, about="preferences", at=AT) == told
    kept = Envelope.objects.get(category="preference")
    assert (kept.erased_at, kept.restricted_until, preferences_of(stay)) == (None, UNTIL_LIFTED, [])
    in_copy = gather(lead_guest.subject_id, lambda part: not part.under_secrecy).envelopes
    assert (kept.pk in in_copy) is not confidential
    give(clerk, stay, notice, text="高楼层")
    assert (preferences_of(stay), Envelope.objects.filter(category="preference").count()) == (["高楼层"], 2)


def test_marketing_ends_without_the_preferences(clerk: Person, stay: Stay, notice: Notice) -> None:
    give(clerk, stay, notice)
    give(clerk, stay, notice, "marketing")
    erased = consents.withdraw_consent(actor=clerk, occupant=stay.occupants.get(role="lead"), about="marketing", at=AT)
    assert (erased, list(Consent.objects.standing().values_list("about", flat=True))) == (0, ["preferences"])


def test_one_stands_at_a_time(clerk: Person, stay: Stay, notice: Notice) -> None:
    give(clerk, stay, notice)
    with pytest.raises(refusals.ConsentStands):
        give(clerk, stay, notice)
    lead_guest = stay.occupants.get(role="lead")
    with pytest.raises(refusals.NoConsent):
        consents.withdraw_consent(actor=clerk, occupant=lead_guest, about="marketing", at=AT)


def test_the_notice_shown_is_the_newest(clerk: Person, stay: Stay, notice: Notice) -> None:
    NoticeFactory(version=notice.version + 1)
    with pytest.raises(consents.NoticeOutdated):
        give(clerk, stay, notice)


def test_numbers_have_no_place_among_preferences(clerk: Person, stay: Stay, notice: Notice) -> None:
    with pytest.raises(NotInFreeText):
        give(clerk, stay, notice, text="电话 13900001234")


@pytest.mark.parametrize(("born", "needs_guardian"), [(date(2012, 5, 13), True), (date(2012, 5, 12), False)])
def test_under_fourteen_the_guardian_agrees(
    clerk: Person, room: Room, notice: Notice, born: date, needs_guardian: bool
) -> None:
    stay = checked_in(clerk, room, lead(), companion(2, birth_date=born), guardian=guest("欧阳海棠"))
    child = stay.occupants.get(role="companion")
    facts = {"actor": clerk, "occupant": child, "about": "marketing", "notice": notice, "at": AT}
    if needs_guardian:
        with pytest.raises(consents.GuardianMissing):
            consents.give_consent(**facts)
    assert consents.give_consent(**facts, guardian_agrees=needs_guardian).subject_id == child.subject_id


def test_who_may(clerk: Person, house: Property, stay: Stay, notice: Notice, stranger: Person) -> None:
    others = [make_person(house, role) for role in ("finance", "privacy_officer", "manager", "administrator")]
    for person in (stranger, *others):
        with pytest.raises(NotAllowed):
            give(person, stay, notice)


def test_preferences_are_written_anew_while_the_consent_stands(
    clerk: Person, house: Property, stay: Stay, notice: Notice
) -> None:
    lead_guest = stay.occupants.get(role="lead")
    with pytest.raises(refusals.NoConsent):
        consents.note_preferences(actor=clerk, occupant=lead_guest, text="高楼层", at=AT)
    give(clerk, stay, notice)
    consents.note_preferences(actor=clerk, occupant=lead_guest, text="高楼层", at=AT)
    facts = {"object_type": "stay", "object_ref": stay.reference, "subjects": [lead_guest.subject_id]}
    assert row("consent.preferences_noted") == as_row(clerk, house, fields=["preferences"], **facts)


# The public page


def typed(stay: Stay, **facts: Any) -> dict[str, Any]:
    """What the lead guest writes on the public page."""
    number = document(1).document_number
    plain = {"stay_number": stay.reference, "document_tail": number[-4:], "phone_tail": "1234"}
    return {**plain, "abouts": ["preferences", "marketing"], **facts}


def test_the_public_page_withdraws_what_fits(clerk: Person, house: Property, stay: Stay, notice: Notice) -> None:
    give(clerk, stay, notice)
    envelope = withdrawals.receive_withdrawal(**typed(stay))
    assert withdrawals.settle_withdrawals(at=AT) == 1
    consent = Consent.objects.get()
    assert (consent.withdrawn_at, consent.withdrawn_by, consent.withdrawn_channel) == (AT, None, "web")
    assert Envelope.objects.filter(pk=envelope, erased_at__isnull=False).exists()
    assert not vault.ids_of(subjects_of(stay), ["preference"])
    facts = {"object_type": "stay", "object_ref": stay.reference, "subjects": subjects_of(stay)[:1]}
    said = as_row(clerk, house, fields=["preferences"], detail={"channel": "web"}, **facts)
    assert row("consent.withdrawn") == said | {"actor": None, "actor_role": "system"}


@pytest.mark.parametrize(
    "wrong", [{"document_tail": "9999"}, {"phone_tail": "9999"}, {"stay_number": "2026-999999"}, {"phone_tail": ""}]
)
def test_what_does_not_fit_changes_nothing(clerk: Person, stay: Stay, notice: Notice, wrong: dict[str, str]) -> None:
    give(clerk, stay, notice)
    envelope = withdrawals.receive_withdrawal(**typed(stay, **wrong))
    assert withdrawals.settle_withdrawal(envelope, at=AT) is False
    failed = row("consent.match_failed")
    assert (failed["outcome"], failed["detail"], failed["subjects"]) == ("failed", {"fits": 0}, [])
    assert Consent.objects.standing().count() == 1
    assert not Envelope.objects.get(pk=envelope).ciphertext


def test_it_fits_a_guest_whose_register_is_restricted(clerk: Person, stay: Stay, notice: Notice) -> None:
    """From half a year after the stay, the desk does not see the register any more (CN-RET-02); the consent stands."""
    give(clerk, stay, notice)
    register = list(vault.ids_of(subjects_of(stay)[:1], ["register"]))
    assert register != []
    with transaction.atomic():
        vault.restrict_envelopes(register, until=UNTIL_LIFTED, who=as_who())
    envelope = withdrawals.receive_withdrawal(**typed(stay))
    assert withdrawals.settle_withdrawal(envelope, at=AT) is True
    assert Consent.objects.standing().count() == 0


def test_a_withdrawal_is_settled_once(clerk: Person, stay: Stay, notice: Notice) -> None:
    give(clerk, stay, notice)
    envelope = withdrawals.receive_withdrawal(**typed(stay))
    settled = [withdrawals.settle_withdrawal(envelope, at=AT) for _twice in range(2)]
    assert (settled, withdrawals.settle_withdrawals(at=AT)) == ([True, False], 0)


def test_the_page_stores_and_answers_all_alike(client: Client, clerk: Person, stay: Stay, notice: Notice) -> None:
    give(clerk, stay, notice)
    sent = [client.post("/consent/", typed(stay, **wrong)) for wrong in ({}, {"stay_number": "2026-999999"})]
    assert [(each.status_code, each.headers["Location"]) for each in sent] == [(302, "/consent/received/")] * 2
    events = Event.objects.filter(action="consent.withdrawal_received")
    assert [(each.actor, each.subjects, each.fields, each.detail) for each in events] == [(None, [], [], {})] * 2
    assert Consent.objects.standing().count() == 1


def test_the_page_says_what_it_does_not_take(client: Client) -> None:
    wrong = {"abouts": ["belief"], "stay_number": "", "document_tail": "12345", "phone_tail": "12a4"}
    answer = client.post("/consent/", wrong)
    assert sorted(answer.context["form"].errors) == sorted(wrong)


def test_an_address_sends_so_many_and_no_more(client: Client, stay: Stay) -> None:
    codes = [client.post("/consent/", {}).status_code for _each in range(21)]
    assert codes == [200] * 20 + [429]


# The desk's pages


def test_the_page_of_a_stay_is_a_look(clerk: Person, room: Room, notice: Notice) -> None:
    stay = in_house(clerk, room)
    give(clerk, stay, notice)
    answer = on_duty(clerk, room.property).get(f"/stays/{stay.reference}/consents/")
    guest_shown = answer.context["guests"][0]
    assert (guest_shown.name.plain, guest_shown.preferences.plain) == ("欧阳海棠", TEXT)
    seen = Event.objects.get(action="consents.viewed")
    assert (seen.object_ref, seen.subjects, seen.fields) == (stay.reference, subjects_of(stay), ["name", "preferences"])


def test_a_past_stay_asks_what_for(clerk: Person, room: Room, notice: Notice) -> None:
    stay = in_house(clerk, room)
    Stay.objects.filter(pk=stay.pk).update(status="checked_out", departed_at=timezone.now())
    browser, page = on_duty(clerk, room.property), f"/stays/{stay.reference}/consents/"
    asked, shown = browser.get(page), browser.post(page, {"purpose": "guest_service", "purpose_ref": ""})
    assert ["guests" in each.context for each in (asked, shown)] == [False, True]


def test_the_desk_records_and_ends(clerk: Person, room: Room, notice: Notice) -> None:
    stay, browser = in_house(clerk, room), on_duty(clerk, room.property)
    page = f"/stays/{stay.reference}/consents/1/preferences/"
    browser.post(page, {"notice": notice.version, "channel": "desk", "text": TEXT, "agrees": "on"})
    browser.post(f"{page}text/", {"text": "高楼层"})
    stood = Consent.objects.standing().count(), vault.ids_of(subjects_of(stay), ["preference"]).count()
    browser.post(f"{page}end/")
    ended = Consent.objects.standing().count(), vault.ids_of(subjects_of(stay), ["preference"]).count()
    assert (stood, ended) == ((1, 1), (0, 0))


def test_a_refused_consent_keeps_what_was_typed(clerk: Person, room: Room, notice: Notice) -> None:
    stay, browser = in_house(clerk, room), on_duty(clerk, room.property)
    page, told = f"/stays/{stay.reference}/consents/1/marketing/", {"notice": notice.version, "channel": "phone"}
    answer = browser.post(page, told)
    assert (list(answer.context["form"].errors), answer.context["form"]["channel"].value()) == (["agrees"], "phone")


def test_pages_are_the_desks_own(
    house: Property, stay: Stay, officer: Person, manager: Person, notice: Notice, clerk: Person
) -> None:
    elsewhere = make_person(make_property(), "front_desk")
    pages = ["", "1/marketing/", "1/preferences/text/"]
    got = [answers(f"/stays/{stay.reference}/consents/{page}", house, officer, manager, elsewhere) for page in pages]
    assert got == [[403, 403, 404]] * 3
    assert answers(f"/stays/{stay.reference}/consents/1/marketing/end/", house, officer, elsewhere, method="post") == [
        403,
        404,
    ]
    missing = ["1/belief/", "7/marketing/"]
    got = [answers(f"/stays/{stay.reference}/consents/{page}", house, clerk) for page in missing]
    assert got == [[404]] * 2

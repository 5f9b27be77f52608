"""Lists, the search box, the stay's page, the guest's history: what is shown to whom, and the row of each."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import translation

from audit import trace
from audit.models import Event
from audit.services import Why, term_hash
from staff.permissions import NotAllowed
from staff.services import open_shift
from stays import refusals, services
from stays.models import Stay
from stays.services.looking_up import keys
from stays.tests.factories import (
    AT,
    TODAY,
    RoomFactory,
    as_row,
    checked_in,
    companion,
    document,
    expected,
    guest,
    lead,
    make_person,
    make_property,
    row,
    subjects_of,
)
from stays.typed import PaymentData

pytestmark = pytest.mark.django_db

WHY = Why(purpose="guest_service")
DAY = timedelta(days=1)


def left(clerk, room, sequence=1, *, days=30, **facts):
    """A stay that ended before the month."""
    then = AT - timedelta(days=days)
    stay = checked_in(
        clerk, room, lead(sequence, **facts), at=then, arrival_on=then.date(), departure_on=then.date() + DAY
    )
    return services.check_out_guest(actor=clerk, stay=stay, at=then + DAY)


def search(clerk, text, **facts):
    facts = {"property": clerk.kept_at, "why": WHY, "at": AT} | facts
    return services.find_stays(actor=clerk, term_text=text, **facts)


# Lists


def test_lists_hold_what_is_due_and_in_house(clerk, house):
    arriving = expected(clerk, house, arrival_on=TODAY - DAY)
    expected(clerk, house, arrival_on=TODAY + DAY, departure_on=TODAY + 2 * DAY)
    staying = checked_in(clerk, RoomFactory(property=house), lead(2))
    leaving = checked_in(clerk, RoomFactory(property=house), lead(3), departure_on=TODAY)
    listed = {
        which: services.list_stays(actor=clerk, property=house, which=which, why=WHY, at=AT)
        for which in ("arrivals", "in_house", "departures")
    }
    assert {which: [each.stay for each in lists.rows] for which, lists in listed.items()} == {
        "arrivals": [arriving],
        "in_house": [leaving, staying],
        "departures": [leaving],
    }
    assert {(lists.arrivals, lists.in_house, lists.departures) for lists in listed.values()} == {(1, 2, 1)}
    assert [(each.due_out, each.overdue) for each in listed["departures"].rows] == [(True, False)]


def test_row_shows_name_masked_phone_room_and_companions(clerk, house, room):
    checked_in(clerk, room, lead(), companion())
    shown = services.list_stays(actor=clerk, property=house, which="in_house", why=WHY, at=AT).rows[0]
    assert (shown.title, str(shown.phone), shown.room, shown.companions) == ("欧阳海棠", "·· 1234", room.number, 1)


def test_list_is_one_exact_row(clerk, house, room):
    stay = checked_in(clerk, room, lead(), companion())
    services.list_stays(actor=clerk, property=house, which="in_house", why=WHY, at=AT)
    assert row("stays.list_viewed") == as_row(
        clerk,
        house,
        purpose="guest_service",
        object_type="list",
        object_ref="in_house",
        subjects=subjects_of(stay)[:1],
        fields=["name", "phone_tail"],
        detail={"count": 1},
    )


def test_list_is_explained_on_duty(clerk, house):
    open_shift(actor=clerk, property=house, terminal="desk-1", address=None, at=AT)
    services.list_stays(actor=clerk, property=house, why=WHY, at=AT)
    assert row("stays.list_viewed")["explained_by"] == "E1"


def test_confidential_guest_has_a_pseudonym_in_lists(clerk, house, room):
    stay = checked_in(clerk, room, confidential=True)
    with translation.override("en"):
        shown = services.list_stays(actor=clerk, property=house, which="in_house", why=WHY, at=AT).rows[0]
    assert (shown.title, shown.name.plain, shown.phone.plain) == (f"Guest {stay.reference[-4:]}", "", "")
    assert row("stays.list_viewed")["subjects"] == []


def test_restricted_stay_is_in_no_list_and_no_search(clerk, house):
    stay = expected(clerk, house)
    Stay.objects.filter(pk=stay.pk).update(restricted_until=AT + timedelta(days=3650))
    assert services.list_stays(actor=clerk, property=house, why=WHY, at=AT).rows == []
    assert search(clerk, stay.reference) == replace(search(clerk, "海棠"), current=[])
    officer = make_person(house, "privacy_officer")
    assert list(Stay.objects.visible_to(clerk)) == []
    assert list(Stay.objects.visible_to(officer)) == [stay]


def test_lists_are_for_the_desk_of_the_house(house, stranger):
    for person in (stranger, make_person(house, "finance"), make_person(house, "manager")):
        with pytest.raises(NotAllowed):
            services.list_stays(actor=person, property=house, why=WHY, at=AT)


@pytest.mark.parametrize("count", [1, 50])
def test_list_takes_the_same_statements_for_one_and_for_fifty(clerk, house, count, django_assert_num_queries):
    for number in range(count):
        expected(clerk, house, room=RoomFactory(property=house), guest=guest(f"单{number:03d}"))
    services.list_stays(actor=clerk, property=house, why=WHY, at=AT)
    with django_assert_num_queries(10):  # a savepoint and its release among them
        services.list_stays(actor=clerk, property=house, why=WHY, at=AT)


# Search


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("欧阳海棠", ["name"]),
        ("海棠", ["name"]),
        ("ouyang", ["name"]),
        ("13900001234", ["document", "phone"]),
        (document().document_number, ["document"]),
    ],
)
def test_guest_in_house_is_found_by(clerk, room, text, kinds):
    stay = checked_in(clerk, room)
    assert [each.stay for each in search(clerk, text).current] == [stay]
    assert row("stays.searched")["detail"]["kinds"] == kinds


@pytest.mark.parametrize("text", ["oyht", "1234", document().document_number[-4:], "棠"])
def test_guest_in_house_is_found_by_little(clerk, room, text):
    stay = checked_in(clerk, room)
    assert [each.stay for each in search(clerk, text).current] == [stay]


def test_stay_is_found_by_number_room_and_date(clerk, house, room):
    stay = checked_in(clerk, room)
    short = f"{stay.reference[:5]}{int(stay.reference[5:])}"
    for text in (stay.reference, short, room.number, "2026-05-13", "5月13日", "05-13", "２０２６-05-13"):
        assert [each.stay for each in search(clerk, text).current] == [stay], text
    assert search(clerk, "2026-06-13").current == []


def test_past_stays_are_counted_until_asked_for_with_a_purpose(clerk, room):
    stay = left(clerk, room)
    found = search(clerk, "欧阳海棠")
    assert (found.current, found.past_count, found.past) == ([], 1, [])
    shown = search(clerk, "欧阳海棠", past_why=Why(purpose="bill", ref=stay.reference))
    assert ([each.stay for each in shown.past], shown.past[0].title) == ([stay], "欧阳海棠")


def test_search_is_one_exact_row_without_its_term(clerk, house, room):
    stay = checked_in(clerk, room)
    search(clerk, "欧阳海棠")
    assert row("stays.searched") == as_row(
        clerk,
        house,
        purpose="guest_service",
        object_type="search",
        subjects=subjects_of(stay),
        fields=["name", "phone_tail"],
        detail={"kinds": ["name"], "count": 1, "past": 0, "term": term_hash("欧阳海棠")},
    )


def test_search_without_a_hit_is_a_row_too(clerk, house):
    search(clerk, "不存在的人")
    assert (row("stays.searched")["detail"]["count"], row("stays.searched")["fields"]) == (0, [])


def test_nothing_typed_is_no_search(clerk):
    assert search(clerk, "  ").current == []
    assert Event.objects.filter(action="stays.searched").count() == 0


def test_clerk_of_another_house_finds_nothing(clerk, room, stranger):
    stay = checked_in(clerk, room)
    gone = left(clerk, RoomFactory(property=room.property), 8)
    for text in ("欧阳海棠", stay.reference, gone.reference, "13900001234", document().document_number, room.number):
        found = search(stranger, text, past_why=Why(purpose="bill"))
        assert (found.current, found.past_count, found.past) == ([], 0, []), text


def test_finance_may_search_for_a_bill_and_managers_may_not(house, clerk, room):
    stay = checked_in(clerk, room)
    finance = make_person(house, "finance")
    assert [each.stay for each in search(finance, "欧阳海棠", why=Why(purpose="bill")).current] == [stay]
    for role in ("manager", "administrator"):
        with pytest.raises(NotAllowed):
            search(make_person(house, role), "欧阳海棠")


def test_companion_is_found_too(clerk, room):
    stay = checked_in(clerk, room, lead(), companion())
    assert [each.stay for each in search(clerk, "单雨桐").current] == [stay]


def test_newest_past_stay_comes_first(clerk, house):
    older, newer = (left(clerk, RoomFactory(property=house), days=days) for days in (90, 20))
    found = search(clerk, "欧阳海棠", past_why=Why(purpose="bill"))
    assert [each.stay for each in found.past] == [newer, older]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-05-12", TODAY),
        ("2026/5/2", date(2026, 5, 2)),
        ("12-30", date(2025, 12, 30)),
        ("1月3日", date(2026, 1, 3)),
        ("2024年2月29号", date(2024, 2, 29)),
        ("2-29", None),
        ("13-40", None),
        ("0812", None),
    ],
)
def test_dates_are_read_as_the_desk_writes_them(text, day):
    assert keys.as_date(text, TODAY) == day


# The stay's page


def test_page_shows_everything_masked(clerk, room):
    payment = PaymentData(method="card", payer="欧阳海棠", card_last4="4242")
    stay = checked_in(clerk, room, lead(), companion(), payment=payment, special_request="高楼层")
    page = services.open_stay(stay, actor=clerk, why=WHY, at=AT)
    first = page.occupants[0]
    assert (first.name.plain, str(first.name)) == ("欧阳海棠", "欧**棠")
    assert {sealed.name: str(sealed.value) for sealed in first.identity}["document_number"] == (
        f"·· {document().document_number[-4:]}"
    )
    assert [(sealed.name, str(sealed.value), sealed.reveal) for sealed in first.contact] == [
        ("phone", "·· 1234", "purpose")
    ]
    assert [sealed.reveal for sealed in page.payment] == ["", "", ""]
    assert [note.text.plain for note in page.notes] == ["高楼层"]
    assert (page.rooms, page.may) == ((room,), frozenset({"check_out", "reverse"}))


def test_page_is_one_exact_row(clerk, house, room):
    stay = checked_in(clerk, room, lead(), companion())
    services.open_stay(stay, actor=clerk, why=WHY, at=AT)
    event = row("stay.viewed")
    assert sorted(event.pop("subjects")) == sorted(subjects_of(stay))
    plain = as_row(
        clerk,
        house,
        purpose="guest_service",
        object_type="stay",
        object_ref=stay.reference,
        fields=["name", "latin_name", "phone_tail", "document_tail"],
    )
    plain.pop("subjects")
    assert event == plain | {"explained_by": event["explained_by"]}


def test_page_takes_the_same_statements_for_one_and_for_many(clerk, house, django_assert_num_queries):
    for number, people in enumerate((1, 12)):
        room = RoomFactory(property=house, capacity=20)
        party = (lead(100 * number), *(companion(100 * number + each) for each in range(1, people)))
        stay = Stay.objects.select_related("property").get(pk=checked_in(clerk, room, *party).pk)
        with django_assert_num_queries(12):  # a savepoint and its release among them
            services.open_stay(stay, actor=clerk, why=WHY, at=AT)


def test_finance_may_not_see_identity_but_may_step_up_for_payment(clerk, house, room):
    stay = checked_in(clerk, room)
    page = services.open_stay(stay, actor=make_person(house, "finance"), why=Why(purpose="bill"), at=AT)
    assert {sealed.reveal for sealed in page.occupants[0].identity} == {""}
    assert {sealed.reveal for sealed in page.payment} == {"step_up"}
    assert page.may == frozenset()


def test_guardian_stands_on_the_page(clerk, room):
    minor = lead(birth_date=date(2015, 3, 1))
    stay = checked_in(clerk, room, minor, guardian=guest("欧阳守拙", "13900005678"))
    page = services.open_stay(stay, actor=clerk, why=WHY, at=AT)
    assert [(sealed.name, str(sealed.value)) for sealed in page.guardian] == [("name", "欧**拙"), ("phone", "·· 5678")]


def test_page_is_not_for_managers(clerk, house, room):
    with pytest.raises(NotAllowed):
        services.open_stay(checked_in(clerk, room), actor=make_person(house, "manager"), why=WHY, at=AT)


# Why it makes sense


def test_own_work_explains_best(clerk, house, room):
    stay = checked_in(clerk, room)
    open_shift(actor=clerk, property=house, terminal="desk-1", address=None, at=AT)
    services.open_stay(stay, actor=clerk, why=WHY, at=Event.objects.get(action="guest.checked_in").at)
    assert row("stay.viewed")["explained_by"] == "E2"


def test_guest_in_house_explains_a_colleague_on_duty(clerk, house, room):
    stay = checked_in(clerk, room)
    colleague = make_person(house, "front_desk")
    open_shift(actor=colleague, property=house, terminal="desk-1", address=None, at=AT)
    services.open_stay(stay, actor=colleague, why=WHY, at=AT)
    assert row("stay.viewed")["explained_by"] == "E1"


def test_guest_long_gone_explains_nothing(clerk, house, room):
    stay = left(clerk, room, days=90)
    colleague = make_person(house, "front_desk")
    open_shift(actor=colleague, property=house, terminal="desk-1", address=None, at=AT)
    services.open_stay(stay, actor=colleague, why=WHY, at=AT)
    assert row("stay.viewed")["explained_by"] == ""


def test_companion_of_a_guest_in_house_is_explained_by_the_stay(clerk, house, room):
    together = left(clerk, room, days=60)
    other = checked_in(clerk, RoomFactory(property=house), lead(), companion(44, name="解远山"))
    alone = subjects_of(other)[1]
    services.check_out_guest(actor=clerk, stay=other, at=AT)
    checked_in(clerk, RoomFactory(property=house), lead())
    open_shift(actor=clerk, property=house, terminal="desk-1", address=None, at=AT)
    services.open_history(subject=alone, actor=clerk, property=house, why=WHY, at=AT)
    assert (together.status, row("guest.history_viewed")["explained_by"]) == ("checked_out", "E4")


def test_earlier_explained_look_of_the_session_explains(clerk, house, room):
    stay = checked_in(clerk, room)
    colleague = make_person(house, "front_desk")
    shift = open_shift(actor=colleague, property=house, terminal="desk-1", address=None, at=AT)
    trace.begin(session_ref=shift.session_ref)
    try:
        services.open_stay(stay, actor=colleague, why=WHY, at=AT)
        now = Event.objects.get(action="stay.viewed").at
        Stay.objects.filter(pk=stay.pk).update(
            status="checked_out", departed_at=AT, arrival_on=TODAY - 90 * DAY, departure_on=TODAY - 80 * DAY
        )
        shift.closed_at = AT
        shift.save(update_fields=["closed_at"])
        services.open_stay(Stay.objects.get(pk=stay.pk), actor=colleague, why=WHY, at=now)
    finally:
        trace.end()
    assert list(Event.objects.filter(action="stay.viewed").order_by("id").values_list("explained_by", flat=True)) == [
        "E1",
        "E8",
    ]


# History and recognition


def test_history_shows_the_guests_stays_newest_first(clerk, house):
    older, newer = (left(clerk, RoomFactory(property=house), days=days) for days in (90, 20))
    page = services.open_history(subject=subjects_of(newer)[0], actor=clerk, property=house, why=WHY, at=AT)
    assert [each.stay for each in page.stays] == [newer, older]
    assert (page.name.plain, [sealed.name for sealed in page.contact]) == ("欧阳海棠", ["phone"])
    assert row("guest.history_viewed")["detail"] == {"count": 2}


def test_history_shows_no_other_house(clerk, room, stranger):
    stay = checked_in(clerk, room)
    with pytest.raises(refusals.GuestGone):
        services.open_history(subject=subjects_of(stay)[0], actor=stranger, property=stranger.kept_at, why=WHY, at=AT)


def test_returning_guest_is_recognised_by_document(clerk, house, room):
    stay = left(clerk, room)
    known = services.recognise_guest(
        actor=clerk, property=house, document_type="resident_id", number=document().document_number, at=AT
    )
    assert known is not None
    assert (known.subject, known.name.plain, str(known.phone), known.stays_count) == (
        subjects_of(stay)[0], "欧阳海棠", "·· 1234", 1,
    )  # fmt: skip
    assert row("guest.recognised")["subjects"] == subjects_of(stay)


def test_unknown_document_is_a_row_too(clerk, house):
    found = services.recognise_guest(actor=clerk, property=house, document_type="passport", number="ZZ1", at=AT)
    assert (found, row("guest.not_recognised")["subjects"]) == (None, [])


def test_restricted_guest_is_not_recognised(clerk, house, room):
    stay = left(clerk, room)
    Stay.objects.filter(pk=stay.pk).update(restricted_until=AT + timedelta(days=3650))
    number = document().document_number
    assert services.recognise_guest(
        actor=clerk, property=house, document_type="resident_id", number=number, at=AT
    ) is None  # fmt: skip


def test_nothing_in_the_log_is_personal(clerk, house, room):
    stay = checked_in(clerk, room, lead(), companion(), special_request="高楼层")
    search(clerk, "欧阳海棠")
    search(clerk, "13900001234")
    services.open_stay(stay, actor=clerk, why=WHY, at=AT)
    written = repr(list(Event.objects.values()))
    canaries = ("欧阳海棠", "单雨桐", "13900001234", document().document_number, "高楼层", room.number + "'")
    assert [each for each in canaries if each in written] == []


def test_other_house_is_named_by_nobody(clerk):
    with pytest.raises(NotAllowed):
        search(clerk, "x", property=make_property())

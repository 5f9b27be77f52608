"""Access reviews (M29): begun by the quarter, decided by managers and never about oneself, gone at the next request."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit import services as audit
from staff import duties, permissions
from staff.models import AccessReview, AccessReviewLine, Duty, Person, Property
from staff.permissions import NotAllowed, OwnLine
from staff.roles import ROLE_NAMES, lesser_roles
from staff.services import access_reviews, give_role, take_role
from staff.services.access_reviews.beginning import NobodyToReview, ReviewUnderWay, quarter_of
from staff.services.access_reviews.deciding import DecidedAlready, LinesLeft, NotLesser, ReviewSignedOff
from staff.services.roles import LastAdministrator, RoleNotHeld
from staff.tests.factories import PersonFactory
from staff.tests.log import about, row, rows
from staff.tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
AT = timezone.now()
Decision = AccessReviewLine.Decision


def begun(house: Property, actor: Person | None = None) -> AccessReview:
    return access_reviews.begin_access_review(property=house, actor=actor, at=timezone.now())


def line_of(review: AccessReview, person: Person, role: str) -> AccessReviewLine:
    return review.lines.get(person=person, role=role)


def did(person: Person, house: Property, action: str, times: int = 1) -> None:
    """Rows of the log, as the room above writes them."""
    for _each in range(times):
        audit.record(action, who=permissions.who(person, house))


def held(person: Person, house: Property) -> tuple[str, ...]:
    permissions.forget_standing(person)
    return permissions.roles_at(person, house)


@pytest.fixture
def other_manager(harbour: Property) -> Person:
    """A second manager of the harbour."""
    return PersonFactory(staff_number="harbour-second", roles={harbour: ["manager"]})


# What it lists


def test_it_lists_every_role_with_its_use(harbour: Property, lake: Property, clerk: Person, manager: Person) -> None:
    gone = PersonFactory(staff_number="harbour-gone", roles={harbour: ["finance"]}, is_active=False)
    PersonFactory(staff_number="lake-desk", roles={lake: ["front_desk"]})
    did(clerk, harbour, "guest.revealed", 3)
    did(clerk, harbour, "guest.checked_in", 12)
    did(clerk, lake, "guest.revealed")
    review = begun(harbour, manager)
    told = [(line.person, line.role, line.reveals, line.last_used_at is not None) for line in review.lines.all()]
    assert told == [
        (clerk, "front_desk", 3, True), (gone, "finance", 0, False), (manager, "manager", 0, False),
    ]  # fmt: skip
    line = line_of(review, clerk, "front_desk")
    assert (review.check_ins, line.reveals_per_hundred(review.check_ins)) == (12, 25.0)
    assert line.reveals_per_hundred(0) is None
    assert rows("access_review.begun") == [
        row("access_review.begun", by=manager, role="manager", at=harbour, about=("access_review", review.number),
            detail={"count": 3})
    ]  # fmt: skip


def test_what_failed_or_was_refused_is_no_use_of_a_reveal(harbour: Property, clerk: Person) -> None:
    audit.record("guest.revealed", who=permissions.who(clerk, harbour), outcome="denied")
    assert line_of(begun(harbour), clerk, "front_desk").reveals == 0


def test_the_number_of_statements_does_not_grow_with_people(harbour: Property, lake: Property) -> None:
    PersonFactory(roles={harbour: ["front_desk"]})
    for _each in range(5):
        PersonFactory(roles={lake: ["front_desk", "finance"]})
    counted = []
    for house in (harbour, lake):
        with CaptureQueriesContext(connection) as captured:
            begun(house)
        counted.append(len(captured))
    assert counted[0] == counted[1]


# When it begins


@pytest.mark.parametrize(("month", "quarter"), [(1, 1), (3, 1), (4, 2), (9, 3), (12, 4)])
def test_the_quarter_of_a_day(month: int, quarter: int) -> None:
    assert quarter_of(date(2026, month, 9)) == (2026, quarter)


def test_each_quarter_begins_one_for_each_property_that_was_there(harbour: Property, lake: Property) -> None:
    """By the property's own business day: the quarter turns at six in the morning."""
    for house in (harbour, lake):
        PersonFactory(roles={house: ["front_desk"]})
    Property.objects.filter(pk=harbour.pk).update(created_at=datetime(2026, 2, 1, tzinfo=UTC))
    Property.objects.filter(pk=lake.pk).update(created_at=datetime(2026, 4, 3, tzinfo=UTC))
    last_night, first_day = datetime(2026, 3, 31, 21, 50, tzinfo=UTC), datetime(2026, 3, 31, 22, 10, tzinfo=UTC)
    begun_at = [access_reviews.begin_due_reviews(at=at) for at in (last_night, first_day, first_day)]
    [review] = AccessReview.objects.all()
    assert (begun_at, review.property, review.begun_by, review.due_on) == ([0, 1, 0], harbour, None, date(2026, 5, 1))
    assert rows("access_review.begun")[0]["actor_role"] == "system"


def test_what_is_open_is_finished_first(harbour: Property, clerk: Person, manager: Person) -> None:
    review = begun(harbour)
    with pytest.raises(ReviewUnderWay, match=review.number):
        begun(harbour, manager)
    assert access_reviews.begin_due_reviews(at=AT + timedelta(days=200)) == 0


def test_who_begins_one_by_hand(harbour: Property, clerk: Person, administrator: Person, lake: Property) -> None:
    for person in (clerk, administrator):
        with pytest.raises(NotAllowed):
            begun(harbour, person)
    with pytest.raises(NobodyToReview):
        begun(lake)
    assert AccessReview.objects.count() == 0


def test_its_day_is_the_duties_day_and_signing_off_does_the_duty(
    harbour: Property, clerk: Person, manager: Person
) -> None:
    review = begun(harbour)
    duty = Duty.objects.get(code=duties.ACCESS_REVIEW, property=harbour)
    here = harbour.local(duty.next_due_at)
    assert (here.date(), here.hour) == (review.due_on + timedelta(days=1), 6)
    kind = duties.kind_of(duties.ACCESS_REVIEW)
    assert duty.is_late(duty.next_due_at + timedelta(hours=2), kind.grace)
    assert review.is_overdue(review.due_on + timedelta(days=1)) and not review.is_overdue(review.due_on)
    other = PersonFactory(roles={harbour: ["manager"]})
    for line in review.lines.all():
        decider = other if line.person == manager else manager
        access_reviews.decide_on_role(line=line, actor=decider, decision="keep", at=AT)
    access_reviews.sign_off_review(review=review, actor=manager, at=AT)
    duty.refresh_from_db()
    assert (duty.last_done_at, duty.next_due_at) == (AT, AT + timedelta(days=92))


# Deciding


def test_keeping_changes_nothing_but_the_line(harbour: Property, clerk: Person, manager: Person) -> None:
    review = begun(harbour)
    line = line_of(review, clerk, "front_desk")
    decided = access_reviews.decide_on_role(line=line, actor=manager, decision="keep", at=AT)
    assert (decided.decision, decided.decided_by, decided.decided_at) == ("keep", manager, AT)
    assert held(clerk, harbour) == ("front_desk",)
    assert rows("access_review.line_decided", "role.taken") == [
        row("access_review.line_decided", by=manager, role="manager", at=harbour, about=about(clerk),
            fields=("front_desk",), detail={"review": review.number, "decision": "keep"})
    ]  # fmt: skip


def test_what_is_removed_is_gone_at_the_next_request(harbour: Property, clerk: Person, manager: Person) -> None:
    """M29: the clerk is signed in and on duty; with the last role at the property the shift there ends as well."""
    browser = sign_in(Client(), clerk, harbour)
    assert browser.get("/desk/").status_code == 200
    line = line_of(begun(harbour), clerk, "front_desk")
    access_reviews.decide_on_role(line=line, actor=manager, decision="remove", at=AT)
    answer = browser.get("/desk/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/shift/?next=%2Fdesk%2F")
    assert [event["action"] for event in rows("role.taken", "access_review.line_decided")] == [
        "role.taken", "access_review.line_decided",
    ]  # fmt: skip


def test_what_is_lowered_is_lower_at_the_next_request(harbour: Property, manager: Person) -> None:
    officer = PersonFactory(roles={harbour: ["privacy_officer"]})
    browser = sign_in(Client(), officer, harbour)
    assert browser.get("/requests/").status_code == 200
    line = line_of(begun(harbour), officer, "privacy_officer")
    access_reviews.decide_on_role(line=line, actor=manager, decision="lower", lowered_to="finance", at=AT)
    assert browser.get("/requests/").status_code == 403
    assert held(officer, harbour) == ("finance",)
    assert [(event["action"], event["fields"]) for event in rows("role.taken", "role.given")] == [
        ("role.taken", ["privacy_officer"]), ("role.given", ["finance"]),
    ]  # fmt: skip


def test_lowering_never_gives_a_right_that_was_not_held(harbour: Property, clerk: Person, manager: Person) -> None:
    assert {role: lesser_roles(role) for role in ROLE_NAMES if lesser_roles(role)} == {
        "privacy_officer": ("finance", "second_approver")
    }
    line = line_of(begun(harbour), clerk, "front_desk")
    for role in ("", "finance", "manager"):
        with pytest.raises(NotLesser):
            access_reviews.decide_on_role(line=line, actor=manager, decision="lower", lowered_to=role, at=AT)
    assert held(clerk, harbour) == ("front_desk",)


def test_nobody_decides_on_their_own(harbour: Property, manager: Person, other_manager: Person) -> None:
    line = line_of(begun(harbour), manager, "manager")
    with pytest.raises(OwnLine):
        access_reviews.decide_on_role(line=line, actor=manager, decision="keep", at=AT)
    access_reviews.decide_on_role(line=line, actor=other_manager, decision="keep", at=AT)


def test_the_database_has_the_last_word_about_ones_own(harbour: Property, manager: Person) -> None:
    line = line_of(begun(harbour), manager, "manager")
    own = {"decision": "keep", "decided_at": AT, "decided_by": manager}
    with pytest.raises(IntegrityError, match="access_line_not_ones_own"), transaction.atomic():
        AccessReviewLine.objects.filter(pk=line.pk).update(**own)


def test_an_administrator_decides_on_managers_only(
    harbour: Property, clerk: Person, manager: Person, administrator: Person
) -> None:
    """A property with one manager could finish no review otherwise."""
    give_role(actor=administrator, person=manager, property=harbour, role="finance")
    review = begun(harbour)
    assert {line.person for line in permissions.lines_seen_by(administrator, review)} == {manager}
    for role in ("manager", "finance"):
        line = line_of(review, manager, role)
        access_reviews.decide_on_role(line=line, actor=administrator, decision="keep", at=AT)
    with pytest.raises(NotAllowed):
        line = line_of(review, clerk, "front_desk")
        access_reviews.decide_on_role(line=line, actor=administrator, decision="keep", at=AT)


def test_nobody_from_elsewhere_decides(harbour: Property, lake: Property, clerk: Person) -> None:
    line = line_of(begun(harbour), clerk, "front_desk")
    for person in (PersonFactory(roles={lake: ["manager", "administrator"]}), PersonFactory(roles={harbour: []})):
        with pytest.raises(NotAllowed):
            access_reviews.decide_on_role(line=line, actor=person, decision="remove", at=AT)


def test_the_last_administrator_stays(harbour: Property, manager: Person, administrator: Person) -> None:
    line = line_of(begun(harbour), administrator, "administrator")
    with pytest.raises(LastAdministrator):
        access_reviews.decide_on_role(line=line, actor=manager, decision="remove", at=AT)
    line.refresh_from_db()
    assert (line.decision, held(administrator, harbour)) == ("", ("administrator",))


def test_what_was_taken_since_can_only_be_removed(
    harbour: Property, clerk: Person, manager: Person, administrator: Person
) -> None:
    line = line_of(begun(harbour), clerk, "front_desk")
    take_role(actor=administrator, person=clerk, property=harbour, role="front_desk")
    with pytest.raises(RoleNotHeld):
        access_reviews.decide_on_role(line=line, actor=manager, decision="keep", at=AT)
    access_reviews.decide_on_role(line=line, actor=manager, decision="remove", at=AT)
    assert len(rows("role.taken")) == 1


def test_a_line_is_decided_on_once(harbour: Property, clerk: Person, manager: Person) -> None:
    line = line_of(begun(harbour), clerk, "front_desk")
    access_reviews.decide_on_role(line=line, actor=manager, decision="keep", at=AT)
    with pytest.raises(DecidedAlready):
        access_reviews.decide_on_role(line=line, actor=manager, decision="remove", at=AT)


def test_it_is_signed_off_when_every_line_is_decided(
    harbour: Property, clerk: Person, manager: Person, administrator: Person
) -> None:
    review = begun(harbour)
    with pytest.raises(NotAllowed):
        access_reviews.sign_off_review(review=review, actor=administrator, at=AT)
    lines = list(review.lines.all())
    for line in lines[:-1]:
        decider = administrator if line.person == manager else manager
        access_reviews.decide_on_role(line=line, actor=decider, decision="keep", at=AT)
    with pytest.raises(LinesLeft, match="1"):
        access_reviews.sign_off_review(review=review, actor=manager, at=AT)
    access_reviews.decide_on_role(
        line=lines[-1], actor=administrator if lines[-1].person == manager else manager, decision="keep", at=AT
    )
    signed = access_reviews.sign_off_review(review=review, actor=manager, at=AT)
    assert (signed.is_open, signed.signed_off_by, signed.signed_off_at) == (False, manager, AT)
    with pytest.raises(ReviewSignedOff):
        access_reviews.sign_off_review(review=review, actor=manager, at=AT)
    assert rows("access_review.signed_off") == [
        row("access_review.signed_off", by=manager, role="manager", at=harbour,
            about=("access_review", review.number))
    ]  # fmt: skip


# The pages


def test_a_manager_reviews_by_the_pages(
    harbour: Property, clerk: Person, manager: Person, administrator: Person, client: Client
) -> None:
    sign_in(client, manager, harbour)
    assert "No access reviews yet" in client.get("/access-reviews/").content.decode()
    page = client.post("/access-reviews/begin/", follow=True)
    review = AccessReview.objects.get()
    here = f"/access-reviews/{review.pk}/"
    assert page.redirect_chain == [(here, 302)]
    text = page.content.decode()
    assert ["not decided yet: 3" in text, "your own: somebody else decides" in text] == [True, True]
    line = f"{here}lines/{line_of(review, clerk, 'front_desk').pk}/"
    assert client.post(line, {}).context["form"].errors.keys() == {"decision"}
    assert client.post(line, {"decision": "lower"}).context["form"].errors.keys() == {"decision"}
    assert client.post(line, {"decision": "remove"}).headers["Location"] == here
    assert held(clerk, harbour) == ()
    admins = f"{here}lines/{line_of(review, administrator, 'administrator').pk}/"
    refused = client.post(admins, {"decision": "remove"})
    assert "This is the last administrator" in refused.content.decode()
    client.post(admins, {"decision": "keep"})
    assert client.post(f"{here}sign-off/").status_code == 409
    own = f"{here}lines/{line_of(review, manager, 'manager').pk}/"
    assert client.post(own, {"decision": "keep"}).status_code == 403
    assert sign_in(Client(), administrator, harbour).post(own, {"decision": "keep"}).status_code == 302
    assert client.post(f"{here}sign-off/").headers["Location"] == here
    report = client.get(f"{here}report/").content.decode()
    assert ["removed" in report, "Signed off" in report, "Wang Fang" in report] == [True, True, True]
    assert rows("access_review.viewed")[-1]["detail"] == {"count": 3}


def test_taking_rights_away_asks_for_a_fresh_proof(harbour: Property, clerk: Person, manager: Person) -> None:
    review = begun(harbour)
    line = f"/access-reviews/{review.pk}/lines/{line_of(review, clerk, 'front_desk').pk}/"
    stale = sign_in(Client(), manager, harbour, is_fresh=False)
    assert stale.post(line, {"decision": "remove"}).headers["Location"].startswith("/step-up/")
    assert held(clerk, harbour) == ("front_desk",)
    assert stale.post(line, {"decision": "keep"}).headers["Location"] == f"/access-reviews/{review.pk}/"


def test_who_sees_which(
    harbour: Property, lake: Property, clerk: Person, manager: Person, administrator: Person
) -> None:
    review = begun(harbour)
    there = PersonFactory(roles={lake: ["manager"]})
    seen = [
        [sign_in(Client(), person, place).get(path).status_code for path in
         ("/access-reviews/", f"/access-reviews/{review.pk}/", f"/access-reviews/{review.pk}/report/")]
        for person, place in ((clerk, harbour), (manager, harbour), (administrator, harbour), (there, lake))
    ]  # fmt: skip
    assert seen == [[403] * 3, [200] * 3, [200] * 3, [200, 404, 404]]


def test_what_is_overdue_says_so(harbour: Property, clerk: Person, manager: Person, client: Client) -> None:
    begun_at = timezone.now() - timedelta(days=40)
    access_reviews.begin_access_review(property=harbour, actor=None, at=begun_at)
    sign_in(client, manager, harbour)
    assert "Overdue" in client.get("/access-reviews/").content.decode()

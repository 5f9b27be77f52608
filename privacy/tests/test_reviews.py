"""The regular review of how requests are handled."""

from datetime import date, timedelta
from typing import Any

import pytest

from audit.models import Event
from privacy.models import Finding, Review
from privacy.services import reviews
from privacy.services.figures import Period
from privacy.tests.factories import AT, TODAY, as_row, make_request, row
from privacy.tests.office import answers, on_duty
from staff.models import Person, Property
from staff.permissions import NotAllowed
from stays.refusals import NotInFreeText
from stays.tests.desk_visits import today

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
QUARTER = Period(TODAY - 90 * DAY, TODAY)


def make(officer: Person, house: Property, period: Period = QUARTER) -> Review:
    """A review of the quarter before."""
    return reviews.make_review(actor=officer, property=house, period=period, at=AT)


def find(officer: Person, review: Review, **facts: Any) -> Finding:
    """A finding the officer sees to."""
    plain = {"code": "process", "text": "Answer phones first", "owner": officer, "due_on": TODAY + DAY}
    return reviews.add_finding(actor=officer, review=review, at=AT, **(plain | facts))


def by_officer(officer: Person, house: Property, review: Review, **facts: Any) -> dict[str, Any]:
    """A row of the officer's about the review."""
    named = {"object_type": "review", "object_ref": str(review.pk)}
    return as_row(officer, house, actor_role="privacy_officer", **named, **facts)


def test_figures_stay_as_they_were(officer: Person, house: Property) -> None:
    make_request(house)
    review = make(officer, house)
    make_request(house)
    review.refresh_from_db()
    assert (review.figures["received"], review.figures["kinds"], review.made_by) == (1, {"deletion": 1}, officer)
    assert row("review.made") == by_officer(officer, house, review)


@pytest.mark.parametrize(("first", "last"), [(TODAY, TODAY - DAY), (TODAY, TODAY + DAY), (TODAY - 1101 * DAY, TODAY)])
def test_an_impossible_period_is_refused(officer: Person, house: Property, first: date, last: date) -> None:
    with pytest.raises(reviews.BadPeriod):
        make(officer, house, Period(first, last))


def test_a_finding_is_added_and_settled(officer: Person, manager: Person, house: Property) -> None:
    review = make(officer, house)
    finding = find(officer, review, owner=manager)
    settled = reviews.settle_finding(actor=officer, finding=finding, at=AT)
    assert (finding.owner, finding.due_on, settled.done_at) == (manager, TODAY + DAY, AT)
    said = by_officer(officer, house, review, detail={"code": "process"})
    assert (row("review.finding_added"), row("review.finding_done")) == (said, said)
    with pytest.raises(reviews.FindingSettled):
        reviews.settle_finding(actor=officer, finding=finding, at=AT)


def test_what_a_finding_may_not_be(officer: Person, house: Property) -> None:
    review = make(officer, house)
    for refusal, facts in (
        (NotInFreeText, {"text": "Guest 13900001234 complained"}),
        (reviews.DueTooEarly, {"due_on": TODAY - DAY}),
        (ValueError, {"code": "gossip"}),
    ):
        with pytest.raises(refusal):
            find(officer, review, **facts)
    assert not Finding.objects.exists()


def test_who_may(officer: Person, clerk: Person, manager: Person, stranger: Person, house: Property) -> None:
    review = make(officer, house)
    finding = find(officer, review)
    for person in (clerk, manager, stranger):
        with pytest.raises(NotAllowed):
            make(person, house)
        with pytest.raises(NotAllowed):
            find(person, review)
        with pytest.raises(NotAllowed):
            reviews.settle_finding(actor=person, finding=finding, at=AT)


# The pages


def test_the_pages_from_figures_to_settled(officer: Person, house: Property) -> None:
    browser, day = on_duty(officer, house), today(house)
    browser.post("/reviews/new/", {"first": str(day - DAY), "last": str(day)})
    review = Review.objects.get()
    told = {"code": "law", "text": "New holiday rules", "owner": officer.pk, "due_on": str(day)}
    browser.post(f"/reviews/{review.pk}/", told)
    finding = review.findings.get()
    waiting = list(browser.get("/reviews/").context["waiting"])
    browser.post(f"/findings/{finding.pk}/done/")
    left = list(browser.get("/reviews/").context["waiting"])
    assert (finding.text, waiting, left) == ("New holiday rules", [finding], [])


def test_reading_a_review_is_a_look(officer: Person, house: Property) -> None:
    review = make(officer, house)
    on_duty(officer, house).get(f"/reviews/{review.pk}/")
    seen = Event.objects.get(action="review.viewed")
    assert (seen.actor, seen.object_type, seen.object_ref) == (officer.pk, "review", str(review.pk))


def test_what_the_forms_do_not_take(officer: Person, house: Property) -> None:
    review, browser, day = make(officer, house), on_duty(officer, house), today(house)
    future = browser.post("/reviews/new/", {"first": str(day), "last": str(day + DAY)})
    told = {"code": "gossip", "text": "13900001234", "owner": "0", "due_on": "soon"}
    wrong = browser.post(f"/reviews/{review.pk}/", told)
    past = browser.post(
        f"/reviews/{review.pk}/", told | {"code": "law", "text": "x", "owner": officer.pk, "due_on": str(day - DAY)}
    )
    assert [sorted(each.context["form"].errors) for each in (future, wrong, past)] == [
        ["last"],
        ["code", "due_on", "owner", "text"],
        ["due_on"],
    ]


def test_pages_are_the_officers_own(
    officer: Person, clerk: Person, manager: Person, stranger: Person, house: Property
) -> None:
    review = make(officer, house)
    finding = find(officer, review)
    pages = ["/reviews/", "/reviews/new/", f"/reviews/{review.pk}/"]
    got = [answers(page, house, officer, clerk, manager, stranger) for page in pages]
    assert got == [[200, 403, 403, 200], [200, 403, 403, 200], [200, 403, 403, 404]]
    assert answers(f"/findings/{finding.pk}/done/", house, clerk, stranger, method="post") == [403, 404]

"""Managers review who holds which role, an administrator decides on the manager, and it is signed off (M29)."""

from collections.abc import Callable

import pytest
from django.urls import reverse

from hotelrecords.tests.journeys import people
from hotelrecords.tests.journeys.visiting import Visit
from staff.models import AccessReview, AccessReviewLine, Person, Post, Property

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]
LANGUAGES = pytest.mark.parametrize("language", ["en", "zh-hans"])
LEAVING = "harbour-leaving"


def who_leaves() -> Person:
    """Somebody whose role ends with this review."""
    harbour = Property.objects.get(code="harbour")
    person = Person.objects.filter(staff_number=LEAVING).first() or Person.objects.create_user(
        LEAVING, name="周末", latin_name="Zhou Mo", kept_at=harbour
    )
    person.groups.set([Post.objects.get(property=harbour, role="privacy_officer").group])
    return person


def line_of(review: AccessReview, staff_number: str) -> AccessReviewLine:
    """The first line of this person."""
    return review.lines.filter(person__staff_number=staff_number).order_by("role")[0]


@LANGUAGES
def test_a_review_from_its_beginning_to_its_report(visit: Callable[..., Visit], language: str) -> None:
    leaving, manager = who_leaves(), visit(people.MANAGER, language)
    manager.go("access_reviews")
    manager.look("page-access-reviews")
    manager.send(f"main form[action='{reverse('access_review_begin')}'] button")
    review = AccessReview.objects.open().get(property__code="harbour")
    lower_or_remove(manager, review, leaving, language)
    keep_the_others(manager)
    manager.look("page-access-review")
    decide_on_the_manager(visit(people.ADMINISTRATOR, language), review)
    manager.go("access_review", review.pk)
    manager.send(f"main form[action='{reverse('access_review_sign_off', args=[review.pk])}'] button")
    manager.turn_to("access_review_report", review.pk)
    manager.look("page-access-review-report")
    review.refresh_from_db()
    assert (review.is_open, review.lines.filter(decision="").count()) == (False, 0)


def lower_or_remove(manager: Visit, review: AccessReview, leaving: Person, language: str) -> None:
    """In one language the role is lowered, in the other removed; the page asks nothing again after a fresh proof."""
    line = line_of(review, leaving.staff_number)
    manager.turn_to("access_review_line", review.pk, line.pk)
    manager.look("page-access-review-line")
    people.prove_anew(people.MANAGER)
    told = {"decision": "lower", "lowered_to": "finance"} if language == "en" else {"decision": "remove"}
    manager.answer(**told)
    manager.send()
    held = list(Post.objects.filter(group__user=leaving).values_list("role", flat=True))
    assert held == (["finance"] if language == "en" else [])


def keep_the_others(manager: Visit) -> None:
    """One press each, until nothing but one's own is left."""
    keep = "main tr[data-row] button[value='keep']"
    while manager.page.locator(keep).count():
        manager.send(keep)


def decide_on_the_manager(administrator: Visit, review: AccessReview) -> None:
    """Who sees no other line."""
    administrator.go("access_review", review.pk)
    assert (
        administrator.page.locator("main tr[data-row]").count()
        == review.lines.filter(person__staff_number=people.MANAGER).count()
    )
    keep_the_others(administrator)


@LANGUAGES
def test_duties_have_owners(visit: Callable[..., Visit], language: str) -> None:
    """The keeper has entered them and named who owns each (M33)."""
    manager = visit(people.MANAGER, language)
    manager.go("duties")
    assert manager.page.locator("main tr[data-row]").count() > 20
    assert manager.page.locator("main tr[data-row] td:nth-of-type(1) .chip").count() == 0, manager.text()
    manager.look("page-duties-owned")

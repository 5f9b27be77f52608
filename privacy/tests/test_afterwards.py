"""After the answer: a rating, and an appeal that somebody else decides."""

from datetime import timedelta

import pytest

from privacy import refusals, services
from privacy.models import Request
from privacy.tests.factories import AT, TODAY, make_request, seal_requester
from privacy.tests.requesting import as_log_row, assert_nameless, held, log_row, papers, take_in
from staff.models import Person, Property
from staff.permissions import NotAllowed
from stays.models import Stay

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=4)
WORDS = "请告诉我进展 13900001234"


@pytest.fixture
def request_(house: Property) -> Request:
    """A request just received, of a requester who left name and phone."""
    made = make_request(house)
    seal_requester(made)
    return made


@pytest.fixture
def refused(stay: Stay, officer: Person) -> Request:
    """A verified request that was refused."""
    made = make_request(stay.property, state="closed", result="refused", stay=stay, verified_at=AT, decided_by=officer)
    seal_requester(made)
    return made


def test_a_closed_request_is_rated_once(refused: Request) -> None:
    services.rate_request(request=refused, rating=4, comment="很快 13900001234", at=AT)
    row = as_log_row(None, refused, "requester", subjects=[refused.guest_id], detail={"rating": 4})
    assert log_row("request.rated", refused) == row
    with pytest.raises(refusals.AlreadyRated):
        services.rate_request(request=refused, rating=5, at=AT)
    assert_nameless(refused)


@pytest.mark.parametrize("rating", [0, 6, -1])
def test_a_rating_is_one_to_five(refused: Request, rating: int) -> None:
    with pytest.raises(refusals.BadRating):
        services.rate_request(request=refused, rating=rating, at=AT)


def test_what_is_open_is_neither_rated_nor_appealed(request_: Request) -> None:
    with pytest.raises(refusals.WrongState):
        services.rate_request(request=request_, rating=3, at=AT)
    with pytest.raises(refusals.WrongState):
        services.appeal_request(request=request_, actor=None, words=WORDS, at=AT)


def test_an_appeal_is_a_case_of_its_own(refused: Request) -> None:
    appeal = services.appeal_request(request=refused, actor=None, words=WORDS, at=LATER).request
    assert (appeal.kind, appeal.appeal_of, appeal.state) == ("appeal", refused, "received")
    assert (appeal.guest_id, appeal.verified_at, appeal.due_on) == (
        refused.guest_id,
        AT,
        TODAY + timedelta(days=34),
    )
    assert appeal.requester_id != refused.requester_id
    told = {"name": "欧阳海棠", "phone": "13900001234", "email": "", "text": WORDS}
    assert held(papers(appeal)) == told
    row = as_log_row(None, refused, "requester", subjects=[refused.guest_id], detail={"by": appeal.number})
    assert log_row("request.appealed", refused) == row
    assert_nameless(appeal)


def test_an_appeal_is_decided_by_somebody_else(refused: Request, officer: Person, approver: Person) -> None:
    appeal = services.appeal_request(request=refused, actor=officer, words=WORDS, channel="phone", at=AT).request
    with pytest.raises(refusals.SamePerson):
        services.start_review(request=appeal, actor=officer, at=AT)
    with pytest.raises(refusals.SamePerson):
        services.assign_officer(request=appeal, actor=approver, officer=officer, at=AT)
    assert services.start_review(request=appeal, actor=approver, at=AT).officer == approver


def test_one_appeal_at_a_time(refused: Request, officer: Person, approver: Person) -> None:
    first = services.appeal_request(request=refused, actor=None, words=WORDS, at=AT).request
    with pytest.raises(refusals.AppealOpen):
        services.appeal_request(request=refused, actor=None, words=WORDS, at=AT)
    services.withdraw_request(request=first, actor=None, at=AT)
    assert services.appeal_request(request=refused, actor=None, words=WORDS, at=AT).request.appeal_of == refused


def test_an_appeal_is_taken_in_by_who_may(refused: Request, stranger: Person, clerk: Person) -> None:
    with pytest.raises(NotAllowed):
        services.appeal_request(request=refused, actor=stranger, words=WORDS, channel="desk", at=AT)
    with pytest.raises(ValueError):
        services.appeal_request(request=refused, actor=clerk, words=WORDS, at=AT)
    with pytest.raises(refusals.WordsMissing):
        services.appeal_request(request=refused, actor=clerk, words=" ", channel="desk", at=AT)


def test_what_was_never_verified_is_appealed_unverified(clerk: Person, house: Property, officer: Person) -> None:
    request = take_in(clerk, house).request
    services.send_message(request=request, actor=officer, text=WORDS, kind="need_more", at=AT)
    services.close_unverified(request=request, actor=officer, at=LATER)
    appeal = services.appeal_request(request=request, actor=None, words=WORDS, at=LATER).request
    assert (appeal.verified_at, appeal.guest_id) == (None, None)
    with pytest.raises(refusals.NotVerified):
        services.start_review(request=appeal, actor=officer, at=LATER)

"""Whatever is unverified, duplicate, forged, replayed or expired gets the same page after the same work."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from privacy import services
from privacy.models import Request
from privacy.services import delivering, letters
from privacy.tests.doing import Hashes, Work, slow_hashes, work_of
from privacy.tests.factories import RoomFactory, guest, lead, make_request, seal_requester
from privacy.tests.requesting import document_tail
from privacy.tests.visits import at_desk, in_house, of, taken_in
from privacy.typed import TakenIn
from staff.models import Person, Property
from stays.models import Stay

__all__ = ["slow_hashes"]
pytestmark = pytest.mark.django_db
WRONG_CODE: Final = "2222-2222-2222"
ON_FILE: Final = "on-file@example.com"


@pytest.fixture(autouse=True)
def nothing_used_up() -> None:
    """Tests share an address."""
    cache.clear()


@pytest.fixture
def stay(clerk: Person, house: Property) -> Stay:
    """A guest in house who left phone and mail."""
    return in_house(clerk, RoomFactory(property=house), lead(1, guest=guest(email=ON_FILE)))


def posted(address: str, hashes: Hashes, *, browser: Client | None = None, **typed: Any) -> Work:
    """What the page does with this form, nothing of the limits being used up; what was typed is no difference."""
    cache.clear()
    asking = browser or Client()
    return work_of(lambda: asking.post(address, typed), hashes, but_for=map(str, typed.values()))


def differing(works: dict[str, Work]) -> dict[str, list[str]]:
    """In what each differs from the first: nothing, where all is well."""
    first = next(iter(works.values()))
    found = {name: [part for part, one, two in zip(Work._fields, first, work, strict=True) if one != two]
             for name, work in works.items()}  # fmt: skip
    return {name: parts for name, parts in found.items() if parts}


# Number and code


def test_a_number_and_code_that_open_nothing(house: Property, officer: Person, slow_hashes: Hashes) -> None:
    known, other, over, replayed, doubled = (taken_in(house, None) for _each in range(5))
    services.renew_follow_code(request=replayed.request, actor=officer, at=timezone.now())
    long_ago = timezone.now() - timedelta(days=200)
    Request.objects.filter(pk=over.request.pk).update(state="closed", result="withdrawn", closed_at=long_ago)
    Request.objects.filter(pk=doubled.request.pk).update(duplicate_of=known.request)
    verified = make_request(house, state="in_review", at=timezone.now())
    tries = {
        "unknown": ("R-2020-000001", known.follow_code),
        "no number": ("nonsense", known.follow_code),
        "forged": (known.request.number, WRONG_CODE),
        "of another": (known.request.number, other.follow_code),
        "replayed": (replayed.request.number, replayed.follow_code),
        "expired": (over.request.number, over.follow_code),
        "duplicate": (doubled.request.number, WRONG_CODE),
        "verified": (verified.number, WRONG_CODE),
    }
    works = {name: posted("/follow/", slow_hashes, number=n, code=c) for name, (n, c) in tries.items()}
    assert differing(works) == {}
    assert (works["forged"].status, works["forged"].hashes) == (200, 1)


def test_a_number_tried_often_known_or_not(house: Property, slow_hashes: Hashes) -> None:
    known = taken_in(house, None)
    works = {name: tried_often(number, slow_hashes)
             for name, number in (("known", known.request.number), ("unknown", "R-2020-000001"))}  # fmt: skip
    assert differing(works) == {}
    assert works["known"].hashes == 1


def tried_often(number: str, hashes: Hashes) -> Work:
    """What the page does with the sixth wrong code from one address."""
    cache.clear()
    for _time in range(5):
        Client().post("/follow/", {"number": number, "code": WRONG_CODE})
    ask = {"number": number, "code": WRONG_CODE}
    return work_of(lambda: Client().post("/follow/", ask), hashes, but_for=[number, WRONG_CODE])


# Asking


def test_whoever_is_asked_about(house: Property, stay: Stay, slow_hashes: Hashes) -> None:
    true = {"stay_reference": stay.reference, "document_tail": document_tail(stay), "phone": "13900001234"}
    false = {"stay_reference": "2020-999999", "document_tail": "0000", "phone": "13700000000"}
    asked = {"guest": ("欧阳海棠", true), "duplicate": ("欧阳海棠", true), "nobody": ("某人甲乙", false),
             "half right": ("欧阳海棠", true | {"document_tail": "0000"})}  # fmt: skip
    works = {name: asking_work(house, said, facts, slow_hashes) for name, (said, facts) in asked.items()}
    assert differing(works) == {}
    assert (works["guest"].status, works["guest"].hashes) == (200, 1)


def asking_work(house: Property, name: str, facts: dict[str, str], hashes: Hashes) -> Work:
    """What the public page does with this request; its number and code are its own."""
    cache.clear()
    typed = {"kind": "access", "acts_as": "self", "property": house.pk, "name": name, "form": "one"} | facts
    answers: list[Any] = []
    work = work_of(lambda: answers.append(Client().post("/ask/", typed)) or answers[0], hashes)
    told = (answers[0].context["number"], answers[0].context["code"])
    return work._replace(page=work.page.replace(told[0], "…").replace(told[1], "…"))


def test_whoever_withdraws_consent(stay: Stay, slow_hashes: Hashes) -> None:
    true = {"stay_number": stay.reference, "document_tail": document_tail(stay), "phone_tail": "1234"}
    false = {"stay_number": "2020-999999", "document_tail": "0000", "phone_tail": "0000"}
    said = {"guest": true, "replayed": true, "nobody": false, "half right": true | {"phone_tail": "0000"}}
    works = {name: posted("/consent/", slow_hashes, abouts="preferences", **typed) for name, typed in said.items()}
    assert differing(works) == {}
    assert (works["guest"].status, works["guest"].address) == (302, "/consent/received/")


# One-time codes, after the worker and the officer have compared what was stated


Conversation = Callable[[str], list[Work]]


@pytest.fixture
def talk(stay: Stay, officer: Person, slow_hashes: Hashes) -> Conversation:
    """All pages of somebody who states this tail of a document, and never has the code."""
    office = at_desk(Client(), officer, stay.property)

    def pages(tail: str) -> list[Work]:
        taken = stating(stay, tail)
        browser = Client()
        browser.post("/follow/", {"number": taken.request.number, "code": taken.follow_code})
        worked_on(taken.request)
        works = [looked(browser, taken, slow_hashes)]
        office.post(of(taken.request, "compare/"))
        works.append(looked(browser, taken, slow_hashes))
        for address, typed in (("/follow/code/", {}), *[("/follow/code/check/", {"code": "000000"})] * 4):
            works.append(deed(browser, taken, address, typed, slow_hashes))
            worked_on(taken.request)
        return [*works, looked(browser, taken, slow_hashes)]

    return pages


def stating(stay: Stay, tail: str) -> TakenIn:
    """A request from the public page with the number of the stay and this tail."""
    return taken_in(stay.property, None, facts={"document_tail": tail}, stay_reference=stay.reference)


def worked_on(request: Request) -> None:
    """What the worker does each minute."""
    services.match_submission(request=request, at=timezone.now())
    request.refresh_from_db()
    services.send_asked_code(request=request, at=timezone.now())


def looked(browser: Client, taken: TakenIn, hashes: Hashes) -> Work:
    """The page of the request."""
    return work_of(lambda: browser.get("/follow/"), hashes, but_for=told_of(taken))


def deed(browser: Client, taken: TakenIn, address: str, typed: dict[str, str], hashes: Hashes) -> Work:
    """A small deed on it, nothing of the limits being used up."""
    cache.clear()
    return work_of(lambda: browser.post(address, typed), hashes, but_for=told_of(taken))


def told_of(taken: TakenIn) -> list[str]:
    """What the page says of this very request."""
    return [taken.request.number]


def test_who_guessed_a_guest_learns_no_more_than_who_did_not(stay: Stay, talk: Conversation) -> None:
    right, wrong = talk(document_tail(stay)), talk("0000")
    assert [differing({"right": one, "wrong": two}) for one, two in zip(right, wrong, strict=True)] == [{}] * len(right)
    assert [work.hashes for work in right] == [0, 0, 0, 1, 1, 1, 1, 0]
    assert mail.outbox


# Links


def test_a_link_that_opens_nothing(stay: Stay, officer: Person, slow_hashes: Hashes) -> None:
    asked = make_request(stay.property, stay=stay, state="in_review", at=timezone.now())
    seal_requester(asked)
    used, expired = (mailed(asked, officer, days_ago=days) for days in (0, 8))
    assert Client().post(f"/answer/{used}/").status_code == 200
    tokens = {"unknown": "nothing", "replayed": used, "expired": expired, "forged": used[::-1]}
    works = {name: posted(f"/answer/{token}/", slow_hashes) for name, token in tokens.items()}
    assert differing(works) == {}
    assert works["unknown"].status == 404


def mailed(asked: Request, officer: Person, *, days_ago: int) -> str:
    """The token of a link that was mailed so many days ago."""
    tokens: list[str] = []
    at = timezone.now() - timedelta(days=days_ago)
    letter = letters.make_letter(request=asked, kind="need_more", actor=officer, at=at)
    delivering.make_link(
        request=asked, kind="letter", contact_field="email", actor=officer, letter=letter, at=at,
        link_to=lambda token: tokens.append(token) or f"https://desk.example/answer/{token}/",
    )  # fmt: skip
    return tokens[0]

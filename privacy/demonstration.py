"""Requests to try the product with, asked by guests of the demonstration who do not exist."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from privacy import services
from privacy.models import Request
from privacy.services import deciding, delivering, executing, letters, sheets
from privacy.services.law import load_law
from staff.models import Person, Property
from stays.models import Stay
from vault import services as vault
from vault.categories import Category

HOUSE = "harbour"
Kind, Channel = Request.Kind, Request.Channel


@dataclass(frozen=True, slots=True)
class Asked:
    """One request of the demonstration. ``days``: how long ago; ``shown``: the guest's document was seen;
    ``answered``: carried out, answered and closed today.
    """

    kind: str
    channel: str
    days: int
    language: str = "zh-hans"
    shown: bool = False
    reviewed: bool = False
    answered: bool = False
    acts_as: str = Request.ActsAs.SELF
    words: str = ""


ASKED = (
    Asked(Kind.DELETION, Channel.DESK, 3, shown=True, reviewed=True, words="请删除我的入住记录。"),
    Asked(Kind.ACCESS, Channel.DESK, 1, shown=True, words="想要一份个人信息副本。"),
    Asked(Kind.CORRECTION, Channel.PHONE, 12, words="姓名拼音有误。"),
    Asked(Kind.DELETION, Channel.LETTER, 26, "en", words="Please delete what you keep about me."),
    Asked(Kind.EXPLANATION, Channel.EMAIL, 8, "en", words="Why do you register my passport?"),
    Asked(Kind.COMPLAINT, Channel.LETTER, 33, words="退房后仍收到推广短信。"),
    Asked(Kind.ACCESS, Channel.PHONE, 2, acts_as=Request.ActsAs.AGENT, words="代家人查询。"),
    Asked(Kind.DELETION, Channel.DESK, 6, shown=True, reviewed=True, answered=True, words="请删除我的全部信息。"),
)


def is_loaded() -> bool:
    """Whether there are requests in this database already."""
    return Request.objects.exists()


@transaction.atomic
def load(*, at: datetime) -> int:
    """Load the law, then take in every request of the demonstration; returns how many."""
    load_law(at=at)
    house = Property.objects.get(code=HOUSE)
    for asked, stay in zip(ASKED, _past(house), strict=False):
        request = _take_in(asked, house, stay, at - timedelta(days=asked.days))
        if asked.answered:
            _answer(request, at)
    return len(ASKED)


def _past(house: Property) -> Iterator[Stay]:
    """Stays that are over, the newest first."""
    return Stay.objects.at(house).filter(status=Stay.Status.CHECKED_OUT).order_by("-departed_at").iterator()


def _take_in(asked: Asked, house: Property, stay: Stay, at: datetime) -> Request:
    clerk, officer = (Person.objects.get(staff_number=f"{HOUSE}-{post}") for post in ("desk", "officer"))
    name, number, document_type = _of_lead(stay)
    taken = services.take_in_request(
        actor=clerk,
        property=house,
        kind=asked.kind,
        channel=asked.channel,
        acts_as=asked.acts_as,
        language=asked.language,
        stay=stay,
        name=name,
        words=asked.words,
        at=at,
    )
    if asked.shown:
        services.note_document_seen(
            request=taken.request, actor=clerk, document_type=document_type, document_number=number, at=at
        )
    if asked.reviewed:
        services.start_review(request=taken.request, actor=officer, at=at + timedelta(hours=4))
    return taken.request


def _answer(request: Request, at: datetime) -> None:
    """Decided and approved as proposed, carried out, told by a letter handed over, closed."""
    officer, approver = (Person.objects.get(staff_number=f"{HOUSE}-{post}") for post in ("officer", "approver"))
    by = {"request": request, "actor": officer, "at": at}
    sheets.make_sheet(**by)
    sheets.choose_proposed(**by)
    decided = deciding.decide_request(**by)
    deciding.approve_decision(request=request, actor=approver, at=at)
    executing.execute_decision(**by)
    letter = letters.make_letter(**by, kind=decided.decision)
    delivering.deliver_in_person(**by, letter=letter, document_seen=True)
    deciding.close_request(**by)


def _of_lead(stay: Stay) -> tuple[str, str, str]:
    """Name, document number and type of who the stay is in the name of."""
    lead = stay.occupants.get(role="lead")
    found = vault.ids_of([lead.subject_id], [Category.NAME])
    ids = [*found, *([lead.register_envelope_id] if lead.register_envelope_id else [])]
    opened = {each.category: each for each in vault.open_for_deed(ids).values()}
    name, register = opened[Category.NAME], opened[Category.REGISTER]
    shown = name.get("name") if name.get("name").shown else name.get("latin_name")
    return shown.plain, register.document_number.plain, register.document_type.plain

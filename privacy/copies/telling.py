"""The copy as data: plain values by category and stay, with other persons taken out of every word."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from privacy.copies.gathering import Held, OneStay
from privacy.copies.leaving_out import Others
from privacy.copies.log_sheet import LogSheet
from privacy.copies.looks import tell_looks
from privacy.copies.said import moment
from privacy.models import Request
from stays.models import Stay
from vault.categories import FIELDS, Category
from vault.values import Opened

COPY_FORMAT: Final = "hotelrecords/access-copy/1"
TRANSFER_FORMAT: Final = "hotelrecords/transfer/1"
# Typed freely, so that another person may stand in it.
_WORDS: Final = frozenset({"text", "payer", "invoice_title"})
_OF_GUEST: Final = (Category.NAME.value, Category.CONTACT.value, Category.PREFERENCE.value)

Data = dict[str, Any]


def tell(
    request: Request, held: Held, opened: Mapping[UUID, Opened], others: Others, sheet: LogSheet, *, at: datetime
) -> Data:
    """The whole copy (PIPL 45(1)): the guest, the stays, consents, requests, who looked."""
    return {
        **_head(COPY_FORMAT, request, at),
        "guest": _guest(opened, others),
        "stays": [_whole_stay(one, held, opened, others) for one in held.stays],
        "consents": [
            {
                "about": consent.about,
                "property": consent.property.code,
                "notice_version": consent.notice.version,
                "given_at": moment(consent.given_at),
                "withdrawn_at": moment(consent.withdrawn_at),
            }
            for consent in held.consents
        ],
        "requests": [
            {
                "number": each.number,
                "kind": each.kind,
                "received_at": moment(each.received_at),
                "state": each.state,
                "result": each.result,
            }
            for each in held.requests
        ],
        "looks": tell_looks(sheet),
    }


def tell_given(request: Request, held: Held, opened: Mapping[UUID, Opened], others: Others, *, at: datetime) -> Data:
    """What the guest gave, for another house (PIPL 45(3)): no register, nothing we wrote down about the guest."""
    return {
        **_head(TRANSFER_FORMAT, request, at),
        "guest": _guest(opened, others),
        "stays": [_stay_facts(one.stay) | _sealed(one, held, opened, others) for one in held.stays],
    }


def _head(form: str, request: Request, at: datetime) -> Data:
    house = request.property
    return {
        "format": form,
        "request": request.number,
        "made_at": moment(at),
        "house": {"code": house.code, "name_en": house.name_en, "name_zh": house.name_zh},
    }


def _guest(opened: Mapping[UUID, Opened], others: Others) -> Data:
    """What belongs to no stay, by category."""
    mine = {each.category: each for each in opened.values() if each.belongs_to is None}
    return {category: _content(mine[category], others) for category in _OF_GUEST if category in mine}


def _whole_stay(one: OneStay, held: Held, opened: Mapping[UUID, Opened], others: Others) -> Data:
    return {
        **_stay_facts(one.stay),
        "arrived_at": moment(one.as_whom.came_at or one.stay.arrived_at),
        "departed_at": moment(one.as_whom.left_at or one.stay.departed_at),
        "role": one.as_whom.role,
        "rooms": list(one.rooms),
        "companions": one.companions,
        "notice_version": one.as_whom.notice.version if one.as_whom.notice else None,
        **_sealed(one, held, opened, others),
        "bill": [
            {
                "kind": line.kind,
                "amount": str(line.amount),
                "currency": line.currency,
                "posted_at": moment(line.posted_at),
                "settled_at": moment(line.settled_at),
            }
            for line in one.bill
        ],
        "reports": [
            {"kind": report.kind, "state": report.state, "due_at": moment(report.due_at), "receipt": report.receipt}
            for report in one.reports
        ],
        "paper_cards": [{"state": card.state} for card in one.cards],
    }


def _stay_facts(stay: Stay) -> Data:
    return {
        "reference": stay.reference,
        "property": stay.property.code,
        "status": stay.status,
        "arrival_on": stay.arrival_on.isoformat(),
        "departure_on": stay.departure_on.isoformat(),
    }


def _sealed(one: OneStay, held: Held, opened: Mapping[UUID, Opened], others: Others) -> Data:
    """What is sealed of this stay: register and payment as they are and were, notes with their kind."""
    mine = [each for each in opened.values() if each.belongs_to == one.stay.pk]
    return {
        "register": [_content(each, others) for each in mine if each.category == Category.REGISTER],
        "payment": [_content(each, others) for each in mine if each.category == Category.PAYMENT],
        "notes": [
            {"kind": held.kinds[each.envelope], **_content(each, others)}
            for each in mine
            if each.category == Category.NOTE
        ],
    }


def _content(opened: Opened, others: Others) -> Data:
    """The fields that hold something, in their fixed order, in plain: this is the answer to the guest."""
    values = {name: opened.get(name).plain for name in FIELDS[opened.category] if name != "salt"}
    return {name: others.leave_out_of(value) if name in _WORDS else value for name, value in values.items() if value}

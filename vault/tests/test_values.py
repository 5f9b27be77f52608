"""Opened values: nothing but ``plain`` gives the plaintext."""

import copy
import json
import pickle
from uuid import uuid4

import pytest
from django.core.serializers.json import DjangoJSONEncoder
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from vault import masks
from vault.categories import FIELDS
from vault.values import Opened, Value

PHONE = "+86 138 0000 5678"
MASK = "·· 5678"


def opened(category="contact", **content):
    return Opened(envelope=uuid4(), subject=uuid4(), category=category, belongs_to=None, content=content)


SHOWN = {
    "str": str,
    "repr": lambda value: repr(value).strip("'"),
    "format": lambda value: f"{value}",
    "percent": lambda value: "%s" % value,  # noqa: UP031
    "join": lambda value: "".join([value]),
    "add": lambda value: value + "",
    "slice": lambda value: value[:],
    "json": lambda value: json.loads(json.dumps(value)),
    "django_json": lambda value: json.loads(json.dumps(value, cls=DjangoJSONEncoder)),
    "pickle": lambda value: pickle.loads(pickle.dumps(value)),  # noqa: S301
    "pickle_0": lambda value: pickle.loads(pickle.dumps(value, 0)),  # noqa: S301
    "deepcopy": copy.deepcopy,
    "template": lambda value: Template("{{ value }}").render(Context({"value": value})),
    "encode": lambda value: value.encode().decode(),
}


@pytest.mark.parametrize("way", SHOWN)
def test_a_value_shows_its_mask(way):
    assert SHOWN[way](Value("phone", PHONE)) == MASK


def test_a_value_gives_its_plaintext_when_asked():
    assert Value("phone", PHONE).plain == PHONE


def test_a_pickled_value_has_no_plaintext_in_it():
    assert [PHONE.encode() in pickle.dumps(Value("phone", PHONE), protocol) for protocol in range(6)] == [False] * 6


def test_a_value_has_no_dictionary_to_look_into():
    assert hasattr(Value("phone", PHONE), "__dict__") is False


def test_an_opened_envelope_shows_nothing():
    contact = opened(phone=PHONE)
    shown = [str(contact), repr(contact), f"{contact}", pickle.dumps(contact).decode("latin-1")]
    assert [PHONE in text for text in shown] == [False] * 4


def test_an_opened_envelope_is_no_json():
    with pytest.raises(TypeError):
        json.dumps(opened(phone=PHONE))


def test_fields_of_an_opened_envelope():
    contact = opened(phone=PHONE, email=None)
    assert (contact.phone.plain, contact.get("phone").plain, contact.phone.shown) == (PHONE, PHONE, True)
    assert (contact.email, contact.email.plain, contact.email.shown) == ("", "", False)
    assert (contact.address, contact.address.plain, contact.address.shown) == ("", "", False)
    assert contact.plain == {"phone": PHONE, "email": None}


def test_a_field_the_category_does_not_have_is_an_error():
    with pytest.raises(AttributeError):
        _ = opened(phone=PHONE).card_last4


def test_a_draft_has_any_field():
    assert opened("draft", room="0812").room.plain == "0812"


@pytest.mark.parametrize(
    ("field", "plain", "mask"),
    [
        ("phone", "13800005678", "·· 5678"),
        ("phone", "+1 (415) 555-2671", "·· 2671"),
        ("phone", "12345", "·· 45"),
        ("phone", "1", "••••"),
        ("phone", "ask reception", "••••"),
        ("document_number", "11010519491231002X", "·· 002X"),
        ("document_number", "E123", "·· 23"),
        ("document_number", "7", "••••"),
        ("email", "wei.zhang@example.com", "w…g@example.com"),
        ("email", "wz@example.com", "w…@example.com"),
        ("email", "w@example.com", "…@example.com"),
        ("email", "not an address", "••••"),
        ("birth_date", "1990-05-17", "1990"),
        ("birth_date", "17 May 1990", "••••"),
        ("address", "中山路 1 号", "••••"),
        ("name", "张伟", "张*"),
        ("name", "张伟明", "张*明"),
        ("name", "欧阳若兰", "欧**兰"),
        ("name", "伟", "*"),
        ("name", "John Smith", "J*** S****"),
        ("latin_name", "ZHANG WEI", "Z**** W**"),
        ("payer", "李四", "李*"),
        ("card_last4", "1234", "·· 1234"),
        ("card_last4", "12", "••••"),
        ("nationality", "CHN", "••••"),
        ("text", "allergic to nuts", "••••"),
        ("phone", "", ""),
    ],
)
def test_masks(field, plain, mask):
    assert masks.mask(field, plain) == mask


ALL_FIELDS = sorted({field for fields in FIELDS.values() for field in fields})


@given(field=st.sampled_from(ALL_FIELDS), plain=st.text(min_size=1, max_size=60))
def test_a_mask_never_shows_more_than_allowed(field, plain):
    shown = [character for character in masks.mask(field, plain) if character not in "·•*… "]
    most = {
        "phone": 4,
        "document_number": 4,
        "card_last4": 4,
        "birth_date": 4,
        "email": 2 + len(plain.rpartition("@")[2]) + 1,
        "name": 2 * len(plain.split()),
        "latin_name": 2 * len(plain.split()),
        "payer": 2 * len(plain.split()),
    }.get(field, 0)
    assert len(shown) <= most


@given(st.from_regex(r"\+?[0-9][0-9 -]{3,20}[0-9]", fullmatch=True))
def test_a_phone_mask_shows_at_most_the_last_four_digits_and_never_most_of_them(phone):
    digits = "".join(filter(str.isdigit, phone))
    shown = masks.mask("phone", phone).removeprefix("·· ")
    assert digits.endswith(shown)
    assert len(shown) == min(4, len(digits) // 2)

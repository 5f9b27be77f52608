"""The scanner for guests' values finds them in every form, and does not cry wolf."""

import base64
import json
import quopri
import urllib.parse
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotelrecords.tests.canaries import Scanner

VALUES = (
    "张伟",
    "欧阳娜娜",
    "Zhang Wei",
    "O'Brien",
    "+8613812345678",
    "11010119900307123X",
    "wei@example.com",
    "朝阳路 18 号",
)
WAYS: dict[str, Callable[[str], bytes]] = {
    "plain": str.encode,
    "small letters": lambda value: value.lower().encode(),
    "UTF-16": lambda value: value.encode("utf-16-le"),
    "hex": lambda value: value.encode().hex().encode(),
    "capital hex": lambda value: value.encode().hex().upper().encode(),
    "address": lambda value: urllib.parse.quote(value).encode(),
    "query": lambda value: urllib.parse.urlencode({"q": value}).encode(),
    "JSON": lambda value: json.dumps({"name": value}).encode(),
    "escaped": lambda value: value.encode("unicode_escape"),
    "escaped in JSON": lambda value: json.dumps(value.encode("unicode_escape").decode()).encode(),
    "mail": lambda value: quopri.encodestring(value.encode()),
    "base64": lambda value: base64.b64encode(value.encode()),
    "base64 for addresses": lambda value: base64.urlsafe_b64encode(value.encode()),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("value", VALUES)
def test_a_planted_value_is_found(way: str, value: str) -> None:
    assert Scanner(VALUES).find(b"before " + WAYS[way](value) + b" after") == {value}


@pytest.mark.parametrize("before", ["", "a", "ab", "abc"])
@pytest.mark.parametrize("value", VALUES)
def test_a_value_inside_packed_text_is_found(before: str, value: str) -> None:
    text = json.dumps({"typed": before + value}, ensure_ascii=False)
    assert Scanner(VALUES).find(base64.b64encode(text.encode())) == {value}


def test_a_value_in_a_compressed_session_is_found() -> None:
    session = zlib.compress(json.dumps({"typed": "张伟", "more": "x" * 200}, ensure_ascii=False).encode())
    kept = b"." + base64.urlsafe_b64encode(session).rstrip(b"=") + b":1vMxyz:signature"
    assert Scanner(VALUES).find(kept) == {"张伟"}


@given(st.text(alphabet="abcdefghij 0123456789", max_size=300))
def test_other_text_is_left_alone(text: str) -> None:
    assert Scanner(VALUES).find(text.encode()) == set()


def test_a_value_too_short_to_be_told_from_chance_is_refused() -> None:
    with pytest.raises(ValueError, match="too short"):
        Scanner(["李"])

"""Sealed secrets of second factors."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vault import keys
from vault.sealing import SealBroken
from vault.services import open_credential, seal_credential

pytestmark = pytest.mark.django_db


@given(st.text(max_size=100))
def test_what_is_sealed_opens_again(plain: str) -> None:
    assert open_credential(seal_credential(plain)) == plain


def test_the_sealed_form_is_new_each_time_and_shows_nothing() -> None:
    sealed = [seal_credential("JBSWY3DPEHPK3PXP") for _ in range(2)]
    assert sealed[0] != sealed[1]
    assert [text for text in sealed if "JBSWY3DP" in text] == []


@pytest.mark.parametrize("position", [3, 20, -3])
def test_a_changed_one_does_not_open(position: int) -> None:
    sealed = seal_credential("JBSWY3DPEHPK3PXP")
    other = "A" if sealed[position] != "A" else "B"
    with pytest.raises(SealBroken):
        open_credential(sealed[:position] + other + (sealed[position:][1:]))


@pytest.mark.parametrize("text", ["", "JBSWY3DPEHPK3PXP", "1.", "1.!!!!", "x.AAAA", "1.AAAA", "-1.AAAA"])
def test_what_was_never_sealed_does_not_open(text: str) -> None:
    with pytest.raises((SealBroken, keys.KeyUnknown)):
        open_credential(text)

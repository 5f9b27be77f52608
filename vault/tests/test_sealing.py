"""The form of a sealed envelope: fixed vectors, and nothing about it can be changed unnoticed."""

from uuid import UUID

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from vault import sealing
from vault.categories import BLOCK_OF, NUMBER_OF, Category

KEY = bytes(range(32))
NONCE = bytes(range(100, 112))
SUBJECT = UUID("11111111-2222-4333-8444-555555555555")
ENVELOPE = UUID("66666666-7777-4888-9999-aaaaaaaaaaaa")
PLACE = {"category": "contact", "subject": SUBJECT, "envelope": ENVELOPE}

VECTORS = {
    ("name", 1): (
        {"name": "张伟", "latin_name": "ZHANG WEI"},
        (
            "010100016465666768696a6b6c6d6e6f3339b2070d8038c15003328df85f48a70a83484dab3bb63b85fd8e269acec06a"
            "aecba57cecf6279bdf8e7e39fb44ccc9abf3bb243290865fb87e743d78876f65"
        ),
    ),
    ("note", 258): (
        {"text": "late arrival"},
        (
            "010101026465666768696a6b6c6d6e6f3339aa03019d74a41c0e3e9cbf450b8f30ab706be74e8e5b8ef88561d28a8c61"
            "bdc069e9653bb22dd4da5116d46be3e63272b1ce09636801d3d885ffc6a88ca3caee96b2a3940eec8e6dfc6e8224a1b6"
        ),
    ),
}
WRAPPED = (
    "6465666768696a6b6c6d6e6f58cfa3257806f2d6d49b44c40ab3f38d7cb69fc5f75b0e939ac2377a4f77a5f81fd6da20"
    "a786e4136a8dc08e73d2f735"
)


@pytest.mark.parametrize(("category", "generation"), VECTORS)
def test_a_ciphertext_is_these_bytes(category, generation):
    content, expected = VECTORS[category, generation]
    place = {"category": category, "subject": SUBJECT, "envelope": ENVELOPE, "generation": generation}
    sealed = sealing.seal(KEY, content, nonce=NONCE, **place)
    assert sealed.hex() == expected
    assert sealing.unseal(KEY, bytes.fromhex(expected), **place) == content


def test_a_wrapped_key_is_these_bytes():
    cipher = AESGCM(bytes(range(200, 232)))
    wrapped = sealing.wrap_key(cipher, KEY, kek=7, envelope=ENVELOPE, generation=3, nonce=NONCE)
    assert wrapped.hex() == WRAPPED
    assert len(wrapped) == sealing.WRAPPED_BYTES == 60
    assert sealing.unwrap_key(cipher, wrapped, kek=7, envelope=ENVELOPE, generation=3) == KEY


def test_associated_data_is_the_length_prefixed_parts():
    header = bytes((1, 1, 0, 1)) + NONCE
    assert sealing.associated_data(header, "contact", SUBJECT, ENVELOPE) == sealing.prefixed(
        header, b"hotelrecords/envelope/1", b"\x00\x01", b"\x00\x02", SUBJECT.bytes, ENVELOPE.bytes
    )


def test_numbers_of_categories_are_frozen():
    assert NUMBER_OF == {
        "name": 1,
        "contact": 2,
        "register": 3,
        "payment": 4,
        "preference": 5,
        "note": 6,
        "draft": 7,
    }


CONTENT = st.dictionaries(
    st.sampled_from(("phone", "email", "address")),
    st.text(max_size=300) | st.integers(-(2**53), 2**53) | st.booleans() | st.none(),
)


@given(
    content=CONTENT,
    category=st.sampled_from(list(NUMBER_OF)),
    subject=st.uuids(),
    envelope=st.uuids(),
    generation=st.integers(1, 0xFFFF),
)
def test_what_is_sealed_is_what_is_opened(content, category, subject, envelope, generation):
    place = {"category": category, "subject": subject, "envelope": envelope, "generation": generation}
    sealed = sealing.seal(KEY, content, **place)
    assert sealing.unseal(KEY, sealed, **place) == content
    assert (len(sealed) - sealing.HEADER_BYTES - 16) % BLOCK_OF[category] == 0


def test_no_bit_of_a_ciphertext_can_be_flipped():
    sealed = sealing.seal(KEY, {"phone": "+86 138 0000 5678", "email": "a@example.com"}, **PLACE)
    for bit in range(8 * len(sealed)):
        changed = bytearray(sealed)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(sealing.SealBroken):
            sealing.unseal(KEY, bytes(changed), generation=1, **PLACE)


def test_a_stranger_reads_it_from_the_description_alone():
    """AES-256-GCM and PKCS7 by hand, from the layout the module's docstring gives."""
    sealed = bytes.fromhex(VECTORS["name", 1][1])
    parts = (sealed[:16], b"hotelrecords/envelope/1", b"\0\1", b"\0\1", SUBJECT.bytes, ENVELOPE.bytes)
    reader = Cipher(algorithms.AES256(KEY), modes.GCM(sealed[4:16], sealed[-16:])).decryptor()
    reader.authenticate_additional_data(b"".join(len(part).to_bytes(4, "big") + part for part in parts))
    plain = reader.update(sealed[16:-16]) + reader.finalize()
    assert plain == '{"latin_name":"ZHANG WEI","name":"张伟"}'.encode() + bytes([6]) * 6


@pytest.mark.parametrize(
    "other",
    [
        {"category": "name"},
        {"category": "register"},
        {"subject": ENVELOPE},
        {"envelope": SUBJECT},
        {"generation": 2},
    ],
)
def test_a_ciphertext_belongs_to_its_place(other):
    sealed = sealing.seal(KEY, {"phone": "13800005678"}, **PLACE)
    with pytest.raises(sealing.SealBroken):
        sealing.unseal(KEY, sealed, **{**PLACE, "generation": 1, **other})


def test_another_key_opens_nothing():
    sealed = sealing.seal(KEY, {"phone": "13800005678"}, **PLACE)
    with pytest.raises(sealing.SealBroken):
        sealing.unseal(bytes(32), sealed, generation=1, **PLACE)


@pytest.mark.parametrize("length", [0, 3, 15, 16, 31])
def test_a_cut_ciphertext_is_refused(length):
    sealed = sealing.seal(KEY, {"phone": "13800005678"}, **PLACE)
    with pytest.raises(sealing.SealBroken):
        sealing.unseal(KEY, sealed[:length], generation=1, **PLACE)


@pytest.mark.parametrize("other", [{"kek": 8}, {"envelope": SUBJECT}, {"generation": 4}])
def test_a_wrapped_key_belongs_to_its_envelope(other):
    cipher = AESGCM(KEY)
    wrapped = sealing.wrap_key(cipher, KEY, kek=7, envelope=ENVELOPE, generation=3)
    with pytest.raises(sealing.SealBroken):
        sealing.unwrap_key(cipher, wrapped, **{"kek": 7, "envelope": ENVELOPE, "generation": 3, **other})


def test_two_seals_of_one_content_differ():
    assert sealing.seal(KEY, {"phone": "1"}, **PLACE) != sealing.seal(KEY, {"phone": "1"}, **PLACE)


def test_content_is_canonical():
    assert sealing.canonical({"b": 1, "a": "é张"}) == '{"a":"é张","b":1}'.encode()


@pytest.mark.parametrize(
    ("content", "error"),
    [({"text": "x" * 70_000}, ValueError), ({"text": object()}, TypeError), ({"text": float("nan")}, ValueError)],
)
def test_what_cannot_be_sealed_is_refused(content, error):
    with pytest.raises(error):
        sealing.canonical(content)


def test_lengths_of_short_fields_do_not_show():
    lengths = {
        len(sealing.seal(KEY, {"name": name}, category=Category.NAME, subject=SUBJECT, envelope=ENVELOPE))
        for name in ("李四", "张伟明")
    }
    assert len(lengths) == 1

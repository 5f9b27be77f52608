"""What a leaf says, frozen: the bytes of an entry and its hash must never change for a row of version 1."""

from uuid import UUID

from audit.leaves import CHANGE, EVENT, STATEMENT, canonical, guest_mark, private_hash
from audit.tests.factories import COMPANION, SUBJECT

SALT, PRIVATE_SALT = bytes(range(16)), bytes(range(16, 32))
NOON = 1772366400000000
REF = "33333333-3333-4333-8333-333333333333"
SESSION, REQUEST = "44444444-4444-4444-8444-444444444444", "55555555-5555-4555-8555-555555555555"
HEAD = (900, 17, "2026-03-01 12:00:00+00")
SALTS = (1, SALT, PRIVATE_SALT)
EVENT_ROW = (
    *HEAD, "event", *SALTS, [str(SUBJECT), str(COMPANION)],
    17, SALT.hex(), REF, NOON, "stay.viewed", "ok", "guest_service", "front_desk", 3, None, ["name", "phone"],
    7, SESSION, 12, REQUEST, "2026-000042", "stay", "2026-000042", "E1", '{"count": 2}', None, 900,
)  # fmt: skip
CHANGE_ROW = (
    *HEAD, "auditlog", *SALTS, None,
    17, SALT.hex(), NOON, 1, 3,
    11, "5", 5, "0812", None, '{"state": ["净", "脏"]}', "", 7, None, SESSION, 12, REQUEST, None, None, None, 900,
)  # fmt: skip
STATEMENT_ROW = (
    *HEAD, "erasure", *SALTS, [str(SUBJECT)],
    17, SALT.hex(), REF, NOON, 3, None, '{"envelopes": 3}',
    7, "{}", 900,
)  # fmt: skip


def test_golden_event() -> None:
    leaf = EVENT.leaf(EVENT_ROW)
    assert leaf.entry.decode() == (
        '{"kind":"event","priv":"fa70edc3f46de4acfec3fdf92cbad25bf2fca2208525001897d07c928be0d60c","pub":{"action":"stay.viewed",'
        '"at":1772366400000000,"fields":["name","phone"],"guests":["de7d062f2195b7ea88e9c39aa41f738ca96abbaa4533a1e6bf38aea23b143a91",'
        '"ff1b5b9e7b30585c6e95d8a92888995ee30f6ec6401ec4dbf70592322af6747f"],"id":17,"outcome":"ok",'
        '"property":3,"purpose":"guest_service","ref":"33333333-3333-4333-8333-333333333333","role":"front_desk",'
        '"salt":"000102030405060708090a0b0c0d0e0f"},"v":1}'
    )
    assert leaf.hash.hex() == "3933a10d16799ecf512f7e559f81392860ce899251777a86e402aa0133f3c964"


def test_golden_change() -> None:
    leaf = CHANGE.leaf(CHANGE_ROW)
    assert leaf.entry.decode() == (
        '{"kind":"auditlog","priv":"f81b597874e8abd1fc0d24a7087fddc6abca27080c0e69e30b82a19eba571dbd","pub":{"action":1,'
        '"at":1772366400000000,"id":17,"property":3,"salt":"000102030405060708090a0b0c0d0e0f"},"v":1}'
    )
    assert leaf.hash.hex() == "75cf83cd3ee3cda55643b8bc531f32507861b48db1bdbe8dc0407d9eb4139494"


def test_golden_statement() -> None:
    leaf = STATEMENT.leaf(STATEMENT_ROW)
    assert leaf.entry.decode() == (
        '{"kind":"erasure","priv":"379a77ea08c4b2006ccce475106d6b6193253ded8d22dd135aabd9f2538b96a5","pub":{"at":1772366400000000,'
        '"guests":["de7d062f2195b7ea88e9c39aa41f738ca96abbaa4533a1e6bf38aea23b143a91"],"id":17,"property":3,'
        '"ref":"33333333-3333-4333-8333-333333333333","said":"{\\"envelopes\\": 3}",'
        '"salt":"000102030405060708090a0b0c0d0e0f"},"v":1}'
    )
    assert leaf.hash.hex() == "1dd0b82950b380e34253c229d846a0aff2fb2e4b5e3c404b75f54d83bfcbc658"


def test_the_private_part_names_what_a_guest_is_not_shown() -> None:
    leaf = EVENT.leaf(EVENT_ROW)
    assert leaf.private.decode() == (
        '{"actor":7,"detail":"{\\"count\\": 2}","explained_by":"E1","note":null,"object_ref":"2026-000042",'
        '"object_type":"stay","purpose_ref":"2026-000042","request":"55555555-5555-4555-8555-555555555555",'
        '"request_n":12,"session":"44444444-4444-4444-8444-444444444444","xact":900}'
    )
    assert leaf.private_hash == private_hash(PRIVATE_SALT, leaf.private)


def test_a_guest_is_found_by_who_knows_the_reference() -> None:
    assert guest_mark(SALT, SUBJECT) == guest_mark(SALT, UUID(str(SUBJECT)))
    assert len({guest_mark(SALT, SUBJECT), guest_mark(SALT, COMPANION), guest_mark(PRIVATE_SALT, SUBJECT)}) == 3


def test_canonical_json_is_that_of_rfc_8785() -> None:
    value = {"b": ['\x07\n"\\/', "净é\u2028\x7f", None, -1, 2**53 - 1], "a": {"10": [], "1": {}}}
    assert (
        canonical(value) == '{"a":{"1":{},"10":[]},"b":["\\u0007\\n\\"\\\\/","净é\u2028\x7f",null,-1,9007199254740991]}'
    )

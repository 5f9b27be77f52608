"""The plaintext twin: the same guests in ordinary columns with ordinary indexes, in the schema ``twin``.

It is what the product would store if it sealed nothing: phone, document and names in btrees, tails in expression
indexes, pinyin in columns of their own. A substring is a scan of the table: no extension is used on either side.
"""

from functools import cache

from psycopg2.extensions import connection as Connection
from pypinyin import lazy_pinyin

from benchmarks.people.guests import Guest
from hotelrecords.embedded.roles import WEB

MAKE = f"""
CREATE SCHEMA twin;
GRANT USAGE ON SCHEMA twin TO {WEB};
CREATE TABLE twin.guest (
    id uuid NOT NULL, name text NOT NULL, latin_name text NOT NULL, folded text NOT NULL,
    surname_pinyin text NOT NULL, given_pinyin text NOT NULL, initials text NOT NULL,
    phone text NOT NULL, email text NOT NULL, address text NOT NULL,
    document_type text NOT NULL, document_number text NOT NULL, newest_on date NOT NULL);
CREATE TABLE twin.register (
    stay_id uuid NOT NULL, guest_id uuid NOT NULL, document_type text NOT NULL, document_number text NOT NULL,
    nationality text NOT NULL, birth_date date NOT NULL, sex text NOT NULL, expires_on date, name text NOT NULL,
    latin_name text NOT NULL, region text NOT NULL);
CREATE TABLE twin.payment (
    stay_id uuid NOT NULL, guest_id uuid NOT NULL, method text NOT NULL, payer text NOT NULL,
    card_last4 text NOT NULL, deposit text NOT NULL, invoice_title text NOT NULL, tax_number text NOT NULL);
GRANT SELECT, INSERT, UPDATE ON twin.guest, twin.register, twin.payment TO {WEB};
"""
INDEXES = (
    [
        "ALTER TABLE twin.guest ADD PRIMARY KEY (id)",
        "CREATE INDEX ON twin.guest (phone)",
        "CREATE INDEX ON twin.guest (document_number)",
        "CREATE INDEX ON twin.guest (right(phone, 4))",
        "CREATE INDEX ON twin.guest (right(document_number, 4))",
        "CREATE INDEX ON twin.guest (folded)",
        "CREATE INDEX ON twin.guest (surname_pinyin, given_pinyin)",
    ],
    [
        "ALTER TABLE twin.register ADD PRIMARY KEY (stay_id, guest_id)",
        "CREATE INDEX ON twin.register (guest_id)",
        "ALTER TABLE twin.payment ADD PRIMARY KEY (stay_id, guest_id)",
    ],
)
GUEST = (
    "id", "name", "latin_name", "folded", "surname_pinyin", "given_pinyin", "initials",
    "phone", "email", "address", "document_type", "document_number", "newest_on",
)  # fmt: skip
REGISTER = (
    "stay_id", "guest_id", "document_type", "document_number", "nationality", "birth_date", "sex", "expires_on",
    "name", "latin_name", "region",
)  # fmt: skip
PAYMENT = ("stay_id", "guest_id", "method", "payer", "card_last4", "deposit", "invoice_title", "tax_number")


def make(session: Connection) -> None:
    """Make the empty twin in a database that has none."""
    with session.cursor() as cursor:
        cursor.execute(MAKE)


@cache
def _reading(character: str) -> str:
    return lazy_pinyin(character)[0]


def readings(guest: Guest) -> tuple[str, str, str]:
    """Surname and given name in pinyin or in folded Latin, and the initials."""
    if guest.latin_name and not guest.is_chinese:
        family, _, given = guest.latin_name.casefold().partition(" ")
        return family, given.replace(" ", ""), "".join(word[0] for word in guest.latin_name.casefold().split())
    syllables = [_reading(character) for character in guest.name]
    return syllables[0], "".join(syllables[1:]), "".join(syllable[0] for syllable in syllables)

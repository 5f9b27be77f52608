"""Where a running product keeps or passes on anything outside its vault, and values planted in each of these places.

What is planted must be found there, in the forms software gives it: so a search that finds nothing has shown that it
would have found something.
"""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import redis
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.core.mail.backends.filebased import EmailBackend

from hotelrecords.tests.journeys.house import House

# The folder stands for the mail server, which must know whom a message is for; nothing else of them is in it.
TO_WHOM: Final = re.compile(rb"^To: .*$", re.MULTILINE)
PLANTED: Final[Mapping[str, str]] = {
    "name": "轩辕",
    "latin_name": "XUANYUAN HUANGDI",
    "phone": "+8613600009999",
    "email": "xuanyuan@example.net",
    "address": "有熊国 1 号",
    "document_number": "310000190001010018",
    "birth_date": "1900-01-01",
    "payer": "蚩尤九黎",
    "invoice_title": "涿鹿之野有限公司",
    "tax_number": "91310000CANARY0001",
    "text": "要一辆指南车",
}


@contextmanager
def planted(house: House) -> Iterator[None]:
    """The values that must be found, in every place, in the forms they would have there."""
    text = json.dumps(PLANTED)
    bell = redis.Redis(unix_socket_path=str(house.broker.socket))
    session = SessionStore()
    session["typed"] = PLANTED
    session.save()
    cache.set("canary", PLANTED, 60)
    with house.cluster.superuser(house.database) as owner, owner.cursor() as cursor:
        cursor.execute("CREATE TABLE public.canary (plain text, packed bytea)")
        cursor.execute("INSERT INTO public.canary VALUES (%s, %s)", (text, text.encode()))
    bell.rpush("canary", text)
    EmailBackend(file_path=house.mail).send_messages([EmailMessage("x", str(PLANTED), "a@b.example", ["c@d.example"])])
    files = [house.logs / "canary.log", house.local / "static" / "canary.json"]
    for file in files:
        file.write_text(text)
    try:
        yield
    finally:
        with house.cluster.superuser(house.database) as owner, owner.cursor() as cursor:
            cursor.execute("DROP TABLE public.canary")
        session.delete()
        cache.delete("canary")
        bell.delete("canary")
        for file in files:
            file.unlink()


def places(house: House) -> dict[str, bytes]:
    """Everything that is kept or passed on outside the vault; the cache and sessions stand in the database."""
    return {
        "database": house.cluster.dump(house.database),
        "logs": joined([*house.logs.iterdir(), house.cluster.log]),
        "broker": rung(house),
        "mail": TO_WHOM.sub(b"", joined(house.mail.iterdir())),
        "static": joined(path for path in (house.local / "static").rglob("*") if is_plain(path)),
    }


def is_plain(path: Path) -> bool:
    """A file to look into; a compressed one lies beside the same file as it is."""
    return path.is_file() and path.suffix not in (".gz", ".br")


def joined(files: Iterator[Path] | list[Path]) -> bytes:
    """All of these files."""
    return b"\n".join(path.read_bytes() for path in files)


def rung(house: House) -> bytes:
    """All that lies in the broker."""
    bell = redis.Redis(unix_socket_path=str(house.broker.socket))
    bell.config_set("rdbcompression", "no")
    return b"\n".join(bell.dump(key) or b"" for key in bell.scan_iter())

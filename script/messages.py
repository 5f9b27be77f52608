"""Keeps the Chinese of the pages complete: collects messages, fills translations in, compiles, and checks.

    python script/messages.py check                   what is missing, fuzzy, left over, broken or not compiled
    python script/messages.py update                  collect messages from Python and templates, compile
    python script/messages.py update --merge a.tsv …  and fill in missing translations
    python script/messages.py update --replace a.tsv  and let these lines win over what is there

A line of such a file is ``msgid<TAB>msgstr``, or ``context<TAB>msgid<TAB>msgstr``; a line break is written ``\\n``.
It needs Babel and Django, no gettext.
"""

import argparse
import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
APPS = ("audit", "vault", "staff", "stays", "privacy", "hotelrecords")
FOLDER = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES"
PO, MO = FOLDER / "django.po", FOLDER / "django.mo"
WORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
# A fixed header: what changes in the file is what changed in the messages.
HEADER = {
    "Project-Id-Version": "Hotel Records",
    "Language": "zh_Hans",
    "Plural-Forms": "nplurals=1; plural=0;",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Transfer-Encoding": "8bit",
}


def main(arguments: list[str]) -> int:
    """Do what the command line asks; the answer is the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("deed", choices=["check", "update"])
    parser.add_argument("--merge", nargs="+", type=Path, default=[], metavar="FILE")
    parser.add_argument("--replace", nargs="+", type=Path, default=[], metavar="FILE")
    options = parser.parse_args(arguments)
    if options.deed == "update":
        update(options.merge, options.replace)
    complaints = list(find_complaints())
    for complaint in complaints:
        print(complaint)
    print(f"{sum(1 for message in kept() if message.id)} messages, {len(complaints)} complaints")
    return 1 if complaints and options.deed == "check" else 0


def update(merge: list[Path], replace: list[Path]) -> None:
    """Write the catalogue of the messages there are now, and compile it."""
    old, new = kept(), collected()
    for message in new:
        known = old.get(message.id, message.context) if message.id else None
        if known is not None and known.id == message.id and not known.fuzzy:
            message.string = known.string
    for path in merge:
        fill(new, path, only_missing=True)
    for path in replace:
        fill(new, path, only_missing=False)
    FOLDER.mkdir(parents=True, exist_ok=True)
    PO.write_bytes(written(new))
    MO.write_bytes(compiled(kept()))


def fill(catalog: Catalog, path: Path, *, only_missing: bool) -> None:
    """Give messages the translations of a file; a line that no message waits for is named."""
    waiting: dict[tuple[str | None, str], Message] = {}
    for message in catalog:
        for text in [message.id] if isinstance(message.id, str) else message.id:
            waiting[message.context, text] = message
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        *context, msgid, msgstr = (part.replace("\\n", "\n") for part in line.split("\t"))
        found = waiting.get((context[0] if context else None, msgid))
        if found is None:
            print(f"{path.name}:{number}: no page says {msgid!r}")
        elif not (only_missing and is_translated(found)):
            found.string = (msgstr,) if found.pluralizable else msgstr


def find_complaints() -> Iterator[str]:
    """What keeps the Chinese from being complete."""
    now, have = collected(), kept()
    for message in now:
        known = have.get(message.id, message.context) if message.id else None
        if message.id and (known is None or known.id != message.id):
            yield f"not collected: {message.id!r}"
        elif message.id and known is not None and not is_translated(known):
            yield f"not translated: {message.id!r}"
    for message in have:
        if message.id and message.fuzzy:
            yield f"fuzzy: {message.id!r}"
        if message.id and now.get(message.id, message.context) is None:
            yield f"no longer said: {message.id!r}"
        yield from (f"{error}: {message.id!r}" for error in message.check(have) if message.id)
    yield from (f"left over: {msgid!r}" for msgid in have.obsolete)
    if not MO.exists() or MO.read_bytes() != compiled(have):
        yield "django.mo is not compiled from django.po: script/check --messages"


def is_translated(message: Message) -> bool:
    """Whether every form of the message has its Chinese."""
    strings = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
    return all(strings)


def collected() -> Catalog:
    """The messages of every Python file and template."""
    catalog = empty()
    for path, method, text in sources():
        file = io.BytesIO(text.encode())
        for _line, msgid, _comments, context in extract(method, file, WORDS, options={"encoding": "utf-8"}):
            place = [(str(path.relative_to(ROOT)), 1)]
            catalog.add(msgid, None, locations=place, context=context)
    return catalog


def sources() -> Iterator[tuple[Path, str, str]]:
    """Every file with messages, how to read it, and its text."""
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if not {"tests", "migrations"} & set(path.relative_to(ROOT).parts):
                yield path, "python", path.read_text(encoding="utf-8")
    for folder in (ROOT / "templates", *(ROOT / app for app in APPS)):
        for path in sorted([*folder.rglob("*.html"), *folder.rglob("*.txt")]):
            # Django writes a template as calls amid blanks, which the lexer of JavaScript reads without minding
            # indentation.
            yield path, "javascript", templatize(path.read_text(encoding="utf-8"), origin=str(path))


def empty() -> Catalog:
    """A catalogue without messages; its dates are fixed, so that the compiled file follows from the messages alone."""
    catalog = Catalog(locale="zh_Hans", project="Hotel Records", charset="utf-8", fuzzy=False)
    catalog.creation_date = catalog.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    return catalog


def kept() -> Catalog:
    """The catalogue as it is in the repository."""
    if not PO.exists():
        return empty()
    with PO.open("rb") as file:
        return read_po(file, locale="zh_Hans")


def written(catalog: Catalog) -> bytes:
    """The catalogue as text, in the order of its messages."""
    file = io.BytesIO()
    write_po(file, catalog, sort_output=True, include_lineno=False, omit_header=True, width=0)
    head = 'msgid ""\nmsgstr ""\n' + "".join(f'"{name}: {value}\\n"\n' for name, value in HEADER.items())
    return (head + "\n").encode() + file.getvalue()


def compiled(catalog: Catalog) -> bytes:
    """The catalogue as Django loads it."""
    file = io.BytesIO()
    bare = empty()
    for message in catalog:
        if message.id and is_translated(message):
            bare.add(message.id, message.string, context=message.context)
    write_mo(file, bare)
    return file.getvalue()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

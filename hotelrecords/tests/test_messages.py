"""The tool that keeps the Chinese complete."""

from pathlib import Path

import pytest
from babel.messages import Catalog

from script import messages

TEMPLATE = """{% load i18n %}<p>{% translate "Room" context "noun" %}
{% blocktranslate count n=n trimmed %}
  one night
{% plural %}{{ n }} nights{% endblocktranslate %}</p>"""
CODE = 'from x import gettext as _\nwords = _("Check in")\n'


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with one template and one module."""
    for path, text in (("templates/stay.html", TEMPLATE), ("stays/views.py", CODE), ("stays/tests/test_x.py", CODE)):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    folder = tmp_path / "locale"
    for name, value in {"ROOT": tmp_path, "FOLDER": folder, "PO": folder / "d.po", "MO": folder / "d.mo"}.items():
        monkeypatch.setattr(messages, name, value)
    return tmp_path


def ids(catalog: Catalog) -> set[object]:
    return {(message.context, message.id) for message in catalog if message.id}


def translate(house: Path, *lines: str) -> None:
    (house / "zh.tsv").write_text("".join(f"{line}\n" for line in lines))
    messages.main(["update", "--merge", str(house / "zh.tsv")])


GOOD = ("Check in\t入住", "noun\tRoom\t房间", "one night\t%(n)s 晚")


@pytest.mark.usefixtures("house")
def test_messages_of_templates_and_modules_are_collected() -> None:
    expected = {("noun", "Room"), (None, ("one night", "%(n)s nights")), (None, "Check in")}
    assert ids(messages.collected()) == expected


def test_a_complete_catalogue_has_no_complaints(house: Path) -> None:
    translate(house, *GOOD)
    assert (list(messages.find_complaints()), messages.main(["check"])) == ([], 0)


def test_what_is_missing_is_named(house: Path) -> None:
    translate(house, *GOOD[1:])
    assert list(messages.find_complaints()) == ["not translated: 'Check in'"]


def test_what_nobody_says_any_more_is_named(house: Path) -> None:
    translate(house, *GOOD)
    (house / "stays/views.py").write_text("")
    assert list(messages.find_complaints()) == ["no longer said: 'Check in'"]
    messages.main(["update"])
    assert list(messages.find_complaints()) == []


def test_a_lost_placeholder_is_named(house: Path) -> None:
    (house / "stays/views.py").write_text('_("Room %(room)s is taken")')
    translate(house, *GOOD[1:], "Room %(room)s is taken\t房间 %(rom)s 已占用")
    assert len(list(messages.find_complaints())) == 1


def test_a_catalogue_that_is_not_compiled_is_named(house: Path) -> None:
    translate(house, *GOOD)
    (house / "locale/d.mo").write_bytes(b"old")
    assert list(messages.find_complaints()) == ["django.mo is not compiled from django.po: script/check --messages"]


def test_merging_fills_and_replacing_wins(house: Path) -> None:
    translate(house, *GOOD)
    translate(house, "Check in\t登记入住")
    assert messages.kept().get("Check in").string == "入住"  # type: ignore[union-attr]
    messages.main(["update", "--replace", str(house / "zh.tsv")])
    assert messages.kept().get("Check in").string == "登记入住"  # type: ignore[union-attr]

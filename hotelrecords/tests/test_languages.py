"""Both languages say everything: sentences of the log, names of roles, rights and choices, and the catalogue itself."""

import re

from babel.messages.pofile import read_po
from django.apps import apps
from django.utils import translation

from audit import registry
from hotelrecords.embedded.places import CHECKOUT
from staff.roles import RIGHTS, ROLE_NAMES

CATALOGUE = CHECKOUT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
OURS = ("vault", "staff", "stays", "privacy")
HAN = re.compile(r"[一-鿿]")
# Said alike in both languages.
ALIKE = {"CNY", "HKD", "EUR", "GBP", "SGD", "USD", "English", "简体中文", "CSV", "JSON", ""}


def in_chinese(text: object) -> str:
    """What a Chinese reader sees."""
    with translation.override("zh-hans"):
        return str(text)


def choices() -> set[object]:
    """The word of every choice of every field of ours."""
    fields = [field for model in apps.get_models() for field in model._meta.fields if model._meta.app_label in OURS]
    return {word for field in fields for _code, word in field.choices or () if str(word) not in ALIKE}


def test_every_sentence_of_the_log_is_in_chinese() -> None:
    with translation.override("zh-hans"):
        assert [code for code in registry.codes() if not HAN.search(registry.label(code))] == []


def test_every_role_right_and_choice_is_in_chinese() -> None:
    words = {*ROLE_NAMES.values(), *RIGHTS.values(), *choices()}
    assert len(words) > 60
    assert sorted(str(word) for word in words if not HAN.search(in_chinese(word))) == []


def test_nothing_in_the_catalogue_is_untranslated_or_guessed() -> None:
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="zh_Hans")
    said = [message for message in catalogue if message.id]
    empty = [
        message.id
        for message in said
        if not all([message.string] if isinstance(message.string, str) else message.string)
    ]
    assert len(said) > 500
    assert empty == []
    assert [message.id for message in said if message.fuzzy] == []


def test_a_translation_keeps_its_placeholders() -> None:
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="zh_Hans")
    placeholder = re.compile(r"%\((\w+)\)[sd]")
    changed = [
        message.id
        for message in catalogue
        if isinstance(message.id, str)
        and message.id
        and set(placeholder.findall(str(message.string))) != set(placeholder.findall(message.id))
    ]
    assert changed == []

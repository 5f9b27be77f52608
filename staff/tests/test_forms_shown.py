"""What a form that comes back says: our own reasons, in our own words."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.forms import CharField, Form
from django.template.loader import render_to_string
from django.utils.translation import override

from staff.templatetags.house import errors

_FORM = re.compile(r'<form\b[^>]*method="post"[^>]*>.*?</form>', re.DOTALL)


class Asking(Form):
    """One field asks, one is named."""

    def __init__(self, question: str) -> None:
        super().__init__({})
        for name, label in (("why", question), ("name", "Name")):
            self.fields[name] = CharField(label=label, error_messages={"required": "Missing."})


@pytest.mark.parametrize(("language", "question", "colon"), [("en", "Why?", ": "), ("zh-hans", "为什么？", "：")])
def test_no_colon_follows_a_question_mark(language: str, question: str, colon: str) -> None:
    with override(language):
        told = render_to_string("components/errors.html", errors(Asking(question)))
    lines = [re.sub("<[^>]+>", "", line).strip() for line in re.findall("<li>(.*?)</li>", told, re.DOTALL)]
    assert lines == [f"{question} Missing.", f"Name{colon}Missing."]


def test_where_we_tell_reasons_the_browser_tells_none_of_its_own() -> None:
    """``novalidate``: else it stops at the first field, with a bubble in words of its own."""
    templates = Path(settings.BASE_DIR, "templates")
    forms = [(path, form) for path in templates.rglob("*.html") for form in _FORM.findall(path.read_text("utf-8"))]
    told = [(path, form) for path, form in forms if "{% errors" in form]
    assert len(told) > 50
    assert [str(path) for path, form in told if "novalidate" not in form.partition(">")[0]] == []

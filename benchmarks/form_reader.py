"""Fills in a page's form as a clerk would: what the page proposes stays, the rest is typed."""

from html.parser import HTMLParser
from typing import Any

Fields = dict[str, list[str]]


class FormReader(HTMLParser):
    """Collects what a browser would send of every form on a page, and the choices of each select."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: Fields = {}
        self.choices: Fields = {}
        self.ticks: Fields = {}
        self._select = self._area = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take in one control."""
        given: dict[str, Any] = dict(attrs)
        name = given.get("name", "")
        if tag == "input" and name:
            self._input(name, given)
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            self.choices.setdefault(self._select, []).append(given.get("value", ""))
            if "selected" in given:
                self.fields[self._select] = [given.get("value", "")]
        elif tag == "textarea":
            self._area = name
            self.fields.setdefault(name, [""])

    def _input(self, name: str, given: dict[str, Any]) -> None:
        kind, value = given.get("type", "text"), given.get("value", "")
        if kind in ("checkbox", "radio"):
            self.ticks.setdefault(name, []).append(value or "on")
            if "checked" in given:
                self.fields.setdefault(name, []).append(value or "on")
        elif kind not in ("submit", "button") and "disabled" not in given:
            self.fields[name] = [value]

    def handle_endtag(self, tag: str) -> None:
        """Leave a control; a select without a choice sends its first."""
        if tag == "select" and self._select:
            first = self.choices.get(self._select, [""])[:1]
            self.fields.setdefault(self._select, first)
            self._select = ""
        if tag == "textarea":
            self._area = ""

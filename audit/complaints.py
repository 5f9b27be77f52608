"""What a verification can find, as a code with a place, and in plain words."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_SENTENCES = {
    "not_begun": gettext_lazy("nothing was ever sealed"),
    "row_changed": gettext_lazy("broken at entry %(place)s: the row is not what was sealed"),
    "row_missing": gettext_lazy("broken at entry %(place)s: the row that was sealed is gone"),
    "row_unsealed": gettext_lazy("a row was slipped in behind the seal: %(place)s"),
    "number_missing": gettext_lazy("broken at entry %(place)s: nothing says which row it was"),
    "tile_short": gettext_lazy("%(place)s is missing or cut short"),
    "tile_changed": gettext_lazy("%(place)s is not what was sealed"),
    "root_differs": gettext_lazy("the first %(place)s entries are not those that were signed"),
    "checkpoint_changed": gettext_lazy("the checkpoint of %(place)s entries is not genuine"),
    "anchor_false": gettext_lazy("an anchor kept outside is not genuine"),
    "anchor_ahead": gettext_lazy("an anchor knows %(place)s entries, more than the database: it was rolled back"),
    "pruned_unstated": gettext_lazy("the rows of %(place)s were dropped without a sealed statement"),
}
_OF_ENTRIES = frozenset({"row_changed", "row_missing", "number_missing"})


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing that is wrong, and where."""

    code: str
    place: str = ""

    @classmethod
    def parse(cls, text: str) -> "Complaint":
        """Read what ``str`` wrote."""
        code, _colon, place = text.partition(":")
        return cls(code, place)

    def __str__(self) -> str:
        return f"{self.code}:{self.place}"

    @property
    def is_entry(self) -> bool:
        """Whether its place is the number of an entry."""
        return self.code in _OF_ENTRIES

    @property
    def sentence(self) -> str:
        """In plain words, in the active language."""
        return str(_SENTENCES[self.code]) % {"place": self.place}


def verdict(begins: int, ends: int, complaints: list[Complaint], *, is_drawn: bool = False) -> str:
    """The answer to “is the log whole?” in plain words. ``is_drawn``: the entries were drawn by lot."""
    if complaints:
        return _("BROKEN: %(complaint)s") % {"complaint": complaints[0].sentence}
    if is_drawn:
        return _("Entries drawn by lot: %(count)s, all as they were sealed.") % {"count": ends - begins}
    return _("Entries %(first)s to %(last)s: %(count)s in all, unbroken.") % {
        "first": begins,
        "last": max(ends - 1, 0),
        "count": ends - begins,
    }

"""Letters that answer: granted, partly granted, refused, the outcome of an appeal."""

from collections.abc import Callable
from typing import Final

from django.utils.translation import gettext as _

from privacy.letters.matter import Matter
from privacy.letters.parts import parts_table
from privacy.letters.ways_on import reasons, ways_on
from privacy.models import Request
from privacy.policy import citing, words
from stays.papers.blocks import Block, Heading, Table, Text
from vault.categories import Category

# Grounds that say nothing about a record: no row of one stands in such a letter.
_SILENT: Final = frozenset({"unverified", "not_entitled"})


def granted(matter: Matter) -> list[Block]:
    """All that was asked for is done, and what that was."""
    is_answer_itself = matter.request.wanted in (Request.Kind.COMPLAINT, Request.Kind.EXPLANATION)
    return [*([] if is_answer_itself else [Text(_("We grant your request."))]), *_done(matter)]


def partly(matter: Matter) -> list[Block]:
    """What is done, what is not, why, and where one can go."""
    told = _("We grant your request in part. What we could not do is named below, with its reason.")
    ground = matter.request.refusal_ground
    return [Text(told), *_done(matter), *(reasons(matter, ground) if ground else []), *ways_on(matter)]


def refused(matter: Matter) -> list[Block]:
    """Why not, by which article, and where one can go (PIPL 50)."""
    ground = matter.request.refusal_ground or "unverified"
    rows = [] if ground in _SILENT else parts_table(matter)
    return [Text(_("We cannot grant your request.")), *reasons(matter, ground), *rows, *ways_on(matter)]


def appeal_outcome(matter: Matter) -> list[Block]:
    """What came of the second look, by somebody else."""
    earlier = matter.request.appeal_of
    number = earlier.number if earlier is not None else "–"
    looked = _(
        "You appealed against our answer to request %(number)s. Somebody else than who decided it has looked at it."
    )
    first = Text(looked % {"number": number})
    if matter.request.decision == Request.Decision.REFUSED:
        return [first, Text(_("The first answer stands.")), *refused(matter)[1:]]
    if matter.request.decision == Request.Decision.PARTLY:
        return [first, Text(_("The first answer is changed in part.")), *partly(matter)]
    return [first, Text(_("The first answer is changed.")), *granted(matter)]


def _done(matter: Matter) -> list[Block]:
    return _BODIES.get(matter.request.wanted, parts_table)(matter)


def _copy(matter: Matter) -> list[Block]:
    holds = _(
        "The copy of your record is ready. It holds what we keep about you, stay by stay, and who looked at it, in"
        " which role, when and why."
    )
    without = _("What concerns other persons, and the names of our staff, is left out.")
    return [Text(holds), Text(without), _way_out()]


def _transfer(matter: Matter) -> list[Block]:
    holds = _(
        "The file for transfer is ready, as CSV and as JSON. It holds what you gave us by consent or for your stay. The"
        " guest register rests on a legal duty and is no part of it."
    )
    return [Text(holds), _way_out()]


def _correction(matter: Matter) -> list[Block]:
    codes = ["corrected_and_reported"] if Category.REGISTER in matter.corrected else []
    codes += ["corrected"] if matter.corrected - {Category.REGISTER} or not codes else []
    basis = _("Basis: %(article)s.")
    told = [Text(words.say(code)) for code in codes]
    return [*told, Text(basis % {"article": words.article_of(codes[0], matter.jurisdiction)})]


def _explanation(matter: Matter) -> list[Block]:
    """Which rules the house goes by (PIPL 48): what is kept how long, and by whose authority."""
    told = _("These are the rules by which we keep and erase. Our privacy notice says what is used for what.")
    held = sorted(matter.rules.values(), key=lambda rule: rule.code)
    rows = tuple(
        (
            str(words.RECORDS[rule.record]),
            citing.lasts(rule),
            citing.source(rule) or _("our own rule"),
            str(words.ENDS[rule.end]),
        )
        for rule in held
        if rule.jurisdiction == matter.jurisdiction
    )
    head = (_("Record"), _("Kept for"), _("Source"), _("What happens then"))
    return [Text(told), Heading(_("What is kept how long")), Table(head, rows, (30, 34, 40, 30))]


def _complaint(matter: Matter) -> list[Block]:
    told = _("We looked into your complaint. You are right, and we have changed what you complained about.")
    return [Text(told), Text(_("What was done stands in our message to you."))]


def _way_out() -> Text:
    return Text(
        _("You get it in person, or open it once by a link that we send to the contact we have on file of the guest.")
    )


_BODIES: Final[dict[str, Callable[[Matter], list[Block]]]] = {
    Request.Kind.ACCESS: _copy,
    Request.Kind.TRANSFER: _transfer,
    Request.Kind.CORRECTION: _correction,
    Request.Kind.EXPLANATION: _explanation,
    Request.Kind.COMPLAINT: _complaint,
}

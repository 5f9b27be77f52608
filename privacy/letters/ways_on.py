"""Where one can go who is not content (PIPL 50, 65), and how a refusal is worded: never without them."""

from django.utils.translation import gettext as _

from privacy.letters.matter import Matter
from privacy.models import Request
from privacy.policy import refusals
from stays.papers.blocks import Block, Heading, Points, Text


def reasons(matter: Matter, ground: str) -> list[Block]:
    """Why the request, or a part of it, is refused, and the article. Raises KeyError on an unknown ground."""
    refusal = refusals.refusal(ground, matter.jurisdiction)
    return [
        Heading(_("Why")),
        Text(str(refusal.reason)),
        Text(_("Basis: %(article)s.") % {"article": refusal.article}),
    ]


def ways_on(matter: Matter) -> list[Block]:
    """Appeal, complaint and court; after an appeal only the last two."""
    open_ways = refusals.remedies(matter.jurisdiction)
    appeal = [] if matter.request.kind == Request.Kind.APPEAL else [str(open_ways.appeal)]
    return [
        Heading(_("If you do not agree")),
        Points((*appeal, str(open_ways.complaint), str(open_ways.court))),
    ]

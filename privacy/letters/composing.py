"""One letter, whole: head, greeting, what was asked, body, closing, in one language."""

from collections.abc import Callable
from typing import Final

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from privacy.letters import answers, notices
from privacy.letters.matter import Matter, said
from privacy.models import Letter, Request
from privacy.policy.articles import article
from stays.papers.blocks import Block, Paper, Text

Kind = Letter.Kind
TITLES: Final[dict[str, Promise]] = {
    Kind.RECEIPT: gettext_lazy("Receipt for your request"),
    Kind.ACKNOWLEDGE: gettext_lazy("We have received your request"),
    Kind.NEED_MORE: gettext_lazy("We need something more from you"),
    Kind.EXTENDED: gettext_lazy("We need more time"),
    Kind.GRANTED: gettext_lazy("Our answer to your request: granted"),
    Kind.PARTLY: gettext_lazy("Our answer to your request: partly granted"),
    Kind.REFUSED: gettext_lazy("Our answer to your request: refused"),
    Kind.APPEAL_OUTCOME: gettext_lazy("The outcome of your appeal"),
    Kind.LIFTED: gettext_lazy("The restriction of your record is lifted"),
}
_BODIES: Final[dict[str, Callable[[Matter], list[Block]]]] = {
    Kind.RECEIPT: notices.receipt,
    Kind.ACKNOWLEDGE: notices.acknowledge,
    Kind.NEED_MORE: notices.need_more,
    Kind.EXTENDED: notices.extended,
    Kind.GRANTED: answers.granted,
    Kind.PARTLY: answers.partly,
    Kind.REFUSED: answers.refused,
    Kind.APPEAL_OUTCOME: answers.appeal_outcome,
    Kind.LIFTED: notices.lifted,
}


def compose(matter: Matter, kind: str, *, language: str) -> Paper:
    """The letter in a language, whoever reads or writes it. Raises KeyError on an unknown kind or refusal ground."""
    with translation.override(language):
        house, today = matter.request.property, said(matter.today)
        return Paper(
            language=language,
            house=house.name,
            group=house.group_name,
            recipient=matter.recipient,
            facts=((_("Number"), matter.request.number), (_("Date"), today)),
            title=str(TITLES[kind]),
            blocks=(_greeting(matter), _asked(matter), *_BODIES[kind](matter)),
            closing=(house.name, today),
            foot=f"{matter.request.number} · {house.name}",
        )


def _greeting(matter: Matter) -> Text:
    if not matter.recipient:
        return Text(_("Dear guest,"))
    return Text(_("Dear %(name)s,") % {"name": matter.recipient})


def _asked(matter: Matter) -> Text:
    kind = matter.request.kind
    facts = {
        "day": matter.day(matter.request.received_at),
        "kind": Request.Kind(kind).label,
        "article": article(kind, matter.jurisdiction),
    }
    return Text(_("On %(day)s we received your request: %(kind)s (%(article)s).") % facts)

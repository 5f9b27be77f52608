"""Letters beside the answer: receipt, acknowledgement, what is still needed, more time, a restriction lifted."""

from django.utils.translation import gettext as _

from audit import registry
from privacy.letters.matter import Matter, said
from privacy.letters.ways_on import ways_on
from privacy.policy import evidence, refusals, words
from stays.papers.blocks import Block, Facts, Points, Text


def receipt(matter: Matter) -> list[Block]:
    """Number and day; the code to follow it by only on the paper that is printed once."""
    facts = [(_("Answer at the latest on"), said(matter.request.due_on))]
    if matter.follow_code:
        facts.append((_("Code to follow it by"), matter.follow_code))
        told = _(
            "You can follow your request on our public page with its number and this code, add to it and withdraw it."
            " The code is told once, here; we keep no copy of it."
        )
    else:
        told = _("The code to follow the request by was told once, with the printed receipt; we keep no copy of it.")
    return [Facts(tuple(facts)), Text(told), _free()]


def acknowledge(matter: Matter) -> list[Block]:
    """That it has arrived, and until when it is answered. Nothing of whether there is a record."""
    answer = _("We answer by %(day)s at the latest.") % {"day": said(matter.request.due_on)}
    who = _(
        "Before anything is said or done about a record we make sure who is asking, with the least that removes doubt."
        " Until then we do not say whether there is a record."
    )
    first = [] if matter.request.is_verified else [Text(who)]
    return [Text(answer), *first, _free()]


def need_more(matter: Matter) -> list[Block]:
    """What has to be shown: the table for whoever asks this, so that it says nothing about this guest."""
    waiting = [Text(_("The time for our answer stands still until we have it."))] if matter.request.paused_at else []
    if matter.request.is_verified:
        asked = _(
            "To decide on your request we need to know more: what stands in our message to you. You can answer on our"
            " public page, with the number of the request and its code, or at the front desk."
        )
        return [Text(asked), *waiting]
    ways = evidence.must_show(matter.request.acts_as, matter.request.kind).ways
    if not ways:
        return [Text(str(refusals.GROUNDS["not_entitled"][0]))]
    never = _("Please send no copy and no photo of a document. Documents are seen and given back.")
    asked = _("To make sure who is asking, please show us one of the following. We ask for no more than that.")
    return [Text(asked), Points(tuple(_way(way) for way in ways)), Text(never), *waiting]


def extended(matter: Matter) -> list[Block]:
    """Why it takes longer, until when, and where one can go who does not want to wait."""
    told = _("We need more time for our answer. The reason: %(reason)s. It comes by %(day)s at the latest.")
    facts = {"reason": matter.extension_reason, "day": said(matter.request.due_on)}
    return [Text(told % facts), Text(_("A request is extended once.")), *ways_on(matter)]


def lifted(matter: Matter) -> list[Block]:
    """That a restriction ends, why, and where one can go who does not want it to (GDPR 18(3))."""
    told = _(
        "The restriction that rested on this request was lifted on %(day)s. The reason: %(reason)s. What was locked"
        " away for it is used again for what it was recorded for, unless another request locks it away too."
    )
    goes_on = _("The rules on how long a record is kept, and your rights, are as before.")
    facts = {"day": said(matter.today), "reason": matter.lift_reason}
    return [Text(told % facts), Text(goes_on), *ways_on(matter)]


def _way(way: evidence.Way) -> str:
    shown = [str(words.SHOWN[code]) for code in words.SHOWN if code in way]
    told = registry.listed(shown)
    if len(shown) > 1:
        return _("All of these: %(shown)s") % {"shown": told}
    return told[:1].upper() + told[1:]


def _free() -> Text:
    return Text(_("The answer is free of charge."))

"""Tags and filters of the pages of requests: clocks, steps, the law in words."""

from datetime import date
from typing import Any, Final

from django import template
from django.db.models import Model
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from privacy import actions
from privacy.models import Request
from privacy.policy import words
from privacy.policy.refusals import GROUNDS as REFUSALS
from privacy.services.clock import EXTENSION_REASONS, PAUSE_REASONS
from privacy.services.messages import RECEIVED_KINDS
from privacy.services.restricting import LIFT_REASONS
from privacy.services.sheets import OVERRIDE_REASONS
from privacy.templatetags.registers import WHY_ERASED
from staff.templatetags.house import chip
from staff.wording import drawn_once, found_once

register = template.Library()

# The steps of a request, as short as a line of its timeline.
STEPS: Final[dict[str, Promise]] = {
    actions.REQUEST_RECEIVED: pgettext_lazy("step", "Received"),
    actions.REQUEST_ACKNOWLEDGED: pgettext_lazy("step", "Acknowledged"),
    actions.APPOINTMENT_MADE: pgettext_lazy("step", "Appointment made"),
    actions.APPOINTMENT_KEPT: pgettext_lazy("step", "Appointment noted"),
    actions.OFFICER_ASSIGNED: pgettext_lazy("step", "Given to an officer"),
    actions.REQUEST_VERIFIED: pgettext_lazy("step", "Verified"),
    actions.CHECK_PASSED: pgettext_lazy("step", "Confirmed"),
    actions.CHECK_FAILED: pgettext_lazy("step", "Not confirmed"),
    actions.CODE_SENT: pgettext_lazy("step", "Code sent"),
    actions.CODE_ASKED: pgettext_lazy("step", "Code asked for"),
    actions.CODE_NOT_SENT: pgettext_lazy("step", "Code could not be sent"),
    actions.FOLLOW_CODE_RENEWED: pgettext_lazy("step", "New code to follow by"),
    actions.FOLLOWED: pgettext_lazy("step", "Looked at by the requester"),
    actions.REVIEW_STARTED: pgettext_lazy("step", "In review"),
    actions.REQUEST_PAUSED: pgettext_lazy("step", "Clock paused"),
    actions.REQUEST_RESUMED: pgettext_lazy("step", "Clock runs again"),
    actions.REQUEST_EXTENDED: pgettext_lazy("step", "Extended"),
    actions.DUPLICATE_MARKED: pgettext_lazy("step", "Closed as a duplicate"),
    actions.REQUEST_WITHDRAWN: pgettext_lazy("step", "Withdrawn"),
    actions.MESSAGE_SENT: pgettext_lazy("step", "Message to the requester"),
    actions.MESSAGE_RECEIVED: pgettext_lazy("step", "Message from the requester"),
    actions.TASK_ADDED: pgettext_lazy("step", "Task added"),
    actions.TASK_DONE: pgettext_lazy("step", "Task done"),
    actions.COUNSEL_ASKED: pgettext_lazy("step", "Counsel asked"),
    actions.REQUEST_CLOSED: pgettext_lazy("step", "Closed"),
    actions.REQUEST_RATED: pgettext_lazy("step", "Rated by the requester"),
    actions.REQUEST_APPEALED: pgettext_lazy("step", "Appealed"),
    actions.CASE_FILES_EXPIRED: pgettext_lazy("step", "Papers of the case erased"),
    actions.SHEET_MADE: pgettext_lazy("step", "Decision sheet made"),
    actions.ITEM_CHOSEN: pgettext_lazy("step", "Chosen on the sheet"),
    actions.REQUEST_DECIDED: pgettext_lazy("step", "Decided"),
    actions.DECISION_APPROVED: pgettext_lazy("step", "Approved"),
    actions.DECISION_SENT_BACK: pgettext_lazy("step", "Sent back"),
    actions.DECISION_EXECUTED: pgettext_lazy("step", "Carried out"),
    actions.LETTER_MADE: pgettext_lazy("step", "Letter made"),
    actions.ANSWER_DELIVERED: pgettext_lazy("step", "Handed over in person"),
    actions.LINK_MADE: pgettext_lazy("step", "One-time link sent"),
    actions.ANSWER_OPENED: pgettext_lazy("step", "Answer opened by its link"),
    actions.RECORD_CORRECTED: pgettext_lazy("step", "Corrected"),
    actions.STAY_RESTRICTED: pgettext_lazy("step", "Stay restricted"),
    actions.LIFT_ASKED: pgettext_lazy("step", "Asked to lift the restriction"),
    actions.LIFT_DECLINED: pgettext_lazy("step", "Left restricted"),
    actions.REQUEST_LIFTED: pgettext_lazy("step", "Restriction lifted"),
    actions.CERTIFICATE_SIGNED: pgettext_lazy("step", "Certificate signed"),
    actions.CERTIFICATE_RECHECKED: pgettext_lazy("step", "Searched again"),
}
NEXT: Final[dict[str, Promise]] = {
    "verify": pgettext_lazy("next", "Make sure who asks"),
    "review": pgettext_lazy("next", "Review"),
    "sheet_first": pgettext_lazy("next", "Decision sheet"),
    "choose": pgettext_lazy("next", "Choose on the sheet"),
    "decide": pgettext_lazy("next", "Decision"),
    "approve": pgettext_lazy("next", "Second person"),
    "execute": pgettext_lazy("next", "Carry out"),
    "correct": pgettext_lazy("next", "Correct the record"),
    "letter_first": pgettext_lazy("next", "Letter"),
    "close": pgettext_lazy("next", "Close"),
}
MESSAGE_KINDS: Final[dict[str, Promise]] = {
    "information": pgettext_lazy("message", "Information"),
    "need_more": pgettext_lazy("message", "Something is needed"),
    "reminder": pgettext_lazy("message", "Reminder"),
    "added": pgettext_lazy("message", "Added"),
    "question": pgettext_lazy("message", "Question"),
    "comment": pgettext_lazy("message", "Comment"),
}
PLAIN_STATES: Final[dict[str, Promise]] = {
    Request.State.RECEIVED: gettext_lazy("We have your request. Next we make sure that it is you who asks."),
    Request.State.VERIFYING: gettext_lazy("We are making sure that it is you who asks."),
    Request.State.IN_REVIEW: gettext_lazy("We are looking at what you ask for and what the law says about it."),
    Request.State.AWAITING_SECOND: gettext_lazy("We are looking at what you ask for and what the law says about it."),
    Request.State.EXECUTING: gettext_lazy(
        "It is decided and being carried out. The answer comes to you by a safe way."
    ),
}
PLAIN_RESULTS: Final[dict[str, Promise]] = {
    Request.Result.GRANTED: gettext_lazy("It is done as you asked. The answer went to you by a safe way."),
    Request.Result.PARTLY: gettext_lazy("It is done in part. The answer went to you by a safe way and says why."),
    Request.Result.REFUSED: gettext_lazy("It was refused. The answer says why, and what you can do about it."),
    Request.Result.WITHDRAWN: gettext_lazy("It is closed without an answer, because it was withdrawn."),
    Request.Result.UNVERIFIED: gettext_lazy(
        "It is closed, because we could not make sure who asks. You may ask again."
    ),
}
_REASONS: Final = {**PAUSE_REASONS, **EXTENSION_REASONS, **OVERRIDE_REASONS, **LIFT_REASONS, **WHY_ERASED}
LAST_QUARTER: Final = 4


@register.filter
def step(code: str) -> str:
    """A step of the timeline."""
    return str(STEPS.get(code, code))


@register.filter
def next_step(main: str, asked: Request) -> str:
    """What comes next, by the main deed the page offers; where there is none, where the request stands."""
    return str(NEXT[main]) if main in NEXT else asked.get_state_display()


@register.filter
def said_of(thing: Model, name: str) -> str:
    """The word for the code in a field. Django's own ``get_…_display`` translates every choice of the field first."""
    return _word(type(thing), name, getattr(thing, name))


@register.filter
def asks_for(asked: Request) -> SafeString:
    """What is asked for, by which way, and for whom where it is not oneself."""
    acts_as = "" if asked.acts_as == Request.ActsAs.SELF else said_of(asked, "acts_as")
    codes = {"kind": said_of(asked, "kind"), "channel": said_of(asked, "channel"), "acts_as": acts_as}
    return drawn_once("privacy/_asks_for.html", **codes)


@register.filter
def where_it_is(asked: Request) -> SafeString:
    """The state of a request as a chip, and whether its time was extended."""
    codes = {"state": said_of(asked, "state"), "tone": state_tone(asked), "is_extended": asked.extended_at is not None}
    return drawn_once("privacy/_state_chips.html", **codes)


@found_once
def _word(model: type[Model], name: str, code: str) -> str:
    field: Any = model._meta.get_field(name)
    return str(dict(field.flatchoices).get(code, code))


@register.filter
def message_kind(code: str) -> str:
    """What a message is."""
    return str(MESSAGE_KINDS.get(code, code))


@register.filter
def is_received(kind: str) -> bool:
    """Whether a message of this kind comes from the requester."""
    return kind in RECEIVED_KINDS


@register.filter
def reason(code: str) -> str:
    """Why something was paused, extended or chosen otherwise."""
    return str(_REASONS.get(code, code))


@register.filter
def refusal(code: str) -> str:
    """Why a request is refused."""
    return str(REFUSALS[code][0]) if code in REFUSALS else code


@register.filter
def shown_as(code: str) -> str:
    """What a requester shows."""
    return str(words.SHOWN.get(code, code))


@register.filter
def never(code: str) -> str:
    """What is never accepted."""
    return str(words.NEVER.get(code, code))


@register.simple_tag
def time_left(asked: Request, today: date) -> SafeString:
    """The clock of a request as a chip: neutral, urgent in the last quarter of its period, overdue by so many days."""
    if not asked.is_open:
        return chip(asked.get_result_display(), "quiet")
    tone = "" if asked.paused_at else _urgency(asked, today)
    return _clock_chip(asked.days_left(today), asked.paused_at is not None, asked.due_on, tone)


@found_once
def _clock_chip(left: int, is_paused: bool, due_on: date, tone: str) -> SafeString:
    return chip(f"{_left(left, is_paused)} · {date_format(due_on, 'DATE_FORMAT')}", tone)


@register.simple_tag
def said_left(asked: Request, today: date) -> str:
    """How many days are left, or overdue, in words."""
    return _left(asked.days_left(today), asked.paused_at is not None)


def _left(left: int, is_paused: bool) -> str:
    if is_paused:
        return ngettext("Paused, %(days)s day left", "Paused, %(days)s days left", left) % {"days": left}
    if left < 0:
        return ngettext("%(days)s day overdue", "%(days)s days overdue", -left) % {"days": -left}
    if left == 0:
        return _("Due today")
    return ngettext("%(days)s day left", "%(days)s days left", left) % {"days": left}


@register.simple_tag
def spent(asked: Request, today: date) -> int:
    """How much of the period is used up, from 0 to 100."""
    whole = max((asked.due_on - asked.property.today(asked.received_at)).days, 1)
    return max(0, min(100, 100 - round(100 * asked.days_left(today) / whole)))


@register.simple_tag
def is_urgent(asked: Request, today: date) -> bool:
    """Whether less than a quarter of the period is left, the clock running."""
    return not asked.paused_at and _urgency(asked, today) == "urgent"


def _urgency(asked: Request, today: date) -> str:
    whole = (asked.due_on - asked.property.today(asked.received_at)).days
    return "urgent" if asked.days_left(today) * LAST_QUARTER < whole else ""


@register.filter
def plain_state(asked: Request) -> str:
    """Where a request stands, for who made it. Says nothing of whether a record was found."""
    return str(PLAIN_RESULTS[asked.result] if asked.result else PLAIN_STATES[asked.state])


@register.filter
def state_tone(asked: Request) -> str:
    """The look of the chip of a state."""
    return "today" if asked.state in (Request.State.RECEIVED, Request.State.AWAITING_SECOND) else "quiet"

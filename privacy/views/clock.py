"""The clock of a request: paused, running again, extended."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from privacy.forms.casework import ReasonForm
from privacy.services import clock
from privacy.views.deeds import Page, deed


@deed(
    title=_("Pause the clock"),
    button=_("Pause"),
    done=_("The clock stands still."),
    says=_("The days until the answer is due stand still until you let the clock run again."),
    form=lambda page: ReasonForm(page.typed, reasons=clock.PAUSE_REASONS),
)
def request_pause(page: Page, **typed: Any) -> object:
    """Let the clock stand still."""
    return clock.pause_request(**page.by, **typed)


@deed(
    title=_("Let the clock run again"),
    button=_("Let it run"),
    done=_("The clock runs again."),
    says=_("The days it stood still are added to the due date."),
)
def request_resume(page: Page) -> object:
    """Let the clock run again."""
    return clock.resume_request(**page.by)


@deed(
    title=_("Extend the period"),
    button=_("Extend"),
    done=_("The period is extended. Make the letter that says so and hand it over now."),
    says=_("A request can be extended once, and the requester has to be told why before the first period ends."),
    form=lambda page: ReasonForm(page.typed, reasons=clock.EXTENSION_REASONS),
)
def request_extend(page: Page, **typed: Any) -> object:
    """Extend the period, once."""
    return clock.extend_request(**page.by, **typed)

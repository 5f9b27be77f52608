"""An officer's work on a request: who works on it, messages, tasks, counsel, and its end where nothing is decided."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from privacy import permissions
from privacy.forms import casework as forms
from privacy.models import Request, Task
from privacy.services import lifecycle, messages, tasks_by_hand
from privacy.views.asking import GET_POST
from privacy.views.deeds import Deed, Page, deed, deed_page, page_of
from staff.permissions import right_required


@deed(
    title=_("Who works on it"),
    button=_("Give it to them"),
    done=_("The request has its officer."),
    form=lambda page: forms.AssignForm(
        page.typed, house=page.who.house, initial={"officer": page.asked.officer or page.who.person}
    ),
)
def request_assign(page: Page, **typed: Any) -> object:
    """Give the request to an officer."""
    return lifecycle.assign_officer(**page.by, **typed)


@deed(
    title=_("Begin the review"),
    button=_("Begin"),
    done=_("The review has begun."),
    says=_("Who begins is its officer, where it has none."),
)
def request_review(page: Page) -> object:
    """Begin to review."""
    return lifecycle.start_review(**page.by)


@deed(
    title=_("Close as a duplicate"),
    button=_("Close it"),
    done=_("The request is closed as a duplicate."),
    says=_("The same requester asks the same in another request, and is answered there."),
    is_final=True,
    form=lambda page: forms.DuplicateForm(
        page.typed, here=Request.objects.visible_to(page.who.person).at(page.who.house)
    ),
)
def request_duplicate(page: Page, **typed: Any) -> object:
    """Close it as a duplicate."""
    return lifecycle.mark_duplicate(**page.by, **typed)


@deed(
    title=_("Withdraw for the requester"),
    button=_("Withdraw"),
    done=_("The request is withdrawn."),
    says=_("Only when the requester said so. The request is closed, and nothing is done about the record."),
    is_final=True,
)
def request_withdraw(page: Page) -> object:
    """The requester takes it back."""
    return lifecycle.withdraw_request(**page.by)


@deed(
    title=_("Close unverified"),
    button=_("Close it"),
    done=_("The request is closed unverified."),
    says=_("The requester was asked for proof and gave none. The answer does not say whether there is a record."),
    is_final=True,
)
def request_unverified(page: Page) -> object:
    """Close it, for nobody could make sure who asks."""
    return lifecycle.close_unverified(**page.by)


@deed(
    title=_("Message"),
    button=_("Save the message"),
    done=_("The message is saved."),
    says=_(
        "A message to the requester is read where they follow the request. It is sealed; say nothing of the record."
    ),
    form=lambda page: forms.MessageForm(page.typed, initial={"kind": page.request.GET.get("kind", "")[:16]}),
)
def request_message(page: Page, *, kind: str, text: str) -> object:
    """Write to the requester, or note what they said."""
    write = messages.send_message if kind in messages.SENT_KINDS else messages.receive_message
    return write(**page.by, kind=kind, text=text)


@deed(
    title=_("Task by hand"),
    button=_("Add the task"),
    done=_("The task is added."),
    form=lambda page: forms.TaskForm(
        page.typed,
        house=page.who.house,
        initial={"owner": page.who.person, "due_on": page.who.today + forms.USUAL_DAYS},
    ),
)
def request_task(page: Page, **typed: Any) -> object:
    """Give a colleague a task."""
    return tasks_by_hand.add_task(**page.by, **typed)


@deed(
    title=_("Ask counsel"),
    button=pgettext_lazy("counsel", "Ask"),
    done=_("Counsel is asked."),
    says=_("The question becomes a task of counsel; the answer is noted when the task is done."),
    form=lambda page: forms.CounselForm(
        page.typed, house=page.who.house, initial={"due_on": page.who.today + forms.USUAL_DAYS}
    ),
)
def request_counsel(page: Page, **typed: Any) -> object:
    """Ask for a legal opinion."""
    return tasks_by_hand.ask_counsel(**page.by, **typed)


@require_http_methods(GET_POST)
@right_required(permissions.DECIDES)
@sensitive_post_parameters("text")
def request_task_done(request: HttpRequest, number: str, task: int) -> HttpResponse:
    """Note that a task is done."""
    page = page_of(request, number)
    found = get_object_or_404(Task.objects.filter(request=page.asked).select_related("request__property"), pk=task)
    needs_second = found.kind == Task.Kind.PAPER and page.asked.kind == Request.Kind.DELETION
    form = forms.TaskDoneForm(page.typed, house=page.who.house, needs_second=needs_second)
    said = Deed(_("Task done"), _("It is done"), _("The task is done."), says=found.get_kind_display())
    return deed_page(
        page, said, form, lambda typed: tasks_by_hand.finish_task(task=found, **page.who_and_when, **typed)
    )

"""An officer's work on a request: who works on it, messages, tasks, counsel, and its end where nothing is decided."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from privacy import permissions
from privacy.forms import casework as forms
from privacy.models import Request, Task
from privacy.services import lifecycle, messages, tasks_by_hand
from privacy.views.asking import GET_POST, Deed, deed_page, posted, request_here
from staff.permissions import right_required
from stays.views.asking import asking


@require_http_methods(GET_POST)
@right_required(permissions.DECIDES)
def request_assign(request: HttpRequest, number: str) -> HttpResponse:
    """Give the request to an officer."""
    asked, who = request_here(request, number), asking(request)
    form = forms.AssignForm(posted(request), house=who.house, initial={"officer": asked.officer or who.person})
    deed = Deed(title=_("Who works on it"), button=_("Give it to them"), done=_("The request has its officer."))
    return deed_page(
        request,
        asked,
        deed,
        form,
        lambda typed: lifecycle.assign_officer(request=asked, actor=who.person, at=who.at, **typed),
    )


@require_http_methods(GET_POST)
@right_required(permissions.DECIDES)
def request_review(request: HttpRequest, number: str) -> HttpResponse:
    """Begin to review."""
    asked, who = request_here(request, number), asking(request)
    deed = Deed(
        title=_("Begin the review"),
        button=_("Begin"),
        done=_("The review has begun."),
        says=_("Who begins is its officer, where it has none."),
    )
    return deed_page(
        request,
        asked,
        deed,
        forms.NothingForm(posted(request)),
        lambda _typed: lifecycle.start_review(request=asked, actor=who.person, at=who.at),
    )


@require_http_methods(GET_POST)
@right_required(permissions.DECIDES)
def request_duplicate(request: HttpRequest, number: str) -> HttpResponse:
    """Close it as a duplicate."""
    asked, who = request_here(request, number), asking(request)
    form = forms.DuplicateForm(posted(request))
    if form.is_bound and form.is_valid():
        here = Request.objects.visible_to(who.person).at(who.house)
        form.cleaned_data["of"] = here.filter(number=form.cleaned_data["of"]).first()
        if form.cleaned_data["of"] is None:
            form.add_error("of", _("There is no request of this number here."))
    deed = Deed(
        title=_("Close as a duplicate"),
        button=_("Close it"),
        done=_("The request is closed as a duplicate."),
        says=_("The same requester asks the same in another request, and is answered there."),
        is_final=True,
    )
    return deed_page(
        request,
        asked,
        deed,
        form,
        lambda typed: lifecycle.mark_duplicate(request=asked, actor=who.person, at=who.at, **typed),
    )


@require_http_methods(GET_POST)
@right_required(permissions.DECIDES)
def request_withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """The requester takes it back."""
    asked, who = request_here(request, number), asking(request)
    deed = Deed(
        title=_("Withdraw for the requester"),
        button=_("Withdraw"),
        done=_("The request is withdrawn."),
        says=_("Only when the requester said so. The request is closed, and nothing is done about the record."),
        is_final=True,
    )
    return deed_page(
        request,
        asked,
        deed,
        forms.NothingForm(posted(request)),
        lambda _typed: lifecycle.withdraw_request(request=asked, actor=who.person, at=who.at),
    )


@require_http_methods(GET_POST)
@right_required(permissions.DECIDES)
def request_unverified(request: HttpRequest, number: str) -> HttpResponse:
    """Close it, for nobody could make sure who asks."""
    asked, who = request_here(request, number), asking(request)
    deed = Deed(
        title=_("Close unverified"),
        button=_("Close it"),
        done=_("The request is closed unverified."),
        says=_("The requester was asked for proof and gave none. The answer does not say whether there is a record."),
        is_final=True,
    )
    return deed_page(
        request,
        asked,
        deed,
        forms.NothingForm(posted(request)),
        lambda _typed: lifecycle.close_unverified(request=asked, actor=who.person, at=who.at),
    )


@require_http_methods(GET_POST)
@right_required(permissions.DECIDES)
@sensitive_post_parameters("text")
def request_message(request: HttpRequest, number: str) -> HttpResponse:
    """Write to the requester, or note what they said."""
    asked, who = request_here(request, number), asking(request)
    form = forms.MessageForm(posted(request), initial={"kind": request.GET.get("kind", "")[:16]})
    deed = Deed(
        title=_("Message"),
        button=_("Save the message"),
        done=_("The message is saved."),
        says=_(
            "A message to the requester is read where they follow the request. It is sealed; say nothing of the record."
        ),
    )

    def write(typed: dict[str, Any]) -> object:
        service = messages.send_message if form.is_out else messages.receive_message
        return service(request=asked, actor=who.person, at=who.at, **typed)

    return deed_page(request, asked, deed, form, write)


@require_http_methods(GET_POST)
@right_required(permissions.DECIDES)
@sensitive_post_parameters("text")
def request_task(request: HttpRequest, number: str) -> HttpResponse:
    """Give a colleague a task."""
    asked, who = request_here(request, number), asking(request)
    usual = {"owner": who.person, "due_on": who.today + forms.USUAL_DAYS}
    form = forms.TaskForm(posted(request), house=who.house, initial=usual)
    deed = Deed(title=_("Task by hand"), button=_("Add the task"), done=_("The task is added."))
    return deed_page(
        request,
        asked,
        deed,
        form,
        lambda typed: tasks_by_hand.add_task(request=asked, actor=who.person, at=who.at, **typed),
    )


@require_http_methods(GET_POST)
@right_required(permissions.DECIDES)
@sensitive_post_parameters("text")
def request_counsel(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for a legal opinion."""
    asked, who = request_here(request, number), asking(request)
    form = forms.CounselForm(posted(request), house=who.house, initial={"due_on": who.today + forms.USUAL_DAYS})
    deed = Deed(
        title=_("Ask counsel"),
        button=_("Ask"),
        done=_("Counsel is asked."),
        says=_("The question becomes a task of counsel; the answer is noted when the task is done."),
    )
    return deed_page(
        request,
        asked,
        deed,
        form,
        lambda typed: tasks_by_hand.ask_counsel(request=asked, actor=who.person, at=who.at, **typed),
    )


@require_http_methods(GET_POST)
@right_required(permissions.DECIDES)
@sensitive_post_parameters("text")
def request_task_done(request: HttpRequest, number: str, task: int) -> HttpResponse:
    """Note that a task is done."""
    asked, who = request_here(request, number), asking(request)
    found = get_object_or_404(Task.objects.filter(request=asked).select_related("request__property"), pk=task)
    needs_second = found.kind == Task.Kind.PAPER and asked.kind == Request.Kind.DELETION
    form = forms.TaskDoneForm(posted(request), house=who.house, needs_second=needs_second)
    deed = Deed(
        title=_("Task done"), button=_("It is done"), done=_("The task is done."), says=found.get_kind_display()
    )
    return deed_page(
        request,
        asked,
        deed,
        form,
        lambda typed: tasks_by_hand.finish_task(task=found, actor=who.person, at=who.at, **typed),
    )

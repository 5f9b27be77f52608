"""Who is in front of the screen, in which language, and how far they may go."""

from collections.abc import Callable
from typing import Any, Final

from allauth.account.adapter import get_adapter
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from audit import services as audit
from audit import trace
from staff import locking, permissions, second_factor
from staff.actions import SCREEN_LOCKED
from staff.models import Person, Shift
from staff.permissions import Gate
from staff.services import sessions
from staff.stepping_up import StepUpNeeded, page_of, redirect_to_page

Answer = Callable[[HttpRequest], HttpResponse]
ENROLLED_KEY: Final = "enrolled"


class Language:
    """Speaks the person's language; to others the one of the cookie, else what the browser asks for."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the chosen language."""
        person = request.user
        chosen = person.language if isinstance(person, Person) else translation.get_language_from_request(request)
        with translation.override(chosen):
            request.LANGUAGE_CODE = translation.get_language() or chosen
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response


class OnDuty:
    """Keeps the gates (``permissions.Gate``): signed in, second factor, screen not locked, shift open.

    Sets ``request.shift``, ``request.property`` and ``request.who``, and ties the rows of the log to the session.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        """Begin with nobody on duty; times are shown on the clock of the property once a shift is taken up."""
        request.shift = request.property = None
        request.who = audit.Who()
        try:
            return self.get_response(request)
        finally:
            timezone.deactivate()

    def process_view(
        self, request: Any, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Let the request through to its view, or say what comes first."""
        gate = permissions.gate_of(view)
        if isinstance(request.user, Person):
            _take_up_shift(request)
            return None if gate is Gate.PUBLIC else _answer_before(request, gate)
        return None if gate is Gate.PUBLIC else redirect_to_page(request, "account_login", page_of(request))

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        """Lead to the step-up page where a view asks for a fresh proof."""
        if isinstance(problem, StepUpNeeded):
            return redirect_to_page(request, "step_up", problem.back_to)
        return None


def _answer_before(request: Any, gate: Gate) -> HttpResponse | None:
    if locking.is_over(request):
        get_adapter(request).logout(request)
        return redirect_to_page(request, "account_login", page_of(request))
    if not _is_enrolled(request):
        return None if gate is Gate.SIGNED_IN else redirect_to_page(request, "second_factor_start")
    if locking.is_locked(request) or locking.is_idle(request):
        _lock(request)
        return locking.locked_answer(request)
    locking.note_presence(request)
    if gate is Gate.ON_DUTY and request.shift is None:
        return redirect_to_page(request, "shift", page_of(request))
    return None


def _take_up_shift(request: Any) -> None:
    shift = sessions.shift_of(request.session)
    if shift and shift.person_id == request.user.pk:
        permissions.take_standing(request.user, shift)
        if permissions.roles_at(request.user, shift.property):
            _put_on_duty(request, shift)
    request.who = permissions.who(request.user, request.property)


def _put_on_duty(request: Any, shift: Shift) -> None:
    request.shift, request.property = shift, shift.property
    current = trace.begin(session_ref=shift.session_ref, request_id=trace.request_id())
    current.property = shift.property_id
    timezone.activate(shift.property.zone)


def _is_enrolled(request: HttpRequest) -> bool:
    person = request.user
    if isinstance(person, AnonymousUser):
        return False
    if request.session.get(ENROLLED_KEY) is None and second_factor.is_enrolled(person):
        request.session[ENROLLED_KEY] = True
    return bool(request.session.get(ENROLLED_KEY))


def _lock(request: Any) -> None:
    if not locking.is_locked(request):
        locking.lock(request)
        audit.record_look(SCREEN_LOCKED, who=request.who)

"""The small forms of an officer's work on a request."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from privacy.forms import fields
from privacy.forms.people import OFFICE, Colleague
from privacy.models import Request, Task
from privacy.models.requests import RequestQuerySet
from staff.models import Property
from staff.roles import SECOND_APPROVER
from stays.forms.fields import Day
from stays.models import Stay

TASKS: Final = [choice for choice in Task.Kind.choices if choice[0] != Task.Kind.COUNSEL]
MESSAGES: Final = [
    (
        _("To the requester"),
        [
            ("information", _("Information")),
            ("need_more", _("Something is needed from them")),
            ("reminder", _("Reminder")),
        ],
    ),
    (
        _("From the requester"),
        [
            ("added", _("They added something")),
            ("question", pgettext_lazy("message", "Question")),
            ("comment", pgettext_lazy("message", "Comment")),
        ],
    ),
]
USUAL_DAYS: Final = timedelta(days=7)


class NothingForm(forms.Form):
    """A deed that asks for nothing but to be meant."""


class ReasonForm(forms.Form):
    """Why, as one of a few reasons."""

    reason = forms.ChoiceField(label=_("Reason"))

    def __init__(self, *args: Any, reasons: Mapping[str, Any], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reason"].choices = [("", _("choose a reason")), *reasons.items()]  # type: ignore[attr-defined]


class AssignForm(forms.Form):
    """Who works on it."""

    def __init__(self, *args: Any, house: Property, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["officer"] = Colleague(house=house, roles=OFFICE, label=_("Officer"), empty_label=None)


class DuplicateForm(forms.Form):
    """Which request asks the same."""

    of = fields.Number(label=_("The request that is answered instead"))

    def __init__(self, *args: Any, here: RequestQuerySet, **options: Any) -> None:
        self.here = here
        super().__init__(*args, **options)

    def clean_of(self) -> Request:
        """A request of this property."""
        found = self.here.filter(number=self.cleaned_data["of"]).first()
        if found is None:
            raise ValidationError(_("There is no request of this number here."), code="unknown")
        return found


class MessageForm(forms.Form):
    """Words to or from the requester."""

    kind = forms.ChoiceField(label=_("What it is"), choices=MESSAGES)
    text = fields.words(_("Words"))


class TaskForm(forms.Form):
    """Something a colleague does by hand."""

    kind = forms.ChoiceField(label=_("What is to be done"), choices=TASKS)
    due_on = Day(label=pgettext_lazy("task", "Until"))
    text = fields.words(_("More about it"), rows=2, guarded=True, required=False)

    def __init__(self, *args: Any, house: Property, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["owner"] = Colleague(house=house, label=_("Who does it"), empty_label=None)
        self.order_fields(["kind", "owner", "due_on", "text"])


class CounselForm(forms.Form):
    """A question to counsel: a second approver of the property."""

    due_on = Day(label=pgettext_lazy("task", "Until"))
    text = fields.words(_("Question"), guarded=True)

    def __init__(self, *args: Any, house: Property, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["counsel"] = Colleague(house=house, roles=(SECOND_APPROVER,), label=_("Counsel"), empty_label=None)
        self.order_fields(["counsel", "due_on", "text"])


class TaskDoneForm(forms.Form):
    """A task is done. ``second``: who was there when paper was destroyed."""

    text = fields.words(_("What came of it"), rows=3, guarded=True, required=False)

    def __init__(self, *args: Any, house: Property, needs_second: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if needs_second:
            label = _("Who was there as the second person")
            self.fields["second"] = Colleague(house=house, label=label, empty_label=_("choose a person"))
            self.order_fields(["second", "text"])


class AppointmentForm(forms.Form):
    """When a request is talked over."""

    day = Day(label=_("Day"))
    time = forms.TimeField(label=_("Time"))

    def __init__(self, *args: Any, zone: ZoneInfo, **options: Any) -> None:
        self.zone = zone
        super().__init__(*args, **options)
        self.fields["time"].widget.attrs |= {"placeholder": "HH:MM", "autocomplete": "off", "maxlength": 8}

    def clean(self) -> dict[str, Any]:
        """``planned_at``: the moment on the clock of the property."""
        data: dict[str, Any] = super().clean() or {}
        if not self.errors:
            data["planned_at"] = datetime.combine(data["day"], data["time"], self.zone)
        return data


class KeptForm(forms.Form):
    """Whether the requester came."""

    kept = forms.TypedChoiceField(
        label=_("The requester"),
        choices=[("yes", _("came")), ("no", _("did not come"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )


class ContestForm(forms.Form):
    """The stay of which something is contested: one of the guest's, of this property."""

    stay = forms.ModelChoiceField(label=_("Stay"), queryset=Stay.objects.none(), empty_label=_("choose a stay"))

    def __init__(self, *args: Any, asked: Request, **options: Any) -> None:
        super().__init__(*args, **options)
        of_guest = Stay.objects.at(asked.property).filter(occupants__subject=asked.guest_id)
        shown: Any = self.fields["stay"]
        shown.queryset = of_guest.order_by("-arrival_on") if asked.is_verified else Stay.objects.none()


class LiftAnswerForm(forms.Form):
    """What the second person says to lifting a restriction."""

    agrees = forms.TypedChoiceField(
        label=_("Your answer"),
        choices=[("yes", _("Lift it: the record is used again")), ("no", _("Leave it restricted"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )


class AppealForm(forms.Form):
    """An appeal that came to the desk or the office."""

    channel = forms.ChoiceField(label=_("How it came"))
    words = fields.words(_("In their own words"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        channels = [choice for choice in Request.Channel.choices if choice[0] != Request.Channel.WEB]
        self.fields["channel"].choices = channels  # type: ignore[attr-defined]

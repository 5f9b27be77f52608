"""Tags and filters of the design system: what the components of ``templates/components/`` are called by."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django import template
from django.forms import BaseForm, BaseFormSet, BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.template import Context
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from audit import registry
from staff.wording import found_once

register = template.Library()


@dataclass(frozen=True, slots=True)
class Place:
    """A line of the navigation: URL name, words, the rights of which any opens it, the one which makes it needless.

    ``also``: URL names that count as being there.
    """

    name: str
    label: Promise
    rights: tuple[str, ...]
    unless: str = ""
    also: frozenset[str] = frozenset()

    def is_open_to(self, held: Collection[str]) -> bool:
        """Whether somebody with these rights sees the line."""
        return self.unless not in held and any(right in held for right in self.rights)


STAY_PAGES: Final = frozenset(
    {"search", "stay", "check_in", "walk_in", "check_out", "reverse", "reinstate", "bill"}
    | {"registration_card", "guest_history", "expected_stay", "purpose", "reveal"}
    | {"move", "extend", "cancel", "expect_again", "note_new"}
    | {"consents", "consent_new", "consent_preferences", "paper_card_new"}
    | {"guest_looks", "guest_looks_file"}
    | {"companion_new", "minor_duty", "groups", "group_check_in"}
)
REGISTRATION_PAGES: Final = frozenset({"registration_file", "registration_answer", "registration_answers"})
REQUEST_PAGES: Final = frozenset(
    {"request", "request_assign", "request_review", "request_duplicate", "request_withdraw", "request_unverified"}
    | {"request_message", "request_task", "request_task_done", "request_counsel", "request_appeal"}
    | {"request_appointment", "appointment_kept", "request_pause", "request_resume", "request_extend"}
    | {"request_verify", "request_compare", "request_document", "request_code", "request_code_send"}
    | {"request_code_call", "request_mandate", "request_proof", "request_callback", "request_follow_code"}
    | {"request_sheet", "request_item", "request_decide", "request_approve", "request_send_back"}
    | {"request_execute", "request_close", "request_letter_new", "request_letter", "request_hand_over"}
    | {"request_link", "request_correct", "request_correct_part", "request_lift", "request_contest"}
    | {"request_log", "request_reveal", "request_looks", "certificate"}
)
PURGE_PAGES: Final = frozenset({"purge", "purge_approve", "purge_export", "purge_figures"})
RULE_PAGES: Final = frozenset({"rule", "rule_change_new", "rule_change", "field_ends"})
HOLD_PAGES: Final = frozenset({"hold", "hold_new", "hold_document", "hold_review", "hold_renew", "hold_officer"})
PROCESSOR_PAGES: Final = frozenset({"processor", "processor_new", "processor_edit"})
ALERT_PAGES: Final = frozenset({"alert", "alert_sample", "explained_share"})
DETECTION_PAGES: Final = frozenset({"detection_rule", "detection_rule_edit"})
ACCESS_REVIEW_PAGES: Final = frozenset({"access_review", "access_review_line", "access_review_report"})
LOG_PAGES: Final = frozenset({"log_sheet", "log_year_end"})
FIGURE_RIGHTS: Final = ("decide_request", "see_figures", "read_whole_log")
DUTY_RIGHTS: Final = ("read_whole_log", "manage_house")
CASE_RIGHTS: Final = ("work_desk", "reveal_payment", "decide_request", "read_whole_log")
PLACES: Final[tuple[tuple[Promise | None, tuple[Place, ...]], ...]] = (
    (
        None,
        (
            Place("front_desk", _("Front desk"), ("work_desk",), also=STAY_PAGES),
            Place("search", _("Look-up"), ("see_basic",), unless="work_desk", also=STAY_PAGES),
            Place("room_board", _("Room board"), ("work_desk",), also=frozenset({"room_timeline"})),
            Place("handover", _("Handover"), ("work_desk",)),
            Place("caller", _("A caller asks"), ("work_desk",)),
            Place("visitors", _("Visitors"), ("work_desk",)),
            Place("roll_call", _("Roll call"), ("work_desk",)),
            Place("registrations", _("Registration queue"), ("work_desk",), also=REGISTRATION_PAGES),
            Place("minors", _("Minors"), ("work_desk",)),
            Place("desk_cases", _("Desk cases"), CASE_RIGHTS, also=frozenset({"desk_case_new"})),
        ),
    ),
    (
        _("Requests"),
        (
            Place("requests", _("Worklist"), ("decide_request",), also=REQUEST_PAGES),
            Place("request_new", _("Take in a request"), ("take_in_request",), also=frozenset({"request_receipt"})),
            Place("holds", _("Holds"), ("decide_request",), also=HOLD_PAGES),
            Place("purges", _("Purge"), ("decide_request",), also=PURGE_PAGES),
            Place("rules", _("Retention rules"), ("decide_request", "see_figures"), also=RULE_PAGES),
            Place("paper_cards", _("Cards on paper"), ("decide_request",), also=frozenset({"paper_card"})),
            Place("processors", _("Processors"), ("decide_request",), also=PROCESSOR_PAGES),
            Place("reviews", _("Reviews"), ("decide_request",), also=frozenset({"review", "review_new"})),
            Place("request_figures", _("Figures"), FIGURE_RIGHTS),
        ),
    ),
    (
        _("House"),
        (
            Place("holidays", _("Holidays"), ("decide_request", "manage_house")),
            Place("rooms", _("Rooms"), ("work_desk", "manage_house"), also=frozenset({"room_new", "room"})),
            Place("imports", _("Import"), ("work_desk", "manage_house"), also=frozenset({"import_new", "import_file"})),
            Place("stay_figures", _("Figures of stays"), ("see_figures",)),
            Place("properties", _("Properties"), ("manage_house",), also=frozenset({"property_new", "property_edit"})),
            Place("people", _("Staff"), ("manage_house",), also=frozenset({"person", "person_new", "person_posts"})),
            Place("duties", _("Duties"), DUTY_RIGHTS, also=frozenset({"duty", "lapse_close"})),
            Place("backups", _("Backups and keys"), DUTY_RIGHTS),
        ),
    ),
    (
        _("Log"),
        (
            Place("access_log", _("Access log"), ("read_whole_log",), also=frozenset({"log_export"})),
            Place("log_integrity", _("Log integrity"), ("read_whole_log",), also=LOG_PAGES),
            Place("alerts", _("Alerts"), ("read_whole_log",), also=ALERT_PAGES),
            Place("detection_rules", _("Detection rules"), ("read_whole_log",), also=DETECTION_PAGES),
            Place("access_reviews", _("Access reviews"), DUTY_RIGHTS, also=ACCESS_REVIEW_PAGES),
            Place("own_lines", _("My own lines"), ("read_own_log",)),
            Place("questions", _("Questions to me"), ("read_own_log",), also=frozenset({"question"})),
        ),
    ),
)


@register.simple_tag(takes_context=True)
def places(context: Context) -> SafeString:
    """The navigation: the places the person's rights at this property open, the present one marked."""
    match = getattr(context.get("request"), "resolver_match", None)
    rights = getattr(context.get("house"), "rights", None) or frozenset()
    return _places(frozenset(rights), match.url_name if match else "")


@found_once
def _places(rights: frozenset[str], here: str) -> SafeString:
    groups = []
    for heading, offered in PLACES:
        lines = [
            {"label": place.label, "address": reverse(place.name), "is_here": here == place.name or here in place.also}
            for place in offered
            if place.is_open_to(rights)
        ]
        if lines:
            groups.append({"heading": heading, "places": lines})
    return render_to_string("components/places_list.html", {"groups": groups})


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, width: int | str = "", label: str = "") -> dict[str, Any]:
    """A field with its label, hint and reasons. ``width``: twelfths of the row from 2 to 9; empty for the whole row."""
    widget = bound.field.widget
    is_tick = isinstance(widget, CheckboxInput)
    return {
        "bound": bound,
        "width": width,
        "label": label or bound.label,
        "is_tick": is_tick,
        "is_group": isinstance(widget, RadioSelect | CheckboxSelectMultiple),
        "optional": not bound.field.required and not is_tick and not getattr(bound.field, "expected", False),
    }


def _lines(form: BaseForm) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = [{"reason": reason} for reason in form.non_field_errors()]
    for name, reasons in form.errors.items():
        if name in form.fields:
            bound = form[name]
            label = {"target": bound.auto_id, "label": bound.label, "asks": str(bound.label).endswith(("?", "？"))}
            lines += [{**label, "reason": reason} for reason in reasons]
    return lines


def _is_taken_out(forms: "BaseFormSet[Any]", form: BaseForm) -> bool:
    return bool(forms.is_bound and forms.can_delete and forms._should_delete_form(form))  # type: ignore[attr-defined]


@register.inclusion_tag("components/errors.html")
def errors(*forms: "BaseForm | BaseFormSet[Any] | str | None") -> dict[str, Any]:
    """The summary on top of a page: every reason of these forms and form sets, each leading to its field."""
    lines: list[dict[str, Any]] = []
    for form in forms:
        if isinstance(form, BaseFormSet):
            lines += [{"reason": reason} for reason in form.non_form_errors()]
            lines += [line for single in form.forms if not _is_taken_out(form, single) for line in _lines(single)]
        elif isinstance(form, BaseForm):
            lines += _lines(form)
    return {"lines": lines}


@register.inclusion_tag("components/empty.html")
def empty(title: str, text: str = "") -> dict[str, str]:
    """An empty state: what would appear here, and who looks after it."""
    return {"title": title, "text": text}


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(context: Context, page: Any) -> dict[str, Any]:
    """Links to the page before and after, keeping the filters of the address."""
    return {"page": page, "request": context.get("request")}


@register.simple_tag
def chip(text: str, tone: str = "") -> SafeString:
    """A badge. ``tone``: urgent, today, done, quiet or empty; the text always says it in words."""
    return format_html('<span class="chip {}">{}</span>', tone, text)


@register.simple_tag
def key(letters: str) -> SafeString:
    """The key that does the same as the button it stands on."""
    return format_html('<kbd aria-hidden="true">{}</kbd>', letters)


@register.filter
def word(code: str) -> str:
    """The translated word of a purpose, field, role or other code."""
    return str(registry.word(code)) if code else ""


@register.filter
def at(mapping: Mapping[Any, Any], name: Any) -> Any:
    """The value of a mapping under a name that the template knows only at run time."""
    return mapping.get(name, "")

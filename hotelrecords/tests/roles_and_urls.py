"""Who may open which address: one line for each address and method, one column for each who asks.

=====  ==================================================================
200    the page (a form sent empty comes back with its reasons)
in     to the sign-in page
go     done, or on to another page
403    not with these roles
404    not there for this person
405    not by this method
409    not in this state
=====  ==================================================================

Everybody but ``elsewhere`` is on duty at the hotel the address is about; ``elsewhere`` is a clerk of another hotel.
"""

from collections.abc import Callable
from typing import Final, NamedTuple
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from hotelrecords.tests.during_stays import a_handover, a_minor_duty, a_note, a_report, a_visitor, given_up
from hotelrecords.tests.lists import an_import
from hotelrecords.tests.roles_and_urls_office import OFFICE
from hotelrecords.tests.roles_and_urls_table import TABLE
from hotelrecords.tests.world import ANONYMOUS, ASKERS, ELSEWHERE, World
from privacy.models import Purge, RuleChange
from staff.services.enrolling import new_token
from vault import services as vault
from vault.categories import Category

COLUMNS: Final = {
    "nobody": ANONYMOUS,
    "desk": "front_desk",
    "finance": "finance",
    "officer": "privacy_officer",
    "approver": "second_approver",
    "manager": "manager",
    "admin": "administrator",
    "elsewhere": ELSEWHERE,
}


class Row(NamedTuple):
    """One line of the table: what each asker is answered."""

    address: str
    method: str
    answers: dict[str, str]


def rows() -> list[Row]:
    """The table, line by line."""
    head, *lines = (line.split() for line in (TABLE.strip() + OFFICE).splitlines())
    assert tuple(COLUMNS[name] for name in head[2:]) == ASKERS
    return [Row(address, method, dict(zip(ASKERS, answers, strict=True))) for address, method, *answers in lines]


def addresses() -> dict[str, str]:
    """Every address of the product: its name, and its pattern."""
    return dict(walk(get_resolver().url_patterns))


def walk(patterns: list[URLPattern | URLResolver], before: str = "") -> list[tuple[str, str]]:
    """Name and pattern of every address beneath; an address without a name stands under its pattern."""
    found: list[tuple[str, str]] = []
    for one in patterns:
        here = before + str(one.pattern)
        found += walk(one.url_patterns, here) if isinstance(one, URLResolver) else [(one.name or here, here)]
    return found


def path_of(name: str, world: World) -> str:
    """The address of this name for the things of the world."""
    arguments = ARGUMENTS.get(name)
    return reverse(name, kwargs=arguments(world) if arguments else {})


def envelope(world: World, category: str, subject: UUID | None = None) -> str:
    """The envelope of this category of the guest in house, or of another."""
    found = vault.envelopes_of([subject or world.subject], [category])
    return str(next(iter(found.values())))


def on_request(world: World, **more: object) -> dict[str, object]:
    """Something that hangs on the request taken in at the desk."""
    return {"number": world.requests.asked.number, **more}


def consent_of(world: World, about: str) -> dict[str, object]:
    """The guest in house and what they agree to."""
    return {"reference": world.in_house.reference, "position": 1, "about": about}


ON_A_REQUEST: Final = (
    "request", "request_receipt", "request_assign", "request_review", "request_duplicate", "request_withdraw",
    "request_unverified", "request_message", "request_task", "request_counsel", "request_appointment",
    "request_appeal", "request_pause", "request_resume", "request_extend", "request_verify", "request_compare",
    "request_document", "request_code", "request_code_send", "request_code_call", "request_mandate", "request_proof",
    "request_callback", "request_follow_code", "request_sheet", "request_choose", "request_decide", "request_approve",
    "request_send_back", "request_execute", "request_close", "request_lift", "request_contest", "request_log",
    "request_letter_new", "request_hand_over", "request_link", "request_correct",
)  # fmt: skip

ARGUMENTS: Final[dict[str, Callable[[World], dict[str, object]]]] = {
    "enrol": lambda world: {"token": new_token(world.colleague, at=world.at)},
    "second_factor_remove": lambda world: {"number": world.people["front_desk"].authenticator_set.get().pk},
    "property_edit": lambda world: {"code": world.here.code},
    "duty": lambda world: {"number": world.duty.pk},
    **{
        name: lambda world: {"number": world.access_review.pk}
        for name in ("access_review", "access_review_report", "access_review_sign_off")
    },
    "access_review_line": lambda world: {
        "number": world.access_review.pk,
        "line": world.access_review.lines.get(person=world.people["front_desk"]).pk,
    },
    "lapse_close": lambda world: {"number": world.duty.pk, "lapse": world.duty.lapses.get().pk},
    **{
        name: lambda world: {"staff_number": world.colleague.staff_number}
        for name in (
            "person",
            "person_edit",
            "person_posts",
            "person_enrolment",
            "person_reset",
            "person_deactivate",
            "person_reactivate",
        )
    },
    **{
        name: lambda world: {"reference": world.in_house.reference}
        for name in (
            "stay",
            "check_out",
            "reverse",
            "bill",
            "registration_card",
            "registration_card_pdf",
            "move",
            "extend",
            "note_new",
        )
    },
    **{name: lambda world: {"reference": world.expected.reference} for name in ("cancel", "no_show")},
    "expect_again": lambda world: {"reference": given_up(world)},
    "mark": lambda world: {"reference": world.in_house.reference, "what": "confidential"},
    "ungroup": lambda world: {"reference": world.expected.reference},
    "note_done": lambda world: {"number": a_note(world)},
    "handover_done": lambda world: {"number": a_handover(world)},
    "visitor_left": lambda world: {"number": a_visitor(world)},
    **{
        f"import_{name}": an_import for name in ("file", "progress", "columns", "start", "again", "discard", "left_out")
    },
    "registration_answer": lambda world: {"number": a_report(world)},
    "list_export": lambda _world: {"which": "in_house"},
    "companion_new": lambda world: {"reference": world.in_house.reference},
    "companion_leaves": lambda world: {"reference": world.in_house.reference, "position": 1},
    "minor_duty": lambda world: {"reference": world.in_house.reference, "number": a_minor_duty(world)},
    "group_check_in": lambda world: {"number": world.expected.group},
    "check_in": lambda world: {"reference": world.expected.reference},
    "reinstate": lambda world: {"reference": world.gone.reference},
    "guest_history": lambda world: {"subject": world.subject},
    "reveal": lambda world: {"envelope": envelope(world, Category.CONTACT), "field": "phone"},
    "draft": lambda world: {"form": "check_in"},
    "room": lambda world: {"number": world.room.number},
    "room_state": lambda world: {"number": world.room.number},
    "desk_case_close": lambda world: {"number": world.case.number},
    "notice": lambda world: {"version": 1},
    **{
        name: lambda world: {"number": world.alert.pk}
        for name in (
            "alert",
            "alert_ask",
            "alert_take",
            "alert_decide",
            "alert_escalate",
            "alert_close",
            "alert_package",
            "question",
        )  # fmt: skip
    },
    "alert_raise": lambda _world: {"number": 0},
    **{
        name: lambda _world: {"code": "probe"}
        for name in ("detection_rule", "detection_rule_edit", "detection_rule_approve", "detection_rule_withdraw")
    },
    "consents": lambda world: {"reference": world.in_house.reference},
    "consent_new": lambda world: consent_of(world, "marketing"),
    "consent_end": lambda world: consent_of(world, "preferences"),
    "consent_preferences": lambda world: {"reference": world.in_house.reference, "position": 1},
    "paper_card_new": lambda world: {"reference": world.in_house.reference},
    "paper_card": lambda world: {"number": world.registers.card.pk},
    **{name: lambda world: {"number": world.registers.processor.pk} for name in ("processor", "processor_edit")},
    "told_mark": lambda world: {"number": world.registers.told.pk},
    "told_confirm": lambda world: {"number": world.registers.told.pk},
    "review": lambda world: {"number": world.registers.review.pk},
    "finding_done": lambda world: {"number": world.registers.finding.pk},
    **{name: lambda world: {"number": world.requests.asked.number} for name in ON_A_REQUEST},
    "request_task_done": lambda world: on_request(world, task=world.requests.task.pk),
    "appointment_kept": lambda world: on_request(world, appointment=world.requests.appointment.pk),
    "request_item": lambda world: on_request(world, item=world.requests.item.pk),
    "request_reveal": lambda world: on_request(world, field="phone"),
    "request_letter": lambda world: on_request(world, letter=world.requests.letter.pk),
    "request_letter_pdf": lambda world: on_request(world, letter=world.requests.letter.pk),
    "request_copy": lambda world: {"number": world.requests.granted.number, "file": "copy.json"},
    "request_looks": lambda world: {"number": world.requests.granted.number},
    "request_looks_file": lambda world: {"number": world.requests.granted.number, "ending": "pdf"},
    "guest_looks": lambda world: {"reference": world.gone.reference, "position": 1},
    "guest_looks_file": lambda world: {"reference": world.gone.reference, "position": 1, "ending": "pdf"},
    "request_correct_part": lambda world: {
        "number": world.requests.granted.number,
        "envelope": envelope(world, Category.CONTACT, world.requests.granted.guest_id),
    },
    **{
        name: lambda world: {"number": world.requests.hold.number}
        for name in (
            "hold",
            "hold_document",
            "hold_review",
            "hold_renew",
            "hold_officer",
            "hold_approve",
            "hold_ask_release",
            "hold_release",
        )  # fmt: skip
    },
    **{
        name: lambda world: {"number": Purge.objects.at(world.here).get(asks=True).number}
        for name in ("purge", "purge_progress", "purge_approve", "purge_stop", "purge_export", "purge_receipt")
    },
    **{name: lambda _world: {"of": "CN-RET-01"} for name in ("rule", "rule_change_new")},
    **{
        name: lambda _world: {"number": RuleChange.objects.get().pk}
        for name in ("rule_change", "rule_change_approve", "rule_change_refuse", "rule_change_withdraw")
    },
    **{
        name: lambda world: {"number": world.requests.certificate.number}
        for name in ("certificate", "certificate_file", "certificate_recheck")
    },
    "certificate_key": lambda world: {"key": 1},
    "log_year_end": lambda _world: {"year": 2020},
    "log_file": lambda _world: {"name": "verify_log.py"},
    "log_export_progress": lambda _world: {"ticket": "0123456789abcdef"},
    "answer": lambda world: {"token": "unknown"},
}

# What is typed where an empty form means nothing at all.
TYPED: Final[dict[str, dict[str, str]]] = {
    "recognise": {"person": "guest-0", "guest-TOTAL_FORMS": "1", "guest-INITIAL_FORMS": "0"},
    "room_state": {"state": "clean"},
    "access_review_line": {"decision": "remove"},
}

# Without a second proof given in the last minutes these ask for one.
ASK_FOR_A_FRESH_PROOF: Final = {
    "access_review_line",
    "account_change_password",
    "alert_package",
    "guest_looks_file",
    "import_left_out",
    "list_export",
    "log_export",
    "log_export_file",
    "log_year_end",
    "passkey_add",
    "person_deactivate",
    "person_enrolment",
    "person_new",
    "person_posts",
    "person_reactivate",
    "person_reset",
    "property_new",
    "purge_approve",
    "purge_export",
    "recovery_codes_renew",
    "registration_card",
    "registration_card_pdf",
    "registration_file",
    "request_approve",
    "request_copy",
    "request_correct_part",
    "request_execute",
    "request_link",
    "request_looks_file",
    "second_factor_remove",
    "totp_add",
}
# Signed in but not on duty, one comes no further than one's own account.
OPEN_BEFORE_A_SHIFT: Final = {
    "account_change_password",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "my_account",
    "my_sessions",
    "passkey_add",
    "recovery_codes",
    "recovery_codes_renew",
    "second_factor_remove",
    "second_factor_start",
    "second_factors",
    "shift",
    "step_up",
    "totp_add",
    "unlock",
}
# Signed in without a second factor, one comes no further than adding one.
OPEN_BEFORE_A_SECOND_FACTOR: Final = {
    "mfa_authenticate",
    "mfa_login_webauthn",
    "second_factor_start",
    "totp_add",
    "passkey_add",
    "recovery_codes",
    "unlock",
}

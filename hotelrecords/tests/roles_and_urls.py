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

from hotelrecords.tests.world import ANONYMOUS, ASKERS, ELSEWHERE, World
from staff.services.enrolling import new_token
from vault import services as vault
from vault.categories import Category

TABLE: Final = """
address                 method  nobody  desk  finance  officer  approver  manager  admin  elsewhere
health_live             GET     200     200   200      200      200       200      200    200
health_live             POST    405     405   405      405      405       405      405    405
health_ready            GET     200     200   200      200      200       200      200    200
health_ready            POST    405     405   405      405      405       405      405    405
account_login           GET     200     go    go       go       go        go       go     go
account_login           POST    200     go    go       go       go        go       go     go
mfa_authenticate        GET     in      go    go       go       go        go       go     go
mfa_authenticate        POST    in      go    go       go       go        go       go     go
mfa_login_webauthn      GET     in      go    go       go       go        go       go     go
mfa_login_webauthn      POST    in      go    go       go       go        go       go     go
account_logout          GET     go      200   200      200      200       200      200    200
account_logout          POST    go      go    go       go       go        go       go     go
enrol                   GET     200     200   200      200      200       200      200    200
enrol                   POST    200     200   200      200      200       200      200    200
language                GET     405     405   405      405      405       405      405    405
language                POST    go      go    go       go       go        go       go     go
step_up                 GET     in      200   200      200      200       200      200    200
step_up                 POST    in      200   200      200      200       200      200    200
unlock                  GET     in      200   200      200      200       200      200    200
unlock                  POST    in      200   200      200      200       200      200    200
shift                   GET     in      200   200      200      200       200      200    200
shift                   POST    in      200   200      200      200       200      200    200
shift_close             GET     in      405   405      405      405       405      405    405
shift_close             POST    in      go    go       go       go        go       go     go
my_account              GET     in      200   200      200      200       200      200    200
my_account              POST    in      405   405      405      405       405      405    405
account_change_password GET     in      200   200      200      200       200      200    200
account_change_password POST    in      200   200      200      200       200      200    200
my_sessions             GET     in      200   200      200      200       200      200    200
my_sessions             POST    in      go    go       go       go        go       go     go
second_factors          GET     in      200   200      200      200       200      200    200
second_factors          POST    in      405   405      405      405       405      405    405
second_factor_start     GET     in      go    go       go       go        go       go     go
second_factor_start     POST    in      405   405      405      405       405      405    405
totp_add                GET     in      200   200      200      200       200      200    200
totp_add                POST    in      200   200      200      200       200      200    200
passkey_add             GET     in      200   200      200      200       200      200    200
passkey_add             POST    in      200   200      200      200       200      200    200
second_factor_remove    GET     in      200   404      404      404       404      404    404
second_factor_remove    POST    in      409   404      404      404       404      404    404
recovery_codes          GET     in      200   200      200      200       200      200    200
recovery_codes          POST    in      405   405      405      405       405      405    405
recovery_codes_renew    GET     in      405   405      405      405       405      405    405
recovery_codes_renew    POST    in      go    go       go       go        go       go     go
properties              GET     in      403   403      403      403       403      200    403
properties              POST    in      403   403      403      403       403      405    403
property_new            GET     in      403   403      403      403       403      200    403
property_new            POST    in      403   403      403      403       403      200    403
property_edit           GET     in      403   403      403      403       403      200    403
property_edit           POST    in      403   403      403      403       403      200    403
people                  GET     in      403   403      403      403       403      200    403
people                  POST    in      403   403      403      403       403      405    403
person_new              GET     in      403   403      403      403       403      200    403
person_new              POST    in      403   403      403      403       403      200    403
person                  GET     in      403   403      403      403       403      200    403
person                  POST    in      403   403      403      403       403      405    403
person_edit             GET     in      403   403      403      403       403      200    403
person_edit             POST    in      403   403      403      403       403      200    403
person_posts            GET     in      403   403      403      403       403      200    403
person_posts            POST    in      403   403      403      403       403      200    403
person_enrolment        GET     in      403   403      403      403       403      200    403
person_enrolment        POST    in      403   403      403      403       403      200    403
person_reset            GET     in      403   403      403      403       403      200    403
person_reset            POST    in      403   403      403      403       403      200    403
person_deactivate       GET     in      403   403      403      403       403      200    403
person_deactivate       POST    in      403   403      403      403       403      go     403
person_reactivate       GET     in      403   403      403      403       403      200    403
person_reactivate       POST    in      403   403      403      403       403      409    403
access_log              GET     in      403   403      403      403       200      403    403
access_log              POST    in      403   403      403      403       405      403    403
own_lines               GET     in      200   200      200      200       200      200    200
own_lines               POST    in      405   405      405      405       405      405    405
log_export              GET     in      403   403      403      403       200      403    403
log_export              POST    in      403   403      403      403       405      403    403
home                    GET     in      go    go       go       go        go       go     go
home                    POST    in      405   405      405      405       405      405    405
front_desk              GET     in      200   403      403      403       403      403    200
front_desk              POST    in      405   405      405      405       405      405    405
search                  GET     in      200   200      200      200       403      403    200
search                  POST    in      200   200      200      200       403      403    200
purpose                 GET     in      200   200      200      200       403      403    200
purpose                 POST    in      200   200      200      200       403      403    200
expected_stay           GET     in      200   403      403      403       403      403    200
expected_stay           POST    in      200   403      403      403       403      403    200
walk_in                 GET     in      200   403      403      403       403      403    200
walk_in                 POST    in      200   403      403      403       403      403    200
stay                    GET     in      200   200      200      200       403      403    404
stay                    POST    in      200   200      200      200       403      403    404
check_in                GET     in      200   403      403      403       403      403    404
check_in                POST    in      200   403      403      403       403      403    404
check_out               GET     in      200   403      403      403       403      403    404
check_out               POST    in      go    403      403      403       403      403    404
reverse                 GET     in      200   403      403      403       403      403    404
reverse                 POST    in      200   403      403      403       403      403    404
reinstate               GET     in      200   403      403      403       403      403    404
reinstate               POST    in      200   403      403      403       403      403    404
bill                    GET     in      200   200      200      403       403      403    404
bill                    POST    in      200   200      200      403       403      403    404
registration_card       GET     in      200   403      403      403       403      403    404
registration_card       POST    in      200   403      403      403       403      403    404
guest_history           GET     in      200   200      200      200       403      403    404
guest_history           POST    in      200   200      200      200       403      403    404
reveal                  GET     in      405   405      405      405       405      405    405
reveal                  POST    in      200   200      200      200       403      403    404
recognise               GET     in      405   405      405      405       405      405    405
recognise               POST    in      200   403      403      403       403      403    200
free_rooms              GET     in      405   405      405      405       405      405    405
free_rooms              POST    in      200   403      403      403       403      403    200
draft                   GET     in      405   405      405      405       405      405    405
draft                   POST    in      200   403      403      403       403      403    200
desk_cases              GET     in      200   200      200      200       200      403    200
desk_cases              POST    in      405   405      405      405       405      405    405
desk_case_new           GET     in      200   200      200      200       200      403    200
desk_case_new           POST    in      200   200      200      200       200      403    200
desk_case_close         GET     in      405   405      405      405       405      405    405
desk_case_close         POST    in      go    409      409      409       409      403    404
rooms                   GET     in      200   403      403      403       403      200    200
rooms                   POST    in      405   405      405      405       405      405    405
room_new                GET     in      403   403      403      403       403      200    403
room_new                POST    in      403   403      403      403       403      200    403
room                    GET     in      403   403      403      403       403      200    403
room                    POST    in      403   403      403      403       403      200    403
room_state              GET     in      405   405      405      405       405      405    405
room_state              POST    in      go    403      403      403       403      go     404
notice                  GET     200     200   200      200      200       200      200    200
notice                  POST    405     405   405      405      405       405      405    405
consents                GET     in      200   403      403      403       403      403    404
consents                POST    in      200   403      403      403       403      403    404
consent_preferences     GET     in      200   403      403      403       403      403    404
consent_preferences     POST    in      200   403      403      403       403      403    404
consent_new             GET     in      200   403      403      403       403      403    404
consent_new             POST    in      200   403      403      403       403      403    404
consent_end             GET     in      405   405      405      405       405      405    405
consent_end             POST    in      go    403      403      403       403      403    404
consent_withdraw        GET     200     200   200      200      200       200      200    200
consent_withdraw        POST    200     200   200      200      200       200      200    200
consent_received        GET     200     200   200      200      200       200      200    200
consent_received        POST    405     405   405      405      405       405      405    405
paper_card_new          GET     in      200   403      200      200       403      403    404
paper_card_new          POST    in      200   403      200      200       403      403    404
paper_cards             GET     in      403   403      200      200       403      403    403
paper_cards             POST    in      405   405      405      405       405      405    405
paper_card              GET     in      403   403      200      200       403      403    403
paper_card              POST    in      403   403      200      200       403      403    403
processors              GET     in      403   403      200      200       403      403    403
processors              POST    in      405   405      405      405       405      405    405
processor_new           GET     in      403   403      200      200       403      403    403
processor_new           POST    in      403   403      200      200       403      403    403
processor               GET     in      403   403      200      200       403      403    403
processor               POST    in      403   403      200      200       403      403    403
processor_edit          GET     in      403   403      200      200       403      403    403
processor_edit          POST    in      403   403      200      200       403      403    403
told_mark               GET     in      405   405      405      405       405      405    405
told_mark               POST    in      403   403      go       409       403      403    403
told_confirm            GET     in      405   405      405      405       405      405    405
told_confirm            POST    in      403   403      409      409       403      403    403
request_figures         GET     in      403   403      200      200       200      403    403
request_figures         POST    in      405   405      405      405       405      405    405
reviews                 GET     in      403   403      200      200       403      403    403
reviews                 POST    in      405   405      405      405       405      405    405
review_new              GET     in      403   403      200      200       403      403    403
review_new              POST    in      403   403      200      200       403      403    403
review                  GET     in      403   403      200      200       403      403    403
review                  POST    in      403   403      200      200       403      403    403
finding_done            GET     in      405   405      405      405       405      405    405
finding_done            POST    in      403   403      go       409       403      403    403
requests                GET     in      403   403      200      200       403      403    403
requests                POST    in      405   405      405      405       405      405    405
request_new             GET     in      200   200      200      200       200      403    200
request_new             POST    in      200   200      200      200       200      403    200
request_receipt         GET     in      200   404      404      404       404      403    404
request_receipt         POST    in      405   405      405      405       405      405    405
request                 GET     in      403   403      200      200       403      403    403
request                 POST    in      405   405      405      405       405      405    405
request_assign          GET     in      403   403      200      200       403      403    403
request_assign          POST    in      403   403      200      200       403      403    403
request_review          GET     in      403   403      200      200       403      403    403
request_review          POST    in      403   403      200      200       403      403    403
request_duplicate       GET     in      403   403      200      200       403      403    403
request_duplicate       POST    in      403   403      200      200       403      403    403
request_withdraw        GET     in      403   403      200      200       403      403    403
request_withdraw        POST    in      403   403      go       200       403      403    403
request_unverified      GET     in      403   403      200      200       403      403    403
request_unverified      POST    in      403   403      200      200       403      403    403
request_message         GET     in      403   403      200      200       403      403    403
request_message         POST    in      403   403      200      200       403      403    403
request_task            GET     in      403   403      200      200       403      403    403
request_task            POST    in      403   403      200      200       403      403    403
request_task_done       GET     in      403   403      200      200       403      403    403
request_task_done       POST    in      403   403      go       200       403      403    403
request_counsel         GET     in      403   403      200      200       403      403    403
request_counsel         POST    in      403   403      200      200       403      403    403
request_appointment     GET     in      403   403      200      200       403      403    403
request_appointment     POST    in      403   403      200      200       403      403    403
appointment_kept        GET     in      403   403      200      200       403      403    403
appointment_kept        POST    in      403   403      200      200       403      403    403
request_appeal          GET     in      403   403      200      200       403      403    403
request_appeal          POST    in      403   403      200      200       403      403    403
request_pause           GET     in      403   403      200      200       403      403    403
request_pause           POST    in      403   403      200      200       403      403    403
request_resume          GET     in      403   403      200      200       403      403    403
request_resume          POST    in      403   403      200      200       403      403    403
request_extend          GET     in      403   403      200      200       403      403    403
request_extend          POST    in      403   403      200      200       403      403    403
request_verify          GET     in      403   403      200      200       403      403    403
request_verify          POST    in      403   403      200      200       403      403    403
request_compare         GET     in      403   403      200      200       403      403    403
request_compare         POST    in      403   403      go       go        403      403    403
request_document        GET     in      403   403      200      200       403      403    403
request_document        POST    in      403   403      200      200       403      403    403
request_code            GET     in      403   403      200      200       403      403    403
request_code            POST    in      403   403      200      200       403      403    403
request_code_send       GET     in      403   403      200      200       403      403    403
request_code_send       POST    in      403   403      200      200       403      403    403
request_code_call       GET     in      403   403      200      200       403      403    403
request_code_call       POST    in      403   403      200      200       403      403    403
request_mandate         GET     in      403   403      200      200       403      403    403
request_mandate         POST    in      403   403      200      200       403      403    403
request_proof           GET     in      403   403      200      200       403      403    403
request_proof           POST    in      403   403      200      200       403      403    403
request_callback        GET     in      403   403      200      200       403      403    403
request_callback        POST    in      403   403      200      200       403      403    403
request_follow_code     GET     in      403   403      200      200       403      403    403
request_follow_code     POST    in      403   403      200      200       403      403    403
request_sheet           GET     in      403   403      200      200       403      403    403
request_sheet           POST    in      403   403      200      200       403      403    403
request_choose          GET     in      405   405      405      405       405      405    405
request_choose          POST    in      403   403      409      409       403      403    403
request_item            GET     in      403   403      200      200       403      403    403
request_item            POST    in      403   403      200      200       403      403    403
request_decide          GET     in      403   403      200      200       403      403    403
request_decide          POST    in      403   403      200      200       403      403    403
request_approve         GET     in      403   403      200      200       403      403    403
request_approve         POST    in      403   403      200      200       403      403    403
request_send_back       GET     in      403   403      200      200       403      403    403
request_send_back       POST    in      403   403      200      200       403      403    403
request_execute         GET     in      403   403      200      200       403      403    403
request_execute         POST    in      403   403      200      200       403      403    403
request_close           GET     in      403   403      200      200       403      403    403
request_close           POST    in      403   403      200      200       403      403    403
request_letter_new      GET     in      403   403      200      200       403      403    403
request_letter_new      POST    in      403   403      200      200       403      403    403
request_letter          GET     in      403   403      200      200       403      403    403
request_letter          POST    in      405   405      405      405       405      405    405
request_letter_pdf      GET     in      403   403      200      200       403      403    403
request_letter_pdf      POST    in      405   405      405      405       405      405    405
request_hand_over       GET     in      403   403      200      200       403      403    403
request_hand_over       POST    in      403   403      200      200       403      403    403
request_link            GET     in      403   403      200      200       403      403    403
request_link            POST    in      403   403      200      200       403      403    403
request_copy            GET     in      403   403      200      200       403      403    403
request_copy            POST    in      405   405      405      405       405      405    405
request_correct         GET     in      403   403      200      200       403      403    403
request_correct         POST    in      405   405      405      405       405      405    405
request_correct_part    GET     in      403   403      200      200       403      403    403
request_correct_part    POST    in      403   403      200      200       403      403    403
holds                   GET     in      403   403      200      200       403      403    403
holds                   POST    in      405   405      405      405       405      405    405
hold_new                GET     in      403   403      200      200       403      403    403
hold_new                POST    in      403   403      200      200       403      403    403
hold                    GET     in      403   403      200      200       403      403    403
hold                    POST    in      405   405      405      405       405      405    405
hold_approve            GET     in      405   405      405      405       405      405    405
hold_approve            POST    in      403   403      409      go        403      403    403
hold_ask_release        GET     in      405   405      405      405       405      405    405
hold_ask_release        POST    in      403   403      go       go        403      403    403
hold_release            GET     in      405   405      405      405       405      405    405
hold_release            POST    in      403   403      409      409       403      403    403
ask                     GET     200     200   200      200      200       200      200    200
ask                     POST    200     200   200      200      200       200      200    200
ask_done                GET     go      go    go       go       go        go       go     go
ask_done                POST    405     405   405      405      405       405      405    405
follow                  GET     200     200   200      200      200       200      200    200
follow                  POST    200     200   200      200      200       200      200    200
follow_add              GET     405     405   405      405      405       405      405    405
follow_add              POST    go      go    go       go       go        go       go     go
follow_code             GET     405     405   405      405      405       405      405    405
follow_code             POST    go      go    go       go       go        go       go     go
follow_check            GET     405     405   405      405      405       405      405    405
follow_check            POST    go      go    go       go       go        go       go     go
follow_withdraw         GET     405     405   405      405      405       405      405    405
follow_withdraw         POST    go      go    go       go       go        go       go     go
follow_appeal           GET     405     405   405      405      405       405      405    405
follow_appeal           POST    go      go    go       go       go        go       go     go
follow_rate             GET     405     405   405      405      405       405      405    405
follow_rate             POST    go      go    go       go       go        go       go     go
answer                  GET     200     200   200      200      200       200      200    200
answer                  POST    404     404   404      404      404       404      404    404
privacy_notice          GET     200     200   200      200      200       200      200    200
privacy_notice          POST    405     405   405      405      405       405      405    405
retention_summary       GET     200     200   200      200      200       200      200    200
retention_summary       POST    405     405   405      405      405       405      405    405
"""


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
    head, *lines = (line.split() for line in TABLE.strip().splitlines())
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
    "request_send_back", "request_execute", "request_close", "request_letter_new", "request_hand_over",
    "request_link", "request_correct",
)  # fmt: skip

ARGUMENTS: Final[dict[str, Callable[[World], dict[str, object]]]] = {
    "enrol": lambda world: {"token": new_token(world.colleague, at=world.at)},
    "second_factor_remove": lambda world: {"number": world.people["front_desk"].authenticator_set.get().pk},
    "property_edit": lambda world: {"code": world.here.code},
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
        for name in ("stay", "check_out", "reverse", "bill", "registration_card")
    },
    "check_in": lambda world: {"reference": world.expected.reference},
    "reinstate": lambda world: {"reference": world.gone.reference},
    "guest_history": lambda world: {"subject": world.subject},
    "reveal": lambda world: {"envelope": envelope(world, Category.CONTACT), "field": "phone"},
    "draft": lambda world: {"form": "check_in"},
    "room": lambda world: {"number": world.room.number},
    "room_state": lambda world: {"number": world.room.number},
    "desk_case_close": lambda world: {"number": world.case.number},
    "notice": lambda world: {"version": 1},
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
    "request_letter": lambda world: on_request(world, letter=world.requests.letter.pk),
    "request_letter_pdf": lambda world: on_request(world, letter=world.requests.letter.pk),
    "request_copy": lambda world: {"number": world.requests.granted.number, "file": "copy.json"},
    "request_correct_part": lambda world: {
        "number": world.requests.granted.number,
        "envelope": envelope(world, Category.CONTACT, world.requests.granted.guest_id),
    },
    **{
        name: lambda world: {"number": world.requests.hold.number}
        for name in ("hold", "hold_approve", "hold_ask_release", "hold_release")
    },
    "answer": lambda world: {"token": "unknown"},
}

# What is typed where an empty form means nothing at all.
TYPED: Final[dict[str, dict[str, str]]] = {
    "recognise": {"person": "guest-0", "guest-TOTAL_FORMS": "1", "guest-INITIAL_FORMS": "0"},
    "room_state": {"state": "clean"},
}

# Without a second proof given in the last minutes these ask for one.
ASK_FOR_A_FRESH_PROOF: Final = {
    "account_change_password",
    "log_export",
    "passkey_add",
    "person_deactivate",
    "person_enrolment",
    "person_new",
    "person_posts",
    "person_reactivate",
    "person_reset",
    "property_new",
    "recovery_codes_renew",
    "registration_card",
    "request_approve",
    "request_copy",
    "request_correct_part",
    "request_execute",
    "request_link",
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

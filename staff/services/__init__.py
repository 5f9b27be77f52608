"""The deeds of this room, in the words of those who do them."""

from staff.services.duties import close_lapse, name_owner, report_done, report_started, require_closer
from staff.services.enrolling import (
    LinkNotValid,
    find_enrolment,
    mail_enrolment,
    make_enrolment,
    reset_second_factors,
    use_enrolment,
)
from staff.services.forgetting import forget_what_ran_out
from staff.services.own_account import (
    add_app,
    add_passkey,
    change_own_password,
    choose_language,
    end_other_sessions,
    remove_second_factor,
    renew_recovery_codes,
)
from staff.services.people import (
    change_person,
    create_person,
    deactivate_person,
    reactivate_person,
)
from staff.services.properties import change_property, create_property, found_property
from staff.services.roles import give_role, take_role
from staff.services.shifts import close_shift, open_shift

__all__ = [
    "LinkNotValid",
    "add_app",
    "add_passkey",
    "change_own_password",
    "change_person",
    "change_property",
    "choose_language",
    "close_lapse",
    "close_shift",
    "create_person",
    "create_property",
    "deactivate_person",
    "end_other_sessions",
    "find_enrolment",
    "forget_what_ran_out",
    "found_property",
    "give_role",
    "mail_enrolment",
    "make_enrolment",
    "name_owner",
    "open_shift",
    "reactivate_person",
    "remove_second_factor",
    "renew_recovery_codes",
    "report_done",
    "report_started",
    "require_closer",
    "reset_second_factors",
    "take_role",
    "use_enrolment",
]

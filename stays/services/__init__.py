"""The deeds of the front desk, in its own words."""

from stays.services.bills import add_bill_line, settle_bill_line
from stays.services.cases import close_desk_case, open_desk_case
from stays.services.checking_in import check_in_guest
from stays.services.checking_out import (
    REINSTATE_REASONS,
    REVERSAL_REASONS,
    UNPAID_REASONS,
    check_out_guest,
    may_reinstate,
    may_reverse,
    reinstate_stay,
    reverse_check_in,
)
from stays.services.drafts import discard_draft, forget_old_drafts, read_draft, save_draft
from stays.services.expecting import expect_stay
from stays.services.holding import free_rooms, planned_time, time_from
from stays.services.looking_up import (
    call_roll,
    find_stays,
    list_cases,
    list_stays,
    look_before_deed,
    open_bill,
    open_board,
    open_history,
    open_stay,
    open_timeline,
    print_card,
    recognise_guest,
    reveal_field,
    sealed_visible_to,
)
from stays.services.rooms import OVERRIDES, change_room_state, save_room

__all__ = [
    "OVERRIDES",
    "REINSTATE_REASONS",
    "REVERSAL_REASONS",
    "UNPAID_REASONS",
    "add_bill_line",
    "call_roll",
    "change_room_state",
    "check_in_guest",
    "check_out_guest",
    "close_desk_case",
    "discard_draft",
    "expect_stay",
    "find_stays",
    "forget_old_drafts",
    "free_rooms",
    "list_cases",
    "list_stays",
    "look_before_deed",
    "may_reinstate",
    "may_reverse",
    "open_bill",
    "open_board",
    "open_desk_case",
    "open_history",
    "open_stay",
    "open_timeline",
    "planned_time",
    "print_card",
    "read_draft",
    "recognise_guest",
    "reinstate_stay",
    "reveal_field",
    "reverse_check_in",
    "save_draft",
    "save_room",
    "sealed_visible_to",
    "settle_bill_line",
    "time_from",
]

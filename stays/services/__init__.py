"""The deeds of the front desk, in its own words."""

from stays.services.bills import add_bill_line, settle_bill, settle_bill_line
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
from stays.services.extending import change_departure
from stays.services.handing_over import finish_handover, forget_old_handovers, write_handover
from stays.services.holding import free_rooms, planned_time, time_from
from stays.services.looking_up import (
    ask_caller,
    call_roll,
    find_stays,
    list_cases,
    list_stays,
    list_visitors,
    look_before_deed,
    open_bill,
    open_board,
    open_handover,
    open_history,
    open_stay,
    open_timeline,
    print_card,
    recognise_guest,
    reveal_field,
    sealed_visible_to,
)
from stays.services.marking import MARKS, mark_stay
from stays.services.moving import move_stay
from stays.services.not_coming import (
    CANCEL_REASONS,
    EXPECT_AGAIN_REASONS,
    cancel_stay,
    expect_again,
    mark_no_show,
    may_be_no_show,
    may_expect_again,
    roll_no_shows,
)
from stays.services.noting import add_note, finish_note, owners_at
from stays.services.rooms import OVERRIDES, change_room_state, save_room
from stays.services.visiting import register_visitor, see_visitor_off

__all__ = [
    "CANCEL_REASONS",
    "EXPECT_AGAIN_REASONS",
    "MARKS",
    "OVERRIDES",
    "REINSTATE_REASONS",
    "REVERSAL_REASONS",
    "UNPAID_REASONS",
    "add_bill_line",
    "add_note",
    "ask_caller",
    "call_roll",
    "cancel_stay",
    "change_departure",
    "change_room_state",
    "check_in_guest",
    "check_out_guest",
    "close_desk_case",
    "discard_draft",
    "expect_again",
    "expect_stay",
    "find_stays",
    "finish_handover",
    "finish_note",
    "forget_old_drafts",
    "forget_old_handovers",
    "free_rooms",
    "list_cases",
    "list_stays",
    "list_visitors",
    "look_before_deed",
    "mark_no_show",
    "mark_stay",
    "may_be_no_show",
    "may_expect_again",
    "may_reinstate",
    "may_reverse",
    "move_stay",
    "open_bill",
    "open_board",
    "open_desk_case",
    "open_handover",
    "open_history",
    "open_stay",
    "open_timeline",
    "owners_at",
    "planned_time",
    "print_card",
    "read_draft",
    "recognise_guest",
    "register_visitor",
    "reinstate_stay",
    "reveal_field",
    "reverse_check_in",
    "roll_no_shows",
    "save_draft",
    "save_room",
    "sealed_visible_to",
    "see_visitor_off",
    "settle_bill",
    "settle_bill_line",
    "time_from",
    "write_handover",
]

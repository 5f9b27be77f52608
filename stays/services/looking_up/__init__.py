"""Looks: each is a row of the log, committed before anything is shown. Never called inside a deed."""

from stays.services.looking_up.bills import open_bill
from stays.services.looking_up.board import open_board, open_timeline
from stays.services.looking_up.callers import ask_caller
from stays.services.looking_up.cards import print_card
from stays.services.looking_up.cases import list_cases
from stays.services.looking_up.deeds import look_before_deed
from stays.services.looking_up.histories import open_history
from stays.services.looking_up.lists import list_stays
from stays.services.looking_up.pages import open_stay
from stays.services.looking_up.recognising import recognise_guest
from stays.services.looking_up.revealing import reveal_field, sealed_visible_to
from stays.services.looking_up.roll_call import call_roll
from stays.services.looking_up.searching import find_stays
from stays.services.looking_up.shifts import list_visitors, open_handover

__all__ = [
    "ask_caller",
    "call_roll",
    "find_stays",
    "list_cases",
    "list_stays",
    "list_visitors",
    "look_before_deed",
    "open_bill",
    "open_board",
    "open_handover",
    "open_history",
    "open_stay",
    "open_timeline",
    "print_card",
    "recognise_guest",
    "reveal_field",
    "sealed_visible_to",
]

"""Alerts: raised by the keeper, asked, answered, decided and closed by people, never by the one concerned."""

from staff.services.alerts.answering import answer_alert, questions_to
from staff.services.alerts.deciding import ask_person, close_alert, decide_alert, escalate_alert, take_alert
from staff.services.alerts.escalating import escalate_overdue
from staff.services.alerts.looking import alerts_seen_by, open_alert
from staff.services.alerts.packing import pack_alert
from staff.services.alerts.raising import raise_alerts, raise_by_hand, raise_of_the_house
from staff.services.alerts.reminding import mail_reminders

__all__ = [
    "alerts_seen_by",
    "answer_alert",
    "ask_person",
    "close_alert",
    "decide_alert",
    "escalate_alert",
    "escalate_overdue",
    "mail_reminders",
    "open_alert",
    "pack_alert",
    "questions_to",
    "raise_alerts",
    "raise_by_hand",
    "raise_of_the_house",
    "take_alert",
]

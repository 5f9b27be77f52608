"""What the desk tells those who notice unusual access: what shows guests, what is work, and two rules of its facts."""

from datetime import timedelta
from typing import Final

from django.utils.translation import gettext_lazy as _

from staff.detecting import kinds
from staff.detecting.finding import by
from staff.detecting.kinds import rule
from staff.models import Severity
from stays import actions
from stays.services.looking_up.explaining import WORK

DAY: Final = timedelta(days=1)

kinds.looks(kinds.LIST, actions.LIST_VIEWED, actions.ARRIVALS_PRINTED, actions.ROLL_CALLED)
kinds.looks(kinds.LIST, actions.HANDOVER_VIEWED, actions.VISITORS_VIEWED)
kinds.looks(kinds.LIST, actions.SEARCHED, by_document=True)
kinds.looks(kinds.VIEW, actions.STAY_VIEWED, actions.HISTORY_VIEWED, actions.BILL_VIEWED)
kinds.looks(kinds.BY_DOCUMENT, actions.GUEST_RECOGNISED)
kinds.looks(kinds.REVEAL, actions.FIELD_REVEALED, actions.CARD_PRINTED)
kinds.looks(kinds.EXPORT, actions.LIST_OPENED, actions.REGISTRATIONS_OPENED)
kinds.takings(actions.CARD_PRINTED, actions.LIST_OPENED)
kinds.work(*WORK)

rule(
    "vip",
    _("Confidential stay"),
    _("Nothing explains the look, and the guest has a confidential stay."),
    by("""
SELECT l.id, min(o.subject_id::text)::uuid FROM look l
JOIN stays_occupant o ON o.subject_id = ANY (l.subjects) JOIN stays_stay s ON s.id = o.stay_id AND s.confidential
WHERE l.explained_by = '' AND l.action = ANY (%(singles)s)
GROUP BY l.id
"""),
    weight="0.5",
    window=DAY,
    severity=Severity.HIGH,
)
rule(
    "old",
    _("Long gone"),
    _("Nothing explains the look, and the guest's last stay ended long ago."),
    by("""
SELECT l.id, l.guest FROM look l
JOIN stays_occupant o ON o.subject_id = ANY (l.subjects) JOIN stays_stay s ON s.id = o.stay_id
WHERE l.explained_by = '' AND l.action = ANY (%(singles)s)
GROUP BY l.id, l.guest, l.at HAVING bool_and(COALESCE(s.departed_at < l.at - %(window)s, false))
"""),
    weight="0.3",
    window=90 * DAY,
)

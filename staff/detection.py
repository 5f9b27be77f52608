"""What this room can notice: by accounts, shifts, sessions and names of those who work here, and by the log alone.

Each statement follows the tables of ``staff.detecting.batches.Batch``. Flags that only matter where nothing explains
the look ask for that themselves: alert = flag x unexplained (audit.md).
"""

from django.utils.translation import gettext_lazy as _

from audit.actions import LOG_READ
from audit.registry import words
from staff.actions import SIGNED_IN
from staff.detecting.finding import by, nothing
from staff.detecting.kinds import rule
from staff.detecting.likeness import find_named_alike, find_named_as_self
from staff.detecting.risks import DRAWN, UNEXPLAINED
from staff.duties import DAY, HOUR, MINUTE, duty
from staff.models import Severity

words(
    {
        "E1": _("guest due or in house, person on duty"),
        "E2": _("worked on that stay"),
        "E3": _("own request or case about the guest"),
        "E4": _("shares a stay with a guest in house"),
        "E5": _("order of an authority"),
        "E7": _("approval that waits for the person"),
        "E8": _("earlier explained look of the session"),
        "E9": _("scheduled report or roll call"),
    }
)

LOOK_THROUGH = duty(
    "look-through-log", _("Look through the log for unusual access"), every=5 * MINUTE, grace=5 * MINUTE
)
MAIL_QUESTIONS = duty(
    "mail-questions", _("Mail people about their own lines in the evening"), every=HOUR, grace=2 * HOUR
)
DECIDE_ALERTS = duty("decide-alerts", _("Decide alerts in time"), every=DAY, grace=6 * HOUR, for_property=True)

rule(
    UNEXPLAINED,
    _("Unexplained access"),
    _("Nothing the system knows explains an access of this weight."),
    nothing,
    weight="0",
    window=DAY,
    severity=Severity.HIGH,
)
rule(
    DRAWN,
    _("Found in the sample"),
    _("No rule noticed it: a manager read it in the sample and wants it looked into."),
    nothing,
    weight="0",
    window=DAY,
)
rule(
    "self",
    _("Own record"),
    _("Somebody opened a guest of their own name: it may be themselves."),
    find_named_as_self,
    weight="0.5",
    window=DAY,
    severity=Severity.HIGH,
)
rule(
    "name",
    _("Relative or colleague"),
    _("The guest has the person's surname, or the name of a colleague."),
    find_named_alike,
    weight="0.35",
    window=DAY,
)
rule(
    "shift",
    _("Off duty"),
    _("Nothing explains the look, and the person had no shift open at that moment."),
    by("""
SELECT l.id, l.guest FROM look l
WHERE l.explained_by = '' AND NOT EXISTS (
    SELECT FROM staff_shift s
    WHERE s.person_id = l.actor AND s.opened_at <= l.at AND COALESCE(s.closed_at, l.at) >= l.at
)
"""),
    weight="0.5",
    window=DAY,
)
rule(
    "prop",
    _("Other property"),
    _("Nothing explains the look, and the person was on duty at another property only."),
    by("""
SELECT l.id, l.guest FROM look l
JOIN staff_shift s ON s.person_id = l.actor AND s.opened_at <= l.at AND COALESCE(s.closed_at, l.at) >= l.at
WHERE l.explained_by = '' AND l.property IS NOT NULL
GROUP BY l.id, l.guest, l.property HAVING bool_and(s.property_id <> l.property)
"""),
    weight="0.4",
    window=DAY,
)
rule(
    "reveal",
    _("Reveal without work"),
    _("A field was shown in plain, and neither work on the stay nor a case or order of that time explains it."),
    by(
        """
, reasons AS (SELECT n.actor, n.at, s AS subject FROM near n CROSS JOIN LATERAL unnest(n.subjects) s)
, shown AS (
    SELECT l.id, l.actor, l.at, l.guest, s AS subject FROM look l CROSS JOIN LATERAL unnest(l.subjects) s
    WHERE l.action = ANY (%(reveals)s) AND l.explained_by <> ALL ('{E2,E3,E5,E7,E9}')
)
SELECT DISTINCT s.id, s.guest FROM shown s
WHERE NOT EXISTS (
    SELECT FROM reasons r
    WHERE r.actor = s.actor AND r.subject = s.subject AND r.at >= s.at - %(window)s AND r.at < s.at
)
""",
        near="{row}.explained_by = ANY ('{{E2,E3,E5,E7}}')",
        of="{row}.action = ANY (%(reveals)s)",
    ),
    weight="0.4",
    window=30 * MINUTE,
    severity=Severity.HIGH,
)
rule(
    "volume",
    _("More than usual"),
    _("In a day the person opened many times more guests than in an ordinary day of their own last 30 days."),
    by("""
, newest AS (
    SELECT DISTINCT ON (actor) id, actor, at FROM look WHERE action = ANY (%(singles)s) ORDER BY actor, at DESC, id DESC
), counted AS (
    SELECT n.id, count(*) FILTER (WHERE e.at > n.at - %(window)s) AS today,
        count(*) FILTER (WHERE e.at <= n.at - %(window)s) / 30.0 AS usual
    FROM newest n JOIN audit_event e ON e.actor = n.actor
        AND e.at > n.at - %(window)s - interval '30 days' AND e.at <= n.at
        AND e.action = ANY (%(singles)s) AND e.outcome = 'ok'
    GROUP BY n.id
)
SELECT id, NULL::uuid FROM counted WHERE today >= %(least)s AND today > %(times)s * usual
"""),
    weight="0.8",
    window=DAY,
    numbers={"least": (60, _("guests opened at least")), "times": (3, _("times the ordinary day"))},
)
rule(
    "scrape",
    _("Walk through the records"),
    _("Many searches, many different search terms, or page after page of lists within minutes."),
    by(
        """
, fresh AS (
    SELECT id, actor, at, detail ? 'term' AS is_search, detail ? 'term' AND COALESCE(
        at - lag(at) OVER (PARTITION BY actor, detail ->> 'term' ORDER BY at, id) > %(window)s, true) AS is_new_term
    FROM near
), counted AS (
    SELECT id, count(*) FILTER (WHERE is_search) OVER recent AS searches,
        count(*) FILTER (WHERE is_new_term) OVER recent AS terms,
        count(*) FILTER (WHERE NOT is_search) OVER recent AS pages
    FROM fresh WINDOW recent AS (PARTITION BY actor ORDER BY at RANGE BETWEEN %(window)s PRECEDING AND CURRENT ROW)
)
SELECT c.id, NULL::uuid FROM counted c JOIN batch b ON b.id = c.id
WHERE c.searches >= %(searches)s OR c.terms >= %(terms)s OR c.pages >= %(pages)s
""",
        near="{row}.action = ANY (%(lists)s) AND {row}.outcome = 'ok'",
    ),
    weight="0.8",
    window=10 * MINUTE,
    severity=Severity.HIGH,
    numbers={
        "searches": (40, _("searches")),
        "terms": (25, _("different search terms")),
        "pages": (60, _("pages of lists")),
    },
)
rule(
    "probe",
    _("Trying doors"),
    _("Several things were refused to the person within minutes."),
    by(
        """
, counted AS (
    SELECT id, count(*) OVER (PARTITION BY actor ORDER BY at RANGE BETWEEN %(window)s PRECEDING AND CURRENT ROW) AS n
    FROM near
)
SELECT c.id, NULL::uuid FROM counted c JOIN batch b ON b.id = c.id WHERE c.n >= %(refusals)s
""",
        near="{row}.outcome <> 'ok'",
    ),
    weight="0.8",
    window=10 * MINUTE,
    numbers={"refusals": (5, _("refusals"))},
)
rule(
    "pile-on",
    _("Many on one guest"),
    _("Several people opened the same guest within a day, and nothing explains any of it."),
    by("""
, opened AS (
    SELECT l.id, l.at, s AS subject FROM look l CROSS JOIN LATERAL unnest(l.subjects) s
    WHERE l.explained_by = '' AND l.action = ANY (%(singles)s)
)
SELECT DISTINCT o.id, o.subject FROM opened o
JOIN audit_event e ON e.subjects @> ARRAY[o.subject] AND e.at > o.at - %(window)s AND e.at <= o.at
    AND e.explained_by = '' AND e.outcome = 'ok' AND e.action = ANY (%(singles)s) AND e.actor IS NOT NULL
GROUP BY o.id, o.subject HAVING count(DISTINCT e.actor) >= %(people)s
"""),
    weight="0.8",
    window=DAY,
    severity=Severity.HIGH,
    numbers={"people": (4, _("people"))},
    of_several=True,
)
rule(
    "burst-out",
    _("Much taken out"),
    _("The person exported or printed the records of many guests within a day."),
    by(
        """
, counted AS (
    SELECT id, sum(cardinality(subjects)) OVER (
        PARTITION BY actor ORDER BY at RANGE BETWEEN %(window)s PRECEDING AND CURRENT ROW) AS n
    FROM near
)
SELECT c.id, NULL::uuid FROM counted c JOIN batch b ON b.id = c.id WHERE c.n > %(guests)s
""",
        near="{row}.action = ANY (%(takings)s) AND {row}.outcome = 'ok'",
    ),
    weight="0.8",
    window=DAY,
    severity=Severity.HIGH,
    numbers={"guests": (50, _("guests"))},
)
rule(
    "dormant",
    _("Sleeping account"),
    _("An account nobody had used for long was used again."),
    by(
        f"""
SELECT b.id, NULL::uuid FROM batch b
WHERE b.action = '{SIGNED_IN}' AND b.outcome = 'ok'
    AND EXISTS (SELECT FROM audit_event e WHERE e.actor = b.actor AND e.at < b.at - %(window)s)
    AND NOT EXISTS (SELECT FROM audit_event e WHERE e.actor = b.actor
        AND e.at >= b.at - %(window)s AND e.at < b.at - interval '10 minutes')
"""  # noqa: S608
    ),
    weight="0.8",
    window=90 * DAY,
)
rule(
    "shared",
    _("Shared account"),
    _("The same account was used at two terminals in turns within minutes."),
    by(
        """
, placed AS (
    SELECT n.id, n.actor, n.at, n.at - lag(n.at) OVER steps <= %(window)s
        AND s.terminal <> lag(s.terminal) OVER steps AS is_turn
    FROM near n JOIN audit_session s ON s.session_ref = n.session_ref
    WINDOW steps AS (PARTITION BY n.actor ORDER BY n.at, n.id)
), counted AS (
    SELECT id, is_turn, count(*) FILTER (WHERE is_turn) OVER (
        PARTITION BY actor ORDER BY at RANGE BETWEEN %(window)s PRECEDING AND CURRENT ROW) AS turns
    FROM placed
)
SELECT c.id, NULL::uuid FROM counted c JOIN batch b ON b.id = c.id WHERE c.is_turn AND c.turns >= %(turns)s
""",
        near="{row}.session_ref IS NOT NULL",
    ),
    weight="0.8",
    window=10 * MINUTE,
    severity=Severity.HIGH,
    numbers={"turns": (2, _("changes of terminal"))},
)
rule(
    "auditor",
    _("Reading about oneself"),
    _("Who reads the whole log asked it about themselves, elsewhere than in their own lines."),
    by(
        f"""
SELECT b.id, NULL::uuid FROM batch b JOIN staff_person p ON p.id = b.actor
WHERE b.action = '{LOG_READ}' AND b.object_type = 'person' AND b.object_ref = p.staff_number
    AND NOT b.detail ? 'own'
"""  # noqa: S608
    ),
    weight="0.8",
    window=DAY,
)
rule(
    "integrity",
    _("Guard of the log"),
    _("The guard or the seal of the log is in trouble: grants, triggers, a late or refused seal."),
    nothing,
    weight="1",
    window=2 * MINUTE,
    severity=Severity.HIGH,
)

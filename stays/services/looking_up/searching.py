"""The one box: first who is due or in house here, then everybody the clerk may see."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from audit import services as audit
from audit.services import Why
from staff import permissions as rights
from staff.models import Person, Property
from stays import actions
from stays.models import Occupant, RoomUse, Stay
from stays.purposes import require_purpose
from stays.services.looking_up import keys, rows
from stays.services.looking_up.explaining import explain_list
from stays.typed import Found
from vault import search
from vault import services as vault
from vault.values import Opened

MOST = 50
NAMES = frozenset({"name", "initials"})
NOTHING = Found([], 0)


@dataclass(slots=True)
class Hits:
    """Stays found, each once, and by which kinds of key."""

    current: dict[UUID, Stay] = field(default_factory=dict)
    past: dict[UUID, Stay] = field(default_factory=dict)
    kinds: set[str] = field(default_factory=set)

    def add(self, stays: Iterable[Stay], house: Property, today: date, *kinds: str) -> None:
        """Take in stays, current and past apart."""
        self.kinds.update(kinds)
        for stay in stays:
            (self.current if stay.is_current(house, today) else self.past)[stay.pk] = stay


def find_stays(
    *, actor: Person, property: Property, term_text: str, why: Why, at: datetime, past_why: Why | None = None
) -> Found:
    """Find stays by number, room, date, document, phone, their tails, or name; newest first, at most fifty.

    ``why`` serves guests due or in house here; all others are counted, and shown only where ``past_why`` says what
    for. The term goes into no row: the log keeps the kinds of key, the counts and the term's hash. Raises
    ``NotAllowed`` and ``PurposeRefused``.
    """
    rights.require(actor, "see_basic", property)
    why = require_purpose(actor=actor, house=property, why=past_why or why)
    text, today = keys.plain(term_text), property.today(at)
    if not text:
        return NOTHING
    term = search.parse(text)
    hits = Hits()
    _by_stay(hits, actor, property, text, today)
    candidates = [] if term.is_scoped else search.candidates(term)
    _by_guest_here(hits, property, term, candidates, today)
    _by_guest_anywhere(hits, actor, property, term, candidates, today)
    past = sorted(hits.past.values(), key=lambda stay: (stay.arrival_on, stay.reference), reverse=True)
    listed = past[:MOST] if past_why else []
    current = rows.gather(sorted(hits.current.values(), key=lambda stay: stay.reference))
    earlier = rows.gather(listed) if listed else []
    opened = _look(actor, property, hits, [*current, *earlier], term, why, is_past=past_why is not None)
    return Found(rows.shown(current, opened), len(past), rows.shown(earlier, opened), capped=len(past) > MOST)


def _by_stay(hits: Hits, actor: Person, house: Property, text: str, today: date) -> None:
    seen = Stay.objects.visible_to(actor).unrestricted().select_related("property").marked().order_by("-arrival_on")
    if reference := keys.as_reference(text):
        hits.add(seen.filter(reference=reference), house, today, "reference")
    if day := keys.as_date(text, today):
        around = seen.at(house).filter(arrival_on__lte=day, departure_on__gte=day)
        hits.add(
            around.exclude(status__in=[Stay.Status.NO_SHOW, Stay.Status.CANCELLED])[: MOST + 1], house, today, "date"
        )
    if len(text) <= 8 and any(sign.isdigit() for sign in text):
        uses = RoomUse.objects.filter(room__property=house, room__number__iexact=text)
        living = uses.exclude(state=RoomUse.State.UNDONE).values("stay")
        hits.add(seen.filter(pk__in=living)[: MOST + 1], house, today, "room")


def _by_guest_here(hits: Hits, house: Property, term: search.Term, candidates: Sequence[UUID], today: date) -> None:
    """Filter the window of current guests with the rich rule: initials, parts, one character, tails.

    A whole number or four of its characters are in the index, so only the guests it names are opened.
    """
    if not term.kinds:
        return
    here = Stay.objects.current(house, today)
    party = Occupant.objects.filter(stay__in=here).order_by()
    if not (term.is_scoped or NAMES.intersection(term.kinds)):
        party = party.filter(subject__in=candidates)
    found = search.filter_window(term, party.values_list("subject_id", flat=True))
    stays = here.filter(pk__in=Occupant.objects.filter(subject__in=found).values("stay")) if found else here.none()
    hits.add(stays.select_related("property").marked(), house, today, *term.kinds)


def _by_guest_anywhere(
    hits: Hits, actor: Person, house: Property, term: search.Term, candidates: Sequence[UUID], today: date
) -> None:
    """The real rule on every guest the index names who has a stay the actor may see, whom the house saw last first."""
    if not candidates:
        return
    seen = Stay.objects.visible_to(actor).unrestricted()

    def guests(batch: Sequence[UUID]) -> set[UUID]:
        party = Occupant.objects.filter(subject__in=batch, stay__in=seen).order_by()
        return set(party.values_list("subject_id", flat=True))

    found = search.verify(term, candidates, limit=MOST, among=guests)
    stays = seen.filter(pk__in=Occupant.objects.filter(subject__in=found).values("stay"))
    known = stays.select_related("property").marked().order_by("-arrival_on")
    hits.add(known[: 2 * MOST], house, today, *term.kinds)


def _look(
    actor: Person,
    house: Property,
    hits: Hits,
    shown: Sequence[rows.Bare],
    term: search.Term,
    why: Why,
    *,
    is_past: bool,
) -> dict[UUID, Opened]:
    """One row for the whole search, found or not; then the names of the rows shown."""
    return vault.open_envelopes(
        rows.names_of(shown),
        action=actions.SEARCHED,
        who=rights.who(actor, house),
        why=why if is_past else explain_list(actor, house, why),
        object_type="search",
        fields=rows.FIELDS if shown else (),
        detail={
            "kinds": sorted(hits.kinds),
            "count": len(shown),
            "past": len(hits.past),
            "term": audit.term_hash(term.normalised),
        },
    )

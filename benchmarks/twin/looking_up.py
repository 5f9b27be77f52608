"""The looks of the three pages: the product's own assembly, the personal part from ordinary columns."""

from datetime import datetime

from benchmarks.twin import reading
from staff.models import Person, Property
from stays.models import Stay
from stays.services.looking_up import keys, lists, pages, rows, searching
from stays.typed import DeskLists, Found, StayPage
from vault import search
from vault.search import terms

CONDITIONS = {
    terms.DOCUMENT: "g.document_number = %s",
    terms.PHONE: "g.phone = ANY(%s)",
    terms.PHONE_TAIL: "right(g.phone, 4) = %s",
    terms.DOCUMENT_TAIL: "right(g.document_number, 4) = %s",
    terms.NAME: "g.folded LIKE %s",
}
FOUND = "SELECT DISTINCT o.stay_id FROM twin.guest g JOIN stays_occupant o ON o.subject_id = g.id WHERE "


def list_stays(which: str, house: Property, at: datetime, page: int) -> DeskLists:
    """One list and the counts of all three."""
    today, first = house.today(at), (page - 1) * lists.PAGE
    stays = lists.stays_of(which, house, today).select_related("property").order_by(*lists.ORDER[which])
    bare, opened = reading.gathered(stays[first : first + lists.PAGE])
    return DeskLists(**lists._counts(house, today), rows=rows.shown(bare, opened))


def open_stay(stay: Stay, actor: Person, at: datetime) -> StayPage:
    """A stay's page."""
    party = pages.party_of(stay)
    opened = reading.of_stay(stay)
    shelf = pages.Shelf(stay, actor, at, {(each.subject, each.category): each for each in opened.values()})
    return pages._page(shelf, party, opened)


def find_stays(actor: Person, house: Property, text: str, at: datetime) -> Found:
    """Stays by number, room, date, document, phone or their tails, the past ones shown too."""
    today, plain = house.today(at), keys.plain(text)
    hits = searching.Hits()
    searching._by_stay(hits, actor, house, plain, today)
    hits.add(_by_guest(actor, search.parse(plain)), house, today)
    past = sorted(hits.past.values(), key=lambda stay: (stay.arrival_on, stay.reference), reverse=True)
    current = sorted(hits.current.values(), key=lambda stay: stay.reference)
    here, opened_here = reading.gathered(current)
    there, opened_there = reading.gathered(past[: searching.MOST])
    shown = rows.shown(here, opened_here), rows.shown(there, opened_there)
    return Found(shown[0], len(past), shown[1], capped=len(past) > searching.MOST)


def _by_guest(actor: Person, term: search.Term) -> list[Stay]:
    asked = [kind for kind in term.kinds if kind in CONDITIONS]
    if not asked:
        return []
    values = [_value(kind, term) for kind in asked]
    ids = [stay for (stay,) in reading.ask(FOUND + " OR ".join(CONDITIONS[kind] for kind in asked), *values)]
    seen = Stay.objects.visible_to(actor).unrestricted().filter(pk__in=ids).select_related("property")
    return list(seen.order_by("-arrival_on")[: 2 * searching.MOST])


def _value(kind: str, term: search.Term) -> object:
    if kind == terms.PHONE:
        return list(term.phones)
    if kind == terms.NAME:
        return f"%{term.normalised}%"
    return term.number

"""Companies that handle guests' data for us."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail

from audit.models import Change, Event
from privacy import refusals
from privacy.models import Processor, Told
from privacy.services import processors
from privacy.tests.factories import AT, TODAY, as_row, make_person, make_property, make_request, row
from privacy.tests.office import answers, on_duty
from staff.models import Person, Property
from staff.permissions import NotAllowed
from stays.tests.desk_visits import today as business_day

pytestmark = pytest.mark.django_db

FACTS = {
    "name": "Cloud Bookings Ltd",
    "agreement_ref": "DPA-2026-7",
    "scope": ["name", "contact"],
    "contact": "privacy@bookings.example",
    "signed_on": date(2025, 6, 1),
    "expires_on": date(2026, 12, 31),
}
DAY = timedelta(days=1)


def save(officer: Person, house: Property, processor: Processor | None = None, **facts: Any) -> Processor:
    """A processor of the property, or of the group."""
    of_group = facts.pop("is_of_group", False)
    return processors.save_processor(
        actor=officer, house=house, processor=processor, is_of_group=of_group, facts=FACTS | facts
    )


def told(officer: Person, house: Property, processor: Processor, what: str = "erased") -> Told:
    """What the processor must be told of a request."""
    asked = make_request(house, state="executing")
    lines = processors.ask_to_tell(request=asked, categories=["name"], what=what, owner=officer, due_on=TODAY)
    return next(line for line in lines if line.processor == processor)


def by_officer(officer: Person, house: Property, **facts: Any) -> dict[str, Any]:
    """A row of the officer's."""
    return as_row(officer, house, actor_role="privacy_officer", **facts)


def test_saved_and_changed(officer: Person, house: Property) -> None:
    made = save(officer, house)
    changed = save(officer, house, made, name="Cloud Bookings Group", is_of_group=True)
    assert (changed.pk, changed.name, changed.property) == (made.pk, "Cloud Bookings Group", None)
    rows = Event.objects.filter(action="processor.saved")
    assert [(each.actor, each.object_type, each.object_ref) for each in rows] == [
        (officer.pk, "processor", str(made.pk))
    ] * 2
    assert Change.objects.newest()[0].changes["name"] == ["Cloud Bookings Ltd", "Cloud Bookings Group"]


def test_ended_then_proved(officer: Person, house: Property) -> None:
    made = save(officer, house)
    with pytest.raises(processors.StillWorking):
        processors.prove_deletion(actor=officer, house=house, processor=made, on=TODAY, at=AT)
    processors.end_processor(actor=officer, house=house, processor=made, on=TODAY - DAY, at=AT)
    proved = processors.prove_deletion(actor=officer, house=house, processor=made, on=TODAY, at=AT)
    assert (proved.ended_on, proved.deletion_proof_on) == (TODAY - DAY, TODAY)
    said = by_officer(officer, house, object_type="processor", object_ref=str(made.pk))
    assert (row("processor.ended"), row("processor.proved")) == (said, said)


def test_what_has_ended_is_not_changed(officer: Person, house: Property) -> None:
    ended = processors.end_processor(actor=officer, house=house, processor=save(officer, house), on=TODAY, at=AT)
    with pytest.raises(refusals.ProcessorEnded):
        save(officer, house, ended)
    with pytest.raises(refusals.ProcessorEnded):
        processors.end_processor(actor=officer, house=house, processor=ended, on=TODAY, at=AT)


@pytest.mark.parametrize("day", [FACTS["signed_on"] - DAY, TODAY + DAY])
def test_an_agreement_ends_between_its_signing_and_today(officer: Person, house: Property, day: date) -> None:
    with pytest.raises(processors.BadDay):
        processors.end_processor(actor=officer, house=house, processor=save(officer, house), on=day, at=AT)


def test_who_may(officer: Person, house: Property, clerk: Person, manager: Person, stranger: Person) -> None:
    made = save(officer, house)
    line = told(officer, house, made)
    for person in (clerk, manager, stranger):
        with pytest.raises(NotAllowed):
            save(person, house)
        with pytest.raises(NotAllowed):
            processors.end_processor(actor=person, house=house, processor=made, on=TODAY, at=AT)
        with pytest.raises(NotAllowed):
            processors.mark_told(actor=person, told=line, at=AT)


def test_only_those_who_handle_it_are_told(officer: Person, house: Property) -> None:
    here, of_group = save(officer, house), save(officer, house, is_of_group=True, scope=["name", "payment"])
    save(officer, house, scope=["payment"])
    ended = processors.end_processor(actor=officer, house=house, processor=save(officer, house), on=TODAY, at=AT)
    elsewhere = make_property()
    save(make_person(elsewhere, "privacy_officer"), elsewhere)
    asked = make_request(house, state="executing")
    facts = {"request": asked, "categories": ["name"], "what": "erased", "owner": officer, "due_on": TODAY}
    lines, again = processors.ask_to_tell(**facts), processors.ask_to_tell(**facts)
    assert ({line.processor for line in lines}, again) == ({here, of_group}, [])
    assert [(line.task.kind, line.task.about) for line in lines] == [
        ("processor", str(line.processor.pk)) for line in lines
    ]
    assert ended not in {line.processor for line in lines}


def test_told_then_confirmed(officer: Person, house: Property) -> None:
    line = told(officer, house, save(officer, house))
    with pytest.raises(processors.ToldBefore):
        processors.confirm_told(actor=officer, told=line, at=AT)
    marked = processors.mark_told(actor=officer, told=line, at=AT)
    confirmed = processors.confirm_told(actor=officer, told=marked, at=AT + DAY)
    assert (marked.told_at, marked.task.done_by, confirmed.confirmed_at) == (AT, officer, AT + DAY)
    detail = {"processor": line.processor_id, "what": "erased"}
    said = by_officer(officer, house, object_type="request", object_ref=line.request.number, detail=detail)
    assert (row("told.sent"), row("told.confirmed")) == (said, said)
    for deed in (processors.mark_told, processors.confirm_told):
        with pytest.raises(processors.ToldBefore):
            deed(actor=officer, told=line, at=AT)


def test_reminded_once_sixty_days_before(officer: Person, house: Property) -> None:
    officer.email, officer.language = "officer@example.com", "en"
    officer.save(update_fields=["email", "language"])
    save(officer, house, expires_on=TODAY + 61 * DAY, name="Later Ltd")
    soon = save(officer, house, expires_on=TODAY + 60 * DAY)
    assert [processors.remind_of_expiry(at=AT) for _twice in range(2)] == [1, 0]
    [sent] = mail.outbox
    assert (sent.to, sent.subject) == (["officer@example.com"], "Agreements with processors run out soon")
    assert ("Cloud Bookings Ltd (DPA-2026-7)" in sent.body, "Later Ltd" in sent.body) == (True, False)
    assert row("processor.reminded")["detail"] == {"count": 1}
    save(officer, house, soon, expires_on=TODAY + 50 * DAY)
    assert processors.remind_of_expiry(at=AT) == 1


def test_officers_of_elsewhere_hear_of_the_groups_agreements_only(house: Property, officer: Person) -> None:
    elsewhere = make_property()
    other = make_person(elsewhere, "privacy_officer")
    other.email, other.language = "other@example.com", "en"
    other.save(update_fields=["email", "language"])
    save(officer, house, expires_on=TODAY, name="Ours Ltd")
    save(officer, house, expires_on=TODAY, name="Everybody's Ltd", is_of_group=True)
    processors.remind_of_expiry(at=AT)
    [sent] = mail.outbox
    assert ("Everybody's Ltd" in sent.body, "Ours Ltd" in sent.body) == (True, False)


# The pages


def typed(**facts: Any) -> dict[str, Any]:
    """The form as an officer fills it."""
    days = {name: FACTS[name].isoformat() for name in ("signed_on", "expires_on")}
    return FACTS | days | facts


def test_the_pages_enter_change_and_end(officer: Person, house: Property) -> None:
    browser = on_duty(officer, house)
    browser.post("/processors/new/", typed())
    made = Processor.objects.get()
    browser.post(f"/processors/{made.pk}/edit/", typed(name="Renamed Ltd", is_of_group="on"))
    today = business_day(house).isoformat()
    browser.post(f"/processors/{made.pk}/", {"ended_on": today})
    browser.post(f"/processors/{made.pk}/", {"deletion_proof_on": today})
    made.refresh_from_db()
    assert (made.name, made.property, str(made.ended_on), str(made.deletion_proof_on)) == (
        "Renamed Ltd",
        None,
        today,
        today,
    )
    shown = browser.get("/processors/").context["processors"]
    assert [each.pk for each in shown] == [made.pk]


def test_what_the_form_does_not_take(officer: Person, house: Property) -> None:
    wrong = typed(name="", contact="no mailbox", scope=["soul"], expires_on="2020-01-01")
    answer = on_duty(officer, house).post("/processors/new/", wrong)
    assert sorted(answer.context["form"].errors) == ["contact", "expires_on", "name", "scope"]


def test_the_pages_mark_what_was_told(officer: Person, house: Property) -> None:
    line, browser = told(officer, house, save(officer, house)), on_duty(officer, house)
    waiting = [each.pk for each in browser.get("/processors/").context["told"]]
    codes = [browser.post(f"/told/{line.pk}/{deed}/").status_code for deed in ("told", "confirmed", "told")]
    line.refresh_from_db()
    assert (waiting, codes, line.confirmed_at is not None) == ([line.pk], [302, 302, 409], True)


def test_pages_are_the_officers_own(
    house: Property, officer: Person, clerk: Person, manager: Person, stranger: Person
) -> None:
    made = save(officer, house)
    line = told(officer, house, made)
    pages = ["/processors/", "/processors/new/", f"/processors/{made.pk}/", f"/processors/{made.pk}/edit/"]
    got = [answers(page, house, officer, clerk, manager, stranger) for page in pages]
    assert got == [[200, 403, 403, 200], [200, 403, 403, 200], [200, 403, 403, 404], [200, 403, 403, 404]]
    deeds = [f"/told/{line.pk}/told/", f"/told/{line.pk}/confirmed/"]
    assert [answers(page, house, clerk, stranger, method="post") for page in deeds] == [[403, 404]] * 2

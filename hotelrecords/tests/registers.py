"""What the office of the first hotel keeps, for whole-system tests: a line in each register. Made by its services."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from privacy.models import Finding, PaperCard, Processor, Review, Told
from privacy.services import consents, paper, processors, reviews
from privacy.services.figures import Period
from privacy.tests.factories import make_request
from staff.models import Person, Property
from stays.models import Notice, Stay

WISH = "荞麦枕头与高楼层"


@dataclass(frozen=True, slots=True)
class Registers:
    """One of each."""

    card: PaperCard
    processor: Processor
    told: Told
    review: Review
    finding: Finding


def keep_registers(*, clerk: Person, officer: Person, house: Property, stay: Stay, at: datetime) -> Registers:
    """A consent of the guest, their card, a processor that must be told of a request, and a review with a finding."""
    notice, guest = Notice.objects.get(version=1), stay.occupants.select_related("stay__property").get(role="lead")
    consents.give_consent(actor=clerk, occupant=guest, about="preferences", notice=notice, text=WISH, at=at)
    processor = _processor(officer, house)
    due_on, asked = house.today(at) + timedelta(days=7), make_request(house, at=at)
    [told] = processors.ask_to_tell(request=asked, categories=["name"], what="erased", owner=officer, due_on=due_on)
    review = reviews.make_review(actor=officer, property=house, period=Period(*[house.today(at)] * 2), at=at)
    return Registers(
        card=paper.keep_card(actor=clerk, stay=stay, occupant=None, place="Cabinet 3", custodian=clerk, at=at),
        processor=processor,
        told=told,
        review=review,
        finding=reviews.add_finding(
            actor=officer, review=review, code="process", text="Call back sooner", owner=officer, due_on=due_on, at=at
        ),
    )


def _processor(officer: Person, house: Property) -> Processor:
    facts = {
        "name": "Cloud Bookings Ltd",
        "agreement_ref": "DPA-2026-7",
        "scope": ["name", "contact"],
        "contact": "privacy@bookings.example",
        "signed_on": date(2025, 6, 1),
        "expires_on": date(2035, 6, 1),
    }
    return processors.save_processor(actor=officer, house=house, processor=None, is_of_group=False, facts=facts)

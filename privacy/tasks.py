"""What happens later in the room of requests. Each task makes one service call and may run twice."""

from celery import shared_task
from django.utils import timezone

from privacy import services
from privacy.models import Hold, Purge, Request
from privacy.services import due, ending_restrictions, holding, processors, purging, rechecking, rules, withdrawals
from staff.models import Property


@shared_task(name="privacy.tasks.find_what_is_due")
def find_what_is_due() -> int:
    """Ring for whatever the database says is due about requests, each minute; returns how many tasks were rung.

    What is rung twice is done once: each deed looks again, with the request locked.
    """
    at = timezone.now()
    rung = [
        *(match_submission.delay(str(request)) for request in due.submissions_to_match(at)),
        *(send_asked_code.delay(str(request)) for request in due.codes_to_send(at)),
        *(acknowledge_request.delay(str(request)) for request in due.acknowledgements_due(at)),
        *(tell_extension.delay(str(request)) for request in due.extensions_to_tell(at)),
        *(remind_office.delay(str(request), stage) for request, stage in due.reminders_due(at)),
    ]
    return len(rung)


@shared_task(name="privacy.tasks.match_submission")
def match_submission(request_id: str) -> None:
    """Compare what was stated on the public page with what the house holds, blindly."""
    services.match_submission(request=_request(request_id), at=timezone.now())


@shared_task(name="privacy.tasks.send_asked_code")
def send_asked_code(request_id: str) -> None:
    """Mail a code to the contact on file, or note that this cannot be done."""
    services.send_asked_code(request=_request(request_id), at=timezone.now())


@shared_task(name="privacy.tasks.acknowledge_request")
def acknowledge_request(request_id: str) -> None:
    """Acknowledge the receipt of a request by a letter."""
    services.acknowledge_request(request=_request(request_id), at=timezone.now())


@shared_task(name="privacy.tasks.tell_extension")
def tell_extension(request_id: str) -> None:
    """Write the letter that tells an extension."""
    services.tell_extension(request=_request(request_id), at=timezone.now())


@shared_task(name="privacy.tasks.remind_office")
def remind_office(request_id: str, stage: str) -> None:
    """Remind the office that an answer is due soon, or overdue."""
    services.remind_office(request=_request(request_id), stage=stage, at=timezone.now())


@shared_task(name="privacy.tasks.expire_case_files")
def expire_case_files() -> int:
    """Erase what has expired of the papers of requests and holds; returns of how many of them."""
    expired = 0
    while count := services.expire_case_files(at=timezone.now()) + holding.expire_documents(at=timezone.now()):
        expired += count
    return expired


@shared_task(name="privacy.tasks.finish_restrictions")
def finish_restrictions() -> int:
    """Erase what was restricted until a day that has come; returns how many envelopes."""
    erased = 0
    while count := ending_restrictions.finish_restrictions(at=timezone.now()):
        erased += count
    return erased


@shared_task(name="privacy.tasks.plan_purges")
def plan_purges() -> int:
    """Ring for each property whose night has come and is not planned; returns how many."""
    return len([plan_purge.delay(house.pk) for house in purging.due_houses(timezone.now())])


@shared_task(name="privacy.tasks.plan_purge")
def plan_purge(house: int) -> None:
    """Plan the purge of a property's night. Planned twice at a time is planned once."""
    purging.plan_night(house=Property.objects.get(pk=house), at=timezone.now())


@shared_task(name="privacy.tasks.carry_on_purges")
def carry_on_purges() -> int:
    """Ring for each run of the purge that is to be begun or gone on with; returns how many."""
    return len([run_purge.delay(purge) for purge in purging.due_purges(timezone.now())])


@shared_task(name="privacy.tasks.run_purge")
def run_purge(purge: int) -> None:
    """Go on with a run of the purge for a while; what is left is rung for again."""
    found = Purge.objects.select_related("property").get(pk=purge)
    purging.run_purge(purge=found, at=timezone.now())


@shared_task(name="privacy.tasks.resume_what_waited")
def resume_what_waited() -> int:
    """Go on with what had waited for holds that are over; returns for how many."""
    resumed = 0
    while count := holding.resume_what_waited(at=timezone.now()):
        resumed += count
    return resumed


@shared_task(name="privacy.tasks.find_holds_to_review")
def find_holds_to_review() -> int:
    """Ring for each hold whose review is due and of which nobody was reminded lately; returns how many."""
    return len([remind_of_hold.delay(hold) for hold in holding.holds_to_review(timezone.now())])


@shared_task(name="privacy.tasks.remind_of_hold")
def remind_of_hold(hold: int) -> None:
    """Mail who placed and who approved a hold that its review is due."""
    holding.remind_of_review(hold=Hold.objects.get(pk=hold), at=timezone.now())


@shared_task(name="privacy.tasks.follow_rule_changes")
def follow_rule_changes() -> int:
    """Let what is locked away follow rules that have come into force; returns how much was reckoned anew."""
    return rules.follow_changes(at=timezone.now())


@shared_task(name="privacy.tasks.recheck_erasures")
def recheck_erasures() -> int:
    """Search again for what certificates say is erased, where that is due; returns how many."""
    return rechecking.recheck_due(at=timezone.now())


@shared_task(name="privacy.tasks.settle_withdrawals")
def settle_withdrawals() -> int:
    """Settle the withdrawals of consent that came in on the public page; returns how many."""
    return withdrawals.settle_withdrawals(at=timezone.now())


@shared_task(name="privacy.tasks.remind_of_processors")
def remind_of_processors() -> int:
    """Mail the officers which agreements with processors run out; returns how many agreements."""
    return processors.remind_of_expiry(at=timezone.now())


def _request(request_id: str) -> Request:
    return Request.objects.select_related("property").get(pk=request_id)

"""The way of a guest's registration: into a file that is handed out once, and back with the police's answer.

Nothing of a file is kept: it is written from the sealed registers in the moment it is handed out, which is the look
on record; the reports in it are sent from then on and stand in no other file. ``docs/registration-file.md`` describes
its form.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit import services as audit
from audit.services import Refused
from staff import permissions as rights
from staff.models import Person, Property
from staff.sheets import BYTE_ORDER_MARK, csv_lines
from stays import actions
from stays.models import Registration, RegistrationFile
from stays.purposes import require_purpose
from stays.services.looking_up.explaining import explain_list
from stays.services.looking_up.rows import rooms_held
from vault import services as vault
from vault.categories import FIELDS, Category
from vault.models import Envelope
from vault.values import Opened

FORM: Final = "hotelrecords-registration/1"
MOST: Final = 500
FACTS: Final = ("report", "kind", "due_at", "room", "came_at", "left_at")
COLUMNS: Final = (*FACTS, *FIELDS[Category.REGISTER])
State = Registration.State


class NothingToSend(Refused):
    """Every report has been sent."""

    action = actions.REGISTRATION_REFUSED
    message = _("No registration waits for its upload.")


class ReportAnswered(Refused):
    """The report has its receipt, or was taken back."""

    action = actions.REGISTRATION_REFUSED
    message = _("This registration has its receipt already, or the check-in was reversed.")


class ReceiptMissing(Refused):
    """Acknowledged without a number."""

    action = actions.REGISTRATION_REFUSED
    field = "receipt"
    message = _("Enter the number of the receipt.")


class AnswersWrong(Refused):
    """A file of answers in which something is wrong; nothing of it was taken in."""

    action = actions.REGISTRATION_REFUSED
    field = "file"
    message = _("Nothing was taken in: %(lines)s")


@dataclass(frozen=True, slots=True)
class HandedOut:
    """A file, once. ``content`` is personal: it goes to the person who asked and nowhere else."""

    name: str
    content: bytes
    count: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What the police's system says to one report: a receipt, or why not. ``line``: in the file of answers."""

    report: int
    receipt: str = ""
    failure: str = ""
    line: int = 0


def hand_out_reports(*, actor: Person, property: Property, format: str, why: audit.Why, at: datetime) -> HandedOut:
    """The oldest reports to send as a file, 500 at most; they are sent from now on. Restricted registers are opened
    for it too, which the look says: a restriction stops no duty by law.

    Raises ``NotAllowed``, ``PurposeRefused`` and ``NothingToSend``; ValueError on an unknown format.
    """
    rights.require(actor, "work_desk", property)
    rights.require(actor, "reveal_identity", property)
    why = explain_list(actor, property, require_purpose(actor=actor, house=property, why=why))
    waiting = Registration.objects.at(property).to_send().filter(occupant__register_envelope__isnull=False)
    registers = dict(waiting.order_by("due_at", "pk").values_list("pk", "occupant__register_envelope")[:MOST])
    restricted = Envelope.objects.filter(pk__in=registers.values(), restricted_until__gt=at).count()
    if not registers:
        raise NothingToSend(object_type="property", object_ref=property.code)
    opened = vault.open_envelopes(
        list(registers.values()),
        action=actions.REGISTRATIONS_OPENED,
        who=rights.who(actor, property),
        why=why,
        object_type="property",
        object_ref=property.code,
        fields=FIELDS[Category.REGISTER],
        detail={"count": len(registers)} | ({"restricted": restricted} if restricted else {}),
        with_restricted=True,
    )
    held = {pk: opened[envelope] for pk, envelope in registers.items() if envelope in opened}
    with transaction.atomic():
        return _send(actor, property, RegistrationFile.Format(format), held, at)


def answer_report(
    *, actor: Person, registration: Registration, receipt: str = "", failure: str = "", at: datetime
) -> Registration:
    """Note the receipt of a report, or why its upload was in vain: then it stands in the next file again.

    Raises ``NotAllowed``, ``ReportAnswered``, ``ReceiptMissing``.
    """
    rights.require(actor, "work_desk", registration.occupant.stay.property)
    with transaction.atomic():
        answered = _take_in(Answer(registration.pk, receipt, failure), at)
        _record_answer(actor, answered)
    return answered


def take_in_answers(*, actor: Person, property: Property, answers: Sequence[Answer], at: datetime) -> int:
    """Take in a file of answers, all of it or nothing; how many. Raises ``NotAllowed`` and ``AnswersWrong``."""
    rights.require(actor, "work_desk", property)
    here = set(
        Registration.objects.at(property).filter(pk__in=[each.report for each in answers]).values_list("pk", flat=True)
    )
    wrong: list[str] = []
    with transaction.atomic():
        for each in answers:
            trouble = _trouble(actor, each, here, at)
            wrong += [str(_("line %(line)s: %(trouble)s")) % {"line": each.line, "trouble": trouble}] if trouble else []
        if wrong:
            raise AnswersWrong(lines=" · ".join(wrong[:20]), object_type="property", object_ref=property.code)
    return len(answers)


def _trouble(actor: Person, answer: Answer, here: set[int], at: datetime) -> str:
    """Take in one answer; the reason why not, or nothing."""
    if answer.report not in here:
        return str(_("there is no registration %(number)s here")) % {"number": answer.report}
    try:
        _record_answer(actor, _take_in(answer, at))
    except Refused as refused:
        return str(refused)
    return ""


def _take_in(answer: Answer, at: datetime) -> Registration:
    rows = Registration.objects.select_for_update(of=("self",)).select_related("occupant__stay__property")
    found = rows.get(pk=answer.report)
    about = {"object_type": "stay", "object_ref": found.occupant.stay.reference}
    if found.state in (State.ACKNOWLEDGED, State.WITHDRAWN):
        raise ReportAnswered(**about)
    if answer.failure in Registration.Failure.values:
        found.state, found.failure = State.FAILED, answer.failure
    elif answer.receipt:
        found.state, found.receipt, found.failure, found.acknowledged_at = State.ACKNOWLEDGED, answer.receipt, "", at
        found.sent_at = found.sent_at or at
    else:
        raise ReceiptMissing(**about)
    found.save(update_fields=["state", "failure", "receipt", "acknowledged_at", "sent_at"])
    return found


def _record_answer(actor: Person, answered: Registration) -> None:
    stay = answered.occupant.stay
    audit.record(
        actions.REGISTRATION_ANSWERED,
        who=rights.who(actor, stay.property),
        object_type="stay",
        object_ref=stay.reference,
        subjects=[answered.occupant.subject_id],
        detail={"state": answered.state} | ({"failure": answered.failure} if answered.failure else {}),
    )


def _send(
    actor: Person, house: Property, format: RegistrationFile.Format, held: Mapping[int, Opened], at: datetime
) -> HandedOut:
    """Of two clerks who ask at once, each gets other reports: what is sent by now stands in no second file."""
    rows = Registration.objects.select_for_update(of=("self",)).select_related("occupant__stay")
    reports = list(rows.filter(pk__in=held).to_send().order_by("due_at", "pk"))
    if not reports:
        raise NothingToSend(object_type="property", object_ref=house.code)
    content = _written(house, format, _lines(reports, held), at)
    digest = hashlib.sha256(content).hexdigest()
    file = RegistrationFile.objects.create(
        property=house, format=format, made_at=at, made_by=actor, count=len(reports), sha256=digest
    )
    sent = Registration.objects.filter(pk__in=[report.pk for report in reports])
    sent.update(state=State.SENT, sent_at=at, failure="", file=file)
    audit.record(
        actions.REGISTRATIONS_SENT,
        who=rights.who(actor, house),
        object_type="registration_file",
        object_ref=str(file.pk),
        subjects=[report.occupant.subject_id for report in reports],
        detail={"count": len(reports), "format": str(format), "sha256": digest},
    )
    return HandedOut(f"registration-{house.code}-{file.pk}.{format}", content, len(reports))


def _lines(reports: Sequence[Registration], held: Mapping[int, Opened]) -> list[dict[str, str]]:
    rooms = rooms_held([report.occupant.stay_id for report in reports])
    return [_line(report, " ".join(rooms.get(report.occupant.stay_id, [])), held[report.pk]) for report in reports]


def _line(report: Registration, room: str, register: Opened) -> dict[str, str]:
    occupant = report.occupant
    facts = {
        "report": str(report.pk),
        "kind": report.kind,
        "due_at": report.due_at.isoformat(),
        "room": room,
        "came_at": occupant.came_at.isoformat() if occupant.came_at else "",
        "left_at": occupant.left_at.isoformat() if occupant.left_at else "",
    }
    return facts | {name: register.get(name).plain for name in FIELDS[Category.REGISTER]}


def _written(house: Property, format: RegistrationFile.Format, lines: Sequence[dict[str, str]], at: datetime) -> bytes:
    if format == RegistrationFile.Format.CSV:
        return BYTE_ORDER_MARK + csv_lines([COLUMNS, *([line[name] for name in COLUMNS] for line in lines)])
    told: dict[str, Any] = {"form": FORM, "property": house.code, "made_at": at.isoformat(), "guests": lines}
    return json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n"

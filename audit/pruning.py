"""The end of old rows: a whole year at once, when its 36 months are over and two people have approved.

Approvals are given on a page, the rest is the keeper's: state the retention, wait until that statement is sealed and
anchored, drop the year's partition, and with it the leaves and tiles nobody needs any more. Roots and every proof
handed out stay true. The database asks for all of it once more (``audit_drop_year``).
"""

from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext_lazy as _

from audit import actions, storing
from audit.models import Leaf, PruningApproval
from audit.services import Refused, Who, record
from audit.storing import rows

KEPT_YEARS = 3
APPROVALS = 2
_READY = """
SELECT EXISTS (
    SELECT FROM audit_statement s JOIN audit_leaf l ON l.source = 3 AND l.row_id = s.id
        JOIN audit_checkpoint c ON c.size > l.number JOIN audit_anchor a ON a.checkpoint_id = c.id
    WHERE s.kind = 'retention' AND s.said ->> 'year' = %s
)
"""
_STATED = "SELECT EXISTS (SELECT FROM audit_statement WHERE kind = 'retention' AND said ->> 'year' = %s)"


class StillKept(Refused):
    """The rows of that year have to be kept longer."""

    action = actions.LOG_PRUNING_REFUSED
    message = _("The access log of %(year)s has to be kept for three full years.")
    field = "year"


class ApprovedAlready(Refused):
    """Two different people have to approve."""

    action = actions.LOG_PRUNING_REFUSED
    message = _("You have approved this already; somebody else has to approve it too.")


@transaction.atomic
def approve_pruning(*, year: int, who: Who, at: datetime) -> int:
    """Approve that the rows of a year are dropped; how many have approved. Raises StillKept, ApprovedAlready."""
    about = {"object_type": "log_year", "object_ref": str(year)}
    if year + KEPT_YEARS >= at.year:
        raise StillKept(year=year, **about)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO audit_pruning_approval (year, actor) VALUES (%s, %s)", (year, who.actor))
    except IntegrityError:
        raise ApprovedAlready(**about) from None
    record(actions.LOG_PRUNING_APPROVED, who=who, object_type="log_year", object_ref=str(year))
    return PruningApproval.objects.filter(year=year).count()


def due_years(at: datetime) -> list[int]:
    """The years whose 36 months are over and whose rows are still there, oldest first."""
    oldest = Leaf.objects.order_by("number").first()
    return list(range(oldest.at.year, at.year - KEPT_YEARS)) if oldest else []


def approvers(year: int) -> list[int]:
    """Who has approved."""
    return list(PruningApproval.objects.filter(year=year).order_by("id").values_list("actor", flat=True))


def state_retention(connection: BaseDatabaseWrapper, year: int) -> None:
    """State, as the keeper, that a year's rows end; it becomes a leaf of the tree. Once."""
    [(stated,)] = rows(connection, _STATED, (str(year),))
    if not stated:
        storing.add_statement(connection, "retention", {"year": year, "approvers": approvers(year)})


def is_anchored(connection: BaseDatabaseWrapper, year: int) -> bool:
    """Whether the statement is sealed, and a checkpoint over it has left the database."""
    [(found,)] = rows(connection, _READY, (str(year),))
    return bool(found)


def drop_year(connection: BaseDatabaseWrapper, year: int) -> int:
    """Drop a year's rows; the leaf below which nothing is kept now. The database raises what is missing."""
    [(minimum,)] = rows(connection, "SELECT audit_drop_year(%s)", (year,))
    return int(minimum)

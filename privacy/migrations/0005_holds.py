"""Holds on rooms and requests, renewals, a timeline of their own, and the views that say what a hold lies on."""

import datetime
from typing import Any, ClassVar

import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

from audit.grants import append_only, grant

# A number of a confidential hold is drawn apart: no gap among the others shows that there is one.
CONFIDENTIAL_NUMBERS = "privacy_confidential_hold_number"

# Guests of whom all is held, stays of which all is held.
PARTS = """
whole AS (
    SELECT id AS hold_id, subject_id FROM privacy_hold WHERE subject_id IS NOT NULL AND stay_id IS NULL
    UNION
    SELECT h.id, r.guest_id FROM privacy_hold h JOIN privacy_request r ON r.id = h.request_id
    WHERE r.guest_id IS NOT NULL
), inhabited AS (
    SELECT id AS hold_id, stay_id FROM privacy_hold WHERE stay_id IS NOT NULL AND subject_id IS NULL
    UNION
    SELECT h.id, u.stay_id FROM privacy_hold h
        JOIN stays_roomuse u ON u.room_id = h.room_id AND u.during && h.during AND u.state <> 'undone'
)
"""

HELD_STAY = """
SELECT hold_id, stay_id FROM inhabited
UNION
SELECT id, stay_id FROM privacy_hold WHERE stay_id IS NOT NULL
UNION
SELECT w.hold_id, o.stay_id FROM whole w JOIN stays_occupant o ON o.subject_id = w.subject_id
"""

# Guests held in one stay alone; requests whose file is held.
ONE_AND_FILED = """
one AS (
    SELECT id AS hold_id, subject_id, stay_id FROM privacy_hold WHERE subject_id IS NOT NULL AND stay_id IS NOT NULL
), filed AS (
    SELECT id AS hold_id, request_id FROM privacy_hold WHERE request_id IS NOT NULL
    UNION
    SELECT p.hold_id, r.id FROM (SELECT hold_id, subject_id FROM whole UNION SELECT hold_id, subject_id FROM one) p
        JOIN privacy_request r ON r.guest_id = p.subject_id
    UNION
    SELECT i.hold_id, r.id FROM inhabited i JOIN privacy_request r ON r.stay_id = i.stay_id
    UNION
    SELECT i.hold_id, r.id FROM inhabited i JOIN stays_occupant o ON o.stay_id = i.stay_id
        JOIN privacy_request r ON r.guest_id = o.subject_id
)
"""

HELD_ENVELOPE = """
SELECT w.hold_id, e.id AS envelope_id FROM whole w
    JOIN vault_envelope e ON e.subject_id = w.subject_id WHERE e.erased_at IS NULL
UNION
SELECT w.hold_id, e.id FROM whole w JOIN stays_occupant o ON o.subject_id = w.subject_id
    JOIN vault_envelope e ON e.belongs_to = o.stay_id JOIN vault_subject s ON s.id = e.subject_id
    WHERE s.kind = 'guardian' AND e.erased_at IS NULL
UNION
SELECT n.hold_id, e.id FROM one n JOIN vault_envelope e ON e.subject_id = n.subject_id
    WHERE (e.belongs_to IS NULL OR e.belongs_to = n.stay_id) AND e.erased_at IS NULL
UNION
SELECT n.hold_id, e.id FROM one n JOIN vault_envelope e ON e.belongs_to = n.stay_id
    JOIN vault_subject s ON s.id = e.subject_id WHERE s.kind = 'guardian' AND e.erased_at IS NULL
UNION
SELECT i.hold_id, e.id FROM inhabited i JOIN vault_envelope e ON e.belongs_to = i.stay_id WHERE e.erased_at IS NULL
UNION
SELECT i.hold_id, e.id FROM inhabited i JOIN stays_occupant o ON o.stay_id = i.stay_id
    JOIN vault_envelope e ON e.subject_id = o.subject_id WHERE e.belongs_to IS NULL AND e.erased_at IS NULL
UNION
SELECT f.hold_id, e.id FROM filed f JOIN vault_envelope e ON e.belongs_to = f.request_id WHERE e.erased_at IS NULL
"""

NO_GUEST = Q(subject__isnull=True, stay__isnull=True)
NO_ROOM = Q(room__isnull=True, during__isnull=True)
NO_REQUEST = Q(request__isnull=True)
LONGEST = datetime.timedelta(days=180)


def link(to: str, related_name: str = "+") -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name=related_name, to=to)


def view(name: str, parts: list[str], rows: str) -> migrations.RunSQL:
    return migrations.RunSQL(f"CREATE VIEW {name} AS WITH {', '.join(parts)} {rows}", f"DROP VIEW {name}")


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("privacy", "0004_rules"),
        ("stays", "0001_initial"),
        ("vault", "0001_initial"),
        ("audit", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations: ClassVar = [
        migrations.RemoveConstraint("hold", "hold_is_on_something"),
        migrations.RemoveConstraint("hold", "hold_at_most_180_days"),
        migrations.AddField("hold", "room", link("stays.room")),
        migrations.AddField("hold", "during", django.contrib.postgres.fields.ranges.DateTimeRangeField(null=True)),
        migrations.AddField("hold", "request", link("privacy.request", "holds")),
        migrations.AddField("hold", "renews", link("privacy.hold", "renewals")),
        migrations.AddField("hold", "authority", models.CharField(blank=True, max_length=80, default=""), False),
        migrations.AddField("hold", "resumed_at", models.DateTimeField(null=True)),
        migrations.AddConstraint(
            "hold",
            models.CheckConstraint(
                condition=Q(NO_ROOM, NO_REQUEST) & (Q(subject__isnull=False) | Q(stay__isnull=False))
                | Q(NO_GUEST, NO_REQUEST, room__isnull=False, during__isnull=False, during__isempty=False)
                | Q(NO_GUEST, NO_ROOM, request__isnull=False),
                name="hold_is_on_one_thing",
            ),
        ),
        migrations.AddConstraint(
            "hold", models.CheckConstraint(condition=~Q(renews=F("id")), name="hold_renews_another")
        ),
        migrations.AddConstraint(
            "hold",
            models.CheckConstraint(condition=Q(kind="authority") | Q(authority=""), name="hold_authority_of_freeze"),
        ),
        migrations.AddConstraint(
            "hold",
            models.CheckConstraint(
                condition=Q(until__isnull=True, kind="authority")
                | Q(until__isnull=False, until__gt=F("placed_at"), kind="authority")
                | Q(until__isnull=False, until__gt=F("placed_at"), until__lte=F("placed_at") + LONGEST),
                name="hold_at_most_180_days",
            ),
        ),
        migrations.AddConstraint(
            "hold",
            models.CheckConstraint(
                condition=Q(resumed_at__isnull=True)
                | Q(released_at__isnull=False, released_at__lte=F("resumed_at"))
                | Q(until__isnull=False, until__lte=F("resumed_at")),
                name="hold_resumed_after_end",
            ),
        ),
        migrations.CreateModel(
            name="HoldStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("code", models.CharField(max_length=64)),
                (
                    "outcome",
                    models.CharField(
                        blank=True, choices=[("keep", "Keep it"), ("release", "Ask for its release")], max_length=8
                    ),
                ),
                ("review_on", models.DateField(null=True)),
                ("actor", link(settings.AUTH_USER_MODEL)),
                ("named", link(settings.AUTH_USER_MODEL)),
                (
                    "hold",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="privacy.hold"
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
                "default_permissions": (),
                "indexes": [models.Index(fields=["hold", "at"], name="hold_timeline")],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(outcome="keep", review_on__isnull=False, code="hold.reviewed")
                        | Q(outcome="release", review_on__isnull=True, code="hold.reviewed")
                        | Q(outcome="", review_on__isnull=True) & ~Q(code="hold.reviewed"),
                        name="hold_review_has_outcome",
                    ),
                    models.CheckConstraint(
                        condition=Q(named__isnull=True) | Q(code="hold.officer_named"), name="hold_step_names_officer"
                    ),
                ],
            },
        ),
        *(
            migrations.CreateModel(
                name=name,
                fields=[
                    (
                        "pk",
                        models.CompositePrimaryKey(
                            "hold", what, blank=True, editable=False, primary_key=True, serialize=False
                        ),
                    ),
                    (
                        "hold",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.DO_NOTHING, related_name=related, to="privacy.hold"
                        ),
                    ),
                    (
                        what,
                        models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to=to),
                    ),
                ],
                options={"managed": False, "default_permissions": ()},
            )
            for name, what, to, related in (
                ("HeldStay", "stay", "stays.stay", "held_stays"),
                ("HeldEnvelope", "envelope", "vault.envelope", "held_envelopes"),
            )
        ),
        view("privacy_heldstay", [PARTS], HELD_STAY),
        view("privacy_heldenvelope", [PARTS, ONE_AND_FILED], HELD_ENVELOPE),
        migrations.RunSQL(
            f"CREATE SEQUENCE {CONFIDENTIAL_NUMBERS} AS bigint MAXVALUE 999999999",
            f"DROP SEQUENCE {CONFIDENTIAL_NUMBERS}",
        ),
        grant(CONFIDENTIAL_NUMBERS, web="USAGE", kind="SEQUENCE", keeper="SELECT"),
        append_only("privacy_holdstep"),
        grant("privacy_holdstep", web="SELECT, INSERT"),
        grant("privacy_heldstay", web="SELECT", keeper=""),
        grant("privacy_heldenvelope", web="SELECT", keeper=""),
        # A hold's reason, end and reach stay as they were approved: a longer one is another hold.
        grant(
            "privacy_hold",
            web="SELECT, INSERT, UPDATE (review_on, approved_by_id, approved_at, release_asked_by_id, "
            "released_by_id, released_at, resumed_at)",
        ),
        grant("privacy_hold_officers", web="SELECT, INSERT"),
    ]

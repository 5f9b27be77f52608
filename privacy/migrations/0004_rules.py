"""Rules that two people change: proposals, whether a purge waits for a person, and when a period ends, said in SQL."""

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from audit.grants import grant

# The same as privacy.policy.periods.add_period; written so that the planner takes it into the query that calls it.
PERIOD_END = """
CREATE FUNCTION privacy_period_end(start date, number integer, unit text) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE unit
        WHEN 'hours' THEN start + (number + 23) / 24
        WHEN 'days' THEN start + number
        WHEN 'months' THEN (start + make_interval(months => number))::date
        WHEN 'years' THEN (start + make_interval(years => number))::date
    END
$$
"""
WAIT_FOR_A_PERSON = "UPDATE privacy_rule SET needs_approval = TRUE WHERE record IN ('register', 'bill')"

JURISDICTIONS = [
    ("CN", "Mainland China"),
    ("HK", "Hong Kong"),
    ("SG", "Singapore"),
    ("EU", "European Union"),
    ("DE", "Germany"),
    ("ES", "Spain"),
    ("UK", "United Kingdom"),
    ("US-CA", "California"),
]
UNITS = [("hours", "hours"), ("days", "days"), ("months", "months"), ("years", "years")]
KINDS = [("min", "At least"), ("max", "At most"), ("target", "Target")]
LEVELS = [
    ("law", "Law"),
    ("administrative_regulation", "Administrative regulation"),
    ("department_rule", "Department rule"),
    ("local_regulation", "Local regulation"),
    ("local_rule", "Local government rule"),
    ("standard", "National standard"),
    ("contract", "Contract"),
    ("own_policy", "Own policy"),
]
STATUSES = [
    ("A", "Read in the instrument"),
    ("B", "From a secondary source"),
    ("P", "Our own choice"),
    ("?", "Unverified"),
]
STATES = [("proposed", "Proposed"), ("approved", "Approved"), ("refused", "Refused"), ("withdrawn", "Withdrawn")]


def person(null=False):
    return models.ForeignKey(
        null=null, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
    )


def one_of(field, codes):
    return models.CheckConstraint(condition=models.Q((f"{field}__in", codes)), name=f"rulechange_{field}_known")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("privacy", "0003_lifting"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations: ClassVar = [
        migrations.RunSQL(PERIOD_END, "DROP FUNCTION privacy_period_end(date, integer, text)"),
        migrations.AddField("rule", "needs_approval", models.BooleanField(default=False)),
        migrations.RunSQL(WAIT_FOR_A_PERSON, migrations.RunSQL.noop),
        migrations.CreateModel(
            name="RuleChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=16)),
                ("jurisdiction", models.CharField(choices=JURISDICTIONS, default="CN", max_length=8)),
                ("region", models.CharField(blank=True, max_length=16)),
                ("record", models.CharField(max_length=32)),
                ("number", models.PositiveSmallIntegerField()),
                ("unit", models.CharField(choices=UNITS, max_length=8)),
                ("start", models.CharField(max_length=32)),
                ("at_once_on", models.CharField(blank=True, max_length=32)),
                ("kind", models.CharField(choices=KINDS, max_length=8)),
                ("level", models.CharField(choices=LEVELS, max_length=32)),
                ("instrument", models.CharField(blank=True, max_length=120)),
                ("article", models.CharField(blank=True, max_length=40)),
                ("end", models.CharField(db_column="at_end", max_length=32)),
                ("in_force_from", models.DateField(null=True)),
                ("in_force_to", models.DateField(null=True)),
                ("status", models.CharField(choices=STATUSES, default="?", max_length=1)),
                ("needs_approval", models.BooleanField(default=False)),
                ("reason", models.CharField(max_length=200)),
                ("state", models.CharField(choices=STATES, default="proposed", max_length=12)),
                ("proposed_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("refused_because", models.CharField(blank=True, max_length=200)),
                ("followed_at", models.DateTimeField(null=True)),
                ("decided_by", person(null=True)),
                (
                    "made",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="change", to="privacy.rule"
                    ),
                ),
                (
                    "property",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="staff.property"
                    ),
                ),
                ("proposed_by", person()),
            ],
            options={
                "ordering": ["-proposed_at", "-pk"],
                "abstract": False,
                "default_permissions": (),
                "constraints": [
                    one_of("unit", ["hours", "days", "months", "years"]),
                    one_of("kind", ["min", "max", "target"]),
                    one_of("level", [code for code, _word in LEVELS]),
                    one_of("status", ["A", "B", "P", "?"]),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("in_force_to__isnull", True),
                            ("in_force_from__isnull", True),
                            ("in_force_to__gte", models.F("in_force_from")),
                            _connector="OR",
                        ),
                        name="rulechange_ends_after_it_begins",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "proposed")),
                        fields=("code", "jurisdiction", "region"),
                        name="rule_change_one_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at__isnull", True), ("decided_by__isnull", True), ("state", "proposed")
                            ),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by", models.F("proposed_by")),
                                ("state", "withdrawn"),
                            ),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                ("state__in", ["approved", "refused"]),
                                models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="rule_change_decided_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("made__isnull", False), ("state", "approved")),
                            models.Q(models.Q(("state", "approved"), _negated=True), ("made__isnull", True)),
                            _connector="OR",
                        ),
                        name="rule_change_approved_made_a_rule",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "refused"), _negated=True),
                            models.Q(("refused_because", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="rule_change_refused_with_reason",
                    ),
                ],
            },
        ),
        grant(
            "privacy_rule",
            web="SELECT, INSERT, UPDATE (in_force_to)",
        ),
        grant(
            "privacy_rulechange",
            web="SELECT, INSERT, UPDATE (state, decided_by_id, decided_at, refused_because, made_id, followed_at)",
        ),
    ]

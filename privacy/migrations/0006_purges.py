"""Runs of the purge, their plans and batches; certificates end too, while a running purge names them."""

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from audit.grants import Trigger, Triggers, append_only, grant, no_longer_append_only, refusals

NUMBERS = "privacy_purge_number"
NAMED = """
    EXISTS (
        SELECT 1 FROM public.privacy_purgeitem i JOIN public.privacy_purge p ON p.id = i.purge_id
        WHERE p.state = 'running' AND i.record = 'certificate' AND i.skip = '' AND i.ref = {number}
    )
"""
CERTIFICATE_ENDS = f"""
BEGIN
    IF TG_OP = 'DELETE' AND {NAMED.format(number="OLD.number")} THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
END
"""
RECHECK_ENDS = f"""
BEGIN
    IF {NAMED.format(number="(SELECT c.number FROM public.privacy_certificate c WHERE c.id = OLD.certificate_id)")} THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'recheck % is kept as long as its certificate', OLD.id USING ERRCODE = 'insufficient_privilege';
END
"""  # noqa: S608
CERTIFICATE, RECHECK = "public.privacy_certificate", "public.privacy_recheck"
CERTIFICATE_FUNCTION, RECHECK_FUNCTION = "public.privacy_certificate_ends", "public.privacy_recheck_ends"
_CHANGES, NO_TRUNCATE = refusals(CERTIFICATE)


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("privacy", "0005_holds"),
        ("audit", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations: ClassVar = [
        migrations.CreateModel(
            name="Purge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=16, unique=True)),
                ("night", models.DateField()),
                ("asks", models.BooleanField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "Waits for approval"),
                            ("waiting", "Approved, can be stopped"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("stopped", "Stopped"),
                            ("replaced", "Replaced by a later plan"),
                        ],
                        default="planned",
                        max_length=8,
                    ),
                ),
                ("missed", models.PositiveSmallIntegerField(default=0)),
                ("planned_at", models.DateTimeField()),
                ("approved_at", models.DateTimeField(null=True)),
                ("final_at", models.DateTimeField(null=True)),
                ("stopped_at", models.DateTimeField(null=True)),
                ("started_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("total", models.PositiveIntegerField(default=0)),
                ("counts", models.JSONField(default=list)),
                ("outlook", models.JSONField(default=dict)),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "property",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="purges", to="staff.property"
                    ),
                ),
                (
                    "receipt",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="purge",
                        to="privacy.certificate",
                    ),
                ),
                (
                    "stopped_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-night", "-number"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="PurgeBatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("counts", models.JSONField(default=dict)),
                ("changed", models.JSONField(default=dict)),
                ("mark", models.CharField(blank=True, max_length=64)),
                (
                    "purge",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="batches", to="privacy.purge"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="PurgeItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("record", models.CharField(max_length=32)),
                ("rule", models.CharField(blank=True, max_length=16)),
                ("outcome", models.CharField(max_length=32)),
                ("skip", models.CharField(blank=True, max_length=16)),
                ("due_on", models.DateField()),
                ("ref", models.CharField(blank=True, max_length=24)),
                ("envelope", models.UUIDField(null=True)),
                ("stay", models.UUIDField(null=True)),
                (
                    "purge",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="items", to="privacy.purge"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "default_permissions": (),
            },
        ),
        migrations.AddIndex(
            model_name="purge",
            index=models.Index(fields=["state", "final_at"], name="purge_due"),
        ),
        migrations.AddConstraint(
            model_name="purge",
            constraint=models.UniqueConstraint(fields=("property", "night", "asks"), name="purge_once_a_night"),
        ),
        migrations.AddConstraint(
            model_name="purge",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["planned", "waiting", "running", "done", "stopped", "replaced"])),
                name="purge_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="purge",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["planned", "stopped", "replaced"]), ("final_at__isnull", False), _connector="OR"
                ),
                name="purge_runs_when_final",
            ),
        ),
        migrations.AddConstraint(
            model_name="purge",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("final_at__isnull", True),
                    ("asks", False),
                    ("total", 0),
                    models.Q(
                        ("approved_at__isnull", False),
                        ("approved_by__isnull", False),
                        ("final_at__gte", models.F("approved_at")),
                    ),
                    _connector="OR",
                ),
                name="purge_final_was_approved",
            ),
        ),
        migrations.AddConstraint(
            model_name="purge",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "stopped"), _negated=True),
                    models.Q(("stopped_at__isnull", False), ("stopped_by__isnull", False)),
                    _connector="OR",
                ),
                name="purge_stopped_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="purge",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "done"), _negated=True), ("finished_at__isnull", False), _connector="OR"
                ),
                name="purge_done_has_time",
            ),
        ),
        migrations.AddIndex(
            model_name="purgeitem",
            index=models.Index(fields=["purge", "skip", "id"], name="purge_item_next"),
        ),
        migrations.AddIndex(
            model_name="purgeitem",
            index=models.Index(fields=["envelope"], name="purge_item_envelope"),
        ),
        migrations.RunSQL(f"CREATE SEQUENCE {NUMBERS} AS bigint MAXVALUE 999999999", f"DROP SEQUENCE {NUMBERS}"),
        grant(NUMBERS, web="USAGE", kind="SEQUENCE", keeper="SELECT"),
        append_only("privacy_purgebatch"),
        grant(
            "privacy_purge",
            web="SELECT, INSERT, UPDATE (state, approved_by_id, approved_at, final_at, stopped_by_id, stopped_at, "
            "started_at, finished_at, total, counts, outlook, receipt_id)",
        ),
        grant("privacy_purgeitem", web="SELECT, INSERT, UPDATE (skip), DELETE"),
        grant("privacy_purgebatch", web="SELECT, INSERT"),
        no_longer_append_only("privacy_certificate"),
        Triggers(
            [
                Trigger(CERTIFICATE, "refuse_change", ("UPDATE", "DELETE"), CERTIFICATE_FUNCTION),
                NO_TRUNCATE,
                Trigger(RECHECK, "refuse_end", ("DELETE",), RECHECK_FUNCTION),
            ],
            {CERTIFICATE_FUNCTION: CERTIFICATE_ENDS, RECHECK_FUNCTION: RECHECK_ENDS},
        ),
        grant("privacy_certificate", web="SELECT, INSERT, DELETE"),
        grant("privacy_recheck", web="SELECT, INSERT, UPDATE (at, places, found), DELETE"),
    ]

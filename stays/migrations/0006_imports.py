"""Files of bookings, guests and rooms that are brought in."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from audit.grants import grant


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0005_region"),
        ("stays", "0005_the_reports"),
        ("vault", "0006_backups"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ImportFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("bookings", "Bookings that are to come"),
                            ("guests", "Guests with a stay that is over"),
                            ("rooms", "Rooms"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "Being read"),
                            ("checking", "Rows are checked"),
                            ("ready", "Waits for you"),
                            ("writing", "Being brought in"),
                            ("done", "Done"),
                            ("failed", "Could not be read"),
                            ("discarded", "Discarded"),
                        ],
                        default="received",
                        max_length=12,
                    ),
                ),
                ("mark", models.CharField(max_length=16)),
                ("columns", models.JSONField(default=dict)),
                (
                    "failure",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not_a_table", "This is neither a CSV nor an XLSX file, or it is damaged."),
                            ("empty", "There is no row beneath the headings."),
                            ("too_wide", "The table has more than 50 columns."),
                            ("too_long", "The table has more than 200,000 rows: bring it in in parts."),
                            ("not_allowed", "Whoever began the import may not do this here any more."),
                        ],
                        default="",
                        max_length=12,
                    ),
                ),
                ("begun_at", models.DateTimeField()),
                ("acted_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "begun_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "head",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="vault.envelope"
                    ),
                ),
                (
                    "property",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="imports", to="staff.property"
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="vault.subject"
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="ImportBatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "numbers",
                    django.contrib.postgres.fields.ArrayField(base_field=models.PositiveIntegerField(), size=None),
                ),
                (
                    "left_out",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveIntegerField(), default=list, size=None
                    ),
                ),
                ("written", models.PositiveIntegerField(default=0)),
                ("checked_at", models.DateTimeField(null=True)),
                ("written_at", models.DateTimeField(null=True)),
                (
                    "envelope",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="vault.envelope"
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="batches", to="stays.importfile"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "default_permissions": (),
            },
        ),
        migrations.AddIndex(
            model_name="importfile",
            index=models.Index(
                condition=models.Q(("state__in", ["received", "checking", "writing"])),
                fields=["id"],
                name="import_at_work",
            ),
        ),
        migrations.AddConstraint(
            model_name="importfile",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["bookings", "guests", "rooms"])), name="import_kind_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="importfile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["received", "checking", "ready", "writing", "done", "failed", "discarded"])
                ),
                name="import_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="importfile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "failed"), _negated=True),
                    models.Q(("failure", ""), _negated=True),
                    _connector="OR",
                ),
                name="import_failure_said",
            ),
        ),
        migrations.AddIndex(
            model_name="importbatch",
            index=models.Index(
                condition=models.Q(("written_at__isnull", True)), fields=["file", "id"], name="import_batch_next"
            ),
        ),
        grant(
            "stays_importfile",
            web="SELECT, INSERT, UPDATE (state, head_id, columns, failure, acted_at, finished_at)",
        ),
        grant("stays_importbatch", web="SELECT, INSERT, UPDATE (left_out, written, checked_at, written_at)"),
    ]

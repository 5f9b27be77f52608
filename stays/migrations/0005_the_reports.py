"""The five duties towards minors, and the way of a report to the police: sent, acknowledged, failed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from audit.grants import grant


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0005_region"),
        ("stays", "0004_during_the_stay"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="registration",
            name="acknowledged_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="registration",
            name="failure",
            field=models.CharField(
                blank=True,
                choices=[
                    ("rejected", "Sent back: something in it is wrong"),
                    ("unreachable", "The police's system could not be reached"),
                    ("file_lost", "The file was lost before it was uploaded"),
                ],
                db_default="",
                default="",
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="registration",
            name="sent_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.CreateModel(
            name="MinorDuty",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("identity", "Check and register the minor's identity"),
                            ("guardian", "Ask for the guardian's contact and record it"),
                            ("relation", "Ask how the people of the party are related"),
                            ("patrol", "Watch visitors and patrol the floor"),
                            ("report", "Report what is suspicious to the police and the guardian"),
                        ],
                        max_length=12,
                    ),
                ),
                ("due_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("nothing", "Nothing suspicious was noticed"),
                            ("reported", "Reported to the police and the guardian"),
                        ],
                        default="",
                        max_length=12,
                    ),
                ),
                (
                    "done_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "stay",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="minor_duties", to="stays.stay"
                    ),
                ),
            ],
            options={
                "ordering": ["due_at", "pk"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="RegistrationFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("format", models.CharField(choices=[("csv", "CSV"), ("json", "JSON")], max_length=4)),
                ("made_at", models.DateTimeField()),
                ("count", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "property",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="registration_files",
                        to="staff.property",
                    ),
                ),
            ],
            options={
                "ordering": ["-made_at"],
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="registration",
            name="file",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="registrations",
                to="stays.registrationfile",
            ),
        ),
        migrations.AddIndex(
            model_name="registration",
            index=models.Index(
                condition=models.Q(("state__in", ["pending", "failed", "sent"])),
                fields=["due_at"],
                name="registration_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="registration",
            constraint=models.CheckConstraint(
                condition=models.Q(("failure__in", ["", "rejected", "unreachable", "file_lost"])),
                name="registration_failure_known",
            ),
        ),
        migrations.AddIndex(
            model_name="minorduty",
            index=models.Index(
                condition=models.Q(("done_at__isnull", True)), fields=["due_at"], name="minor_duty_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="minorduty",
            constraint=models.UniqueConstraint(fields=("stay", "kind", "due_at"), name="minor_duty_once"),
        ),
        migrations.AddConstraint(
            model_name="minorduty",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["identity", "guardian", "relation", "patrol", "report"])),
                name="minor_duty_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="minorduty",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("done_at__isnull", True), ("done_by__isnull", True)),
                    models.Q(("done_at__isnull", False), ("done_by__isnull", False)),
                    _connector="OR",
                ),
                name="minor_duty_done_has_both",
            ),
        ),
        migrations.AddConstraint(
            model_name="minorduty",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "report"), _negated=True),
                    ("done_at__isnull", True),
                    ("outcome__in", ["nothing", "reported"]),
                    _connector="OR",
                ),
                name="minor_duty_report_says_what",
            ),
        ),
        grant("stays_minorduty", web="SELECT, INSERT, UPDATE (done_at, done_by_id, outcome)"),
        grant("stays_registrationfile", web="SELECT, INSERT"),
        grant(
            "stays_registration",
            web="SELECT, INSERT, UPDATE (state, due_at, receipt, sent_at, acknowledged_at, failure, file_id)",
        ),
    ]

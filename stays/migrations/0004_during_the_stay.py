"""What happens while a party is in the house: moves, visitors, words for the next shift."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from audit.grants import grant


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0005_region"),
        ("stays", "0003_seen_on"),
        ("vault", "0006_backups"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Handover",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("written_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["-written_at", "-pk"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Visitor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("came_at", models.DateTimeField()),
                ("left_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["-came_at", "-pk"],
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="roomuse",
            name="moved_for",
            field=models.CharField(
                blank=True,
                choices=[
                    ("defect", "Something in the room is out of order"),
                    ("noise", "Noise or smell"),
                    ("guest_wish", "The guest wishes another room"),
                    ("upgrade", "A better room is given"),
                    ("room_needed", "The house needs the room"),
                ],
                db_default="",
                default="",
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="stay",
            name="do_not_move",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddConstraint(
            model_name="roomuse",
            constraint=models.CheckConstraint(
                condition=models.Q(("moved_for__in", ["", "defect", "noise", "guest_wish", "upgrade", "room_needed"])),
                name="room_use_moved_for_known",
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="done_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="envelope",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="vault.envelope"),
        ),
        migrations.AddField(
            model_name="handover",
            name="property",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="handovers", to="staff.property"
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="writer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="visitor",
            name="envelope",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="vault.envelope"),
        ),
        migrations.AddField(
            model_name="visitor",
            name="stay",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="visitors", to="stays.stay"
            ),
        ),
        migrations.AddField(
            model_name="visitor",
            name="subject",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="vault.subject"),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("done_at__isnull", True), ("done_by__isnull", True)),
                    models.Q(("done_at__isnull", False), ("done_by__isnull", False)),
                    _connector="OR",
                ),
                name="handover_done_has_both",
            ),
        ),
        migrations.AddConstraint(
            model_name="visitor",
            constraint=models.CheckConstraint(
                condition=models.Q(("left_at__isnull", True), ("left_at__gte", models.F("came_at")), _connector="OR"),
                name="visitor_left_after",
            ),
        ),
        grant("stays_handover", web="SELECT, INSERT, UPDATE (done_by_id, done_at), DELETE"),
        grant("stays_visitor", web="SELECT, INSERT, UPDATE (left_at)"),
        grant(
            "stays_stay",
            web="SELECT, INSERT, UPDATE (status, origin, arrival_on, departure_on, arrived_at, departed_at, "
            "confidential, do_not_move, restricted_until, party_size)",
        ),
    ]

"""What the database itself refuses and allows: rooms held twice, numbers given twice, rights of the roles."""

from django.db import migrations

from audit.grants import grant

EXCLUDE = """
ALTER TABLE stays_roomuse ADD CONSTRAINT room_use_one_at_a_time
    EXCLUDE USING gist (int8range(room_id, room_id, '[]') WITH &&, during WITH &&)
    WHERE (state IN ('expected', 'in_house'))
"""


class Migration(migrations.Migration):
    dependencies = [
        ("stays", "0001_initial"),
        ("audit", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(EXCLUDE, "ALTER TABLE stays_roomuse DROP CONSTRAINT room_use_one_at_a_time"),
        migrations.RunSQL(
            "CREATE SEQUENCE stays_stay_number AS bigint MAXVALUE 999999999", "DROP SEQUENCE stays_stay_number"
        ),
        migrations.RunSQL(
            "CREATE SEQUENCE stays_case_number AS bigint MAXVALUE 999999999", "DROP SEQUENCE stays_case_number"
        ),
        grant("stays_stay_number", web="USAGE", kind="SEQUENCE", keeper="SELECT"),
        grant("stays_case_number", web="USAGE", kind="SEQUENCE", keeper="SELECT"),
        grant("stays_room", web="SELECT, INSERT, UPDATE (number, floor, type, capacity, state)"),
        grant("stays_roomuse", web="SELECT, INSERT, UPDATE (during, state)"),
        grant(
            "stays_stay",
            web="SELECT, INSERT, UPDATE (status, origin, arrival_on, departure_on, arrived_at, departed_at, "
            "confidential, restricted_until, party_size)",
        ),
        grant(
            "stays_occupant",
            web="SELECT, INSERT, UPDATE (subject_id, register_envelope_id, role, position, came_at, left_at, "
            "notice_id, notice_shown_at)",
        ),
        grant("stays_billline", web="SELECT, INSERT, UPDATE (settled_at, payment_envelope_id)"),
        grant("stays_registration", web="SELECT, INSERT, UPDATE (state, due_at, receipt)"),
        grant("stays_note", web="SELECT, INSERT, UPDATE (owner_id, done_at)"),
        grant("stays_deskcase", web="SELECT, INSERT, UPDATE (owner_id, state, closed_at)"),
        grant("stays_figure", web="SELECT, INSERT, UPDATE (count)"),
        grant("stays_notice", web="SELECT, INSERT"),
        grant("stays_reviewrule", web="SELECT, INSERT, UPDATE (text_en, text_zh, applies_to, kind, position, active)"),
        grant("stays_reviewtick", web="SELECT, INSERT"),
        grant("stays_draft", web="SELECT, INSERT, UPDATE (envelope_id, saved_at), DELETE"),
    ]

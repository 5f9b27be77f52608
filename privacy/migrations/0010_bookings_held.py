"""What holds keep, with the booking's own copy of a guest who turned out to be known: of the stay, the guest, the room."""

from typing import ClassVar

from django.db import migrations

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

# Subjects made for the bookings of what is held, where who came was known by another.
BOOKED = """
booked AS (
    SELECT w.hold_id, o.booked_as_id AS subject_id FROM whole w JOIN stays_occupant o ON o.subject_id = w.subject_id
    UNION
    SELECT n.hold_id, o.booked_as_id FROM one n
        JOIN stays_occupant o ON o.subject_id = n.subject_id AND o.stay_id = n.stay_id
    UNION
    SELECT i.hold_id, o.booked_as_id FROM inhabited i JOIN stays_occupant o ON o.stay_id = i.stay_id
)
"""

KEPT_BEFORE = """
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

OF_BOOKINGS = """
UNION
SELECT b.hold_id, e.id FROM booked b JOIN vault_envelope e ON e.subject_id = b.subject_id WHERE e.erased_at IS NULL
"""

VIEW = "CREATE OR REPLACE VIEW privacy_heldenvelope AS WITH"
AFTER = f"{VIEW} {PARTS}, {ONE_AND_FILED}, {BOOKED} {KEPT_BEFORE} {OF_BOOKINGS}"
BEFORE = f"{VIEW} {PARTS}, {ONE_AND_FILED} {KEPT_BEFORE}"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("privacy", "0009_request_open_counted"), ("stays", "0010_booked_as")]
    operations: ClassVar = [migrations.RunSQL(AFTER, BEFORE)]

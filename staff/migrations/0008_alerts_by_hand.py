"""A manager may raise an alert from a line of the sample."""

from typing import ClassVar

from django.db import migrations

from audit.grants import grant

DEEDS = "state, verdict, measure, asked_at, triaged_by_id, escalated_at, decided_at, closed_at, score"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("staff", "0007_access_reviews")]
    operations: ClassVar = [
        grant(
            "staff_alert",
            web=f"SELECT, INSERT, UPDATE ({DEEDS})",
            keeper="SELECT, INSERT, UPDATE (score, severity, due_at, mailed_at, escalated_at)",
        ),
        grant("staff_alertrow", web="SELECT, INSERT", keeper="SELECT, INSERT"),
    ]

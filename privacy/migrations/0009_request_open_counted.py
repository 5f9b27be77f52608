"""What the tabs of the worklist count, readable from an index alone. Reversed by dropping it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("privacy", "0008_openly_held")]

    operations = [
        migrations.AddIndex(
            model_name="request",
            index=models.Index(
                condition=models.Q(("state", "closed"), _negated=True),
                fields=["property", "state"],
                include=("officer", "due_on", "paused_at"),
                name="request_open_counted",
            ),
        ),
    ]

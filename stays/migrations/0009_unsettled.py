"""What is unpaid is asked for every stay whose records end: of all lines of bills only these few."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("stays", "0008_groups_made_here")]

    operations = [
        migrations.AddIndex(
            model_name="billline",
            index=models.Index(
                condition=models.Q(("settled_at__isnull", True)), fields=["stay"], name="bill_line_unsettled"
            ),
        ),
    ]

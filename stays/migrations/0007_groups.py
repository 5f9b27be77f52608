"""The number of the group a stay came with. Web never changes it: a stay is entered with it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("stays", "0006_imports")]

    operations = [
        migrations.AddField(
            model_name="stay",
            name="group",
            field=models.CharField(blank=True, db_default="", default="", max_length=16),
        ),
        migrations.AddIndex(
            model_name="stay",
            index=models.Index(
                condition=models.Q(("group", ""), _negated=True), fields=["property", "group"], name="stay_of_group"
            ),
        ),
        migrations.AddConstraint(
            model_name="stay",
            constraint=models.CheckConstraint(
                condition=models.Q(("group__regex", "^[0-9A-Z-]*$")), name="stay_group_no_name"
            ),
        ),
    ]

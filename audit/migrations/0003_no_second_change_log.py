"""Drop the table django-auditlog makes although its model is swapped for ``audit.Change``.

It would be a log without a guard. Reverse: the empty table is made again.
"""

from django.db import migrations


def drop_left_over_table(apps, schema_editor):
    schema_editor.delete_model(apps.get_model("auditlog", "LogEntry"))


def make_left_over_table(apps, schema_editor):
    schema_editor.create_model(apps.get_model("auditlog", "LogEntry"))


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_change"), ("auditlog", "0017_add_actor_email")]

    operations = [migrations.RunPython(drop_left_over_table, make_left_over_table)]

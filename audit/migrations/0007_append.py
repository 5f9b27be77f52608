"""A row of the log is written by a function, whose plan a session keeps: planned anew for each row, an INSERT into a
table in parts takes longer than writing."""

from typing import ClassVar

from django.db import migrations

from audit.grants import KEEPER, WEB, definer

FACTS = {
    "ref": "uuid",
    "actor": "bigint",
    "actor_role": "text",
    "property": "bigint",
    "session_ref": "uuid",
    "request_n": "bigint",
    "action": "text",
    "outcome": "text",
    "purpose": "text",
    "purpose_ref": "text",
    "object_type": "text",
    "object_ref": "text",
    "subjects": "uuid[]",
    "fields": "text[]",
    "explained_by": "text",
    "detail": "jsonb",
    "request_id": "uuid",
    "note_commit": "bytea",
}
# Whoever begins a request gives no number: the first row takes the next one.
APPEND = f"""
DECLARE
    taken bigint := COALESCE(request_n, nextval('audit_request_n'));
BEGIN
    INSERT INTO audit_event ({", ".join(FACTS)}) VALUES ({", ".join(FACTS).replace("request_n", "taken")});
    RETURN taken;
END
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("audit", "0006_temporary_tables_last")]

    operations: ClassVar = [
        definer(
            f"audit_append({', '.join(f'{name} {kind}' for name, kind in FACTS.items())})",
            returns="bigint",
            body=APPEND,
            roles=[WEB, KEEPER],
        ),
    ]

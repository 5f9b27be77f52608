"""Functions with their owner's rights look into the caller's temporary tables last, not first.

PostgreSQL looks there first for what a path does not name. Those of every room are set anew, so that a database made
before has what a new one has. Reverse: the path as it was.
"""

from typing import ClassVar

from django.db import migrations

from audit.grants import DEFINER_PATH

SET_ANEW = """
DO $$
DECLARE
    made regprocedure;
BEGIN
    FOR made IN SELECT p.oid FROM pg_proc p WHERE p.prosecdef AND p.proowner = current_user::regrole LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = {path}', made);
    END LOOP;
END
$$
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("audit", "0005_keys_and_changes")]

    operations: ClassVar = [
        migrations.RunSQL(SET_ANEW.format(path=DEFINER_PATH), SET_ANEW.format(path="pg_catalog, public")),
    ]

"""A tombstone has no key: whether a key is destroyed is asked only where there is one.

In one condition with it, PL/pgSQL asked the table for every row, which took longer than the row itself.
"""

from importlib import import_module
from typing import ClassVar

from django.db import migrations

from audit.grants import new_body

FORMER = import_module("vault.migrations.0006_backups").NOT_DESTROYED
NOT_DESTROYED = """
BEGIN
    IF NEW.wrapped IS NOT NULL THEN
        IF EXISTS (SELECT 1 FROM public.key_registry WHERE purpose = 'kek' AND epoch = NEW.kek AND state = 'destroyed')
        THEN
            RAISE EXCEPTION 'the key-encryption key % was destroyed', NEW.kek USING ERRCODE = 'insufficient_privilege';
        END IF;
    END IF;
    RETURN NEW;
END
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("vault", "0007_erased_where_it_lies")]
    operations: ClassVar = [new_body("keys.refuse_destroyed", body=NOT_DESTROYED, former=FORMER)]

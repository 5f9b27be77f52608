"""Beside an envelope that is locked away a new one of its category has its place, as beside an erased one.

What a hold keeps of a guest who withdrew is kept from everybody; what the guest says anew is not put to it.
"""

from importlib import import_module
from typing import ClassVar

from django.db import migrations

from audit.grants import new_body

FORMER = import_module("vault.migrations.0007_erased_where_it_lies").TAKE_TURN
# Whatever comes first from a backup has its turn already: the first turn of all is then still free.
TAKE_TURN = """
BEGIN
    IF NEW.turn = 0 AND NEW.erased_at IS NULL AND NEW.category IN ('name', 'contact', 'preference') THEN
        NEW.turn := (SELECT CASE WHEN bool_or(turn = 0)
                         THEN count(*) FILTER (WHERE erased_at IS NOT NULL OR restricted_until > now()) ELSE 0 END
                     FROM public.vault_envelope
                     WHERE subject_id = NEW.subject_id AND category = NEW.category);
    END IF;
    RETURN NEW;
END
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("vault", "0010_registers_without_a_number")]
    operations: ClassVar = [new_body("vault_take_turn", body=TAKE_TURN, former=FORMER)]

"""Who may do what with the vault's tables, and what no one may: revive a shredded key, change the ledger."""

from django.db import migrations

from audit.grants import append_only, grant, row_trigger

TOMBSTONE = """
BEGIN
    IF OLD.wrapped IS NULL THEN
        RAISE EXCEPTION 'the key of envelope % is shredded for good', OLD.envelope_id
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
"""

# Dead tuples of keys and tokens are what an erasure wants gone; samples of tokens do not belong in pg_statistic.
TIGHT = "autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500, autovacuum_vacuum_cost_delay = 0"
TOKEN_COLUMNS = ("tok", "phone", "phone_tail", "document", "document_tail")
STORAGE = f"""
ALTER TABLE keys.envelope_key SET ({TIGHT});
ALTER TABLE search.subject_token SET ({TIGHT});
""" + "\n".join(f"ALTER TABLE search.subject_token ALTER {column} SET STATISTICS 0;" for column in TOKEN_COLUMNS)


class Migration(migrations.Migration):
    dependencies = [("vault", "0001_initial"), ("audit", "0001_initial")]

    operations = [
        row_trigger(
            "keys.envelope_key", "refuse_revival", before="UPDATE", function="keys.refuse_revival", body=TOMBSTONE
        ),
        migrations.RunSQL(STORAGE, migrations.RunSQL.noop),
        append_only("erasure_ledger"),
        grant("keys", web="USAGE", keeper="", kind="SCHEMA"),
        grant("search", web="USAGE", keeper="", kind="SCHEMA"),
        grant("vault_subject", web="SELECT, INSERT", keeper=""),
        grant(
            "vault_envelope",
            web="SELECT, INSERT, UPDATE (ciphertext, sealed_at, restricted_until, erased_at)",
            keeper="",
        ),
        grant(
            "keys.envelope_key",
            web="SELECT, INSERT, UPDATE (kek, generation, wrapped, shredded_at)",
            keeper="",
        ),
        grant(
            "search.subject_token",
            web="SELECT, INSERT, UPDATE (tok, phone, phone_tail, document, document_tail), DELETE",
            keeper="",
        ),
        grant("search.token_frequency", web="SELECT, INSERT, UPDATE (version, sealed, counted_at)", keeper=""),
        grant("erasure_ledger", web="SELECT, INSERT", keeper="SELECT"),
        grant("key_registry", web="SELECT", keeper="SELECT"),
    ]

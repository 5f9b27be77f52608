"""How envelopes are read with their keys and numbers found: planned once per connection, not once per look.

For one envelope the planning took three times as long as the reading. What is set here holds inside a function only.
"""

from django.db import migrations

READS = """
    RETURNS TABLE (envelope uuid, subject uuid, category varchar, belongs_to uuid, ciphertext bytea,
                   kek integer, generation integer, wrapped bytea)
    LANGUAGE plpgsql STABLE PARALLEL SAFE SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT e.id, e.subject_id, e.category, e.belongs_to, e.ciphertext, k.kek, k.generation, k.wrapped
    FROM vault_envelope e JOIN keys.envelope_key k ON k.envelope_id = e.id
    WHERE e.erased_at IS NULL AND k.wrapped IS NOT NULL
      AND (with_restricted OR e.restricted_until IS NULL OR e.restricted_until <= now())
"""
FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION vault_read(ids uuid[], with_restricted boolean) {READS} AND e.id = ANY (ids);
END
$$;
CREATE OR REPLACE FUNCTION vault_read_of(subjects uuid[], categories text[], with_restricted boolean) {READS}
      AND e.subject_id = ANY (subjects) AND e.category = ANY (categories);
END
$$;
CREATE OR REPLACE FUNCTION vault_find(
    phones integer[], phone_tails integer[], documents integer[], document_tails integer[], most integer
)
    RETURNS TABLE (subject uuid)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT t.subject FROM search.subject_token t
    WHERE t.phone = ANY (phones) OR t.phone_tail = ANY (phone_tails)
       OR t.document = ANY (documents) OR t.document_tail = ANY (document_tails)
    LIMIT most;
END
$$;
"""
NO_FUNCTIONS = """
DROP FUNCTION vault_find(integer[], integer[], integer[], integer[], integer);
DROP FUNCTION vault_read_of(uuid[], text[], boolean);
DROP FUNCTION vault_read(uuid[], boolean);
"""


class Migration(migrations.Migration):
    dependencies = [("vault", "0002_guards")]

    operations = [migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS)]

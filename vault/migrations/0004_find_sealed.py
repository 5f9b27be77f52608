"""A whole phone or document number meets one or two guests: their sealed envelopes come with the finding."""

from django.db import migrations

FIND_SEALED = """
CREATE FUNCTION vault_find_sealed(phones integer[], documents integer[], most integer)
    RETURNS TABLE (envelope uuid, subject uuid, category varchar, belongs_to uuid, ciphertext bytea,
                   kek integer, generation integer, wrapped bytea)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT e.id, e.subject_id, e.category, e.belongs_to, e.ciphertext, k.kek, k.generation, k.wrapped
    FROM search.subject_token t
    JOIN vault_envelope e ON e.subject_id = t.subject
    JOIN keys.envelope_key k ON k.envelope_id = e.id
    WHERE (t.phone = ANY (phones) OR t.document = ANY (documents))
      AND ((e.category = 'contact' AND t.phone = ANY (phones))
           OR (e.category = 'register' AND t.document = ANY (documents)))
      AND e.erased_at IS NULL AND k.wrapped IS NOT NULL
      AND (e.restricted_until IS NULL OR e.restricted_until <= now())
    LIMIT most;
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("vault", "0003_read_and_find")]

    operations = [
        migrations.RunSQL(FIND_SEALED, "DROP FUNCTION vault_find_sealed(integer[], integer[], integer);"),
    ]

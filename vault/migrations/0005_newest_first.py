"""Search answers newest first: the day a guest was last of use to the house stands beside the tokens."""

from django.db import migrations, models

from audit.grants import grant

FIND = """
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
    {order}LIMIT most;
END
$$;
"""
NEWEST_FIRST = FIND.format(order="ORDER BY t.seen_on DESC NULLS LAST ")
UNORDERED = FIND.format(order="")


class Migration(migrations.Migration):
    dependencies = [("vault", "0004_find_sealed")]

    operations = [
        migrations.AddField("subject", "seen_on", models.DateField(null=True)),
        migrations.AddField("subjecttoken", "seen_on", models.DateField(null=True)),
        migrations.RunSQL(NEWEST_FIRST, UNORDERED),
        grant("vault_subject", web="SELECT, INSERT, UPDATE (seen_on)", keeper=""),
        grant(
            "search.subject_token",
            web="SELECT, INSERT, UPDATE (tok, phone, phone_tail, document, document_tail, seen_on), DELETE",
            keeper="",
        ),
    ]

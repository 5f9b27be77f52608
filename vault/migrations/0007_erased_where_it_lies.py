"""An erasure rewrites rows where they lie: no index knows what it changes, and pages have room for what is left.

The number of a register is found by rows of its own, so that its end is a DELETE. Envelope keys are wrapped anew in the
order of their table, for which no index of epochs is needed.
"""

from itertools import starmap
from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models
from django.db.models import Q

from audit.grants import row_trigger

# Whoever had a phone, had it erased and gave another: the new envelope comes after the erased one.
IN_TURN = """
UPDATE vault_envelope e SET turn = n.turn FROM (
    SELECT id, row_number() OVER (PARTITION BY subject_id, category ORDER BY erased_at NULLS LAST, created_at) - 1 AS turn
    FROM vault_envelope WHERE category IN ('name', 'contact', 'preference')) n
WHERE n.id = e.id AND n.turn > 0
"""
# One that comes from a backup has its turn already.
TAKE_TURN = """
BEGIN
    IF NEW.turn = 0 AND NEW.erased_at IS NULL AND NEW.category IN ('name', 'contact', 'preference') THEN
        NEW.turn := (SELECT count(*) FROM public.vault_envelope
                     WHERE subject_id = NEW.subject_id AND category = NEW.category AND erased_at IS NOT NULL);
    END IF;
    RETURN NEW;
END
"""
APART = """
INSERT INTO search.subject_token (subject, epoch, part, document, document_tail, seen_on)
SELECT subject, epoch, 1000 + part, document, document_tail, seen_on FROM search.subject_token
WHERE document IS NOT NULL AND part < 1000;
UPDATE search.subject_token SET document = NULL, document_tail = NULL WHERE document IS NOT NULL AND part < 1000;
DELETE FROM search.subject_token WHERE document IS NULL AND phone IS NULL AND COALESCE(cardinality(tok), 0) = 0;
"""
# A tombstone is a third of the key, an erased envelope a third of the envelope.
ROOM = """
ALTER TABLE keys.envelope_key SET (fillfactor = 75);
ALTER TABLE vault_envelope SET (fillfactor = 75);
"""
NO_ROOM = """
ALTER TABLE vault_envelope RESET (fillfactor);
ALTER TABLE keys.envelope_key RESET (fillfactor);
"""
# One row by category of what was live until now. In the order of the ids, whatever their number: so two erasures that
# meet wait for each other and never crosswise.
EMPTY = """
CREATE FUNCTION vault_empty(ids uuid[])
    RETURNS TABLE (category varchar, envelopes text[], subjects text[])
    LANGUAGE plpgsql SET enable_seqscan = off SET enable_bitmapscan = off AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH emptied AS (
        UPDATE vault_envelope SET ciphertext = '', erased_at = now()
        WHERE id = ANY (ids) AND erased_at IS NULL RETURNING id, subject_id, category)
    SELECT e.category, array_agg(e.id)::text[], array_agg(DISTINCT e.subject_id)::text[] FROM emptied e GROUP BY 1;
END
$$;
"""
# Django drops what lies in the schema public only.
NUMBERS = {
    "subject_token_phone": "phone",
    "subject_token_phone_tail": "phone_tail",
    "subject_token_document": "document",
    "subject_token_doc_tail": "document_tail",
}
TOKENS = GinIndex(name="subject_token_tok", fields=["tok"], fastupdate=False, condition=Q(tok__isnull=False))


def _indexes(where: str) -> str:
    """The indexes of the tokens, over what this condition says of a column."""
    made = [
        f"CREATE INDEX {name} ON search.subject_token ({column}) {where.format(column)};"
        for name, column in NUMBERS.items()
    ]
    dropped = [f"DROP INDEX search.{name};" for name in ("subject_token_tok", *NUMBERS)]
    tokens = "CREATE INDEX subject_token_tok ON search.subject_token USING gin (tok) WITH (fastupdate = off)"
    return "\n".join([*dropped, f"{tokens} {where.format('tok')};", *made])


def _number(name: str, column: str) -> models.Index:
    return models.Index(name=name, fields=[column], condition=Q((f"{column}__isnull", False)))


class Migration(migrations.Migration):
    dependencies: ClassVar = [("vault", "0006_backups")]
    operations: ClassVar = [
        migrations.AddField("envelope", "turn", models.PositiveSmallIntegerField(db_default=0, editable=False)),
        migrations.RemoveConstraint("envelope", "vault_envelope_one_per_subject"),
        migrations.RunSQL(IN_TURN, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "envelope",
            models.UniqueConstraint(
                name="vault_envelope_one_per_subject",
                fields=["subject", "category", "turn"],
                condition=Q(category__in=("name", "contact", "preference")),
            ),
        ),
        row_trigger(
            "vault_envelope", "take_turn", before="INSERT", function="vault_take_turn", body=TAKE_TURN
        ),
        migrations.RunSQL(
            "DROP INDEX keys.envelope_key_kek",
            "CREATE INDEX envelope_key_kek ON keys.envelope_key (kek) WHERE wrapped IS NOT NULL",
            [migrations.RemoveIndex("envelopekey", "envelope_key_kek")],
        ),
        migrations.RunSQL(APART, migrations.RunSQL.noop),
        migrations.RunSQL(
            _indexes("WHERE {} IS NOT NULL"),
            _indexes(""),
            [
                *(migrations.RemoveIndex("subjecttoken", name) for name in ("subject_token_tok", *NUMBERS)),
                *(migrations.AddIndex("subjecttoken", index) for index in (TOKENS, *starmap(_number, NUMBERS.items()))),
            ],
        ),
        migrations.RunSQL(EMPTY, "DROP FUNCTION vault_empty(uuid[])"),
        migrations.RunSQL(ROOM, NO_ROOM),
    ]

"""Names are compared blindly: of the tokens asked for, which ones these guests have. No name and no key leaves.

The keeper may read the sealed table of token frequencies too: without it it would not know which tokens to ask for.
"""

from typing import ClassVar

from django.db import migrations

from audit.grants import KEEPER, WEB, definer, grant

FOUND = """
BEGIN
    RETURN QUERY
        SELECT t.subject, t.epoch, cardinality(t.tok), array_agg(each)
        FROM search.subject_token t CROSS JOIN LATERAL unnest(t.tok) each
        WHERE t.subject = ANY (subjects) AND t.part = 0 AND each = ANY (wanted)
        GROUP BY t.subject, t.epoch, t.tok;
END
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("vault", "0008_shred_without_asking"), ("audit", "0004_sealing")]

    operations: ClassVar = [
        definer(
            "vault_name_tokens(subjects uuid[], wanted integer[])",
            returns="TABLE (subject uuid, epoch integer, held integer, found integer[])",
            body=FOUND,
            roles=[KEEPER, WEB],
        ),
        grant("search", web="USAGE", keeper="USAGE", kind="SCHEMA"),
        grant(
            "search.token_frequency", web="SELECT, INSERT, UPDATE (version, sealed, counted_at)", keeper="SELECT"
        ),
    ]

"""The signing key can be replaced under the same name; changes of what is not personal end with their year.

Reverse: a log whose key was replaced has two rows of one name and cannot go back.
"""

from django.db import migrations

from audit.grants import KEEPER, definer, no_longer_append_only, refuse_truncate, row_trigger

CHANGE_STAYS = """
BEGIN
    IF TG_OP = 'DELETE' AND OLD.timestamp < (
        SELECT make_timestamptz(max(year) + 1, 1, 1, 0, 0, 0, 'UTC') FROM public.audit_pruning
    ) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
END
"""
# As before, and the year's changes go with its rows.
DROP_YEAR = """
DECLARE
    boundary timestamptz := make_timestamptz(old_year + 1, 1, 1, 0, 0, 0, 'UTC');
    stated bigint;
    minimum bigint;
BEGIN
    IF boundary + interval '36 months' > now() THEN
        RAISE EXCEPTION 'the rows of % are kept for 36 months', old_year USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF (SELECT count(DISTINCT actor) FROM audit_pruning_approval WHERE year = old_year) < 2 THEN
        RAISE EXCEPTION 'two people have to approve' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF EXISTS (SELECT FROM pg_class WHERE relname ~ '^audit_event_[0-9]{4}$' AND relnamespace = 'public'::regnamespace
        AND right(relname, 4)::int < old_year) THEN
        RAISE EXCEPTION 'an older year is still there' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT min(l.number) INTO stated FROM audit_statement s JOIN audit_leaf l ON l.source = 3 AND l.row_id = s.id
        WHERE s.kind = 'retention' AND s.said ->> 'year' = old_year::text;
    IF stated IS NULL OR NOT EXISTS (
        SELECT FROM audit_anchor a JOIN audit_checkpoint c ON c.id = a.checkpoint_id WHERE c.size > stated
    ) THEN
        RAISE EXCEPTION 'the retention leaf is not sealed and anchored' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT min(number) INTO minimum FROM audit_leaf WHERE at >= boundary;
    EXECUTE format('DROP TABLE audit_event_%s', old_year);
    INSERT INTO audit_pruning (year, minimum_index) VALUES (old_year, minimum);
    DELETE FROM audit_change WHERE timestamp < boundary;
    DELETE FROM audit_leaf WHERE number < minimum;
    DELETE FROM audit_tile WHERE (n + 1) * power(256::numeric, level + 1) <= minimum;
    RETURN minimum;
END
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0004_sealing")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE audit_origin DROP CONSTRAINT audit_origin_name_key, ADD UNIQUE (name, verifier)",
            "ALTER TABLE audit_origin DROP CONSTRAINT audit_origin_name_verifier_key, ADD UNIQUE (name)",
        ),
        # The newest anchor of each place; what was refused, which is rare.
        migrations.RunSQL(
            "CREATE INDEX audit_anchor_place ON audit_anchor (place, id)", "DROP INDEX audit_anchor_place"
        ),
        migrations.RunSQL(
            "CREATE INDEX audit_event_refused ON audit_event (property, at) WHERE outcome <> 'ok'",
            "DROP INDEX audit_event_refused",
        ),
        no_longer_append_only("audit_change"),
        row_trigger(
            "audit_change",
            "change_stays",
            before="UPDATE OR DELETE",
            function="audit_change_stays",
            body=CHANGE_STAYS,
        ),
        refuse_truncate("audit_change"),
        definer("audit_drop_year(old_year integer)", returns="bigint", body=DROP_YEAR, roles=[KEEPER]),
    ]

"""What seals the log: leaves, tiles, checkpoints, anchors, and the statements that are leaves of their own.

Reverse: everything is dropped, signed checkpoints included; the rows of the log stay.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from audit.grants import KEEPER, WEB, append_only, definer, grant, refuse_truncate, row_trigger

SALT = "substring(sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())) FOR 16)"

TABLES = [
    # Which rows wait for their seal: asked every five seconds, in the order of transactions.
    ("CREATE INDEX audit_event_order ON audit_event (xact, id)", "DROP INDEX audit_event_order"),
    ("CREATE INDEX audit_change_order ON audit_change (xact, id)", "DROP INDEX audit_change_order"),
    (
        f"""
        CREATE TABLE audit_statement (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            ref uuid NOT NULL DEFAULT gen_random_uuid(),
            v smallint NOT NULL DEFAULT 1,
            at timestamptz NOT NULL DEFAULT clock_timestamp(),
            xact xid8 NOT NULL DEFAULT pg_current_xact_id(),
            kind text NOT NULL CHECK (kind IN ('genesis', 'retention', 'key', 'restore', 'erasure', 'alert')),
            actor bigint,
            property bigint,
            subjects uuid[] NOT NULL DEFAULT '{{}}',
            said jsonb NOT NULL DEFAULT '{{}}' CHECK (jsonb_typeof(said) = 'object'),
            unsaid jsonb NOT NULL DEFAULT '{{}}' CHECK (jsonb_typeof(unsaid) = 'object'),
            salt bytea NOT NULL DEFAULT {SALT},
            private_salt bytea NOT NULL DEFAULT {SALT}
        )
        """,
        "DROP TABLE audit_statement",
    ),
    ("CREATE INDEX audit_statement_order ON audit_statement (xact, id)", migrations.RunSQL.noop),
    ("CREATE INDEX audit_statement_ref ON audit_statement (ref)", migrations.RunSQL.noop),
    (
        """
        CREATE TABLE audit_origin (
            id smallint PRIMARY KEY,
            name text NOT NULL UNIQUE,
            verifier text NOT NULL,
            first_size bigint NOT NULL,
            event_floor bigint NOT NULL,
            change_floor bigint NOT NULL,
            statement_floor bigint NOT NULL,
            xact xid8 NOT NULL,
            at timestamptz NOT NULL DEFAULT clock_timestamp()
        )
        """,
        "DROP TABLE audit_origin",
    ),
    (
        """
        CREATE TABLE audit_leaf (
            number bigint PRIMARY KEY,
            source smallint NOT NULL,
            row_id bigint NOT NULL,
            at timestamptz NOT NULL,
            private_hash bytea NOT NULL CHECK (octet_length(private_hash) = 32),
            UNIQUE (source, row_id)
        )
        """,
        "DROP TABLE audit_leaf",
    ),
    (
        """
        CREATE TABLE audit_tile (
            level smallint NOT NULL,
            n bigint NOT NULL,
            hashes bytea NOT NULL CHECK (octet_length(hashes) BETWEEN 32 AND 8192 AND octet_length(hashes) % 32 = 0),
            PRIMARY KEY (level, n)
        )
        """,
        "DROP TABLE audit_tile",
    ),
    ("ALTER TABLE audit_tile ALTER COLUMN hashes SET STORAGE EXTERNAL", migrations.RunSQL.noop),
    (
        """
        CREATE TABLE audit_checkpoint (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            origin_id smallint NOT NULL,
            size bigint NOT NULL,
            root bytea NOT NULL CHECK (octet_length(root) = 32),
            note text NOT NULL,
            at timestamptz NOT NULL DEFAULT clock_timestamp(),
            xact xid8 NOT NULL,
            source smallint NOT NULL,
            row_id bigint NOT NULL,
            UNIQUE (origin_id, size)
        )
        """,
        "DROP TABLE audit_checkpoint",
    ),
    (
        """
        CREATE TABLE audit_cosignature (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            checkpoint_id bigint NOT NULL,
            witness text NOT NULL,
            line text NOT NULL,
            at timestamptz NOT NULL DEFAULT clock_timestamp(),
            UNIQUE (checkpoint_id, witness)
        )
        """,
        "DROP TABLE audit_cosignature",
    ),
    (
        """
        CREATE TABLE audit_anchor (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            checkpoint_id bigint NOT NULL,
            place text NOT NULL,
            at timestamptz NOT NULL DEFAULT clock_timestamp()
        )
        """,
        "DROP TABLE audit_anchor",
    ),
    (
        """
        CREATE TABLE audit_verification (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            asked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            asked_by bigint,
            scope text NOT NULL CHECK (scope IN ('all', 'since', 'sampled')),
            begins bigint NOT NULL DEFAULT 0 CHECK (begins >= 0),
            ends bigint,
            done bigint NOT NULL DEFAULT 0,
            finished_at timestamptz,
            complaints text[] NOT NULL DEFAULT '{}'
        )
        """,
        "DROP TABLE audit_verification",
    ),
    (
        """
        CREATE TABLE audit_pruning_approval (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            year smallint NOT NULL,
            actor bigint NOT NULL,
            at timestamptz NOT NULL DEFAULT clock_timestamp(),
            UNIQUE (year, actor)
        )
        """,
        "DROP TABLE audit_pruning_approval",
    ),
    (
        """
        CREATE TABLE audit_pruning (
            year smallint PRIMARY KEY,
            minimum_index bigint NOT NULL,
            at timestamptz NOT NULL DEFAULT clock_timestamp()
        )
        """,
        "DROP TABLE audit_pruning",
    ),
]

SAID = "ref, kind, actor, property, subjects, said, unsaid"
ONLY_BELOW = "(SELECT COALESCE(max(minimum_index), 0) FROM public.audit_pruning)"

WEB_STATES_LITTLE = f"""
BEGIN
    IF current_user = '{WEB}' AND NEW.kind NOT IN ('erasure', 'alert') THEN
        RAISE EXCEPTION '% may not state %', current_user, NEW.kind USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
"""
LEAF_STAYS = f"""
BEGIN
    IF TG_OP = 'DELETE' AND OLD.number < {ONLY_BELOW} THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
END
"""
TILE_GROWS = f"""
BEGIN
    IF TG_OP = 'DELETE' AND (OLD.n + 1) * power(256::numeric, OLD.level + 1) <= {ONLY_BELOW} THEN
        RETURN OLD;
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.level = OLD.level AND NEW.n = OLD.n
        AND octet_length(NEW.hashes) > octet_length(OLD.hashes)
        AND substring(NEW.hashes FOR octet_length(OLD.hashes)) = OLD.hashes THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
END
"""
# Everything the deed depends on is asked here again: the keeper's word alone drops nothing.
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
    DELETE FROM audit_leaf WHERE number < minimum;
    DELETE FROM audit_tile WHERE (n + 1) * power(256::numeric, level + 1) <= minimum;
    RETURN minimum;
END
"""
PUBLIC_PART = """
BEGIN
    RETURN QUERY
        SELECT l.number, e.salt, l.private_hash FROM audit_event e
            JOIN audit_leaf l ON l.source = 1 AND l.row_id = e.id WHERE e.at = wanted_at AND e.ref = wanted_ref
        UNION ALL
        SELECT l.number, s.salt, l.private_hash FROM audit_statement s
            JOIN audit_leaf l ON l.source = 3 AND l.row_id = s.id WHERE s.at = wanted_at AND s.ref = wanted_ref;
END
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_no_second_change_log")]

    operations = [
        *(migrations.RunSQL(make, drop) for make, drop in TABLES),
        append_only("audit_statement"),
        row_trigger(
            "audit_statement",
            "web_states_little",
            before="INSERT",
            function="audit_web_states_little",
            body=WEB_STATES_LITTLE,
        ),
        grant(
            "audit_statement",
            web=f"SELECT (id, v, at, xact, {SAID}), INSERT ({SAID})",
            keeper=f"SELECT, INSERT ({SAID})",
        ),
        append_only("audit_origin"),
        grant("audit_origin", web="SELECT", keeper="SELECT, INSERT"),
        row_trigger(
            "audit_leaf",
            "leaf_stays",
            before="UPDATE OR DELETE",
            function="audit_leaf_stays",
            body=LEAF_STAYS,
        ),
        refuse_truncate("audit_leaf"),
        grant("audit_leaf", web="SELECT", keeper="SELECT, INSERT"),
        row_trigger(
            "audit_tile",
            "tile_grows",
            before="UPDATE OR DELETE",
            function="audit_tile_grows",
            body=TILE_GROWS,
        ),
        refuse_truncate("audit_tile"),
        grant("audit_tile", web="SELECT", keeper="SELECT, INSERT, UPDATE (hashes)"),
        append_only("audit_checkpoint"),
        grant("audit_checkpoint", web="SELECT", keeper="SELECT, INSERT"),
        append_only("audit_cosignature"),
        grant("audit_cosignature", web="SELECT", keeper="SELECT, INSERT"),
        append_only("audit_anchor"),
        grant("audit_anchor", web="SELECT", keeper="SELECT, INSERT"),
        grant(
            "audit_verification",
            web="SELECT, INSERT (asked_by, scope, begins)",
            keeper="SELECT, INSERT (asked_by, scope, begins), UPDATE (ends, done, finished_at, complaints)",
        ),
        append_only("audit_pruning_approval"),
        grant("audit_pruning_approval", web="SELECT, INSERT (year, actor)", keeper="SELECT"),
        append_only("audit_pruning"),
        grant("audit_pruning", web="SELECT", keeper="SELECT"),
        definer("audit_drop_year(old_year integer)", returns="bigint", body=DROP_YEAR, roles=[KEEPER]),
        definer(
            "audit_public_part(wanted_at timestamp with time zone, wanted_ref uuid)",
            returns="TABLE (number bigint, salt bytea, private_hash bytea)",
            body=PUBLIC_PART,
            roles=[KEEPER, WEB],
        ),
        migrations.CreateModel(
            name="Origin",
            fields=[
                ("id", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("name", models.TextField()),
                ("verifier", models.TextField()),
                ("first_size", models.BigIntegerField()),
                ("event_floor", models.BigIntegerField()),
                ("change_floor", models.BigIntegerField()),
                ("statement_floor", models.BigIntegerField()),
                ("at", models.DateTimeField()),
            ],
            options={"db_table": "audit_origin", "managed": False},
        ),
        migrations.CreateModel(
            name="Statement",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("ref", models.UUIDField()),
                ("v", models.SmallIntegerField()),
                ("at", models.DateTimeField()),
                ("kind", models.TextField()),
                ("actor", models.BigIntegerField(null=True)),
                ("property", models.BigIntegerField(null=True)),
                (
                    "subjects",
                    django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None),
                ),
                ("said", models.JSONField()),
                ("unsaid", models.JSONField()),
            ],
            options={"db_table": "audit_statement", "managed": False},
        ),
        migrations.CreateModel(
            name="Leaf",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("source", models.SmallIntegerField()),
                ("row_id", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("private_hash", models.BinaryField()),
            ],
            options={"db_table": "audit_leaf", "managed": False},
        ),
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "origin",
                    models.ForeignKey(
                        db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to="audit.origin"
                    ),
                ),
                ("size", models.BigIntegerField()),
                ("root", models.BinaryField()),
                ("note", models.TextField()),
                ("at", models.DateTimeField()),
                ("source", models.SmallIntegerField()),
                ("row_id", models.BigIntegerField()),
            ],
            options={"db_table": "audit_checkpoint", "managed": False},
        ),
        migrations.CreateModel(
            name="Cosignature",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "checkpoint",
                    models.ForeignKey(
                        db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to="audit.checkpoint"
                    ),
                ),
                ("witness", models.TextField()),
                ("line", models.TextField()),
                ("at", models.DateTimeField()),
            ],
            options={"db_table": "audit_cosignature", "managed": False},
        ),
        migrations.CreateModel(
            name="Anchor",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "checkpoint",
                    models.ForeignKey(
                        db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to="audit.checkpoint"
                    ),
                ),
                ("place", models.TextField()),
                ("at", models.DateTimeField()),
            ],
            options={"db_table": "audit_anchor", "managed": False},
        ),
        migrations.CreateModel(
            name="Verification",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("asked_at", models.DateTimeField()),
                ("asked_by", models.BigIntegerField(null=True)),
                (
                    "scope",
                    models.TextField(choices=[("all", "All"), ("since", "Since"), ("sampled", "Sampled")]),
                ),
                ("begins", models.BigIntegerField()),
                ("ends", models.BigIntegerField(null=True)),
                ("done", models.BigIntegerField()),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "complaints",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None),
                ),
            ],
            options={"db_table": "audit_verification", "managed": False},
        ),
        migrations.CreateModel(
            name="PruningApproval",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("year", models.SmallIntegerField()),
                ("actor", models.BigIntegerField()),
                ("at", models.DateTimeField()),
            ],
            options={"db_table": "audit_pruning_approval", "managed": False},
        ),
        migrations.CreateModel(
            name="Pruning",
            fields=[
                ("year", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("minimum_index", models.BigIntegerField()),
                ("at", models.DateTimeField()),
            ],
            options={"db_table": "audit_pruning", "managed": False},
        ),
    ]

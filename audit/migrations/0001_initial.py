"""The log's tables, their partitions, salts, triggers and rights: final from the start.

Reverse: everything is dropped, rows included; the triggers do not stop a DROP by the owner.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

from audit.grants import append_only, grant, refusing_function

YEARS = range(2026, 2056)
PARTITIONS = [f"audit_event_{year}" for year in YEARS]

# 16 unpredictable bytes from the core alone: a uuid has 6 fixed bits, so two of them are hashed and cut.
SALT = "substring(sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())) FOR 16)"
CODE = "'^[A-Za-z0-9_.:+-]*$'"

EVENT = f"""
CREATE TABLE audit_event (
    id bigint GENERATED ALWAYS AS IDENTITY,
    ref uuid NOT NULL,
    v smallint NOT NULL DEFAULT 1,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    xact xid8 NOT NULL DEFAULT pg_current_xact_id(),
    actor bigint,
    actor_role text NOT NULL DEFAULT '',
    property bigint,
    session_ref uuid,
    request_n bigint NOT NULL,
    action text NOT NULL,
    outcome text NOT NULL DEFAULT 'ok',
    purpose text NOT NULL DEFAULT '',
    purpose_ref text NOT NULL DEFAULT '',
    object_type text NOT NULL DEFAULT '',
    object_ref text NOT NULL DEFAULT '',
    subjects uuid[] NOT NULL DEFAULT '{{}}',
    fields text[] NOT NULL DEFAULT '{{}}',
    explained_by text NOT NULL DEFAULT '',
    detail jsonb NOT NULL DEFAULT '{{}}',
    request_id uuid,
    note_commit bytea,
    salt bytea NOT NULL DEFAULT {SALT},
    private_salt bytea NOT NULL DEFAULT {SALT},
    PRIMARY KEY (at, id),
    CONSTRAINT audit_event_outcome CHECK (outcome IN ('ok', 'denied', 'failed')),
    CONSTRAINT audit_event_detail CHECK (jsonb_typeof(detail) = 'object'),
    CONSTRAINT audit_event_note CHECK (octet_length(note_commit) = 32),
    CONSTRAINT audit_event_codes CHECK (
        action || actor_role || purpose || purpose_ref || object_type || object_ref || explained_by ~ {CODE}
    )
) PARTITION BY RANGE (at)
"""

INDEXES = [
    "CREATE INDEX audit_event_about ON audit_event (object_type, object_ref, at)",
    "CREATE INDEX audit_event_by ON audit_event (actor, at)",
    "CREATE INDEX audit_event_place ON audit_event (property, at)",
    "CREATE INDEX audit_event_subjects ON audit_event USING gin (subjects)",
]

SESSION = """
CREATE TABLE audit_session (
    session_ref uuid PRIMARY KEY,
    actor bigint NOT NULL,
    property bigint,
    terminal text NOT NULL DEFAULT '',
    address inet,
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended_at timestamptz
)
"""

TERM_KEY = """
CREATE TABLE audit_term_key (
    month date PRIMARY KEY,
    key bytea DEFAULT sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())),
    destroyed_at timestamptz,
    CONSTRAINT audit_term_key_month CHECK (date_trunc('month', month) = month),
    CONSTRAINT audit_term_key_ended CHECK ((key IS NULL) = (destroyed_at IS NOT NULL))
)
"""

KEEPER_BEAT = """
CREATE TABLE audit_keeper_beat (
    id smallint PRIMARY KEY CHECK (id = 1),
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    breaches integer NOT NULL DEFAULT 0
)
"""

WRITTEN = (
    "ref, actor, actor_role, property, session_ref, request_n, action, outcome, purpose, purpose_ref, object_type, "
    "object_ref, subjects, fields, explained_by, detail, request_id, note_commit"
)
READ = f"id, v, at, xact, {WRITTEN}"


def partition(year):
    return migrations.RunSQL(
        f"CREATE TABLE audit_event_{year} PARTITION OF audit_event "
        f"FOR VALUES FROM ('{year}-01-01 00:00+00') TO ('{year + 1}-01-01 00:00+00')",
        f"DROP TABLE audit_event_{year}",
    )


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [
        grant("public", web="USAGE", keeper="USAGE", kind="SCHEMA"),
        grant("django_migrations", web="SELECT"),
        refusing_function(),
        migrations.RunSQL("CREATE SEQUENCE audit_request_n", "DROP SEQUENCE audit_request_n"),
        grant("audit_request_n", web="USAGE", keeper="USAGE, SELECT", kind="SEQUENCE"),
        migrations.RunSQL(EVENT, "DROP TABLE audit_event"),
        *(partition(year) for year in YEARS),
        migrations.RunSQL(INDEXES, migrations.RunSQL.noop),
        append_only("audit_event", PARTITIONS),
        grant("audit_event", web=f"SELECT ({READ}), INSERT ({WRITTEN})", keeper=f"SELECT, INSERT ({WRITTEN})"),
        migrations.RunSQL(SESSION, "DROP TABLE audit_session"),
        grant(
            "audit_session",
            web="SELECT, INSERT (session_ref, actor, property, terminal, address), UPDATE (ended_at)",
            keeper="SELECT, DELETE",
        ),
        migrations.RunSQL(TERM_KEY, "DROP TABLE audit_term_key"),
        grant("audit_term_key", web="SELECT, INSERT (month)", keeper="SELECT, UPDATE (key, destroyed_at)"),
        migrations.RunSQL(KEEPER_BEAT, "DROP TABLE audit_keeper_beat"),
        grant("audit_keeper_beat", web="SELECT", keeper="SELECT, INSERT, UPDATE"),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("ref", models.UUIDField()),
                ("v", models.SmallIntegerField()),
                ("at", models.DateTimeField()),
                ("actor", models.BigIntegerField(null=True)),
                ("actor_role", models.TextField()),
                ("property", models.BigIntegerField(null=True)),
                ("session_ref", models.UUIDField(null=True)),
                ("request_n", models.BigIntegerField()),
                ("action", models.TextField()),
                ("outcome", models.TextField()),
                ("purpose", models.TextField()),
                ("purpose_ref", models.TextField()),
                ("object_type", models.TextField()),
                ("object_ref", models.TextField()),
                ("subjects", ArrayField(base_field=models.UUIDField(), size=None)),
                ("fields", ArrayField(base_field=models.TextField(), size=None)),
                ("explained_by", models.TextField()),
                ("detail", models.JSONField()),
                ("request_id", models.UUIDField(null=True)),
                ("note_commit", models.BinaryField(null=True)),
            ],
            options={"db_table": "audit_event", "managed": False},
        ),
        migrations.CreateModel(
            name="Session",
            fields=[
                ("session_ref", models.UUIDField(primary_key=True, serialize=False)),
                ("actor", models.BigIntegerField()),
                ("property", models.BigIntegerField(null=True)),
                ("terminal", models.TextField()),
                ("address", models.GenericIPAddressField(null=True)),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={"db_table": "audit_session", "managed": False},
        ),
        migrations.CreateModel(
            name="TermKey",
            fields=[
                ("month", models.DateField(primary_key=True, serialize=False)),
                ("key", models.BinaryField(null=True)),
                ("destroyed_at", models.DateTimeField(null=True)),
            ],
            options={"db_table": "audit_term_key", "managed": False},
        ),
        migrations.CreateModel(
            name="KeeperBeat",
            fields=[
                ("id", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("breaches", models.IntegerField()),
            ],
            options={"db_table": "audit_keeper_beat", "managed": False},
        ),
    ]

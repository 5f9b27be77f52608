"""The change log of what is not personal, kept by django-auditlog in a table of ours with the log's own guard.

Its actor is a plain id (no foreign key in the database), its time, transaction and salts are the database's.
Reverse: the table is dropped, rows included.
"""

import django.utils.timezone
from django.db import migrations, models

from audit.grants import append_only, grant

SALT = "substring(sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())) FOR 16)"

CHANGE = f"""
CREATE TABLE audit_change (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    v smallint NOT NULL DEFAULT 1,
    timestamp timestamptz NOT NULL DEFAULT clock_timestamp(),
    xact xid8 NOT NULL DEFAULT pg_current_xact_id(),
    content_type_id integer NOT NULL,
    object_pk varchar(255) NOT NULL,
    object_id bigint,
    object_repr text NOT NULL,
    serialized_data jsonb,
    action smallint NOT NULL CHECK (action BETWEEN 0 AND 3),
    changes_text text NOT NULL DEFAULT '',
    changes jsonb,
    actor_id bigint,
    property bigint,
    session_ref uuid,
    request_n bigint NOT NULL,
    cid varchar(255),
    remote_addr inet,
    remote_port integer,
    additional_data jsonb,
    actor_email varchar(254),
    salt bytea NOT NULL DEFAULT {SALT},
    private_salt bytea NOT NULL DEFAULT {SALT}
)
"""

INDEXES = [
    "CREATE INDEX audit_change_about ON audit_change (content_type_id, object_pk, timestamp)",
    "CREATE INDEX audit_change_by ON audit_change (actor_id, timestamp)",
    "CREATE INDEX audit_change_place ON audit_change (property, timestamp)",
    "CREATE INDEX audit_change_when ON audit_change (timestamp)",
]

WRITTEN = (
    "content_type_id, object_pk, object_id, object_repr, action, changes, actor_id, property, session_ref, "
    "request_n, cid"
)
READ = (
    f"id, v, timestamp, xact, {WRITTEN}, serialized_data, changes_text, remote_addr, remote_port, additional_data, "
    "actor_email"
)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.RunSQL(CHANGE, "DROP TABLE audit_change"),
        migrations.RunSQL(INDEXES, migrations.RunSQL.noop),
        append_only("audit_change"),
        grant("audit_change", web=f"SELECT ({READ}), INSERT ({WRITTEN})", keeper="SELECT"),
        migrations.CreateModel(
            name="Change",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("object_pk", models.CharField(db_index=True, max_length=255, verbose_name="object pk")),
                ("object_id", models.BigIntegerField(blank=True, db_index=True, null=True, verbose_name="object id")),
                ("object_repr", models.TextField(verbose_name="object representation")),
                ("serialized_data", models.JSONField(null=True)),
                (
                    "action",
                    models.PositiveSmallIntegerField(
                        choices=[(0, "create"), (1, "update"), (2, "delete"), (3, "access")],
                        db_index=True,
                        verbose_name="action",
                    ),
                ),
                ("changes_text", models.TextField(blank=True, verbose_name="change message")),
                ("changes", models.JSONField(null=True, verbose_name="change message")),
                (
                    "cid",
                    models.CharField(
                        blank=True, db_index=True, max_length=255, null=True, verbose_name="Correlation ID"
                    ),
                ),
                ("remote_addr", models.GenericIPAddressField(blank=True, null=True, verbose_name="remote address")),
                ("remote_port", models.PositiveIntegerField(blank=True, null=True, verbose_name="remote port")),
                (
                    "timestamp",
                    models.DateTimeField(
                        db_index=True, default=django.utils.timezone.now, verbose_name="timestamp"
                    ),
                ),
                ("additional_data", models.JSONField(blank=True, null=True, verbose_name="additional data")),
                (
                    "actor_email",
                    models.CharField(blank=True, max_length=254, null=True, verbose_name="actor email"),
                ),
                ("v", models.SmallIntegerField(default=1)),
                ("property", models.BigIntegerField(null=True)),
                ("session_ref", models.UUIDField(null=True)),
                ("request_n", models.BigIntegerField()),
            ],
            options={"db_table": "audit_change", "managed": False},
        ),
    ]

"""Backups and drills on record, the house's own row, and no new key under a key that was destroyed."""

from typing import ClassVar

from django.db import migrations, models

from audit.grants import grant, row_trigger

HOME = """
CREATE TABLE vault_home (
    id smallint PRIMARY KEY CHECK (id = 1),
    cluster bigint NOT NULL,
    written bigint NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp()
);
INSERT INTO vault_home (id, cluster, written)
SELECT 1, system_identifier, pg_current_xact_id()::text::bigint FROM pg_control_system();
"""
# A process that did not notice a rotation must fail rather than write what nobody can ever open.
NOT_DESTROYED = """
BEGIN
    IF NEW.wrapped IS NOT NULL AND EXISTS (
        SELECT 1 FROM public.key_registry WHERE purpose = 'kek' AND epoch = NEW.kek AND state = 'destroyed'
    ) THEN
        RAISE EXCEPTION 'the key-encryption key % was destroyed', NEW.kek USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
"""
BACKUP_FACTS = (
    "taken_at, proved_at, failed_at, failure, ledger, data_bytes, keys_bytes, opened, data_gone_at, keys_gone_at"
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("vault", "0005_newest_first")]
    operations: ClassVar = [
        migrations.AlterField(
            "keyepoch",
            "state",
            models.CharField(
                choices=[
                    ("building", "being built"),
                    ("active", "active"),
                    ("decrypt_only", "decrypt only"),
                    ("destroyed", "destroyed"),
                ],
                default="active",
                max_length=16,
            ),
        ),
        migrations.CreateModel(
            name="Backup",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("begun_at", models.DateTimeField()),
                ("taken_at", models.DateTimeField(null=True)),
                ("proved_at", models.DateTimeField(null=True)),
                ("failed_at", models.DateTimeField(null=True)),
                ("failure", models.CharField(blank=True, max_length=64)),
                ("ledger", models.BigIntegerField(default=0)),
                ("data_bytes", models.BigIntegerField(default=0)),
                ("keys_bytes", models.BigIntegerField(default=0)),
                ("opened", models.PositiveIntegerField(default=0)),
                ("data_gone_at", models.DateTimeField(null=True)),
                ("keys_gone_at", models.DateTimeField(null=True)),
            ],
            options={"ordering": ["-begun_at"]},
        ),
        migrations.CreateModel(
            name="Drill",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("begun_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("backup", models.CharField(blank=True, max_length=40)),
                ("steps", models.JSONField(default=list)),
                ("facts", models.JSONField(default=dict)),
                ("failure", models.CharField(blank=True, max_length=64)),
            ],
            options={"ordering": ["-begun_at"]},
        ),
        migrations.RunSQL(HOME, "DROP TABLE vault_home"),
        row_trigger(
            "keys.envelope_key",
            "refuse_destroyed",
            before="INSERT OR UPDATE",
            function="keys.refuse_destroyed",
            body=NOT_DESTROYED,
        ),
        grant("vault_home", web="SELECT", keeper="SELECT"),
        grant("vault_backup", web="SELECT", keeper=f"SELECT, INSERT, UPDATE ({BACKUP_FACTS})"),
        grant("vault_drill", web="SELECT", keeper="SELECT, INSERT, UPDATE (ended_at, backup, steps, facts, failure)"),
    ]

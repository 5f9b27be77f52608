"""Unusual access: rules as data, alerts with their rows and steps, reminders, how far the log was looked through.

The keeper finds and raises; people decide and change rules, two of them. Rows and steps are append-only.
"""

from typing import ClassVar

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from audit.grants import append_only, grant

DEEDS = "state, verdict, measure, asked_at, triaged_by_id, escalated_at, decided_at, closed_at"
# From here on: what a house did before it could notice is replayed, not raised.
FROM_NOW = """
INSERT INTO staff_detectionposition (id, xact, row_id)
VALUES (1, pg_snapshot_xmin(pg_current_snapshot())::text::bigint, 0)
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("staff", "0005_region"), ("audit", "0004_sealing")]
    operations: ClassVar = [
        migrations.CreateModel(
            name='Alert',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=32, verbose_name='code of the rule')),
                ('subject', models.UUIDField(blank=True, null=True, verbose_name='guest')),
                ('day', models.DateField(verbose_name='business day')),
                ('severity', models.CharField(choices=[('high', 'high'), ('medium', 'medium')], max_length=8, verbose_name='severity')),
                ('score', models.DecimalField(decimal_places=2, max_digits=4, verbose_name='risk')),
                ('state', models.CharField(choices=[('new', 'new'), ('asked', 'person asked'), ('triaged', 'looked into'), ('explained', 'explained'), ('false_alarm', 'false alarm'), ('confirmed', 'confirmed'), ('closed', 'closed')], default='new', max_length=12, verbose_name='state')),
                ('verdict', models.CharField(blank=True, choices=[('explained', 'explained: the access was part of the work'), ('false_alarm', 'false alarm: the rule was wrong'), ('confirmed', 'confirmed: there was no good reason')], max_length=12, verbose_name='verdict')),
                ('measure', models.CharField(blank=True, choices=[('none', 'nothing was needed'), ('talked', 'talked it over with the person'), ('trained', 'training ordered'), ('rights', 'rights lowered or removed'), ('reported', 'reported to the privacy officer'), ('discipline', 'disciplinary measure'), ('rule', 'the rule was changed')], max_length=12, verbose_name='what was done')),
                ('raised_at', models.DateTimeField(verbose_name='raised at')),
                ('due_at', models.DateTimeField(verbose_name='to be decided by')),
                ('asked_at', models.DateTimeField(blank=True, null=True, verbose_name='person asked at')),
                ('mailed_at', models.DateTimeField(blank=True, null=True, verbose_name='person mailed at')),
                ('escalated_at', models.DateTimeField(blank=True, null=True, verbose_name='escalated at')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided at')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed at')),
                ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('property', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.property', verbose_name='property')),
                ('triaged_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='looked into by')),
            ],
            options={
                'verbose_name': 'alert',
                'verbose_name_plural': 'alerts',
                'ordering': ('-raised_at', '-pk'),
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='AlertStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('raised', 'raised'), ('asked', 'person asked'), ('answered', 'person answered'), ('triaged', 'taken on'), ('decided', 'decided'), ('escalated', 'escalated'), ('closed', 'closed')], max_length=12, verbose_name='what was done')),
                ('at', models.DateTimeField(verbose_name='when')),
                ('says', models.CharField(blank=True, max_length=16, verbose_name='what it says')),
                ('refers_to', models.CharField(blank=True, max_length=20, verbose_name='refers to')),
                ('leaf', models.UUIDField(unique=True, verbose_name='entry in the log')),
                ('alert', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='staff.alert', verbose_name='alert')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who')),
                ('to', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='to whom')),
            ],
            options={
                'verbose_name': 'step of an alert',
                'verbose_name_plural': 'steps of an alert',
                'ordering': ('at', 'pk'),
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='DetectionPosition',
            fields=[
                ('id', models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('xact', models.BigIntegerField()),
                ('row_id', models.BigIntegerField()),
                ('scanned_at', models.DateTimeField(null=True)),
            ],
            options={
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='one_detection_position')],
            },
        ),
        migrations.CreateModel(
            name='DetectionRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=32, verbose_name='code')),
                ('version', models.PositiveSmallIntegerField(verbose_name='version')),
                ('parameters', models.JSONField(blank=True, default=dict, verbose_name='numbers')),
                ('window', models.DurationField(verbose_name='span of time')),
                ('weight', models.DecimalField(decimal_places=2, max_digits=3, verbose_name='weight')),
                ('severity', models.CharField(choices=[('high', 'high'), ('medium', 'medium')], max_length=8, verbose_name='severity')),
                ('mode', models.CharField(choices=[('live', 'live'), ('shadow', 'shadow'), ('off', 'off')], max_length=8, verbose_name='mode')),
                ('proposed_at', models.DateTimeField(verbose_name='proposed at')),
                ('replay', models.JSONField(blank=True, default=list, verbose_name='replay')),
                ('replayed_at', models.DateTimeField(blank=True, null=True, verbose_name='replayed at')),
                ('in_force_since', models.DateTimeField(blank=True, null=True, verbose_name='in force since')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended at')),
                ('approver', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='approver')),
                ('author', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='author')),
            ],
            options={
                'verbose_name': 'detection rule',
                'verbose_name_plural': 'detection rules',
                'ordering': ('code', '-version'),
                'default_permissions': (),
            },
        ),
        migrations.AddField(
            model_name='alert',
            name='rule',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='alerts', to='staff.detectionrule', verbose_name='rule'),
        ),
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='business day')),
                ('event_at', models.DateTimeField(verbose_name='time of the row')),
                ('event_id', models.BigIntegerField(verbose_name='number of the row')),
                ('event_ref', models.UUIDField(unique=True, verbose_name='reference of the row')),
                ('score', models.DecimalField(decimal_places=2, max_digits=4, verbose_name='risk')),
                ('mailed_at', models.DateTimeField(blank=True, null=True, verbose_name='mailed at')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('property', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.property', verbose_name='property')),
            ],
            options={
                'verbose_name': 'reminder',
                'verbose_name_plural': 'reminders',
                'ordering': ('person', 'event_at'),
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='AlertRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('event_at', models.DateTimeField(verbose_name='time of the row')),
                ('event_id', models.BigIntegerField(verbose_name='number of the row')),
                ('event_ref', models.UUIDField(verbose_name='reference of the row')),
                ('score', models.DecimalField(decimal_places=2, max_digits=4, verbose_name='risk')),
                ('flags', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=32), size=None, verbose_name='rules')),
                ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('alert', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rows', to='staff.alert', verbose_name='alert')),
            ],
            options={
                'verbose_name': 'row of an alert',
                'verbose_name_plural': 'rows of an alert',
                'ordering': ('event_at', 'event_id'),
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('alert', 'event_ref'), name='row_once_in_an_alert')],
            },
        ),
        migrations.AddConstraint(
            model_name='detectionrule',
            constraint=models.UniqueConstraint(fields=('code', 'version'), name='one_detection_rule_per_version'),
        ),
        migrations.AddConstraint(
            model_name='detectionrule',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None), ('in_force_since__isnull', False)), fields=('code',), name='one_detection_rule_in_force'),
        ),
        migrations.AddConstraint(
            model_name='detectionrule',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None), ('in_force_since', None)), fields=('code',), name='one_detection_rule_proposed'),
        ),
        migrations.AddConstraint(
            model_name='detectionrule',
            constraint=models.CheckConstraint(condition=models.Q(('author', None), ('in_force_since', None), models.Q(('approver__isnull', False), ('replayed_at__isnull', False), models.Q(('approver', models.F('author')), _negated=True)), _connector='OR'), name='detection_rule_by_four_eyes'),
        ),
        migrations.AddConstraint(
            model_name='detectionrule',
            constraint=models.CheckConstraint(condition=models.Q(('weight__gte', 0), ('weight__lte', 1)), name='detection_weight_up_to_one'),
        ),
        migrations.AddIndex(
            model_name='alert',
            index=models.Index(fields=['property', '-raised_at'], name='alerts_by_place'),
        ),
        migrations.AddConstraint(
            model_name='alert',
            constraint=models.UniqueConstraint(condition=models.Q(('verdict', '')), fields=('code', 'actor', 'subject', 'day'), name='one_undecided_alert_per_fold', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='alert',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('state__in', ('new', 'asked', 'triaged')), ('verdict', '')), models.Q(('closed_at', None), ('state', models.F('verdict'))), models.Q(('closed_at__isnull', False), ('state', 'closed'), models.Q(('verdict', ''), _negated=True), models.Q(('measure', ''), _negated=True)), _connector='OR'), name='alert_state_fits_its_verdict'),
        ),
        migrations.AddIndex(
            model_name='reminder',
            index=models.Index(fields=['person', 'mailed_at'], name='reminders_by_person'),
        ),
        append_only("staff_alertrow"),
        append_only("staff_alertstep"),
        migrations.RunSQL(FROM_NOW, migrations.RunSQL.noop),
        grant(
            "staff_detectionrule",
            web="SELECT, INSERT, UPDATE (approver_id, in_force_since, ended_at)",
            keeper="SELECT, INSERT, UPDATE (replay, replayed_at)",
        ),
        grant("staff_detectionposition", web="SELECT", keeper="SELECT, UPDATE (xact, row_id, scanned_at)"),
        grant(
            "staff_alert",
            web=f"SELECT, UPDATE ({DEEDS})",
            keeper="SELECT, INSERT, UPDATE (score, severity, due_at, mailed_at, escalated_at)",
        ),
        grant("staff_alertrow", web="SELECT", keeper="SELECT, INSERT"),
        grant("staff_alertstep", web="SELECT, INSERT", keeper="SELECT, INSERT"),
        grant("staff_reminder", web="SELECT", keeper="SELECT, INSERT, UPDATE (mailed_at)"),
    ]

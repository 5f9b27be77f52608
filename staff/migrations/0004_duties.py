"""Duties and lapses: the keeper enters and notices, people name owners and close."""

from typing import ClassVar

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from audit.grants import grant

DONE = "every, last_started_at, last_done_at, last_failed_at, next_due_at"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("staff", "0003_standing")]
    operations: ClassVar = [
        migrations.CreateModel(
            name='Duty',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=48, verbose_name='duty')),
                ('every', models.DurationField(verbose_name='how often')),
                ('last_started_at', models.DateTimeField(blank=True, null=True, verbose_name='last begun at')),
                ('last_done_at', models.DateTimeField(blank=True, null=True, verbose_name='last done at')),
                ('last_failed_at', models.DateTimeField(blank=True, null=True, verbose_name='last failed at')),
                ('next_due_at', models.DateTimeField(verbose_name='next due at')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='duties', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                ('property', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='duties', to='staff.property', verbose_name='property')),
            ],
            options={
                'verbose_name': 'duty',
                'verbose_name_plural': 'duties',
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Lapse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('late', 'not done in time'), ('failed', 'failed')], max_length=8, verbose_name='what was noticed')),
                ('found_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='found at')),
                ('mailed_at', models.DateTimeField(blank=True, null=True, verbose_name='mailed at')),
                ('done_again_at', models.DateTimeField(blank=True, null=True, verbose_name='done again at')),
                ('cause', models.CharField(blank=True, choices=[('machine', 'a machine was off or away'), ('database', 'the database was away'), ('broker', 'the broker or a worker was away'), ('storage', 'a disk was full or a folder away'), ('setting', 'a setting was wrong'), ('person', 'it was forgotten'), ('defect', 'a fault of the program')], max_length=16, verbose_name='cause')),
                ('measure', models.CharField(blank=True, choices=[('run_again', 'run again by hand'), ('repaired', 'the cause was removed, it ran by itself'), ('owner', 'another owner was named'), ('reported', 'reported to those who make the program'), ('none', 'nothing was needed')], max_length=16, verbose_name='what was done')),
                ('words', models.CharField(blank=True, max_length=300, verbose_name='in words')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed at')),
                ('closed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='closed by')),
                ('duty', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lapses', to='staff.duty', verbose_name='duty')),
            ],
            options={
                'verbose_name': 'lapse',
                'verbose_name_plural': 'lapses',
                'ordering': ('-found_at',),
                'default_permissions': (),
            },
        ),
        migrations.AddConstraint(
            model_name='duty',
            constraint=models.UniqueConstraint(fields=('code', 'property'), name='one_duty_per_code', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='lapse',
            constraint=models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('duty',), name='one_open_lapse_per_duty'),
        ),
        migrations.AddConstraint(
            model_name='lapse',
            constraint=models.CheckConstraint(condition=models.Q(('closed_at', None), models.Q(models.Q(('cause', ''), _negated=True), models.Q(('measure', ''), _negated=True), ('closed_by__isnull', False)), _connector='OR'), name='lapse_closed_with_cause_and_measure'),
        ),
        grant(
            "staff_duty",
            web=f"SELECT, INSERT, UPDATE (owner_id, {DONE})",
            keeper=f"SELECT, INSERT, UPDATE ({DONE})",
        ),
        grant(
            "staff_lapse",
            web="SELECT, UPDATE (done_again_at, cause, measure, words, closed_at, closed_by_id)",
            keeper="SELECT, INSERT, UPDATE (mailed_at, done_again_at)",
        ),
    ]

"""Access reviews: the worker begins them, managers decide line by line and sign off.

And no duty without an owner: the keeper names one; and while the keeper is silent, the worker opens lapses.
"""

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from audit.grants import grant

DONE = "every, last_started_at, last_done_at, last_failed_at, next_due_at"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("staff", "0006_alerts")]
    operations: ClassVar = [
        migrations.CreateModel(
            name='AccessReview',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField(verbose_name='use counted since')),
                ('begun_at', models.DateTimeField(verbose_name='begun at')),
                ('due_on', models.DateField(verbose_name='due on')),
                ('check_ins', models.IntegerField(verbose_name='check-ins')),
                ('signed_off_at', models.DateTimeField(blank=True, null=True, verbose_name='signed off at')),
                ('begun_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='begun by')),
                ('property', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='access_reviews', to='staff.property', verbose_name='property')),
                ('signed_off_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='signed off by')),
            ],
            options={
                'verbose_name': 'access review',
                'verbose_name_plural': 'access reviews',
                'ordering': ('-begun_at', '-pk'),
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='AccessReviewLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(max_length=32, verbose_name='role')),
                ('last_used_at', models.DateTimeField(blank=True, null=True, verbose_name='last used at')),
                ('reveals', models.IntegerField(verbose_name='reveals')),
                ('decision', models.CharField(blank=True, choices=[('keep', 'keep'), ('lower', 'lower'), ('remove', 'remove')], max_length=8, verbose_name='decision')),
                ('lowered_to', models.CharField(blank=True, max_length=32, verbose_name='lowered to')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided at')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('review', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='staff.accessreview', verbose_name='access review')),
            ],
            options={
                'verbose_name': 'line of an access review',
                'verbose_name_plural': 'lines of an access review',
                'ordering': ('person__staff_number', 'role'),
                'default_permissions': (),
            },
        ),
        migrations.AddConstraint(
            model_name='accessreview',
            constraint=models.UniqueConstraint(condition=models.Q(('signed_off_at', None)), fields=('property',), name='one_open_access_review_per_property'),
        ),
        migrations.AddConstraint(
            model_name='accessreview',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('signed_off_at', None), ('signed_off_by', None)), models.Q(('signed_off_at__isnull', False), ('signed_off_by__isnull', False)), _connector='OR'), name='access_review_signed_off_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='accessreviewline',
            constraint=models.UniqueConstraint(fields=('review', 'person', 'role'), name='role_once_in_an_access_review'),
        ),
        migrations.AddConstraint(
            model_name='accessreviewline',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('decision', '')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), models.Q(('decision', ''), _negated=True)), _connector='OR'), name='access_line_decided_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='accessreviewline',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by', None), models.Q(('decided_by', models.F('person')), _negated=True), _connector='OR'), name='access_line_not_ones_own'),
        ),
        migrations.AddConstraint(
            model_name='accessreviewline',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decision', 'lower'), models.Q(('lowered_to', ''), _negated=True)), models.Q(models.Q(('decision', 'lower'), _negated=True), ('lowered_to', '')), _connector='OR'), name='access_line_lowered_to_a_role'),
        ),
        grant(
            "staff_duty",
            web=f"SELECT, INSERT, UPDATE (owner_id, {DONE})",
            keeper=f"SELECT, INSERT, UPDATE (owner_id, {DONE})",
        ),
        grant(
            "staff_lapse",
            web="SELECT, INSERT, UPDATE (mailed_at, done_again_at, cause, measure, words, closed_at, closed_by_id)",
            keeper="SELECT, INSERT, UPDATE (mailed_at, done_again_at)",
        ),
        grant("staff_accessreview", web="SELECT, INSERT, UPDATE (signed_off_at, signed_off_by_id)", keeper="SELECT"),
        grant(
            "staff_accessreviewline",
            web="SELECT, INSERT, UPDATE (decision, lowered_to, decided_at, decided_by_id)",
            keeper="SELECT",
        ),
    ]

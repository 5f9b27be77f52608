"""The tables of who works here."""

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import staff.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='Property',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40, unique=True, verbose_name='code')),
                ('name_en', models.CharField(max_length=120, verbose_name='English name')),
                ('name_zh', models.CharField(max_length=120, verbose_name='Chinese name')),
                ('group_name', models.CharField(blank=True, max_length=120, verbose_name='hotel group')),
                ('time_zone', models.CharField(default='Asia/Shanghai', max_length=64, validators=[staff.models.check_time_zone], verbose_name='time zone')),
                ('jurisdiction', models.CharField(choices=[('CN', 'Mainland China'), ('HK', 'Hong Kong'), ('SG', 'Singapore'), ('EU', 'European Union'), ('DE', 'Germany'), ('ES', 'Spain'), ('UK', 'United Kingdom'), ('US-CA', 'California')], default='CN', max_length=8, verbose_name='jurisdiction')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='created at')),
            ],
            options={
                'verbose_name': 'property',
                'verbose_name_plural': 'properties',
                'ordering': ('code',),
                'permissions': (('work_desk', 'Work the front desk: lists, stays, check-in, check-out'), ('see_basic', 'See names, tails of numbers and stay facts'), ('reveal_contact', 'Reveal contact details for a purpose'), ('reveal_identity', 'Reveal identity data for a purpose'), ('reveal_payment', 'Reveal payment data for a purpose'), ('take_in_request', "Take in a guest's request"), ('decide_request', "Decide on requests and approve another's decision"), ('read_whole_log', 'Read the whole access log, references only'), ('read_own_log', "Read one's own lines of the access log"), ('see_figures', 'See figures without persons'), ('manage_house', 'Keep the property, its rooms, people and roles')),
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('staff_number', models.CharField(max_length=32, unique=True, validators=[django.core.validators.RegexValidator('\\A[a-z0-9][a-z0-9-]{1,31}\\Z', 'Use 2 to 32 small letters, digits and hyphens, beginning with a letter or digit.')], verbose_name='staff number')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('latin_name', models.CharField(blank=True, max_length=80, verbose_name='name in Latin letters')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('language', models.CharField(choices=[('en', 'English'), ('zh-hans', '简体中文')], default='zh-hans', max_length=10, verbose_name='language')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
                ('enrolled_at', models.DateTimeField(blank=True, null=True, verbose_name='enrolled at')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='created at')),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
                ('kept_at', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='accounts', to='staff.property', verbose_name='property that keeps the account')),
            ],
            options={
                'verbose_name': 'person',
                'verbose_name_plural': 'people',
                'ordering': ('staff_number',),
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Enrolment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_hash', models.CharField(max_length=64, unique=True, verbose_name='hash of the token')),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='made at')),
                ('expires_at', models.DateTimeField(verbose_name='expires at')),
                ('used_at', models.DateTimeField(blank=True, null=True, verbose_name='used at')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='enrolments', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'enrolment',
                'verbose_name_plural': 'enrolments',
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='PropertyRight',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rights_held', to='staff.property')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.group')),
                ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
            ],
            options={
                'verbose_name': 'right at a property',
                'verbose_name_plural': 'rights at properties',
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Shift',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('terminal', models.CharField(max_length=40, verbose_name='terminal')),
                ('session_ref', models.UUIDField(unique=True, verbose_name='session')),
                ('opened_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='opened at')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed at')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shifts', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('property', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shifts', to='staff.property', verbose_name='property')),
            ],
            options={
                'verbose_name': 'shift',
                'verbose_name_plural': 'shifts',
                'ordering': ('-opened_at',),
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Post',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('front_desk', 'Front desk'), ('finance', 'Finance'), ('privacy_officer', 'Privacy officer'), ('second_approver', 'Second approver'), ('manager', 'Manager'), ('administrator', 'Administrator')], max_length=32, verbose_name='role')),
                ('group', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='post', to='auth.group', verbose_name='group')),
                ('property', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='posts', to='staff.property', verbose_name='property')),
            ],
            options={
                'verbose_name': 'post',
                'verbose_name_plural': 'posts',
                'ordering': ('property', 'role'),
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('property', 'role'), name='one_post_per_role_and_property')],
            },
        ),
        migrations.AddConstraint(
            model_name='person',
            constraint=models.CheckConstraint(condition=models.Q(('is_superuser', False)), name='nobody_has_every_right'),
        ),
        migrations.AddConstraint(
            model_name='person',
            constraint=models.CheckConstraint(condition=models.Q(('staff_number', django.db.models.functions.text.Lower('staff_number'))), name='staff_number_is_lower'),
        ),
        migrations.AlterUniqueTogether(
            name='propertyright',
            unique_together={('group', 'permission', 'content_object')},
        ),
        migrations.AddIndex(
            model_name='shift',
            index=models.Index(fields=['person', '-opened_at'], name='shifts_by_person'),
        ),
    ]

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import oportuna.accounts.codes
import oportuna.accounts.company
import oportuna.accounts.models
import oportuna.accounts.scope
import oportuna.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('email', models.EmailField(max_length=254, unique=True, verbose_name='e-mail')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('is_active', models.BooleanField(default=True, editable=False)),
                ('letter_keys', models.BooleanField(default=True, verbose_name='one-letter keys')),
                ('joined_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                'verbose_name': 'person',
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='user_email_any_case')],
            },
        ),
        migrations.CreateModel(
            name='Company',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('slug', models.CharField(max_length=40, unique=True, validators=[django.core.validators.RegexValidator('^[a-z0-9]([a-z0-9-]*[a-z0-9])?$', 'Use lower-case letters, digits and hyphens only.'), oportuna.accounts.models.validate_slug], verbose_name='address')),
                ('time_zone', models.CharField(default='America/Sao_Paulo', max_length=40, validators=[oportuna.accounts.models.validate_time_zone], verbose_name='time zone')),
                ('loss_reason_required', models.BooleanField(default=True, verbose_name='a lost opportunity needs a reason')),
                ('visibility', models.CharField(choices=[('all', 'Everything of the company'), ('team', "Their own, the unassigned and the team's"), ('own', 'Their own and the unassigned')], default='all', max_length=4, verbose_name='what sellers see')),
                ('is_demo', models.BooleanField(default=False, editable=False)),
                ('address_key', models.CharField(default=oportuna.accounts.codes.new_key, editable=False, max_length=32)),
                ('revision', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                'verbose_name': 'company',
                'constraints': [models.CheckConstraint(condition=models.Q(('visibility__in', ['all', 'team', 'own'])), name='company_visibility')],
            },
        ),
        migrations.CreateModel(
            name='Team',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('name_folded', oportuna.fields.FoldedField(editable=False, max_length=200, source='name')),
                ('revision', models.PositiveIntegerField(default=1, editable=False)),
                ('company', models.ForeignKey(db_index=False, default=oportuna.accounts.scope.current_company_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.company', verbose_name='company')),
            ],
            options={
                'verbose_name': 'team',
                'abstract': False,
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('company', 'id'), name='team_company_id'), models.UniqueConstraint(fields=('company', 'name_folded'), name='team_company_name')],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('name_folded', oportuna.fields.FoldedField(editable=False, max_length=200, source='name')),
                ('role', models.CharField(choices=[('admin', 'Administrator'), ('manager', 'Manager'), ('seller', 'Seller'), ('operator', 'Telemarketing'), ('viewer', 'Viewer')], max_length=8, verbose_name='role')),
                ('is_active', models.BooleanField(default=True, editable=False, verbose_name='active')),
                ('time_zone', models.CharField(blank=True, help_text="Empty: the company's.", max_length=40, validators=[oportuna.accounts.models.validate_time_zone], verbose_name='time zone')),
                ('revision', models.PositiveIntegerField(default=1, editable=False)),
                ('joined_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('company', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='accounts.company')),
                ('user', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to=settings.AUTH_USER_MODEL)),
                ('team', oportuna.accounts.company.CompanyForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='members', to='accounts.team', verbose_name='team')),
            ],
            options={
                'verbose_name': 'member',
                'constraints': [models.UniqueConstraint(fields=('company', 'id'), name='membership_company_id'), models.UniqueConstraint(fields=('company', 'user'), name='membership_company_user'), oportuna.accounts.company.SameCompany('team', name='membership_team_same_company'), models.CheckConstraint(condition=models.Q(('role__in', ['admin', 'manager', 'seller', 'operator', 'viewer'])), name='membership_role')],
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('name', models.CharField(blank=True, max_length=120, verbose_name='name')),
                ('role', models.CharField(choices=[('admin', 'Administrator'), ('manager', 'Manager'), ('seller', 'Seller'), ('operator', 'Telemarketing'), ('viewer', 'Viewer')], default='seller', max_length=8, verbose_name='role')),
                ('token_hash', models.CharField(editable=False, max_length=64, unique=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('expires_at', models.DateTimeField(editable=False)),
                ('used_at', models.DateTimeField(editable=False, null=True)),
                ('company', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='accounts.company')),
                ('invited_by', oportuna.accounts.company.CompanyForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership')),
                ('team', oportuna.accounts.company.CompanyForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.team')),
            ],
            options={
                'verbose_name': 'invitation',
                'constraints': [oportuna.accounts.company.SameCompany('team', name='invitation_team_same_company'), oportuna.accounts.company.SameCompany('invited_by', name='invitation_invited_by_same_company')],
            },
        ),
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verb', models.CharField(choices=[('company_opened', 'opened the company'), ('company_changed', "changed the company's settings"), ('invited', 'invited'), ('joined', 'joined'), ('member_changed', 'changed the member'), ('deactivated', 'deactivated'), ('reactivated', 'reactivated'), ('team_changed', 'changed the team'), ('signed_in', 'signed in'), ('exported', 'exported'), ('register_changed', 'changed the register')], max_length=20)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('about', models.CharField(blank=True, max_length=200)),
                ('changes', models.JSONField(default=dict)),
                ('company', models.ForeignKey(db_index=False, default=oportuna.accounts.scope.current_company_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.company', verbose_name='company')),
                ('by', oportuna.accounts.company.CompanyForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership')),
            ],
            options={
                'verbose_name': 'audit entry',
                'abstract': False,
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
                'indexes': [models.Index(fields=['company', 'at'], name='audit_company_at')],
                'constraints': [models.UniqueConstraint(fields=('company', 'id'), name='auditentry_company_id'), oportuna.accounts.company.SameCompany('by', name='audit_by_same_company')],
            },
        ),
        migrations.CreateModel(
            name='OneTimeKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField()),
                ('made', models.CharField(max_length=40)),
                ('made_id', models.BigIntegerField(null=True)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('company', models.ForeignKey(db_index=False, default=oportuna.accounts.scope.current_company_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.company', verbose_name='company')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('company', 'id'), name='onetimekey_company_id'), models.UniqueConstraint(fields=('company', 'key'), name='one_time_key')],
            },
        ),
    ]

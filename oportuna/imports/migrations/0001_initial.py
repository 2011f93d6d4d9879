import django.db.models.deletion
import django.utils.timezone
import oportuna.accounts.company
import oportuna.accounts.scope
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('sales', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='ImportJob',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('revision', models.PositiveIntegerField(default=1, editable=False)),
                ('name', models.CharField(max_length=200)),
                ('stored', models.CharField(max_length=80)),
                ('size', models.BigIntegerField()),
                ('digest', models.CharField(max_length=64)),
                ('format', models.CharField(blank=True, max_length=8)),
                ('encoding', models.CharField(blank=True, max_length=40)),
                ('delimiter', models.CharField(blank=True, max_length=1)),
                ('sheet', models.CharField(blank=True, max_length=80)),
                ('header_row', models.PositiveIntegerField(null=True)),
                ('sheets', models.JSONField(default=list)),
                ('columns', models.JSONField(default=list)),
                ('decisions', models.JSONField(null=True)),
                ('options', models.JSONField(default=dict)),
                ('problem', models.JSONField(null=True)),
                ('state', models.CharField(choices=[('columns', 'Waiting for its columns'), ('checking', 'Being checked'), ('checked', 'Waiting for you'), ('queued', 'In the queue'), ('running', 'Importing'), ('done', 'Done'), ('cancelled', 'Cancelled'), ('failed', 'Stopped by an error')], default='columns', max_length=9)),
                ('rows', models.PositiveIntegerField(default=0)),
                ('created', models.PositiveIntegerField(default=0)),
                ('updated', models.PositiveIntegerField(default=0)),
                ('duplicates', models.PositiveIntegerField(default=0)),
                ('skipped', models.PositiveIntegerField(default=0)),
                ('suppressed', models.PositiveIntegerField(default=0)),
                ('rejected', models.PositiveIntegerField(default=0)),
                ('warnings', models.PositiveIntegerField(default=0)),
                ('done', models.PositiveIntegerField(default=0)),
                ('cursor', models.PositiveIntegerField(default=0)),
                ('next_number', models.PositiveBigIntegerField(null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('started_at', models.DateTimeField(null=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('company', models.ForeignKey(db_index=False, default=oportuna.accounts.scope.current_company_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.company', verbose_name='company')),
                ('created_by', oportuna.accounts.company.CompanyForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership')),
            ],
            options={
                'verbose_name': 'import',
                'abstract': False,
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
                'indexes': [models.Index(fields=['company', '-created_at', '-id'], name='import_newest'), models.Index(fields=['company', 'digest'], name='import_by_digest')],
                'constraints': [models.UniqueConstraint(fields=('company', 'id'), name='importjob_company_id'), oportuna.accounts.company.SameCompany('created_by', name='import_created_by_same_company')],
            },
        ),
        migrations.CreateModel(
            name='ImportRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('outcome', models.CharField(choices=[('created', 'New'), ('updated', 'Updated'), ('duplicate', 'Repeated'), ('skipped', 'Skipped'), ('suppressed', 'Asked not to be contacted'), ('rejected', 'Rejected')], max_length=10)),
                ('values', models.JSONField(default=dict)),
                ('problems', models.JSONField(default=list)),
                ('cells', models.JSONField(null=True)),
                ('duplicate_of_row', models.PositiveIntegerField(null=True)),
                ('company', models.ForeignKey(db_index=False, default=oportuna.accounts.scope.current_company_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.company', verbose_name='company')),
                ('customer', oportuna.accounts.company.CompanyForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='import_rows', to='sales.customer')),
                ('job', oportuna.accounts.company.CompanyForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='import_rows', to='imports.importjob')),
                ('opportunity', oportuna.accounts.company.CompanyForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='import_rows', to='sales.opportunity')),
            ],
            options={
                'verbose_name': 'row',
                'ordering': ['number'],
                'abstract': False,
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
                'indexes': [models.Index(fields=['company', 'job', 'outcome', 'number'], name='import_row_outcome'), models.Index(condition=models.Q(('opportunity__isnull', False)), fields=['company', 'opportunity'], name='import_row_opportunity'), models.Index(condition=models.Q(('customer__isnull', False)), fields=['company', 'customer'], name='import_row_customer')],
                'constraints': [models.UniqueConstraint(fields=('company', 'id'), name='importrow_company_id'), oportuna.accounts.company.SameCompany('job', name='import_row_job_same_company'), oportuna.accounts.company.SameCompany('customer', name='import_row_customer_same_company'), oportuna.accounts.company.SameCompany('opportunity', name='import_row_opportunity_same_company'), models.UniqueConstraint(fields=('company', 'job', 'number'), name='import_row_once')],
            },
        ),
    ]

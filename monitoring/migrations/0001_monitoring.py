"""Reports and targets keep the tables that `actionplan` made; only their package changes. Rules are new."""

import django.core.validators
import django.db.models.deletion
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


def move_content_types(apps, before, after):
    types = apps.get_model("contenttypes", "ContentType").objects
    types.filter(app_label=before, model__in=("realisation", "yeargoal")).update(app_label=after)


def forwards(apps, _editor):
    move_content_types(apps, "actionplan", "monitoring")


def backwards(apps, _editor):
    move_content_types(apps, "monitoring", "actionplan")


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('actionplan', '0003_realisations_and_goals_move'),
        ('assessments', '0019_quotas_and_virus_scans'),
        ('cities', '0017_changes_of_email_and_sealed_factors'),
        ('contenttypes', '0002_remove_content_type_name'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name='Realisation',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('quarter', models.PositiveSmallIntegerField(choices=[(1, '1'), (2, '2'), (3, '3'), (4, '4')], verbose_name='triwulan')),
                        ('revision', models.PositiveSmallIntegerField(default=1, verbose_name='perbaikan ke')),
                        ('physical', models.DecimalField(decimal_places=2, max_digits=5, validators=[django.core.validators.MinValueValidator(Decimal('0')), django.core.validators.MaxValueValidator(Decimal('100'))], verbose_name='fisik sampai triwulan ini (%)')),
                        ('money', models.BigIntegerField(validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(1000000000000000)], verbose_name='uang sampai triwulan ini')),
                        ('obstacle', models.TextField(blank=True, max_length=1000, verbose_name='hambatan')),
                        ('follow_up', models.TextField(blank=True, max_length=1000, verbose_name='tindak lanjut')),
                        ('at', models.DateTimeField(verbose_name='dilaporkan pada')),
                        ('action_year', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='realisations', to='actionplan.actionyear', verbose_name='tahun aksi')),
                        ('by', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='dilaporkan oleh')),
                        ('document', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assessments.supportingdocument', verbose_name='bukti')),
                    ],
                    options={
                        'verbose_name': 'realisasi',
                        'verbose_name_plural': 'realisasi',
                        'db_table': 'actionplan_realisation',
                        'ordering': ['action_year', 'quarter', 'revision'],
                        'constraints': [models.UniqueConstraint(fields=('action_year', 'quarter', 'revision'), name='actionplan_revision_once'), models.CheckConstraint(condition=models.Q(('money__gte', 0), ('money__lte', 1000000000000000), ('physical__gte', 0), ('physical__lte', 100), ('quarter__in', (1, 2, 3, 4))), name='actionplan_realisation_in_range')],
                    },
                ),
                migrations.CreateModel(
                    name='YearGoal',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('year', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(2006), django.core.validators.MaxValueValidator(2100)], verbose_name='tahun')),
                        ('predikat', models.CharField(max_length=300, verbose_name='predikat yang dituju')),
                        ('source', models.CharField(blank=True, max_length=300, verbose_name='sumber')),
                        ('at', models.DateTimeField(verbose_name='dicatat pada')),
                        ('by', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='dicatat oleh')),
                        ('city', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='year_goals', to='cities.city', verbose_name='kabupaten/kota')),
                    ],
                    options={
                        'verbose_name': 'target tahun',
                        'verbose_name_plural': 'target tahun',
                        'db_table': 'actionplan_yeargoal',
                        'ordering': ['year'],
                        'constraints': [models.UniqueConstraint(fields=('city', 'year'), name='actionplan_one_goal_a_year')],
                    },
                ),
            ]
        ),
        migrations.RunPython(forwards, backwards),
        migrations.CreateModel(
            name='CityRules',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('green', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)], verbose_name='Sesuai rencana')),
                ('yellow', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)], verbose_name='Perlu perhatian')),
                ('first', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)], verbose_name='pekerjaan sampai triwulan 1')),
                ('second', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)], verbose_name='pekerjaan sampai triwulan 2')),
                ('third', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)], verbose_name='pekerjaan sampai triwulan 3')),
                ('child_share', models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True, validators=[django.core.validators.MinValueValidator(Decimal('0')), django.core.validators.MaxValueValidator(Decimal('100'))], verbose_name='bagian untuk anak (%)')),
                ('source', models.CharField(max_length=300, verbose_name='sumber')),
                ('at', models.DateTimeField(verbose_name='dicatat pada')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='dicatat oleh')),
                ('city', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cities.city', verbose_name='kabupaten/kota')),
            ],
            options={
                'verbose_name': 'aturan pemantauan',
                'verbose_name_plural': 'aturan pemantauan',
                'ordering': ['city'],
                'constraints': [models.CheckConstraint(condition=models.Q(('green__gt', models.F('yellow')), ('green__lte', 100), ('yellow__gte', 1)), name='monitoring_lights_in_order', violation_error_message='Batas “Sesuai rencana” harus di atas “Perlu perhatian”.'), models.CheckConstraint(condition=models.Q(('first__gte', 1), ('second__gte', models.F('first')), ('third__gte', models.F('second')), ('third__lte', 100)), name='monitoring_quarters_in_order', violation_error_message='Pekerjaan dihitung sejak awal tahun, jadi tidak turun dari triwulan ke triwulan.'), models.CheckConstraint(condition=models.Q(('child_share', None), models.Q(('child_share__gte', 0), ('child_share__lte', 100)), _connector='OR'), name='monitoring_share_in_range')],
            },
        ),
    ]

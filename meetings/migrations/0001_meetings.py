"""The tables of meetings, as `taskforce` 0001 made them: they only change their package."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

MOVED = ['meeting', 'decision', 'attendance', 'addendum', 'photo']


def follow(apps, schema_editor):
    """Content types, with the permissions and admin history that name them, change their package."""
    rename(apps, 'taskforce', 'meetings')


def go_back(apps, schema_editor):
    rename(apps, 'meetings', 'taskforce')


def rename(apps, before, after):
    types = apps.get_model('contenttypes', 'ContentType').objects
    there = types.filter(app_label=after, model__in=MOVED).values_list('model', flat=True)
    types.filter(app_label=before, model__in=MOVED).exclude(model__in=list(there)).update(app_label=after)


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('assessments', '0019_quotas_and_virus_scans'),
        ('cities', '0017_changes_of_email_and_sealed_factors'),
        ('contenttypes', '0002_remove_content_type_name'),
        ('taskforce', '0002_meetings_leave'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name='Meeting',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('coordination', 'Rapat koordinasi'), ('cluster', 'Rapat klaster'), ('evaluation', 'Rapat evaluasi'), ('other', 'Rapat lain')], max_length=20, verbose_name='jenis')),
                        ('title', models.CharField(max_length=200, verbose_name='perihal')),
                        ('starts_at', models.DateTimeField(verbose_name='mulai')),
                        ('ends_at', models.DateTimeField(blank=True, null=True, verbose_name='selesai')),
                        ('place', models.CharField(max_length=200, verbose_name='tempat')),
                        ('chair', models.CharField(max_length=150, verbose_name='pemimpin rapat')),
                        ('letter_number', models.CharField(blank=True, max_length=100, verbose_name='nomor surat undangan')),
                        ('invited', models.TextField(blank=True, max_length=10000, verbose_name='yang diundang')),
                        ('agenda', models.TextField(blank=True, max_length=5000, verbose_name='agenda')),
                        ('minutes', models.TextField(blank=True, max_length=40000, verbose_name='notula')),
                        ('revision', models.PositiveIntegerField(default=0, verbose_name='revisi notula')),
                        ('attendance_round', models.PositiveIntegerField(default=1, verbose_name='putaran daftar hadir')),
                        ('minutes_at', models.DateTimeField(blank=True, null=True, verbose_name='notula disimpan pada')),
                        ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='ditutup pada')),
                        ('at', models.DateTimeField(verbose_name='dicatat pada')),
                        ('by', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='dicatat oleh')),
                        ('city', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='meetings', to='cities.city', verbose_name='kabupaten/kota')),
                        ('closed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ditutup oleh')),
                        ('minutes_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='notula disimpan oleh')),
                    ],
                    options={
                        'verbose_name': 'rapat',
                        'verbose_name_plural': 'rapat',
                        'db_table': 'taskforce_meeting',
                        'ordering': ['-starts_at', '-pk'],
                    },
                ),
                migrations.CreateModel(
                    name='Decision',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('text', models.TextField(max_length=1000, verbose_name='keputusan')),
                        ('due_on', models.DateField(blank=True, null=True, verbose_name='tenggat')),
                        ('address', models.URLField(blank=True, max_length=2000, verbose_name='tautan')),
                        ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='selesai pada')),
                        ('done_note', models.TextField(blank=True, max_length=1000, verbose_name='catatan penyelesaian')),
                        ('done_address', models.URLField(blank=True, max_length=2000, verbose_name='tautan bukti')),
                        ('answer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='assessments.answer', verbose_name='pertanyaan')),
                        ('done_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='diselesaikan oleh')),
                        ('owner_member', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='taskforce.taskforcemember', verbose_name='anggota penanggung jawab')),
                        ('owner_opd', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cities.opd', verbose_name='OPD penanggung jawab')),
                        ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='meetings.meeting', verbose_name='rapat')),
                    ],
                    options={
                        'verbose_name': 'keputusan rapat',
                        'verbose_name_plural': 'keputusan rapat',
                        'db_table': 'taskforce_decision',
                        'ordering': ['meeting', 'pk'],
                    },
                ),
                migrations.CreateModel(
                    name='Attendance',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=150, verbose_name='nama')),
                        ('institution', models.CharField(max_length=150, verbose_name='instansi')),
                        ('post', models.CharField(blank=True, max_length=150, verbose_name='jabatan')),
                        ('deputy_for', models.CharField(blank=True, max_length=150, verbose_name='mewakili')),
                        ('key', models.CharField(max_length=310, verbose_name='kunci')),
                        ('signature', models.TextField(blank=True, verbose_name='tanda tangan')),
                        ('at', models.DateTimeField(verbose_name='pada')),
                        ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='dicatat oleh')),
                        ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attendances', to='meetings.meeting', verbose_name='rapat')),
                    ],
                    options={
                        'verbose_name': 'kehadiran',
                        'verbose_name_plural': 'kehadiran',
                        'db_table': 'taskforce_attendance',
                        'ordering': ['at', 'pk'],
                    },
                ),
                migrations.CreateModel(
                    name='Addendum',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('text', models.TextField(max_length=5000, verbose_name='isi')),
                        ('at', models.DateTimeField(verbose_name='pada')),
                        ('by', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='oleh')),
                        ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='addenda', to='meetings.meeting', verbose_name='rapat')),
                    ],
                    options={
                        'verbose_name': 'tambahan notula',
                        'verbose_name_plural': 'tambahan notula',
                        'db_table': 'taskforce_addendum',
                        'ordering': ['at', 'pk'],
                    },
                ),
                migrations.CreateModel(
                    name='Photo',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('caption', models.CharField(blank=True, max_length=200, verbose_name='keterangan')),
                        ('content', models.TextField(verbose_name='isi')),
                        ('sha256', models.CharField(max_length=64, verbose_name='kode keaslian')),
                        ('at', models.DateTimeField(verbose_name='pada')),
                        ('by', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='oleh')),
                        ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='photos', to='meetings.meeting', verbose_name='rapat')),
                    ],
                    options={
                        'verbose_name': 'foto rapat',
                        'verbose_name_plural': 'foto rapat',
                        'db_table': 'taskforce_photo',
                        'ordering': ['at', 'pk'],
                    },
                ),
                migrations.AddConstraint(
                    model_name='meeting',
                    constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['coordination', 'cluster', 'evaluation', 'other'])), name='taskforce_meeting_known_kind'),
                ),
                migrations.AddConstraint(
                    model_name='meeting',
                    constraint=models.CheckConstraint(condition=models.Q(('ends_at', None), ('ends_at__gt', models.F('starts_at')), _connector='OR'), name='taskforce_meeting_ends_after_start', violation_error_message='Rapat selesai sesudah dimulai.'),
                ),
                migrations.AddConstraint(
                    model_name='meeting',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('closed_by', None)), models.Q(('closed_at__isnull', False), ('closed_by__isnull', False)), _connector='OR'), name='taskforce_meeting_closed_by_somebody'),
                ),
                migrations.AddConstraint(
                    model_name='decision',
                    constraint=models.CheckConstraint(condition=models.Q(('owner_opd', None), ('owner_member', None), _connector='OR'), name='taskforce_decision_one_owner', violation_error_message='Pilih satu penanggung jawab: OPD atau anggota.'),
                ),
                migrations.AddConstraint(
                    model_name='decision',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('done_at', None), ('done_by', None)), models.Q(('done_at__isnull', False), ('done_by__isnull', False), models.Q(('done_note', ''), _negated=True)), _connector='OR'), name='taskforce_decision_done_with_note'),
                ),
                migrations.AddConstraint(
                    model_name='attendance',
                    constraint=models.UniqueConstraint(fields=('meeting', 'key'), name='taskforce_attends_once'),
                ),
                migrations.AddConstraint(
                    model_name='photo',
                    constraint=models.UniqueConstraint(fields=('meeting', 'sha256'), name='taskforce_photo_once'),
                ),
            ],
        ),
        migrations.RunPython(follow, go_back),
    ]

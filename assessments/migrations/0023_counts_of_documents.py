from collections import Counter
from itertools import groupby

import django.db.models.deletion
from django.db import migrations, models


def count_documents(apps, schema_editor):
    """The counts of what is there already; from then on `refresh_counts` writes them."""
    offers = apps.get_model('assessments', 'Evidence').objects.filter(superseded_by=None).order_by('answer')
    columns = ('answer', 'kind', 'opd', 'verdict', 'document__scan_state', 'offered_at')
    for answer, rows in groupby(offers.values_list(*columns).iterator(), key=lambda row: row[0]):
        counts = Counter()
        for _answer, kind, opd, verdict, scanned, at in rows:
            state = verdict
            if verdict == 'waiting':
                state = {'infected': 'refused', 'waiting': 'unscanned'}.get(scanned, 'waiting')
            hour = at.replace(minute=0, second=0, microsecond=0)
            counts[kind, opd, state, hour if state == 'waiting' else None] += 1
        keep(apps.get_model('assessments', 'DocumentCount'), answer, counts)


def keep(model, answer, counts):
    model.objects.bulk_create(
        model(answer_id=answer, kind_id=kind, opd_id=opd, state=state, waiting_since=since, number=number)
        for (kind, opd, state, since), number in counts.items()
    )


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0022_waivers_of_a_kind'),
        ('cities', '0024_role_of_the_forum_anak'),
        ('clusters', '0005_sources_of_questions'),
    ]

    operations = [
        migrations.CreateModel(
            name='DocumentCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('waiting', 'Menunggu pemeriksaan'), ('accepted', 'Diterima'), ('returned', 'Dikembalikan'), ('unscanned', 'Menunggu pemindaian'), ('refused', 'Ditolak pemindai')], max_length=10, verbose_name='keadaan')),
                ('waiting_since', models.DateTimeField(blank=True, null=True, verbose_name='menunggu sejak')),
                ('number', models.PositiveIntegerField(verbose_name='jumlah')),
                ('answer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='document_counts', to='assessments.answer', verbose_name='jawaban')),
                ('kind', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clusters.evidencekind', verbose_name='jenis dokumen')),
                ('opd', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cities.opd', verbose_name='OPD')),
            ],
            options={
                'verbose_name': 'jumlah dokumen',
                'verbose_name_plural': 'jumlah dokumen',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'waiting'), ('waiting_since__isnull', False)), models.Q(models.Q(('state', 'waiting'), _negated=True), ('waiting_since', None)), _connector='OR'), name='assessments_documentcount_age_of_what_waits')],
            },
        ),
        migrations.RemoveIndex(
            model_name='evidence',
            name='assessments_evidence_verdict',
        ),
        migrations.AddIndex(
            model_name='evidence',
            index=models.Index(fields=['answer', 'verdict', 'decided_at'], name='assessments_evidence_decided'),
        ),
        migrations.AddIndex(
            model_name='supportingdocument',
            index=models.Index(fields=['city', 'uploaded_at'], name='assessments_document_newest'),
        ),
        migrations.RunPython(count_documents, migrations.RunPython.noop),
    ]

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Nothing in the database: a kind of document knows its waivers."""

    dependencies = [
        ('assessments', '0021_what_has_arrived_of_an_upload'),
    ]

    operations = [
        migrations.AlterField(
            model_name='waiver',
            name='kind',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='waivers', to='clusters.evidencekind', verbose_name='jenis dokumen'),
        ),
    ]

"""A feed waits in `imports` from now on; its own table stays for the release before."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cities", "0017_changes_of_email_and_sealed_factors"),
        ("regulations", "0001_legal_register"),
    ]

    operations = [
        # Nothing here removes the rows any more, so they must not hold a city or a person.
        migrations.AlterField(
            "feedimport",
            "city",
            models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="cities.city",
            ),
        ),
        migrations.AlterField(
            "feedimport",
            "by",
            models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.DeleteModel("FeedImport")]
        ),
    ]

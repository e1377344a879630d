"""Reports and targets are models of `monitoring` from here on; their tables stay as they are."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("actionplan", "0002_tables_are_imports")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.DeleteModel(name="Realisation"),
                migrations.DeleteModel(name="YearGoal"),
            ]
        )
    ]

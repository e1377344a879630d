"""A migration and the note that it was applied stand together or not at all."""

import pytest
from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState

from backups.migrating import WholeMigrationExecutor

TABLE = "cities_bridge"


class Bridge(migrations.Migration):
    """With an index, which Django makes late."""

    operations = (
        migrations.CreateModel(
            "Bridge",
            [
                ("id", models.AutoField(primary_key=True)),
                ("city", models.ForeignKey("cities.Bridge", models.CASCADE)),
            ],
        ),
    )


class CutOff(Exception):
    pass


class CutOffExecutor(WholeMigrationExecutor):
    def record_migration(self, migration):
        raise CutOff


def tables():
    return set(connection.introspection.table_names())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_atomic", [True, False])
def test_a_migration_that_is_not_recorded_leaves_no_table(is_atomic):
    before = tables()
    migration = Bridge("0001_bridge", "cities")
    migration.atomic = is_atomic

    with pytest.raises(CutOff):
        CutOffExecutor(connection).apply_migration(ProjectState(), migration)

    left = tables() - before
    with connection.cursor() as cursor:
        for table in left:
            cursor.execute(f"DROP TABLE {table}")
    assert left == (set() if is_atomic else {TABLE})


@pytest.mark.django_db(transaction=True)
def test_foreign_keys_are_minded_again_after_a_migration():
    executor = WholeMigrationExecutor(connection)
    migration = Bridge("0001_bridge", "cities")

    state = executor.apply_migration(ProjectState(), migration)

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            assert cursor.execute("PRAGMA foreign_keys").fetchone() == (1,)
        applied = executor.recorder.applied_migrations()
        assert ("cities", "0001_bridge") in applied
        executor.unapply_migration(state, migration)
        assert TABLE not in tables()

"""An older version refuses a newer database, clearly, wherever it would begin to work with it."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import CommandError, SystemCheckError
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder

from kla.checks import code_is_not_older_than_data
from kla.versions import require_known_data, unknown_migrations

pytestmark = pytest.mark.django_db
SENTENCE = "The database belongs to a newer version of KLA: cities.9999_later (1 migrations unknown"


@pytest.fixture
def newer():
    MigrationRecorder(connection).record_applied("cities", "9999_later")


def test_the_database_of_this_version_is_taken():
    require_known_data()

    assert unknown_migrations() == []
    assert code_is_not_older_than_data(databases=["default"]) == []


def test_a_server_does_not_start_on_a_newer_one(newer):
    with pytest.raises(ImproperlyConfigured) as refusal:
        require_known_data()

    assert str(refusal.value) == (
        f"{SENTENCE} here). Start that version, or restore a backup of this one into an empty "
        "database."
    )


@pytest.mark.parametrize(
    ("command", "options"),
    [("check", {"databases": ["default"]}), ("migrate", {"skip_checks": False})],
)
def test_no_command_that_checks_a_database_goes_on(newer, command, options):
    with pytest.raises(SystemCheckError, match=r"kla\.E005"):
        call_command(command, **options)


def test_preparing_a_start_stops_before_anything_is_changed(newer):
    with pytest.raises(CommandError, match="belongs to a newer version of KLA"):
        call_command("prepare")


def test_a_check_that_asks_no_database_says_nothing(newer):
    assert code_is_not_older_than_data(databases=None) == []


def test_a_package_that_is_not_installed_here_is_none_of_its_business():
    MigrationRecorder(connection).record_applied("somebody_elses", "0001_initial")

    assert unknown_migrations() == []


def test_what_was_squashed_is_known(monkeypatch, newer):
    class Squashed:
        replaces = [("cities", "9999_later")]

    class Loader:
        def __init__(self, *_args, **_options):
            self.disk_migrations = {("cities", "10000_squashed"): Squashed}

        def load_disk(self):
            pass

    monkeypatch.setattr("kla.versions.MigrationLoader", Loader)

    assert "cities.9999_later" not in unknown_migrations()


def test_a_database_that_is_away_keeps_no_server_from_starting(monkeypatch):
    def away(*_args):
        raise OperationalError

    monkeypatch.setattr("kla.versions.MigrationRecorder.applied_migrations", away)

    require_known_data()

    assert code_is_not_older_than_data(databases=["default"]) == []

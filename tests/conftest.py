"""What every test may use."""

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client, override_settings
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

# Playwright runs an event loop in the test's thread; Django would refuse the database there.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# How long an example takes says something of the machine, not of the code.
hypothesis_settings.register_profile(
    "kla", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("kla")

DATABASE_FIXTURES = {"db", "transactional_db", "live_server"}
# The shell first: the same pages in two thirds of the time, without the windows of a browser.
CHROMIUM_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


@pytest.fixture(autouse=True)
def media_root(settings, tmp_path) -> Path:
    """Whatever a test writes beside the database is gone after it: its documents, its uploads
    under way, and when its last backup was made."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.KLA_UPLOADS = tmp_path / "uploads"
    settings.KLA_BACKUP_STAMP = tmp_path / "backup-made-at"
    return settings.MEDIA_ROOT


@pytest.fixture(scope="module")
def rows_of_a_module(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Path]:
    """What module fixtures store under this one lasts until the module's last test, as in
    `TestCase.setUpTestData`; gives the folder of its documents. Only for modules whose tests all
    take back what they do: no `transactional_db`, no browser."""
    media = tmp_path_factory.mktemp("module")
    with django_db_blocker.unblock(), transaction.atomic(), override_settings(MEDIA_ROOT=media):
        yield media
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _empty_cache():
    """The throttle on sign-in counts in the cache, and every test comes from one address."""
    cache.clear()


@pytest.fixture(scope="session", autouse=True)
def _who_is_signed_in_has_just_signed_in():
    """`force_login` leaves what the page of sign-in leaves: when and how it was proven."""
    plainly = Client._login

    def proven(self, user, backend=None):
        plainly(self, user, backend)
        session = self.session
        session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
        session["account_authentication_methods_user"] = str(user.pk)
        session.save()

    Client._login = proven
    yield
    Client._login = plainly


@pytest.fixture(scope="session", autouse=True)
def _tests_may_empty_the_tables():
    """Between tests Django empties every table, which the append-only ones refuse."""
    operations = type(connection.ops)
    plainly = operations.sql_flush

    def past_the_triggers(self, *args, **kwargs):
        statements = plainly(self, *args, **kwargs)
        with self.connection.cursor() as cursor:
            if self.connection.vendor == "postgresql":
                tables = "SELECT DISTINCT event_object_table FROM information_schema.triggers"
                cursor.execute(tables)
                names = [name for (name,) in cursor.fetchall()]
                opened = [f"ALTER TABLE {name} DISABLE TRIGGER USER" for name in names]
                closed = [f"ALTER TABLE {name} ENABLE TRIGGER USER" for name in names]
            else:
                # Those of the search stay: they empty its tables.
                kept = "name NOT LIKE 'search\\_%' ESCAPE '\\'"
                wanted = f"SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND {kept}"
                cursor.execute(wanted)
                triggers = cursor.fetchall()
                opened = [f"DROP TRIGGER {name}" for name, _sql in triggers]
                closed = [sql for _name, sql in triggers]
        return [*opened, *statements, *closed]

    operations.sql_flush = past_the_triggers
    yield
    operations.sql_flush = plainly


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """The Chromium of the system: playwright then downloads none of its own."""
    found = [shutil.which(name) for name in CHROMIUM_NAMES]
    executable = os.environ.get("CHROMIUM") or next(filter(None, found), None)
    if executable is None:
        pytest.fail("Chromium is missing. Install it, or let `make test` do so as root.")
    return {
        **browser_type_launch_args,
        "executable_path": executable,
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
        ],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, "locale": "id-ID", "timezone_id": "Asia/Jakarta"}


def pytest_collection_modifyitems(items):
    """Whatever opens a page in the browser is a browser test; what asks the database is marked."""
    for item in items:
        used = set(getattr(item, "fixturenames", ()))
        if "page" in used:
            item.add_marker("browser")
        if item.get_closest_marker("django_db") or used & DATABASE_FIXTURES:
            item.add_marker("database")

"""The health page answers for the site, whatever became of the stamp of its backups."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, InterfaceError

from kla.health import backup_line

NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
UNREADABLE = "cadangan terakhir: tidak terbaca\n"


@pytest.fixture
def stamp(settings):
    return settings.KLA_BACKUP_STAMP


def test_where_no_backup_was_ever_made_nothing_is_said_of_it(stamp):
    assert backup_line(NOW) == ""


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"kemarin",
        b"2026-13-01T00:00:00+00:00",
        b"2026-03-02T03:00:00",  # of no zone: nobody knows how long ago that was
        b"\xff\xfe\x00",
        b"2026-03-02T03:00:00+00:00\n2026-03-02T03:00:00+00:00",
    ],
)
def test_a_stamp_that_tells_no_moment_is_told_as_such(stamp, content):
    stamp.write_bytes(content)

    assert backup_line(NOW) == UNREADABLE


def test_a_stamp_that_the_web_server_may_not_read_does_not_make_the_site_ill(stamp):
    """As when another account made the backup; a folder refuses to be read for root as well."""
    stamp.mkdir()

    assert backup_line(NOW) == UNREADABLE


@pytest.mark.parametrize(
    ("written", "hours"),
    [
        ("2026-03-02T03:00:00+00:00", 0),
        ("2026-03-02T10:00:00+07:00", 0),
        ("2026-03-02T02:00:00.000001+00:00", 0),
        ("2026-03-02T02:00:00+00:00", 1),
        ("2026-02-01T03:00:00+00:00", 696),
    ],
)
def test_an_age_is_counted_in_whole_hours_whatever_the_zone(stamp, written, hours):
    stamp.write_text(written)

    assert backup_line(NOW) == f"cadangan terakhir: {hours} jam lalu\n"


@pytest.mark.parametrize("error", [DatabaseError, InterfaceError])
def test_a_database_that_is_away_is_told_before_any_backup(client, monkeypatch, stamp, error):
    def away():
        raise error

    stamp.write_text(NOW.isoformat())
    monkeypatch.setattr("kla.health.connection.cursor", away)

    response = client.get("/sehat/")

    assert (response.status_code, response.text) == (503, "basis data tidak menjawab\n")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_health_is_asked_and_nothing_else(client, method):
    assert getattr(client, method)("/sehat/").status_code == 405

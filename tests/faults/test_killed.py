"""Killed with -9 at step after step: nothing is half done, and running it again finishes."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.utils import timezone

from assessments.choices import NotificationKind, TrailEvent
from assessments.models import Activity, Notification, SheetImport, Upload
from assessments.services.mailing import send_pending
from assessments.services.sheet_imports import apply_import, preview_of
from assessments.services.trail_verification import verify_year
from assessments.services.uploads import sweep
from assessments.worksheets.layout import CLAIM
from backups.folder import Folder
from backups.repository import Repository
from kla.management.commands import backup
from outbox.models import Letter
from tests.assessments.situations import (
    assert_scores_are_right,
    history,
    secretary_of,
    staff_of,
    working_year,
)
from tests.assessments.test_sheet_imports import claims_of, kept_sheet
from tests.backups.test_backup_and_restore import document_with
from tests.factories.assessments import NOW, answer_of
from tests.factories.cities import CityFactory, UserFactory
from tests.faults.cluster import ROOT
from tests.faults.dying import is_over, kills
from tests.outbox.smtp import mail_server

pytestmark = pytest.mark.faults


def files_below(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


# --- Backups --------------------------------------------------------------------------------------


@pytest.fixture
def documents():
    return [document_with(content) for content in (b"akta", b"perda", b"x" * 100_000)]


def require_whole(repository, manifest):
    """Every file and every row of the run is there, as it was written."""
    for stored in repository.files_of(manifest):
        with repository.blob(stored.sha256, manifest.key_set) as content:
            assert len(content.read()) == stored.size
    with repository.lines(manifest, "rows.jsonl.gz") as lines:
        assert sum(1 for line in lines if not line.startswith("{")) == sum(manifest.rows.values())


@pytest.mark.django_db(transaction=True)
def test_a_backup_killed_anywhere_leaves_the_ones_before_whole(documents, tmp_path, monkeypatch):
    dest = tmp_path / "backups"
    repository = Repository(Folder(dest))
    call_command("backup", str(dest))
    [first] = repository.manifests()
    start, count = timezone.now(), 0
    monkeypatch.setattr(backup.timezone, "now", lambda: start + timedelta(days=count))

    def again():
        # Its content is read and written anew though it lies there already.
        os.utime(documents[0].file.path, (count, count))
        call_command("backup", str(dest), "--keep-all")

    for count, _step in enumerate(kills(again, every=9), 1):  # noqa: B007 -- read by `again`
        manifests = repository.manifests()
        assert manifests[0] == first
        for manifest in manifests:
            require_whole(repository, manifest)

    assert count > 10
    count += 1
    call_command("backup", str(dest), daily=1, weekly=0, monthly=0)
    [last] = repository.manifests()
    require_whole(repository, last)
    blobs = {f"blobs/plain/{one.sha256[:2]}/{one.sha256}" for one in repository.files_of(last)}
    run = {f"runs/{last.name}/{name}" for name in ("files.jsonl.gz", "manifest.json")}
    assert set(files_below(dest)) == {*blobs, *run, f"runs/{last.name}/rows.jsonl.gz"}


# --- Sheets, letters, the sweep -------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_an_import_of_a_sheet_killed_anywhere_has_changed_nothing():
    year = working_year()
    person = secretary_of(year)
    kept = kept_sheet(year, {"1.1": {CLAIM: 10}, "1.2": {CLAIM: 5}}, by=person)
    seen = preview_of(kept).fingerprint
    before = claims_of(year), history(year), Activity.objects.count()
    count = 0

    def work():
        apply_import(import_id=kept.pk, from_file=(), seen=seen, by=person, at=NOW)

    for _step in kills(work):
        count += 1
        if SheetImport.objects.filter(pk=kept.pk).exists():
            assert (claims_of(year), history(year), Activity.objects.count()) == before

    assert count > 10
    assert not SheetImport.objects.filter(pk=kept.pk).exists()
    imported = Activity.objects.filter(assessment=year, deed=TrailEvent.SHEET_IMPORTED)
    assert imported.count() == 1
    assert (answer_of(year, "1.1").claimed_points, answer_of(year, "1.2").claimed_points) == (10, 5)
    assert_scores_are_right(year)
    assert verify_year(year).broken is None


@pytest.mark.django_db(transaction=True)
def test_letters_killed_anywhere_reach_everybody_and_one_at_most_twice(settings):
    year = working_year()
    people = [staff_of(year, code).user for code in ("DP3A", "DINKES", "DISDIK")]
    at = NOW
    with mail_server(settings) as server:
        for step in range(1, 100):
            Notification.objects.all().delete()
            for person in people:
                Notification.objects.create(
                    user=person,
                    assessment=year,
                    kind=NotificationKind.ACCEPTED,
                    key=f"{step}:{person.pk}",
                    created_at=at,
                )
            server.delivered.clear()
            done = is_over(lambda: send_pending(now=lambda: at), before=step)  # noqa: B023
            at += timedelta(minutes=11)  # a sender that died holds its letter for ten
            send_pending(now=lambda: at)  # noqa: B023 -- called at once

            assert {*server.delivered} == {person.email for person in people}
            assert len(server.delivered) <= len(people) + (not done)
            assert not Notification.objects.filter(emailed_at=None).exists()
            assert not Letter.objects.exists()
            server.delivered.clear()
            send_pending(now=lambda: at)  # noqa: B023
            assert server.delivered == []
            if done:
                break
    assert step > 10


@pytest.mark.django_db(transaction=True)
def test_a_sweep_killed_anywhere_is_finished_by_the_next_and_spares_what_is_young(
    settings, tmp_path
):
    settings.KLA_UPLOADS = tmp_path / "uploads"
    settings.KLA_UPLOADS.mkdir()
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "tmp"
    settings.FILE_UPLOAD_TEMP_DIR.mkdir()
    answer = answer_of(working_year(), "1.2")
    now = timezone.now()

    def upload(at):
        row = Upload.objects.create(
            answer=answer,
            user=UserFactory(),
            name="surat.pdf",
            length=10,
            offset=4,
            created_at=at,
            updated_at=at,
        )
        (settings.KLA_UPLOADS / row.pk.hex).write_bytes(b"awal")
        return row

    young = upload(now)
    count = 0
    for step in range(1, 100):
        for _number in range(3):
            upload(now - timedelta(days=2))
        orphan = settings.FILE_UPLOAD_TEMP_DIR / "tmp-of-the-dead"
        orphan.write_bytes(b"x")
        os.utime(orphan, (1, 1))

        done = is_over(lambda: sweep(at=now), before=step)

        assert Upload.objects.filter(pk=young.pk).exists()
        sweep(at=now)
        assert list(Upload.objects.values_list("pk", flat=True)) == [young.pk]
        assert files_below(tmp_path) == [f"uploads/{young.pk.hex}"]
        if done:
            break
        count += 1
    assert count > 5


# --- Migrations and restores: a database of their own ---------------------------------------------

DRIVER = """
import django, json, sys
django.setup()
from django.core.management import call_command
from tests.faults.dying import is_over
before, times, grow = int(sys.argv[1]), 0, float(sys.argv[2])
while not is_over(lambda: call_command(*sys.argv[3:], verbosity=0), before=before):
    times, before = times + 1, int(before * grow)
print(json.dumps(times))
"""


class Place:
    """An installation of its own in a folder."""

    def __init__(self, folder, address=""):
        self.folder = folder
        folder.mkdir()
        keep = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        self.environment = keep | {
            "DJANGO_SETTINGS_MODULE": "tests.faults.site_settings",
            "KLA_LOCAL": "1",
            "KLA_VAR": str(folder),
            "DATABASE_URL": address or f"sqlite:///{folder}/kla.sqlite3",
        }

    def run(self, *arguments):
        done = subprocess.run(
            [sys.executable, *map(str, arguments)],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def times_killed(self, before, grow, *command):
        return json.loads(self.run("-c", DRIVER, before, grow, *command).splitlines()[-1])

    def schema(self):
        with closing(sqlite3.connect(self.folder / "kla.sqlite3")) as database:
            rows = database.execute("SELECT type, name, tbl_name FROM sqlite_master")
            return sorted(row for row in rows if row[1] != "kla_cache")

    def rows(self, query):
        with closing(sqlite3.connect(self.folder / "kla.sqlite3")) as database:
            return database.execute(query).fetchall()


@pytest.fixture(scope="module")
def migrated(tmp_path_factory):
    place = Place(tmp_path_factory.mktemp("fresh") / "site")
    place.run("manage.py", "migrate", "-v0")
    return place


def test_migrations_killed_again_and_again_come_to_the_same_end(migrated, tmp_path):
    place = Place(tmp_path / "site")

    assert place.times_killed(500, 1.1, "migrate") > 2

    assert place.schema() == migrated.schema()
    applied = "SELECT app, name FROM django_migrations ORDER BY app, name"
    assert place.rows(applied) == migrated.rows(applied)


def test_migrations_of_postgresql_killed_again_and_again_come_to_their_end(cluster, tmp_path):
    with cluster.database("killed") as address:
        place = Place(tmp_path / "site", address)

        assert place.times_killed(150, 1.2, "migrate") > 2

        place.run("manage.py", "migrate", "--check")


@pytest.mark.django_db(transaction=True)
def test_a_restore_killed_again_and_again_brings_everything_back(documents, tmp_path):
    dest = tmp_path / "backups"
    CityFactory()
    call_command("backup", str(dest))
    manifest = Repository(Folder(dest)).manifest()
    place = Place(tmp_path / "site")

    assert place.times_killed(5, 2.6, "restore", dest) > 4

    again = tmp_path / "again"
    place.run("manage.py", "backup", again)
    repository = Repository(Folder(again))
    assert repository.manifest().rows == manifest.rows
    assert {(one.path, one.sha256) for one in repository.files_of(repository.manifest())} == {
        (one.path, one.sha256) for one in Repository(Folder(dest)).files_of(manifest)
    }
    tables = {name for _type, name, _table in place.schema()}
    assert not any(name.startswith("kla_restored") for name in tables)
    place.run("manage.py", "migrate", "--check")


@pytest.mark.django_db(transaction=True)
def test_a_document_that_a_killed_restore_had_half_written_is_written_anew(documents, tmp_path):
    dest = tmp_path / "backups"
    call_command("backup", str(dest))
    place = Place(tmp_path / "site")
    half = place.folder / "media" / documents[2].file.name
    Folder(place.folder / "media").save(documents[2].file.name, ContentFile(b"x" * 1000))

    place.run("manage.py", "restore", dest)

    assert Path(half).read_bytes() == b"x" * 100_000

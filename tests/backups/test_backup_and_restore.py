"""A backup holds one moment of a site at work, and comes back whole."""

import contextlib
import fcntl
import hashlib
import json
import os
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import psycopg2
import pyrage
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from assessments.models import SupportingDocument
from backups.creating import make_backup
from backups.folder import Folder
from backups.repository import ROWS, BackupError, Repository
from backups.restoring import restore_backup
from backups.rows import consistent_reads, dumped_rows, named_files, require_empty, tables
from cities.models import City, User
from tests.assessments.situations import working_year
from tests.factories.assessments import EvidenceFactory, SupportingDocumentFactory, answer_of
from tests.factories.cities import CityFactory, InvitationFactory, SiteAdminFactory

ROOT = Path(__file__).parent.parent.parent
AT = datetime(2026, 11, 28, 2, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db(transaction=True)


class CountingStorage(FileSystemStorage):
    """Remembers which files were opened; `on_open` may do something first."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.opened = []
        self.on_open = lambda _name: None

    def open(self, name, mode="rb"):
        self.on_open(name)
        self.opened.append(name)
        return super().open(name, mode)


@pytest.fixture
def documents(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return CountingStorage(location=settings.MEDIA_ROOT)


def document_with(content, **fields):
    """A stored document whose file really lies there, with its true hash and size."""
    return SupportingDocumentFactory(
        file=ContentFile(content, name="x"),
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        **fields,
    )


def backup(repository, documents, at=AT, **kwargs):
    return make_backup(repository, documents=documents, at=at, **kwargs)


def contents(repository, manifest):
    """What the run holds of documents: content by path."""
    found = {}
    for stored in repository.files_of(manifest):
        with repository.blob(stored.sha256, manifest.key_set) as content:
            found[stored.path] = content.read()
    return found


def rows_of(repository, manifest):
    with repository.lines(manifest, ROWS) as lines:
        return [json.loads(line) for line in lines]


def refused(act):
    with pytest.raises(BackupError) as refusal:
        act()
    return str(refusal.value)


# --- Making one ---------------------------------------------------------------------------------


def test_a_run_holds_every_row_and_every_document(repository, documents):
    one, two = document_with(b"akta"), document_with(b"perda")

    manifest = backup(repository, documents)

    assert contents(repository, manifest) == {one.file.name: b"akta", two.file.name: b"perda"}
    assert manifest.rows == {
        model._meta.label_lower: model._base_manager.count() for model in tables()
    }
    assert (manifest.files, manifest.bytes, manifest.missing) == (2, 9, [])
    assert (manifest.at, manifest.taken_at) == ("2026-11-28T02:00:00+00:00", AT)


def test_sessions_stay_behind(repository, documents, client):
    client.force_login(SiteAdminFactory())

    assert "sessions.session" not in backup(repository, documents).rows


def test_what_did_not_change_is_not_read_again(repository, documents):
    document_with(b"akta")
    first = backup(repository, documents)
    documents.opened.clear()
    later = document_with(b"perda")

    second = backup(repository, documents, AT + timedelta(days=1))

    assert documents.opened == [later.file.name]
    assert contents(repository, second) == contents(repository, first) | {later.file.name: b"perda"}


def test_what_was_written_over_is_read_again(repository, documents):
    document = document_with(b"akta")
    backup(repository, documents)
    path = Path(documents.path(document.file.name))
    path.write_bytes(b"atka")
    os.utime(path, (1, 1))

    manifest = backup(repository, documents, AT + timedelta(days=1))

    assert contents(repository, manifest) == {document.file.name: b"atka"}


def test_a_cut_off_run_is_no_base_for_the_next(repository, documents, folder):
    document = document_with(b"akta")
    cut_off = backup(repository, documents)
    folder.delete(f"runs/{cut_off.name}/manifest.json")
    sha256 = hashlib.sha256(b"akta").hexdigest()
    folder.delete(f"blobs/plain/{sha256[:2]}/{sha256}")

    manifest = backup(repository, documents, AT + timedelta(days=1))

    assert contents(repository, manifest) == {document.file.name: b"akta"}


def test_a_document_that_is_gone_is_named_and_the_rest_is_kept(repository, documents):
    there, gone = document_with(b"akta"), document_with(b"perda")
    documents.delete(gone.file.name)

    manifest = backup(repository, documents)

    assert manifest.missing == [gone.file.name]
    assert contents(repository, manifest) == {there.file.name: b"akta"}


def test_what_is_handed_in_while_documents_are_copied_is_in_the_run(repository, documents):
    first = document_with(b"akta")
    added = []

    def hand_in(_name):
        if not added:
            added.append(document_with(b"perda").file.name)

    documents.on_open = hand_in

    manifest = backup(repository, documents)

    assert contents(repository, manifest) == {first.file.name: b"akta", added[0]: b"perda"}
    assert manifest.rows["assessments.supportingdocument"] == 2


def test_what_is_taken_back_meanwhile_makes_it_begin_anew(repository, documents, monkeypatch):
    kept, taken = document_with(b"akta"), document_with(b"perda")
    documents.delete(taken.file.name)
    looks = iter([[kept.file.name, taken.file.name], [kept.file.name, taken.file.name]])

    def names():
        """What the database names: at first still the document that is just being taken back."""
        now = next(looks, None)
        if now is not None:
            return iter(now)
        SupportingDocument.objects.filter(pk=taken.pk).delete()
        return named_files()

    monkeypatch.setattr("backups.creating.named_files", names)

    manifest = backup(repository, documents)

    assert manifest.missing == []
    assert manifest.rows["assessments.supportingdocument"] == 1
    assert len(rows_of(repository, manifest)) == sum(manifest.rows.values()) + len(manifest.rows)


def test_two_runs_of_one_second_do_not_mix(repository, documents):
    backup(repository, documents)

    assert refused(lambda: backup(repository, documents)) == (
        "Cadangan 20261128T020000Z sudah ada; tunggu satu detik."
    )


def test_people_go_on_writing_while_one_moment_is_read(repository, documents):
    CityFactory(name="Kota Lama")
    done = []

    def write():
        try:
            CityFactory(name="Kota Baru")
            done.append(True)
        finally:
            connection.close()

    def meanwhile():
        writer = threading.Thread(target=write)
        writer.start()
        writer.join(timeout=15)
        return [str(City.objects.count())]

    before = City.objects.count()
    manifest = backup(repository, documents, heads=meanwhile)

    assert done == [True]
    assert manifest.rows["cities.city"] == before
    assert manifest.heads == [str(before)]
    assert City.objects.count() == before + 1


def test_the_way_in_which_transactions_begin_is_as_before():
    mode = getattr(connection, "transaction_mode", None)

    with pytest.raises(ZeroDivisionError), consistent_reads():
        raise ZeroDivisionError

    assert getattr(connection, "transaction_mode", None) == mode


def test_nothing_of_a_number_or_a_moment_is_lost():
    SiteAdminFactory(date_joined=datetime(2026, 11, 28, 2, 3, 4, 567891, tzinfo=UTC))

    lines = list(dumped_rows({}))

    assert [line for line in lines if "02:03:04.567891+00:00" in line] != []


# --- Bringing it back -----------------------------------------------------------------------------


def test_a_site_with_data_is_never_written_over(repository, documents):
    document_with(b"akta")
    manifest = backup(repository, documents)
    before = {model: model._base_manager.count() for model in tables()}

    sentence = refused(lambda: restore_backup(repository, manifest, documents=documents))

    assert sentence.startswith("Basis data ini sudah berisi (")
    assert {model: model._base_manager.count() for model in tables()} == before


def test_an_empty_installation_may_have_what_migrate_makes():
    require_empty()

    User.objects.create_user("a@b.example")
    assert refused(require_empty) == (
        "Basis data ini sudah berisi (cities_user). Cadangan hanya dipulihkan ke pemasangan "
        "yang kosong."
    )


def test_a_table_that_only_an_earlier_version_knew_may_stand_there_without_rows():
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE cities_ward (id integer)")
        try:
            require_empty()
            cursor.execute("INSERT INTO cities_ward (id) VALUES (1)")
            sentence = refused(require_empty)
        finally:
            cursor.execute("DROP TABLE cities_ward")

    assert sentence == (
        "Basis data ini sudah berisi (cities_ward). Cadangan hanya dipulihkan ke pemasangan "
        "yang kosong."
    )


def test_a_document_with_other_content_is_never_written_over(repository, documents, tmp_path):
    document = document_with(b"akta")
    manifest = backup(repository, documents)
    SupportingDocument.objects.all().delete()
    City.objects.all().delete()
    for model in reversed(tables()):
        if model._meta.label_lower.partition(".")[0] in {"cities", "clusters", "assessments"}:
            model._base_manager.all().delete()
    elsewhere = FileSystemStorage(location=tmp_path / "there")
    elsewhere.save(document.file.name, ContentFile(b"lain"))

    assert refused(lambda: restore_backup(repository, manifest, documents=elsewhere)) == (
        f"{document.file.name} sudah ada dengan isi lain. Pulihkan ke tempat dokumen yang kosong."
    )
    require_empty()


# --- With the commands, in processes of their own --------------------------------------------------


def manage(place, *command, database=None, **env):
    """Run a command on an installation of its own in the folder."""
    there = {
        "DJANGO_SETTINGS_MODULE": "kla.settings",
        "KLA_LOCAL": "1",
        "DATABASE_URL": database or f"sqlite:///{place}/kla.sqlite3",
        "KLA_VAR": f"{place}/var",
        "KLA_MEDIA": f"{place}/media",
        "KLA_UPLOADS": f"{place}/uploads",
    }
    return subprocess.run(
        [sys.executable, "manage.py", *map(str, command)],
        cwd=ROOT,
        env={**os.environ, **there, **env},
        capture_output=True,
        text=True,
        check=False,
    )


# Across engines goes the test above; these bring back into SQLite wherever the backup came from,
# and making its tables costs twenty seconds.
once = pytest.mark.skipif(connection.vendor == "postgresql", reason="restores into SQLite only")


def in_sqlite(place, query):
    """The one row that an installation's database answers with."""
    with closing(sqlite3.connect(place / "kla.sqlite3")) as database:
        return database.execute(query).fetchone()


@pytest.fixture
def live(documents):
    """A small site: an evidence with its file, an invitation, an account."""
    year = working_year()
    document = document_with(b"akta", city=year.city)
    EvidenceFactory(answer=answer_of(year, "1.2"), document=document)
    InvitationFactory(city=year.city)
    return document


@pytest.fixture
def dest(tmp_path):
    return tmp_path / "backups"


def test_a_backup_is_proven_by_bringing_it_back(live, dest, monkeypatch, capsys):
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "kla.settings")
    call_command("backup", str(dest))
    manifest = Repository(Folder(dest)).manifest()
    capsys.readouterr()

    call_command("verify_backup", str(dest))

    assert capsys.readouterr().out == (
        f"Cadangan {manifest.name} dapat dipulihkan: {sum(manifest.rows.values())} baris dan "
        "1 berkas cocok, semua pemeriksaan bersih.\n"
    )


def test_a_restored_site_makes_the_same_backup_again(live, dest, tmp_path):
    """From the engine of this run to SQLite and, on PostgreSQL, back into a fresh database."""
    call_command("backup", str(dest))
    first = Repository(Folder(dest))
    done = manage(tmp_path / "sqlite", "restore", dest)
    assert (done.returncode, done.stderr) == (0, "")
    again = tmp_path / "again"
    assert manage(tmp_path / "sqlite", "backup", again).returncode == 0
    repository = Repository(Folder(again))

    assert rows_of(repository, repository.manifest()) == rows_of(first, first.manifest())
    assert contents(repository, repository.manifest()) == {live.file.name: b"akta"}

    if connection.vendor == "postgresql":
        with fresh_database() as address:
            done = manage(tmp_path / "pg", "restore", again, database=address)
            assert (done.returncode, done.stderr) == (0, "")
            third = tmp_path / "third"
            assert manage(tmp_path / "pg", "backup", third, database=address).returncode == 0
            made = manage(
                tmp_path / "pg",
                "shell",
                "-v0",
                "-c",
                "from cities.models import User; User.objects.create_user('baru@kota.example')",
                database=address,
            )
            assert (made.returncode, made.stderr) == (0, "")  # sequences go on where rows end
        repository = Repository(Folder(third))
        assert rows_of(repository, repository.manifest()) == rows_of(first, first.manifest())


class fresh_database:  # noqa: N801 -- used as a context
    """An empty PostgreSQL database beside that of the tests; its address."""

    name = "kla_restored"

    def __enter__(self):
        self.run(f"DROP DATABASE IF EXISTS {self.name}")
        self.run(f"CREATE DATABASE {self.name}")
        address = os.environ["TEST_DATABASE_URL"]
        head, _slash, _name = address.rpartition("/")
        return f"{head}/{self.name}"

    def __exit__(self, *_error):
        self.run(f"DROP DATABASE {self.name} WITH (FORCE)")

    def run(self, statement):
        parameters = connection.get_connection_params()
        keep = {"user", "password", "host", "port"}
        with_name = {name: value for name, value in parameters.items() if name in keep}
        other = psycopg2.connect(dbname="postgres", **with_name)
        other.autocommit = True
        try:
            other.cursor().execute(statement)
        finally:
            other.close()


@once
def test_a_restore_that_was_cut_off_is_simply_run_again(live, dest, tmp_path):
    call_command("backup", str(dest))
    there = FileSystemStorage(location=tmp_path / "new" / "media")
    there.save(live.file.name, ContentFile(b"akta"))  # as far as the first attempt came
    with closing(sqlite3.connect(tmp_path / "new" / "kla.sqlite3")) as database:
        # Made by a migration, and given another name by a later one.
        database.execute("CREATE TABLE regulations_feedimport (id integer)")

    done = manage(tmp_path / "new", "restore", dest)

    assert (done.returncode, done.stderr) == (0, "")
    there = FileSystemStorage(location=tmp_path / "new" / "media")
    with there.open(live.file.name) as file:
        assert file.read() == b"akta"


@once
def test_rows_come_back_together_or_not_at_all(live, dest, tmp_path):
    call_command("backup", str(dest))
    repository = Repository(Folder(dest))
    manifest = repository.manifest()
    rows = rows_of(repository, manifest)
    rows.append(["one", "too", "many"])
    rows_sha256, _count = repository.write_lines(
        manifest.name, map(json.dumps, rows), encrypted=False, file=ROWS
    )
    repository.finish(replace(manifest, rows_sha256=rows_sha256))

    done = manage(tmp_path / "new", "restore", dest)

    assert done.returncode == 1
    assert in_sqlite(tmp_path / "new", "SELECT (SELECT COUNT(*) FROM cities_city), 0") == (0, 0)


def as_of(executor, gone):
    """The models before that migration, and every migration that builds on it."""
    later = set(executor.loader.graph.backwards_plan(gone))
    nodes = [node for node in executor.loader.graph.nodes if node not in later]
    return executor.loader.project_state(nodes).apps, later


def told_by(apps, values):
    """The lines of a dump as that version wrote them: its tables, its columns."""
    kept = None
    for value in values:
        if isinstance(value, dict):
            kept = None
            with contextlib.suppress(LookupError):
                fields = apps.get_model(value["table"])._meta.concrete_fields
                known = {field.attname for field in fields}
                kept = [place for place, name in enumerate(value["columns"]) if name in known]
            if kept is not None:
                yield json.dumps(value | {"columns": [value["columns"][place] for place in kept]})
        elif kept is not None:
            yield json.dumps([value[place] for place in kept])


def test_a_backup_of_an_older_version_is_brought_up_to_date(live, dest, tmp_path):
    """As it was before invitations had codes: without whatever came with that migration or later."""
    call_command("backup", str(dest))
    repository = Repository(Folder(dest))
    manifest = repository.manifest()
    apps, later = as_of(MigrationExecutor(connection), ("cities", "0008_invitations_without_mail"))
    lines = list(told_by(apps, rows_of(repository, manifest)))
    rows_sha256, _count = repository.write_lines(manifest.name, lines, encrypted=False, file=ROWS)
    migrations = [one for one in manifest.migrations if tuple(one) not in later]
    assert len(migrations) < len(manifest.migrations)
    told = [json.loads(line)["table"] for line in lines if line.startswith("{")]
    rows = {table: manifest.rows[table] for table in told}
    old = replace(manifest, rows=rows, rows_sha256=rows_sha256, migrations=migrations)
    repository.finish(old)

    done = manage(tmp_path / "new", "restore", dest)

    assert (done.returncode, done.stderr) == (0, "")
    codes = in_sqlite(
        tmp_path / "new", "SELECT code_hash, code_tries, handed_over_at FROM cities_invitation"
    )
    assert codes == ("", 0, None)


def test_a_backup_of_a_later_version_is_refused_before_anything_changes(live, dest, tmp_path):
    call_command("backup", str(dest))
    repository = Repository(Folder(dest))
    manifest = repository.manifest()
    migrations = [*manifest.migrations, ("cities", "0099_from_the_future")]
    repository.finish(replace(manifest, migrations=migrations))

    done = manage(tmp_path / "new", "restore", dest)

    assert done.returncode == 1
    assert done.stderr == (
        "CommandError: Pemulihan gagal: Cadangan ini dari versi KLA yang lebih baru; pasang versi "
        "itu dahulu. Tidak dikenal di sini: cities.0099_from_the_future.\n"
    )


@once
def test_a_sealed_backup_comes_back_with_the_key_file_alone(live, dest, tmp_path, settings):
    key = pyrage.x25519.Identity.generate()
    settings.KLA_BACKUP_RECIPIENTS = [str(key.to_public())]
    call_command("backup", str(dest))
    file = tmp_path / "key.txt"
    file.write_text(f"# created: 2026-11-28\n{key}\n")

    without = manage(tmp_path / "new", "restore", dest)
    done = manage(tmp_path / "new", "restore", dest, "--identity", file)

    assert without.stderr == (
        "CommandError: Pemulihan gagal: Cadangan ini terenkripsi: berikan kuncinya dengan "
        "--identity.\n"
    )
    assert (done.returncode, done.stderr) == (0, "")
    there = FileSystemStorage(location=tmp_path / "new" / "media")
    with there.open(live.file.name) as file:
        assert file.read() == b"akta"


# --- The commands' own words ------------------------------------------------------------------------


def test_a_missing_document_is_told_and_ends_in_status_1(documents, dest):
    gone = document_with(b"akta")
    documents.delete(gone.file.name)

    with pytest.raises(CommandError) as refusal:
        call_command("backup", str(dest))

    assert str(refusal.value) == f"Cadangan tersimpan, tetapi:\nhilang: {gone.file.name}"
    assert len(Repository(Folder(dest)).manifests()) == 1


def test_the_time_of_the_last_backup_is_kept_for_the_operator(documents, dest, settings):
    call_command("backup", str(dest))

    manifest = Repository(Folder(dest)).manifest()
    assert settings.KLA_BACKUP_STAMP.read_text() == manifest.at


def test_a_backup_does_not_run_beside_another(documents, dest, settings):
    with settings.KLA_BACKUP_STAMP.with_suffix(".lock").open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)

        with pytest.raises(CommandError, match=r"^Cadangan lain sedang berjalan\.$"):
            call_command("backup", str(dest))

    assert not dest.exists()


def test_a_full_disk_is_told_and_leaves_the_last_backup(documents, dest, monkeypatch):
    backup(Repository(Folder(dest)), documents)

    def full(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Repository, "store_blob", full)
    document_with(b"akta")

    with pytest.raises(CommandError) as refusal:
        call_command("backup", str(dest))

    assert str(refusal.value) == "Cadangan gagal: [Errno 28] No space left on device"
    assert len(Repository(Folder(dest)).manifests()) == 1


def test_a_key_file_that_is_not_there_is_named(dest, tmp_path):
    with pytest.raises(CommandError) as refusal:
        call_command("restore", str(dest), identity=tmp_path / "tidak-ada.txt")

    assert str(refusal.value).startswith(f"Berkas kunci {tmp_path}/tidak-ada.txt tidak terbaca: ")


def test_the_list_of_backups_needs_no_empty_site(live, dest, capsys):
    call_command("backup", str(dest))
    manifest = Repository(Folder(dest)).manifest()
    capsys.readouterr()

    call_command("restore", str(dest), "--list")

    rows = sum(manifest.rows.values())
    assert capsys.readouterr().out == f"{manifest.name}  {rows} baris  1 berkas\n"


def test_heads_that_differ_are_told(live, dest, monkeypatch):
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "kla.settings")
    call_command("backup", str(dest))
    repository = Repository(Folder(dest))
    repository.finish(replace(repository.manifest(), heads=["kota-lain kota 1 abc"]))

    with pytest.raises(CommandError) as refusal:
        call_command("verify_backup", str(dest))

    assert str(refusal.value) == (
        "Kode keaslian terakhir berbeda dari yang dicatat saat cadangan dibuat."
    )


def test_a_stream_of_any_length_is_kept(repository):
    content = b"x" * (3 * 1024 * 1024 + 1)

    sha256, size = repository.store_blob(BytesIO(content))

    assert (sha256, size) == (hashlib.sha256(content).hexdigest(), len(content))

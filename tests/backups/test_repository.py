"""What a repository keeps, refuses and forgets."""

import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pyrage
import pytest
from django.core.files.base import ContentFile
from hypothesis import given
from hypothesis import strategies as st

from backups.repository import (
    FILES,
    ROWS,
    BackupError,
    Manifest,
    Repository,
    StoredFile,
    names_to_keep,
    run_name,
)

AT = datetime(2026, 11, 28, 2, 0, tzinfo=UTC)


def finished(repository, at=AT, contents=(b"satu",)):
    """A complete run with one row and these files."""
    name = run_name(at)
    stored = []
    for number, content in enumerate(contents):
        sha256, size = repository.store_blob(io.BytesIO(content))
        stored.append({"path": f"d/{number}", "sha256": sha256, "size": size, "modified": 1.5})
    rows_sha256, _count = repository.write_lines(name, ["[1]"], encrypted=True, file=ROWS)
    files_sha256, files = repository.write_lines(
        name, map(json.dumps, stored), encrypted=False, file=FILES
    )
    manifest = Manifest(
        name=name,
        at=at.isoformat(),
        rows={"cities.city": 1},
        rows_sha256=rows_sha256,
        files=files,
        files_sha256=files_sha256,
        bytes=sum(map(len, contents)),
        migrations=[("cities", "0001_initial")],
        key_set=repository.key_set,
    )
    repository.finish(manifest)
    return manifest


def every_file(folder, path=""):
    folders, files = folder.listdir(path)
    found = [f"{path}/{name}".lstrip("/") for name in files]
    for name in folders:
        found += every_file(folder, f"{path}/{name}".lstrip("/"))
    return sorted(found)


def refused(act):
    with pytest.raises(BackupError) as refusal:
        act()
    return str(refusal.value)


def test_a_manifest_comes_back_as_it_was_written(repository):
    manifest = finished(repository)

    assert repository.manifests() == [manifest]
    assert repository.manifest() == manifest
    assert repository.manifest(manifest.name) == manifest


def test_the_newest_run_is_meant_where_none_is_named(repository):
    finished(repository, AT - timedelta(days=1))
    newest = finished(repository)

    assert repository.manifest() == newest


def test_an_empty_place_says_so(repository):
    assert refused(repository.manifest) == "Tidak ada cadangan yang lengkap di tempat ini."


def test_an_unknown_run_is_answered_with_the_known_ones(repository):
    finished(repository)

    assert refused(lambda: repository.manifest("20200101T000000Z")) == (
        "Tidak ada cadangan lengkap bernama 20200101T000000Z. Yang ada: 20261128T020000Z."
    )


def test_a_run_without_its_manifest_is_no_run(repository, folder):
    whole = finished(repository, AT - timedelta(days=1))
    cut_off = finished(repository)
    folder.delete(f"runs/{cut_off.name}/manifest.json")

    assert repository.manifests() == [whole]


def test_half_a_manifest_is_none(repository, folder):
    manifest = finished(repository)
    path = f"runs/{manifest.name}/manifest.json"
    with folder.open(path) as file:
        text = file.read()
    folder.delete(path)
    folder.save(path, ContentFile(text[: len(text) // 2]))

    assert repository.manifests() == []


def test_a_manifest_of_another_format_is_not_guessed_at(repository):
    manifest = finished(repository)
    repository.finish(replace(manifest, format=2))

    assert refused(repository.manifests) == (
        "Cadangan 20261128T020000Z ditulis oleh KLA versi lain (format 2, di sini 1)."
    )


def test_the_same_content_is_kept_once(repository, folder):
    finished(repository, AT - timedelta(days=1), [b"sama", b"sama"])
    finished(repository, AT, [b"sama", b"lain"])

    blobs = [path for path in every_file(folder) if path.startswith("blobs/plain/")]
    assert len(blobs) == 2


def test_a_blob_that_was_cut_off_is_written_anew(repository, folder):
    sha256, _size = repository.store_blob(io.BytesIO(b"seluruhnya"))
    path = f"blobs/plain/{sha256[:2]}/{sha256}"
    folder.delete(path)
    folder.save(path, ContentFile(b"selu"))

    repository.store_blob(io.BytesIO(b"seluruhnya"))

    with repository.blob(sha256, "plain") as content:
        assert content.read() == b"seluruhnya"


@pytest.mark.parametrize(
    "spoil", [b"", b"berubah!", b"seluruhnyA"], ids=["empty", "exchanged", "flipped"]
)
def test_a_spoilt_blob_is_never_handed_out(repository, folder, spoil):
    sha256, _size = repository.store_blob(io.BytesIO(b"seluruhnya"))
    path = f"blobs/plain/{sha256[:2]}/{sha256}"
    folder.delete(path)
    folder.save(path, ContentFile(spoil))

    def read():
        with repository.blob(sha256, "plain") as content:
            content.read()

    assert refused(read) == f"Isi berkas {sha256} dalam cadangan berubah atau rusak."


def test_a_lost_blob_is_named(repository):
    def read():
        with repository.blob("ab" * 32, "plain"):
            pass

    assert refused(read) == f"Berkas blobs/plain/ab/{'ab' * 32} hilang dari cadangan."


@pytest.mark.parametrize("file", [ROWS, FILES])
def test_lines_that_changed_are_noticed_before_the_first_is_read(repository, file):
    manifest = finished(repository)
    repository.write_lines(manifest.name, ["[2]"], encrypted=False, file=file)

    def read():
        with repository.lines(manifest, file):
            pass

    assert refused(read) == (
        f"runs/{manifest.name}/{file} dalam cadangan berubah: kode keaslian SHA-256 tidak cocok."
    )


def test_lines_that_were_cut_off_are_damage(repository, folder):
    manifest = finished(repository)
    path = f"runs/{manifest.name}/{ROWS}"
    with folder.open(path) as file:
        packed = file.read()
    folder.delete(path)
    folder.save(path, ContentFile(packed[:-6]))

    def read():
        with repository.lines(manifest, ROWS):
            pass

    assert refused(read).startswith(f"{path} dalam cadangan rusak: ")


def test_a_folder_of_somebody_else_is_left_alone(repository, folder):
    folder.save("runs/catatan/isi.txt", ContentFile(b"bukan cadangan"))
    finished(repository)

    assert repository.remove_all_but([]) == ["20261128T020000Z"]
    assert every_file(folder) == ["runs/catatan/isi.txt"]


# --- Keys ---------------------------------------------------------------------------------------


@pytest.fixture
def key():
    return pyrage.x25519.Identity.generate()


@pytest.fixture
def sealed(folder, key):
    return Repository(folder, recipients=[str(key.to_public())], identities=[str(key)])


def test_what_is_sealed_opens_with_its_key_only(sealed, folder, key):
    manifest = finished(sealed, contents=[b"rahasia"])

    stored = next(sealed.files_of(manifest))
    with sealed.blob(stored.sha256, manifest.key_set) as content:
        assert content.read() == b"rahasia"
    with sealed.lines(manifest, ROWS) as lines:
        assert list(lines) == ["[1]"]
    for path in every_file(folder):
        with folder.open(path) as file:
            assert b"rahasia" not in file.read()

    stranger = Repository(folder, identities=[str(pyrage.x25519.Identity.generate())])

    def read():
        with stranger.blob(stored.sha256, manifest.key_set):
            pass

    assert "tidak dapat dibuka dengan kunci ini, atau rusak" in refused(read)


def test_the_machine_that_seals_cannot_open(folder, key):
    writing = Repository(folder, recipients=[str(key.to_public())])
    manifest = finished(writing)

    def read():
        with writing.lines(manifest, ROWS) as lines:
            list(lines)

    assert refused(read) == "Cadangan ini terenkripsi: berikan kuncinya dengan --identity."


def test_another_key_means_other_files(folder, key):
    finished(Repository(folder, recipients=[str(key.to_public())]), contents=[b"sama"])
    other = pyrage.x25519.Identity.generate()
    renewed = Repository(folder, recipients=[str(other.to_public())], identities=[str(other)])

    manifest = finished(renewed, AT + timedelta(days=1), [b"sama"])

    stored = next(renewed.files_of(manifest))
    with renewed.blob(stored.sha256, manifest.key_set) as content:
        assert content.read() == b"sama"


def test_the_order_in_which_keys_are_named_does_not_matter(folder, key):
    keys = [str(key.to_public()), str(pyrage.x25519.Identity.generate().to_public())]

    assert (
        Repository(folder, recipients=keys).key_set
        == Repository(folder, recipients=[f" {one} " for one in reversed(keys)]).key_set
    )


@pytest.mark.parametrize("text", ["age1bukan", "ssh-ed25519 bukan", "sandi"])
def test_what_is_no_public_key_is_refused(folder, text):
    assert refused(lambda: Repository(folder, recipients=[text])) == (
        f"“{text}” bukan kunci publik age (age1…) atau SSH (ssh-ed25519 …)."
    )


@pytest.mark.parametrize("text", ["", "# hanya komentar\n", "AGE-SECRET-KEY-1BUKAN"])
def test_what_is_no_secret_key_is_refused(folder, text):
    assert refused(lambda: Repository(folder, identities=[text])) == (
        "Berkas kunci bukan kunci rahasia age atau OpenSSH."
    )


def test_a_key_file_may_begin_with_remarks(folder, key):
    text = f"# created: 2026-11-28\n# public key: {key.to_public()}\n{key}\n"

    assert len(Repository(folder, identities=[text]).identities) == 1


# --- What is kept -------------------------------------------------------------------------------


def test_removing_a_run_removes_what_it_alone_needed(repository, folder):
    old = finished(repository, AT - timedelta(days=1), [b"hanya lama", b"bersama"])
    new = finished(repository, AT, [b"bersama", b"hanya baru"])

    assert repository.remove_all_but([new.name]) == [old.name]

    assert repository.manifests() == [new]
    for stored in repository.files_of(new):
        with repository.blob(stored.sha256, "plain"):
            pass
    assert len([path for path in every_file(folder) if path.startswith("blobs/")]) == 2


def test_a_run_that_was_cut_off_goes_with_the_next_retention(repository, folder):
    cut_off = finished(repository, AT - timedelta(days=1))
    folder.delete(f"runs/{cut_off.name}/manifest.json")
    new = finished(repository)

    assert repository.remove_all_but([new.name]) == [cut_off.name]


def manifest_at(at):
    return Manifest(
        name=run_name(at),
        at=at.isoformat(),
        rows={},
        rows_sha256="",
        files=0,
        files_sha256="",
        bytes=0,
        migrations=[],
    )


def test_seven_days_five_weeks_and_the_months_are_kept():
    nights = [manifest_at(AT - timedelta(days=days)) for days in range(400)]

    kept = names_to_keep(nights, daily=7, weekly=5, monthly=24)

    days = [f"202611{day:02}T020000Z" for day in range(22, 29)]
    sundays = ["20261101T020000Z", "20261108T020000Z", "20261115T020000Z"]
    months = [
        "20251031T020000Z",
        "20251130T020000Z",
        "20251231T020000Z",
        "20260131T020000Z",
        "20260228T020000Z",
        "20260331T020000Z",
        "20260430T020000Z",
        "20260531T020000Z",
        "20260630T020000Z",
        "20260731T020000Z",
        "20260831T020000Z",
        "20260930T020000Z",
        "20261031T020000Z",
    ]
    assert kept == sorted([*days, *sundays, *months])


@given(
    st.lists(st.integers(0, 60 * 24 * 800), min_size=1, max_size=60, unique=True),
    st.integers(1, 10),
    st.integers(0, 10),
    st.integers(0, 30),
)
def test_retention_keeps_the_newest_and_is_at_rest_after_one_turn(minutes, daily, weekly, monthly):
    runs = [manifest_at(AT - timedelta(minutes=one)) for one in minutes]

    kept = names_to_keep(runs, daily=daily, weekly=weekly, monthly=monthly)

    assert max(run.name for run in runs) in kept
    assert len(kept) <= daily + weekly + monthly
    left = [run for run in runs if run.name in kept]
    assert names_to_keep(left, daily=daily, weekly=weekly, monthly=monthly) == kept


def test_a_stored_file_is_what_its_line_says(repository):
    manifest = finished(repository, contents=[b"isi"])

    assert list(repository.files_of(manifest)) == [
        StoredFile(
            path="d/0",
            sha256="55c123196402ef4b16c36bad51f12467397146987c479d41375831d1de9ed935",
            size=3,
            modified=1.5,
        )
    ]

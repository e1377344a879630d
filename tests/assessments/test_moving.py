"""Documents change their place while people work: each whole, none lost, none twice."""

import hashlib
import io
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.management import CommandError, call_command

from assessments.models import Rendition, SupportingDocument
from assessments.models.rendition import RenditionState, rendition_name
from assessments.services.moving import UNDER_WAY, Outcome, move_files
from kla.two_places import TwoPlaces
from tests.assessments.situations import hand_in
from tests.backups.conftest import s3_address  # noqa: F401  # a fixture
from tests.factories.assessments import NOW, SupportingDocumentFactory
from tests.site.test_bucket_storage import storage as bucket  # noqa: F401  # a fixture

pytestmark = pytest.mark.django_db

FOLDER = "django.core.files.storage.FileSystemStorage"


@pytest.fixture
def folder(media_root):
    """Where the site's documents lie."""
    return FileSystemStorage(media_root)


@pytest.fixture(params=["folder", "bucket"])
def other(request, tmp_path):
    if request.param == "folder":
        return FileSystemStorage(tmp_path / "other")
    return request.getfixturevalue("bucket")


def documents(*titles):
    return [SupportingDocumentFactory(title=title) for title in titles]


def with_rendition(document, content=b"pratinjau"):
    row = Rendition(document=document, state=RenditionState.READY, media_type="text/plain")
    row.size, row.sha256 = len(content), hashlib.sha256(content).hexdigest()
    row.source_sha256, row.rules, row.made_at = document.sha256, 1, NOW
    row.file = default_storage.save(rendition_name(row, ""), ContentFile(content))
    row.save()
    return row


def content_of(storage, name):
    with storage.open(name) as file:
        return file.read()


def files_in(storage):
    found = {}

    def look(path):
        try:
            folders, files = storage.listdir(path)
        except FileNotFoundError:
            return
        for name in files:
            full = f"{path}/{name}".lstrip("/")
            found[full] = content_of(storage, full)
        for name in folders:
            look(f"{path}/{name}".lstrip("/"))

    look("")
    return found


def test_all_of_it_goes_over_and_comes_back(folder, other):
    one, two = documents("Perda KLA", "SK Gugus Tugas")
    with_rendition(one)
    before = files_in(folder)

    there = move_files(source=folder, target=other)
    moved = files_in(other)
    left = files_in(folder)
    back = move_files(source=other, target=folder)

    assert set(before.values()) == {b"Perda KLA", b"SK Gugus Tugas", b"pratinjau"}
    assert two.file.name in before
    assert (there, moved, left) == ({Outcome.MOVED: 3}, before, {})
    assert (back, files_in(other), files_in(folder)) == ({Outcome.MOVED: 3}, {}, before)


def test_a_second_run_finds_nothing_to_do(folder, other):
    documents("Perda KLA")
    move_files(source=folder, target=other)

    assert move_files(source=folder, target=other) == {}
    assert len(files_in(other)) == 1


def test_with_keep_they_are_in_both(folder, other):
    documents("Perda KLA")
    before = files_in(folder)

    first = move_files(source=folder, target=other, keep=True)
    second = move_files(source=folder, target=other, keep=True)

    assert (first, second) == ({Outcome.MOVED: 1}, {Outcome.ALREADY: 1})
    assert files_in(folder) == files_in(other) == before


def test_what_a_killed_run_left_in_both_is_only_taken_out_of_the_old(folder, other):
    [one] = documents("Perda KLA")
    other.save(one.file.name, ContentFile(b"Perda KLA"))

    assert move_files(source=folder, target=other) == {Outcome.ALREADY: 1}
    assert (files_in(folder), files_in(other)) == ({}, {one.file.name: b"Perda KLA"})


@pytest.mark.parametrize("half", [b"", b"Perda", b"Perdb KLA"])
def test_half_of_a_file_in_the_new_place_is_replaced(folder, other, half):
    [one] = documents("Perda KLA")
    other.save(one.file.name, ContentFile(half))

    assert move_files(source=folder, target=other) == {Outcome.MOVED: 1}
    assert files_in(other) == {one.file.name: b"Perda KLA"}


def test_what_a_run_that_was_killed_had_under_way_is_written_anew(folder, tmp_path):
    other = FileSystemStorage(tmp_path / "other")
    [one] = documents("Perda KLA")
    other.save(f"{one.file.name}{UNDER_WAY}", ContentFile(b"Per"))

    assert move_files(source=folder, target=other) == {Outcome.MOVED: 1}
    assert files_in(other) == {one.file.name: b"Perda KLA"}


def test_one_that_is_not_what_was_handed_in_stays_and_is_named(folder, other):
    right, wrong = documents("Perda KLA", "SK Gugus Tugas")
    Path(folder.path(wrong.file.name)).write_bytes(b"SK Gugus Tugaz")

    assert move_files(source=folder, target=other) == {Outcome.MOVED: 1, Outcome.DAMAGED: 1}
    assert files_in(other) == {right.file.name: b"Perda KLA"}
    assert files_in(folder) == {wrong.file.name: b"SK Gugus Tugaz"}


def test_what_no_record_names_stays(folder, other):
    documents("Perda KLA")
    names = ["documents/ab/catatan.txt", f"documents/ab/{'ab' * 16}", "renditions/x"]
    for name in names:
        folder.save(name, ContentFile(b"?"))

    assert move_files(source=folder, target=other) == {Outcome.MOVED: 1, Outcome.UNKNOWN: 3}
    assert sorted(files_in(folder)) == sorted(names)


class Meanwhile(FileSystemStorage):
    """Somebody does something right after a file was stored or before it is opened."""

    deed = None

    def save(self, *args, **kwargs):
        saved = super().save(*args, **kwargs)
        self._do()
        return saved

    def _do(self):
        deed, self.deed = self.deed, None
        if deed:
            deed()


def test_one_that_is_taken_back_while_it_moves_is_in_neither_place(folder, tmp_path):
    [one] = documents("Perda KLA")
    other = Meanwhile(tmp_path / "other")
    name = one.file.name

    def take_back():
        """As `remove_files_of`: the row, then the file where the site knows it."""
        SupportingDocument.objects.filter(pk=one.pk).delete()
        folder.delete(name)
        other.delete(name)

    other.deed = take_back

    assert move_files(source=folder, target=other) == {Outcome.GONE: 1}
    assert (files_in(folder), files_in(other)) == ({}, {})


def test_progress_is_told_after_each_folder_of_files(folder, other):
    documents("Satu", "Dua")
    told = []

    move_files(source=folder, target=other, told=lambda done: told.append(done.total()))

    assert told == [2]


def test_a_few_queries_a_batch_and_two_a_file(folder, other, django_assert_max_num_queries):
    documents(*[f"Dokumen {number}" for number in range(5)])

    with django_assert_max_num_queries(2 + 2 * 5):
        move_files(source=folder, target=other)


# --- While it moves -------------------------------------------------------------------------------


@pytest.fixture
def both(folder, tmp_path):
    """New ones go to another folder; some still lie in that of before."""
    return TwoPlaces(
        {"BACKEND": FOLDER, "OPTIONS": {"location": tmp_path / "new"}},
        {"BACKEND": FOLDER, "OPTIONS": {"location": folder.location}},
    )


def test_what_lies_in_either_place_is_found(both):
    both.first.save("documents/ab/new", ContentFile(b"new"))
    both.second.save("documents/ab/old", ContentFile(b"older"))
    both.second.save("documents/cd/old", ContentFile(b"older"))

    assert [content_of(both, f"documents/ab/{name}") for name in ("new", "old")] == [
        b"new",
        b"older",
    ]
    assert [both.size(f"documents/ab/{name}") for name in ("new", "old")] == [3, 5]
    assert both.listdir("documents") == (["ab", "cd"], [])
    assert both.listdir("documents/ab") == ([], ["new", "old"])
    assert not both.exists("documents/ab/none")
    for ask in (both.open, both.size, both.listdir):
        with pytest.raises(FileNotFoundError):
            ask("none/at/all")


def test_new_ones_go_to_the_first_and_never_over_an_old_one(both):
    both.second.save("documents/ab/x", ContentFile(b"old"))

    assert both.save("documents/ab/y", ContentFile(b"new")) == "documents/ab/y"
    assert both.save("documents/ab/x", ContentFile(b"new")) != "documents/ab/x"
    assert content_of(both, "documents/ab/x") == b"old"
    assert len(files_in(both.second)) == 1


def test_what_is_removed_is_removed_in_both(both):
    for place in both.places:
        place.save("documents/ab/x", ContentFile(b"x"))

    both.delete("documents/ab/x")

    assert not both.exists("documents/ab/x")
    assert files_in(both.first) == files_in(both.second) == {}


def test_one_that_moves_between_two_looks_is_found(both, monkeypatch):
    both.second.save("documents/ab/x", ContentFile(b"x"))
    plainly = both.first.open
    looks = []

    def open_first(name, mode="rb"):
        looks.append(name)
        if len(looks) == 1:
            both.first.save(name, ContentFile(b"x"))
            both.second.delete(name)
            raise FileNotFoundError(name)
        return plainly(name, mode)

    monkeypatch.setattr(both.first, "open", open_first)

    assert content_of(both, "documents/ab/x") == b"x"
    assert len(looks) == 2


# --- The command ----------------------------------------------------------------------------------


def run(*arguments):
    out = io.StringIO()
    try:
        call_command("move_documents", *arguments, stdout=out)
    except CommandError as error:
        return error.returncode, str(error)
    return 0, out.getvalue().splitlines()[-1]


@pytest.fixture
def moving(settings, both):
    """The site while its documents move."""
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "kla.two_places.TwoPlaces",
            "OPTIONS": {
                "first": {"BACKEND": FOLDER, "OPTIONS": {"location": both.first.location}},
                "second": {"BACKEND": FOLDER},
            },
        }
    }
    return both


def test_without_an_old_place_it_says_what_to_set():
    code, said = run()

    assert code == 2
    assert said.startswith("KLA_DOCUMENTS_ALSO_FROM belum diisi")


def test_it_moves_what_lies_in_the_old_place_and_says_how_many(moving):
    one, two = documents("Satu", "Dua")  # stored in the new place already
    moving.second.save(one.file.name, ContentFile(b"Satu"))
    moving.first.delete(one.file.name)

    assert run() == (0, "1 dipindahkan")
    assert run() == (0, "Tidak ada yang perlu dipindahkan.")
    assert files_in(moving.first) == {one.file.name: b"Satu", two.file.name: b"Dua"}
    assert files_in(moving.second) == {}


def test_what_had_to_stay_ends_in_status_1(moving):
    moving.second.save("documents/ab/catatan", ContentFile(b"?"))

    code, said = run("--keep")

    assert (code, said.partition(".")[0]) == (1, "Sebagian berkas tetap di tempat lama")


# --- A storage that is away -----------------------------------------------------------------------


class Away(FileSystemStorage):
    def delete(self, name):
        raise OSError(f"{name} could not be asked for")

    def save(self, *_args, **_kwargs):
        raise OSError("away")


def test_a_document_that_cannot_be_stored_is_refused_in_words(answer, staff, settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "tests.assessments.test_moving.Away",
            "OPTIONS": {"location": tmp_path / "away"},
        }
    }

    with pytest.raises(ValidationError) as refused:
        hand_in(answer, by=staff.user)

    assert refused.value.code == "storage"
    assert not SupportingDocument.objects.exists()

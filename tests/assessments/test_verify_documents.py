"""Reading everything again: each kind of damage is named, nothing else is."""

import hashlib
import io
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.models import SupportingDocument
from tests.assessments.situations import hand_in
from tests.factories.assessments import SupportingDocumentFactory

pytestmark = pytest.mark.django_db


def stored(title="Perda KLA", **fields):
    """A document whose content is its title, and whose record agrees with it."""
    digest = hashlib.sha256(title.encode()).hexdigest()
    return SupportingDocumentFactory(title=title, sha256=digest, **fields)


def path_of(document):
    return Path(document.file.path)


def verify(*arguments):
    out = io.StringIO()
    try:
        call_command("verify_documents", *arguments, stdout=out)
    except CommandError as error:
        return error.returncode, [*out.getvalue().splitlines(), str(error)]
    return 0, out.getvalue().splitlines()


def told(damage, document):
    return f"{damage}: {document.file.name} ({document.city}, “{document.title}”)"


def counted(findings, documents):
    return f"{findings} temuan pada {documents} berkas. Pulihkan berkasnya dari cadangan."


def test_nothing_stored_is_nothing_wrong():
    assert verify() == (0, ["0 berkas utuh."])


def test_whole_documents_are_counted(answer, staff):
    stored()
    hand_in(answer, by=staff.user)

    assert verify() == (0, ["2 berkas utuh."])


def test_one_flipped_byte_is_found():
    stored("tetap utuh")
    document = stored()
    path_of(document).write_bytes(b"Perdb KLA")

    assert verify() == (1, [told("berubah isi", document), counted(1, 2)])


@pytest.mark.parametrize("content", [b"Perda", b"", b"Perda KLA dan lebih"])
def test_a_file_cut_off_or_grown_is_found(content):
    document = stored()
    path_of(document).write_bytes(content)

    assert verify() == (1, [told("berubah ukuran", document), counted(1, 1)])


def test_a_deleted_file_is_found():
    document = stored()
    path_of(document).unlink()

    assert verify() == (1, [told("hilang", document), counted(1, 1)])


def test_two_files_that_changed_places_are_both_found():
    one, two = sorted((stored("Satu"), stored("Dua.")), key=lambda document: document.pk)
    one_path, two_path = path_of(one), path_of(two)
    aside = one_path.with_suffix(".tmp")
    one_path.rename(aside)
    two_path.rename(one_path)
    aside.rename(two_path)

    assert verify() == (
        1,
        [told("berubah isi", one), told("berubah isi", two), counted(2, 2)],
    )


def test_a_file_that_no_record_names_is_found(media_root):
    stored()
    orphan = media_root / "documents" / "ab" / "abcdef"
    orphan.parent.mkdir(exist_ok=True)
    orphan.write_bytes(b"?")

    assert verify() == (1, ["tanpa pemilik: documents/ab/abcdef", counted(1, 1)])


def test_a_file_that_the_system_refuses_to_read_is_found(monkeypatch):
    document = stored()
    refusal = PermissionError(13, "Permission denied")
    monkeypatch.setattr(FileSystemStorage, "_open", lambda *_: (_ for _ in ()).throw(refusal))

    assert verify() == (1, [told("tidak terbaca", document), counted(1, 1)])


def test_every_kind_of_damage_is_told_at_once(media_root):
    flipped, cut, lost = sorted((stored(f"Surat {n}") for n in range(3)), key=lambda d: d.pk)
    path_of(flipped).write_bytes(b"Surut 0")
    path_of(cut).write_bytes(b"Sur")
    path_of(lost).unlink()
    (media_root / "documents" / "sisa").write_bytes(b"?")

    assert verify() == (
        1,
        [
            told("berubah isi", flipped),
            told("berubah ukuran", cut),
            told("hilang", lost),
            "tanpa pemilik: documents/sisa",
            counted(4, 3),
        ],
    )


def test_one_city_can_be_looked_at_alone(media_root):
    ours, theirs = stored("kita"), stored("mereka")
    path_of(theirs).unlink()
    (media_root / "documents" / "sisa").write_bytes(b"?")

    assert verify("--city", ours.city.slug) == (0, ["1 berkas utuh."])
    assert verify("--city", theirs.city.slug) == (1, [told("hilang", theirs), counted(1, 1)])


def test_an_unknown_city_is_said_to_be_unknown():
    assert verify("--city", "atlantis") == (2, ["Tidak ada kota dengan alamat atlantis."])


def test_a_document_taken_back_meanwhile_is_not_missing(monkeypatch):
    document = stored()

    def withdraw_first(storage, name, mode="rb"):
        document.delete()
        raise FileNotFoundError(name)

    monkeypatch.setattr(FileSystemStorage, "_open", withdraw_first)

    assert verify() == (0, ["1 berkas utuh."])


def test_a_document_handed_in_meanwhile_is_no_orphan(monkeypatch):
    """Its file is there before its record is."""
    stored()
    newcomer = stored("baru")
    SupportingDocument.objects.filter(pk=newcomer.pk).delete()
    whole = FileSystemStorage._open

    def record_first(storage, name, mode="rb"):
        newcomer.save(force_insert=True)
        return whole(storage, name, mode)

    monkeypatch.setattr(FileSystemStorage, "_open", record_first)

    assert verify() == (0, ["1 berkas utuh."])


def test_thirty_damaged_documents_cost_no_more_queries_than_one(media_root):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            verify()
        return len(captured)

    (media_root / "documents").mkdir(parents=True)
    (media_root / "documents" / "sisa").write_bytes(b"?")
    path_of(stored()).unlink()
    one = queries()
    for number in range(29):
        path_of(stored(f"Surat {number}")).unlink()

    assert (one, queries()) == (8, 8)

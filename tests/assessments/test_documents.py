"""Handing in documents and taking them back."""

import errno
import re
import stat
from datetime import date
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.db import DatabaseError

from assessments.choices import Stage, TrailEvent, Verdict
from assessments.models import Activity, Evidence, SupportingDocument
from assessments.services import documents
from assessments.services.documents import CheckedFile, withdraw_evidence
from assessments.services.review import return_evidence
from clusters.models import EvidenceKind
from tests.assessments.situations import (
    NOW,
    checked,
    everything,
    hand_in,
    history,
    later,
    overtaken,
    refused,
    secretary_of,
    set_stage,
    stored_files,
)
from tests.factories.assessments import EvidenceFactory, answer_of
from tests.factories.clusters import make_instrument, small_spec
from tests.factories.facilities import FacilityPhotoFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def full_disk(monkeypatch):
    """A storage that writes a few bytes and then finds no more room."""

    def save_half(storage, name, content):
        path = Path(storage.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.read(3))
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", save_half)


def withdraw(evidence, *, by, at=NOW):
    withdraw_evidence(evidence_id=evidence.pk, by=by, at=at)


def content_of(document):
    with document.file.open("rb") as file:
        return file.read()


# --- Handing in -------------------------------------------------------------------------------


def test_a_document_is_offered_for_its_question_with_everything_said_of_it(year, answer, staff):
    said = {
        "title": "Perda Kota Layak Anak",
        "number": "5/2025",
        "issued_on": date(2025, 3, 1),
        "period_start": date(2025, 1, 1),
        "period_end": date(2025, 12, 31),
    }
    file = checked(b"isi perda", name="perda kla.pdf")

    [evidence] = hand_in(answer, by=staff.user, at=later(), files=[file], opd=staff.opd, **said)

    document = evidence.document
    assert (evidence.answer, evidence.verdict, evidence.offered_at) == (
        answer,
        Verdict.WAITING,
        later(),
    )
    assert {field: getattr(document, field) for field in said} == said
    assert (document.city, document.opd) == (year.city, staff.opd)
    assert (document.uploaded_by, document.uploaded_at) == (staff.user, later())
    assert (document.original_name, document.media_type) == ("perda kla.pdf", "application/pdf")
    assert (document.size, document.sha256) == (9, file.facts.sha256)
    assert content_of(document) == b"isi perda"
    assert history(year)[-1] == (
        TrailEvent.DOCUMENT_UPLOADED,
        "Perda Kota Layak Anak",
        staff.user,
        later(),
    )


def test_without_a_title_the_name_of_the_file_is_the_title(answer, staff):
    [evidence] = hand_in(answer, by=staff.user, files=[checked(name="SK Gugus Tugas.2025.pdf")])

    assert evidence.document.title == "SK Gugus Tugas.2025"


def test_several_files_become_a_document_each(answer, staff):
    files = [checked(b"satu", "satu.pdf"), checked(b"dua", "dua.pdf")]

    offered = hand_in(answer, by=staff.user, files=files)

    assert [evidence.document.title for evidence in offered] == ["satu", "dua"]
    assert [content_of(evidence.document) for evidence in offered] == [b"satu", b"dua"]
    assert len(stored_files()) == 2


@pytest.mark.parametrize("name", ["../../etc/passwd.pdf", "/abs.pdf", "a\r\nb.pdf", "x" * 300])
def test_on_disk_a_document_has_a_random_name_that_only_its_owner_may_read(
    answer, staff, media_root, name
):
    file = checked()
    file.file._name = name  # as a browser could send it, past Django's own trimming

    hand_in(answer, by=staff.user, files=[CheckedFile(file.file, file.facts)])

    [path] = stored_files()
    assert re.fullmatch(r"documents/([0-9a-f]{2})/\1[0-9a-f]{30}", path)
    assert stat.S_IMODE((media_root / path).stat().st_mode) == 0o600
    assert stat.S_IMODE((media_root / path).parent.stat().st_mode) == 0o700


def test_a_better_paper_answers_the_returned_one_of_its_kind_only(answer, staff):
    perda, foto = answer.question.evidence_kinds.order_by("position")
    old = EvidenceFactory(answer=answer, kind=perda, returned=True)
    other_kind = EvidenceFactory(answer=answer, kind=foto, returned=True)

    [new] = hand_in(answer, by=staff.user, kind=perda)

    old.refresh_from_db()
    other_kind.refresh_from_db()
    assert (old.superseded_by, other_kind.superseded_by) == (new, None)


# --- Refusals leave nothing -------------------------------------------------------------------


def test_a_kind_that_the_question_does_not_ask_for_is_refused(year):
    photos_only = answer_of(year, "2a.2")

    with refused("wrong_kind"):
        hand_in(photos_only, kind=EvidenceKind.objects.get(code="perda"))


def test_a_kind_of_another_instrument_is_refused(answer, staff):
    other = make_instrument(small_spec(code="kecil-2027"))

    with refused("wrong_kind"):
        hand_in(answer, by=staff.user, kind=other.evidence_kinds.get(code="perda"))


@pytest.mark.parametrize("verdict", [{}, {"returned": True}, {"accepted": True}])
def test_the_same_content_is_not_handed_in_twice_for_a_question(answer, staff, verdict):
    file = checked()
    EvidenceFactory(answer=answer, document__sha256=file.facts.sha256, **verdict)

    with refused("already_offered"):
        hand_in(answer, by=staff.user, files=[checked(b"baru", "baru.pdf"), file])


def test_the_same_file_twice_in_one_upload_is_refused_whole(answer, staff):
    with refused("already_offered"):
        hand_in(answer, by=staff.user, files=[checked(name="a.pdf"), checked(name="b.pdf")])


def test_a_closed_year_takes_no_documents(year, answer, staff):
    set_stage(assessment_id=year.pk, stage=Stage.CLOSED, at=NOW)

    with refused("closed"):
        hand_in(answer, by=staff.user)


@pytest.mark.usefixtures("full_disk")
def test_a_full_disk_is_told_and_leaves_no_half_a_file(answer, staff):
    with refused("storage") as refusal:
        hand_in(answer, by=staff.user)

    assert "penuh" in refusal.value.messages[0]


def test_a_disk_that_fills_up_at_the_second_file_takes_the_first_away_again(
    answer, staff, monkeypatch
):
    real_save = FileSystemStorage._save

    def save_one(storage, name, content):
        if stored_files():
            raise OSError(errno.EIO, "Input/output error")
        return real_save(storage, name, content)

    monkeypatch.setattr(FileSystemStorage, "_save", save_one)

    with refused("storage") as refusal:
        hand_in(answer, by=staff.user, files=[checked(b"1", "1.pdf"), checked(b"2", "2.pdf")])

    assert "penuh" not in refusal.value.messages[0]


@pytest.mark.usefixtures("full_disk")
def test_a_refused_upload_never_removes_a_file_that_bears_its_name(answer, staff, media_root):
    media_root.mkdir()
    (media_root / "surat.pdf").write_bytes(b"milik orang lain")

    with pytest.raises(ValidationError):
        hand_in(answer, by=staff.user, files=[checked(name="surat.pdf")])

    assert stored_files() == ["surat.pdf"]


def test_a_database_that_fails_midway_leaves_no_file(answer, staff, monkeypatch):
    def fail(*args, **kwargs):
        raise DatabaseError("connection lost")

    before = everything()
    monkeypatch.setattr(documents, "record", fail)

    with pytest.raises(DatabaseError):
        hand_in(answer, by=staff.user)

    assert everything() == before


def test_content_that_breaks_off_while_it_is_read_leaves_no_file(answer, staff):
    class Broken(ContentFile):
        def chunks(self, chunk_size=None):
            yield b"separuh"
            raise ConnectionResetError(errno.ECONNRESET, "Connection reset by peer")

    file = CheckedFile(Broken(b"isi", "putus.pdf"), checked().facts)

    with refused("storage"):
        hand_in(answer, by=staff.user, files=[file])


# --- Taking back ------------------------------------------------------------------------------


def test_a_withdrawn_document_goes_with_its_file_once_that_is_certain(
    year, answer, staff, django_capture_on_commit_callbacks
):
    [evidence] = hand_in(answer, by=staff.user, title="Foto kegiatan")

    with django_capture_on_commit_callbacks() as callbacks:
        withdraw(evidence, by=staff.user, at=later())
        assert len(stored_files()) == 1  # the deed could still be undone

    [remove] = callbacks
    remove()
    assert (stored_files(), SupportingDocument.objects.count(), Evidence.objects.count()) == (
        [],
        0,
        0,
    )
    assert history(year)[-1] == (
        TrailEvent.DOCUMENT_WITHDRAWN,
        "Foto kegiatan",
        staff.user,
        later(),
    )


def test_a_document_that_also_proves_another_question_stays(
    year, answer, staff, django_capture_on_commit_callbacks
):
    [evidence] = hand_in(answer, by=staff.user)
    elsewhere = EvidenceFactory(answer=answer_of(year, "2a.2"), document=evidence.document)

    with django_capture_on_commit_callbacks(execute=True):
        withdraw(evidence, by=staff.user)

    assert [row.pk for row in Evidence.objects.all()] == [elsewhere.pk]
    assert len(stored_files()) == 1


def test_a_withdrawn_document_that_a_register_shows_stays_there(
    answer, staff, django_capture_on_commit_callbacks
):
    [evidence] = hand_in(answer, by=staff.user, title="Foto kegiatan")
    photo = FacilityPhotoFactory(document=evidence.document)

    with django_capture_on_commit_callbacks(execute=True):
        withdraw(evidence, by=staff.user, at=later())

    assert not Evidence.objects.exists()
    photo.refresh_from_db()
    assert (photo.document, len(stored_files())) == (evidence.document, 1)


@pytest.mark.parametrize("decided", ["accepted", "returned"])
def test_a_decided_document_is_not_withdrawn(answer, staff, decided):
    evidence = EvidenceFactory(answer=answer, document__opd=staff.opd, **{decided: True})

    with overtaken("decided"):
        withdraw(evidence, by=staff.user)


def test_nothing_is_withdrawn_from_a_closed_year(year, answer, staff):
    [evidence] = hand_in(answer, by=staff.user)
    set_stage(assessment_id=year.pk, stage=Stage.CLOSED, at=NOW)

    with refused("closed"):
        withdraw(evidence, by=staff.user)


def test_a_document_that_is_already_gone_is_told_so(answer, staff):
    evidence = EvidenceFactory(answer=answer, document__opd=staff.opd)
    withdraw(evidence, by=staff.user)

    with refused("withdrawn"):
        withdraw(evidence, by=staff.user)


def test_withdrawing_the_better_paper_brings_the_returned_one_back(answer, staff):
    old = EvidenceFactory(answer=answer, returned=True)
    [new] = hand_in(answer, by=staff.user, kind=old.kind)

    withdraw(new, by=staff.user)

    old.refresh_from_db()
    assert old.superseded_by is None


def test_withdrawing_one_of_two_better_papers_leaves_the_returned_one_answered(answer, staff):
    old = EvidenceFactory(answer=answer, returned=True)
    files = [checked(b"satu", "satu.pdf"), checked(b"dua", "dua.pdf")]
    first, second = hand_in(answer, by=staff.user, kind=old.kind, files=files)

    withdraw(first, by=staff.user)

    old.refresh_from_db()
    assert old.superseded_by == second


def test_a_paper_returned_in_its_turn_does_not_answer_the_earlier_one(answer, staff, reviewer):
    old = EvidenceFactory(answer=answer, returned=True)
    files = [checked(b"satu", "satu.pdf"), checked(b"dua", "dua.pdf")]
    first, second = hand_in(answer, by=staff.user, kind=old.kind, files=files)
    return_evidence(evidence_id=second.pk, reason="Buram", by=reviewer.user, at=NOW)

    withdraw(first, by=staff.user)

    old.refresh_from_db()
    assert old.superseded_by is None


def test_the_history_names_each_document_of_an_upload(year, answer):
    author = secretary_of(year)
    files = [checked(b"satu", "satu.pdf"), checked(b"dua", "dua.pdf")]

    hand_in(answer, by=author, files=files)

    rows = Activity.objects.filter(deed=TrailEvent.DOCUMENT_UPLOADED).order_by("pk")
    assert [(row.answer, row.detail) for row in rows] == [(answer, "satu"), (answer, "dua")]

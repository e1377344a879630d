"""A file that arrives in pieces: the protocol, and what may never happen to a piece."""

import base64
import errno
import hashlib
import io
import os
import stat
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from assessments.choices import Stage
from assessments.models import Evidence, SupportingDocument, Upload
from assessments.services import documents, upload_storage, uploads
from assessments.services.documents import CheckedFile
from assessments.services.uploads import append, create_upload, discard
from assessments.validators import FileFacts
from tests.assessments import corpus
from tests.assessments.situations import (
    NOW,
    hand_in,
    secretary_of,
    set_stage,
    staff_of,
    stored_files,
)
from tests.assessments.tus import TUS, Sender, committed, id_in, metadata, place_of
from tests.at_once import at_once
from tests.factories.assessments import answer_of

pytestmark = pytest.mark.django_db

PDF = corpus.pdf()
DAY = timedelta(days=1)


@pytest.fixture
def sender(answer, staff):
    return Sender(staff.user, answer)


def upload_of(place):
    return Upload.objects.get(pk=id_in(place))


def partial_files():
    folder = Path(settings.KLA_UPLOADS)
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def content(upload_id):
    return upload_storage.path_of(UUID(str(upload_id))).read_bytes()


def begun(answer, by, text=b"isi surat", **fields):
    """An upload through the service, nothing of it sent yet."""
    said = {"name": "surat.pdf", "length": len(text), "sha256": "", "at": NOW, **fields}
    return create_upload(answer=answer, by=by, **said)


def arrive(upload, offset, text, at=NOW):
    with upload_storage.received([text]) as piece:
        return append(upload_id=upload.pk, offset=offset, piece=piece, at=at)


def sweep(*, at):
    with committed():
        return uploads.sweep(at=at)


def nothing_is_left():
    return (Upload.objects.count(), partial_files(), stored_files()) == (0, [], [])


# --- The protocol -----------------------------------------------------------------------------


def test_the_server_says_what_it_can_do(sender, settings):
    settings.KLA_MAX_UPLOAD_BYTES = 1234

    answered = sender.client.options(place_of(sender.answer))

    assert (answered.status_code, answered.content) == (204, b"")
    assert {name: value for name, value in answered.items() if name.startswith("Tus-")} == {
        "Tus-Resumable": "1.0.0",
        "Tus-Version": "1.0.0",
        "Tus-Extension": "creation,checksum,expiration,termination",
        "Tus-Checksum-Algorithm": "sha1,sha256",
        "Tus-Max-Size": "1234",
    }


def test_a_new_upload_has_an_address_and_counts_nothing_yet(sender, staff, answer):
    created = sender.create(PDF, name="../perda.pdf")

    upload = Upload.objects.get()
    assert (created.status_code, created["Location"]) == (201, upload.get_absolute_url())
    assert (created["Upload-Offset"], created["Cache-Control"]) == ("0", "no-store")
    assert (upload.name, upload.length, upload.offset) == ("perda.pdf", len(PDF), 0)
    assert (upload.user, upload.answer) == (staff.user, answer)
    assert upload.sha256 == hashlib.sha256(PDF).hexdigest()
    assert partial_files() == []


def test_pieces_are_counted_and_the_rest_is_asked_for(sender):
    place = sender.begin(PDF)

    first = sender.patch(place, 0, PDF[:100])
    asked = sender.head(place)
    second = sender.patch(place, 100, PDF[100:])

    assert (first.status_code, first["Upload-Offset"]) == (204, "100")
    assert (asked.status_code, asked["Upload-Offset"]) == (200, "100")
    assert (asked["Upload-Length"], asked["Cache-Control"]) == (str(len(PDF)), "no-store")
    assert (second.status_code, second["Upload-Offset"]) == (204, str(len(PDF)))
    assert content(id_in(place)) == PDF
    assert upload_of(place).is_complete


def test_an_upload_says_when_it_will_be_swept(sender):
    place = sender.begin(PDF)
    Upload.objects.update(updated_at=NOW)

    assert sender.head(place)["Upload-Expires"] == "Tue, 03 Mar 2026 03:00:00 GMT"


def test_what_has_arrived_is_readable_by_its_owner_only(sender):
    place = sender.begin(PDF)
    sender.patch(place, 0, PDF[:100])

    path = upload_storage.path_of(upload_of(place).pk)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_an_upload_that_is_ended_leaves_nothing(sender):
    place = sender.begin(PDF)
    sender.patch(place, 0, PDF[:100])

    assert sender.delete(place).status_code == 204
    assert nothing_is_left()
    assert sender.head(place).status_code == 404


def test_the_page_offers_to_go_on_and_its_button_ends_it(sender, answer):
    place = sender.begin(PDF, name="perda.pdf")
    sender.patch(place, 0, PDF[: len(PDF) * 2 // 5 + 1])

    page = sender.client.get(answer.get_absolute_url()).content.decode()
    thrown = sender.client.post(place_of(answer, "upload_discard", id_in(place)))

    assert "Unggahan perda.pdf berhenti di 40 %." in " ".join(page.split())
    assert thrown.url == f"{answer.get_absolute_url()}#dokumen"
    assert nothing_is_left()


def test_the_page_offers_neither_what_never_began_nor_what_the_question_has(sender, answer, staff):
    hand_in(answer, by=staff.user)
    sender.begin(b"belum ada", name="kosong.pdf")
    sender.send(b"isi surat", name="sama.pdf")
    sender.send(b"isi lain", name="lain.pdf")

    page = sender.client.get(answer.get_absolute_url())

    assert [upload.name for upload in page.context["unfinished"]] == ["lain.pdf"]


WRONG_CREATION = {
    "without the version": ({"HTTP_TUS_RESUMABLE": None}, 412),
    "another version": ({"HTTP_TUS_RESUMABLE": "0.2.2"}, 412),
    "without a length": ({"HTTP_UPLOAD_LENGTH": None}, 400),
    "a length that is no number": ({"HTTP_UPLOAD_LENGTH": "1e3"}, 400),
    "a negative length": ({"HTTP_UPLOAD_LENGTH": "-1"}, 400),
    "a length beyond counting": ({"HTTP_UPLOAD_LENGTH": "9" * 30}, 400),
    "an empty file": ({"HTTP_UPLOAD_LENGTH": "0"}, 400),
    "two gigabytes": ({"HTTP_UPLOAD_LENGTH": str(2 * 1024**3)}, 413),
    "unreadable metadata": ({"HTTP_UPLOAD_METADATA": "filename %%%"}, 400),
    "metadata that is no text": ({"HTTP_UPLOAD_METADATA": "filename /w=="}, 400),
    "a hash that is none": ({"HTTP_UPLOAD_METADATA": metadata(sha256="A" * 64)}, 400),
}


@pytest.mark.parametrize(("headers", "status"), WRONG_CREATION.values(), ids=list(WRONG_CREATION))
def test_a_creation_against_the_protocol_is_refused_in_words(sender, headers, status):
    refused = sender.create(PDF, **headers)

    assert (refused.status_code, refused["Tus-Resumable"]) == (status, "1.0.0")
    assert refused["Content-Type"] == "text/plain; charset=utf-8"
    assert refused.content
    assert nothing_is_left()


def digest_of(piece, algorithm="sha1"):
    return base64.b64encode(hashlib.new(algorithm, piece).digest()).decode()


WRONG_PIECE = {
    "without the version": (100, b"x", {"HTTP_TUS_RESUMABLE": None}, 412),
    "without an offset": (100, b"x", {"HTTP_UPLOAD_OFFSET": None}, 400),
    "a piece again": (0, b"x", {}, 409),
    "a piece too early": (101, b"x", {}, 409),
    "an offset past the end": (len(PDF) + 1, b"x", {}, 409),
    "more than was told": (100, PDF, {}, 413),
    "a form": (100, b"x", {"content_type": "multipart/form-data; boundary=x"}, 415),
    "a broken piece": (100, b"x", {"HTTP_UPLOAD_CHECKSUM": f"sha1 {digest_of(b'y')}"}, 460),
    "an unknown checksum": (100, b"x", {"HTTP_UPLOAD_CHECKSUM": "md5 eHk="}, 400),
}


@pytest.mark.parametrize(
    ("offset", "piece", "headers", "status"), WRONG_PIECE.values(), ids=list(WRONG_PIECE)
)
def test_a_piece_against_the_protocol_changes_nothing(sender, offset, piece, headers, status):
    place = sender.begin(PDF)
    sender.patch(place, 0, PDF[:100])

    refused = sender.patch(place, offset, piece, **headers)

    assert (refused.status_code, refused["Tus-Resumable"]) == (status, "1.0.0")
    assert (upload_of(place).offset, content(id_in(place))) == (100, PDF[:100])


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_a_piece_that_is_what_it_says_is_taken(sender, algorithm):
    place = sender.begin(PDF)
    checksum = f"{algorithm} {digest_of(PDF[:100], algorithm)}"

    taken = sender.patch(place, 0, PDF[:100], HTTP_UPLOAD_CHECKSUM=checksum)

    assert (taken.status_code, taken["Upload-Offset"]) == (204, "100")


def test_a_whole_upload_may_be_told_so_again(sender):
    place = sender.begin(PDF)
    sender.patch(place, 0, PDF)

    kind = "application/offset+octet-stream"
    again = sender.patch(place, len(PDF), b"", CONTENT_TYPE=kind, CONTENT_LENGTH="0")

    assert (again.status_code, again["Upload-Offset"]) == (204, str(len(PDF)))
    assert content(id_in(place)) == PDF


class BrokenBody(io.BytesIO):
    """A connection that ends in an error when the last byte has been read."""

    def read(self, size=-1):
        if data := super().read(size):
            return data
        raise ConnectionResetError


@pytest.mark.parametrize("body", [io.BytesIO, BrokenBody])
def test_a_body_that_breaks_off_keeps_what_came_before(sender, body):
    place = sender.begin(PDF)

    taken = sender.patch(place, 0, PDF, CONTENT_LENGTH="100", **{"wsgi.input": body(PDF[:70])})

    assert (taken.status_code, taken["Upload-Offset"]) == (204, "70")
    assert content(id_in(place)) == PDF[:70]


def test_a_body_is_read_in_small_pieces(sender, monkeypatch):
    seen = []
    received = upload_storage.received
    monkeypatch.setattr(
        upload_storage,
        "received",
        lambda pieces: received(seen.append(len(p)) or p for p in pieces),
    )
    text = b"x" * (150 * 1024)
    place = sender.begin(text)

    assert sender.patch(place, 0, text).status_code == 204
    assert seen == [65536, 65536, 22528]


def test_without_the_token_of_the_page_nothing_is_taken(answer, staff):
    client = Client(enforce_csrf_checks=True)
    client.force_login(staff.user)
    place = begun(answer, staff.user).get_absolute_url()

    assert client.post(place_of(answer), HTTP_UPLOAD_LENGTH="9", **TUS).status_code == 403
    assert client.patch(place, b"isi", **TUS).status_code == 403
    assert client.delete(place, **TUS).status_code == 403
    assert Upload.objects.get().offset == 0


def test_the_token_of_the_page_travels_in_a_header(answer, staff):
    client = Client(enforce_csrf_checks=True)
    client.force_login(staff.user)
    token = str(client.get(answer.get_absolute_url()).context["csrf_token"])

    created = client.post(place_of(answer), HTTP_UPLOAD_LENGTH="9", HTTP_X_CSRFTOKEN=token, **TUS)

    assert created.status_code == 201


# --- Whose it is, and when --------------------------------------------------------------------


def test_an_upload_is_nobody_elses(sender, answer, year, secretariat):
    place = sender.begin(PDF)
    sender.patch(place, 0, PDF[:100])
    colleague = Sender(staff_of(year, "DISDIK").user, answer)
    office = Sender(secretariat.user, answer)

    for other in (colleague, office):
        assert other.head(place).status_code == 404
        assert other.patch(place, 100, PDF[100:]).status_code == 404
        assert other.delete(place).status_code == 404
        assert other.client.post(f"{place}buang/").status_code == 404
        assert "berhenti di" not in other.client.get(answer.get_absolute_url()).content.decode()
    assert upload_of(place).offset == 100


def test_an_upload_belongs_to_its_question(sender, year, staff):
    upload_id = sender.send(PDF)
    other = answer_of(year, "1.1")
    elsewhere = Sender(staff_of(year, "DP3A").user, other)
    office = Sender(staff.user, other)

    assert elsewhere.head(place_of(other, "upload_part", upload_id)).status_code == 404
    assert office.head(place_of(other, "upload_part", upload_id)).status_code == 404


def test_somebody_elses_upload_cannot_be_handed_in(sender, answer, secretariat):
    upload_id = sender.send(PDF)

    refused = Sender(secretariat.user, answer).hand_in(upload_id)

    assert refused.context["upload_form"].errors["file"].as_data()[0].code == "gone"
    assert (Evidence.objects.count(), Upload.objects.count()) == (0, 1)


def test_a_closed_year_takes_no_upload_and_no_piece(sender, year, secretariat):
    place = sender.begin(PDF)
    set_stage(assessment_id=year.pk, stage=Stage.CLOSED, at=NOW)

    created, piece = sender.create(PDF), sender.patch(place, 0, PDF)

    assert (created.status_code, piece.status_code) == (403, 403)
    assert "sudah ditutup" in piece.content.decode()
    assert (upload_of(place).offset, partial_files()) == (0, [])
    assert sender.delete(place).status_code == 204


# --- Limits -----------------------------------------------------------------------------------


def test_the_largest_file_is_taken_and_one_byte_more_is_refused(sender, settings):
    settings.KLA_MAX_UPLOAD_BYTES = 1000

    exact, more = sender.create(b"x" * 1000), sender.create(b"x" * 1001)

    assert (exact.status_code, more.status_code) == (201, 413)
    assert "melebihi batas 1000 byte" in more.content.decode().replace("\xa0", " ")


def test_the_twenty_first_open_upload_is_refused_and_says_where_the_others_are(year, answer):
    by = secretary_of(year)
    for _number in range(19):
        begun(answer, by)
    begun(answer_of(year, "2a.2"), by)

    with pytest.raises(ValidationError) as refusal:
        begun(answer, by)

    assert refusal.value.code == "too_many"
    assert "20 unggahan" in refusal.value.messages[0]
    assert "pertanyaan 1.2, 2a.2." in refusal.value.messages[0]
    begun(answer, secretary_of(year))
    assert Upload.objects.count() == 21


def test_the_database_refuses_an_offset_past_the_end(answer, staff):
    upload = begun(answer, staff.user)

    with pytest.raises(IntegrityError), transaction.atomic():
        Upload.objects.filter(pk=upload.pk).update(offset=upload.length + 1)


# --- Crashes and full disks -------------------------------------------------------------------


def test_what_a_dead_server_wrote_but_did_not_count_is_written_over(answer, staff):
    upload = begun(answer, staff.user, b"satu dua tiga")
    arrive(upload, 0, b"satu ")
    with upload_storage.path_of(upload.pk).open("ab") as file:
        file.write(b"setengah dari yang lain, lebih panjang dari berkasnya")

    arrive(upload, 5, b"dua ")
    assert content(upload.pk) == b"satu dua "
    arrive(upload, 9, b"tiga")
    assert content(upload.pk) == b"satu dua tiga"


def test_a_piece_whose_row_could_not_be_saved_is_sent_again(answer, staff, monkeypatch):
    upload = begun(answer, staff.user, b"satu dua")
    arrive(upload, 0, b"satu ")

    def broken(*args, **kwargs):
        raise DatabaseError

    with monkeypatch.context() as patch:
        patch.setattr(Upload, "save", broken)
        with pytest.raises(DatabaseError):
            arrive(upload, 5, b"xxx")

    upload.refresh_from_db()
    assert (upload.offset, content(upload.pk)) == (5, b"satu xxx")
    arrive(upload, 5, b"dua")
    assert content(upload.pk) == b"satu dua"


def test_lost_content_ends_the_upload(sender):
    places = [sender.begin(PDF), sender.begin(PDF)]
    for place in places:
        sender.patch(place, 0, PDF[:100])
        upload_storage.path_of(upload_of(place).pk).write_bytes(PDF[:99])

    answers = [sender.head(places[0]), sender.patch(places[1], 100, PDF[100:])]

    assert [answer.status_code for answer in answers] == [410, 410]
    assert nothing_is_left()


def test_a_full_disk_keeps_what_had_arrived(sender, monkeypatch):
    place = sender.begin(PDF)
    sender.patch(place, 0, PDF[:100])

    def full(source, target, *_size):
        target.write(source.read(3))
        target.flush()
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(upload_storage.shutil, "copyfileobj", full)
        refused = sender.patch(place, 100, PDF[100:])

    assert refused.status_code == 507
    assert "penuh" in refused.content.decode()
    assert (upload_of(place).offset, content(id_in(place))) == (100, PDF[:100])
    assert sender.patch(place, 100, PDF[100:]).status_code == 204


def test_an_upload_thrown_away_meanwhile_takes_no_piece(answer, staff):
    upload = begun(answer, staff.user)
    discard(upload_id=upload.pk)
    discard(upload_id=upload.pk)

    with pytest.raises(ValidationError) as refusal:
        arrive(upload, 0, b"isi")

    assert refusal.value.code == "gone"
    assert nothing_is_left()


def test_a_file_that_is_not_what_the_browser_sent_is_thrown_away(sender):
    place = sender.begin(PDF, sha256="0" * 64)
    sender.patch(place, 0, PDF[:100])

    refused = sender.patch(place, 100, PDF[100:])

    assert refused.status_code == 460
    assert "Unggah lagi dari awal." in refused.content.decode()
    assert nothing_is_left()


def test_without_a_hash_from_the_browser_the_file_counts_as_it_came(sender):
    upload_id = sender.send(PDF, sha256="")

    assert sender.hand_in(upload_id).status_code == 302
    assert SupportingDocument.objects.get().sha256 == hashlib.sha256(PDF).hexdigest()


# --- From upload to document ------------------------------------------------------------------


def test_a_whole_upload_becomes_a_document_and_leaves_nothing(sender, answer, staff):
    upload_id = sender.send(PDF, name="perda.pdf")
    inode = upload_storage.path_of(UUID(upload_id)).stat().st_ino

    handed_in = sender.hand_in(upload_id, title="Perda KLA")

    assert handed_in.url == f"{answer.get_absolute_url()}?terunggah=1"
    document = SupportingDocument.objects.get()
    assert (document.title, document.original_name) == ("Perda KLA", "perda.pdf")
    assert (document.opd, document.uploaded_by) == (staff.opd, staff.user)
    assert (document.sha256, document.size) == (hashlib.sha256(PDF).hexdigest(), len(PDF))
    assert Path(document.file.path).read_bytes() == PDF
    assert Path(document.file.path).stat().st_ino == inode  # moved, not copied
    assert stat.S_IMODE(Path(document.file.path).stat().st_mode) == 0o600
    assert (Upload.objects.count(), partial_files()) == (0, [])


def test_where_files_cannot_have_two_names_the_content_is_copied(sender, monkeypatch):
    def refuse(*_names):
        raise PermissionError

    monkeypatch.setattr(upload_storage.os, "link", refuse)

    sender.hand_in(sender.send(PDF))

    assert Path(SupportingDocument.objects.get().file.path).read_bytes() == PDF
    assert partial_files() == []


def test_uploads_and_ordinary_files_may_come_together(sender):
    other = corpus.pdf(pages=2)

    sender.hand_in(sender.send(PDF), file=ContentFile(other, "kedua.pdf"))

    assert sorted(SupportingDocument.objects.values_list("original_name", flat=True)) == [
        "kedua.pdf",
        "surat.pdf",
    ]


def test_the_same_form_sent_twice_is_one_document(sender):
    upload_id = sender.send(PDF)

    first, second = sender.hand_in(upload_id), sender.hand_in(upload_id)
    named_twice = sender.hand_in(*[sender.send(corpus.pdf(pages=2))] * 2)

    assert (first.status_code, second.status_code, named_twice.status_code) == (302, 200, 302)
    assert second.context["upload_form"].errors["file"].as_data()[0].code == "gone"
    assert SupportingDocument.objects.count() == 2
    assert len(stored_files()) == 2


def test_a_form_checked_twice_at_once_is_stored_once(answer, staff):
    """Both requests have seen the upload; the second finds it gone and harms nothing."""
    upload = begun(answer, staff.user, b"isi surat")
    arrive(upload, 0, b"isi surat")
    facts = FileFacts("application/pdf", "pdf", 9, hashlib.sha256(b"isi surat").hexdigest())
    stale = FileFacts("application/pdf", "pdf", 9, "0" * 64)

    with uploads.content_of(upload) as file:
        [evidence] = hand_in(answer, by=staff.user, files=[CheckedFile(file, facts, upload)])
        with pytest.raises(ValidationError) as refusal:
            hand_in(answer, by=staff.user, files=[CheckedFile(file, stale, upload)])

    assert refusal.value.code == "gone"
    assert Path(evidence.document.file.path).read_bytes() == b"isi surat"


def test_an_unfinished_upload_is_not_handed_in(sender):
    place = sender.begin(PDF)
    sender.patch(place, 0, PDF[: len(PDF) // 2])

    refused = sender.hand_in(id_in(place))

    assert refused.context["upload_form"].errors["file"].as_data()[0].code == "incomplete"
    assert upload_of(place).offset == len(PDF) // 2


@pytest.mark.parametrize("upload_id", ["", "x", "../../etc/passwd", "0" * 32])
def test_an_upload_that_never_was_is_not_handed_in(sender, upload_id):
    refused = sender.hand_in(upload_id)

    assert refused.context["upload_form"].errors["file"].as_data()[0].code == "gone"


@pytest.mark.parametrize(
    ("name", "data"),
    [("perda.pdf", corpus.HTML), ("foto.jpg", corpus.picture("PNG")[:-40]), ("x.svg", corpus.SVG)],
)
def test_what_a_plain_form_may_not_bring_an_upload_may_not_either(sender, name, data):
    upload_id = sender.send(data, name=name)

    refused = sender.hand_in(upload_id)

    assert refused.status_code == 200
    assert name in refused.context["upload_form"].errors["file"][0]
    assert nothing_is_left()


def test_a_form_refused_for_another_reason_keeps_the_upload(sender):
    upload_id = sender.send(PDF)

    refused = sender.hand_in(upload_id, issued_on="31-31-2025")

    assert refused.status_code == 200
    assert content(upload_id) == PDF
    assert sender.hand_in(upload_id).status_code == 302


def test_where_one_file_of_two_is_refused_the_other_is_stored(sender):
    good, bad = sender.send(PDF), sender.send(corpus.HTML, name="b.pdf")

    refused = sender.hand_in(good, bad)

    assert refused.status_code == 200
    [name] = refused.context["upload_form"].errors["file"]
    assert "b.pdf" in name
    assert Upload.objects.count() == 0
    assert [f"{document.pk}" for document in SupportingDocument.objects.all()] == [good]


def test_where_storing_fails_the_upload_stays_whole(sender, monkeypatch):
    upload_id = sender.send(PDF)

    def broken(**_fields):
        raise DatabaseError

    with monkeypatch.context() as patch:
        patch.setattr(documents.Evidence.objects, "create", broken)
        with pytest.raises(DatabaseError):
            sender.hand_in(upload_id)

    assert (stored_files(), content(upload_id)) == ([], PDF)
    assert sender.hand_in(upload_id).status_code == 302
    assert (len(stored_files()), partial_files()) == (1, [])


# --- Sweeping ---------------------------------------------------------------------------------


def test_an_upload_is_swept_a_day_after_its_last_piece_and_not_a_moment_before(answer, staff):
    upload = begun(answer, staff.user, at=NOW - DAY)
    arrive(upload, 0, b"isi ", at=NOW)

    assert sweep(at=NOW + DAY - timedelta(microseconds=1)) == uploads.Swept(0, 0)
    assert partial_files() == [upload.pk.hex]
    assert sweep(at=NOW + DAY) == uploads.Swept(1, 0)
    assert nothing_is_left()


def test_files_of_no_upload_are_swept_and_those_of_documents_stay(sender, answer, staff):
    sender.hand_in(sender.send(PDF))
    kept = stored_files()
    waiting = begun(answer, staff.user, at=timezone.now())
    arrive(waiting, 0, b"isi ", at=timezone.now())
    folder = Path(settings.KLA_UPLOADS)
    for stray in (uuid4().hex, f"{uuid4().hex}.handover"):
        (folder / stray).write_bytes(b"sisa")
    (folder / "catatan.txt").write_text("bukan dari kami")

    assert sweep(at=timezone.now()) == uploads.Swept(0, 2)
    assert partial_files() == sorted([waiting.pk.hex, "catatan.txt"])
    assert stored_files() == kept


def test_a_document_that_a_dead_server_stored_without_its_row_goes_with_the_upload(answer, staff):
    upload = begun(answer, staff.user, b"isi surat")
    arrive(upload, 0, b"isi surat")
    path = Path(settings.MEDIA_ROOT) / "documents" / upload.pk.hex[:2] / upload.pk.hex
    path.parent.mkdir(parents=True)
    path.write_bytes(b"isi surat")

    assert sweep(at=NOW + DAY) == uploads.Swept(1, 0)
    assert nothing_is_left()


def test_a_document_that_a_dead_server_stored_without_its_row_is_stored_anew(sender):
    upload_id = sender.send(PDF)
    left = Path(settings.MEDIA_ROOT) / "documents" / upload_id[:2] / UUID(upload_id).hex
    left.parent.mkdir(parents=True)
    left.write_bytes(b"sisa")
    upload_storage.path_of(UUID(upload_id), upload_storage.HANDED_OVER).write_bytes(b"sisa")

    sender.hand_in(upload_id)

    assert stored_files() == [str(left.relative_to(settings.MEDIA_ROOT))]
    assert left.read_bytes() == PDF
    assert partial_files() == []


def test_temporary_files_of_plain_uploads_are_swept_after_an_hour(settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    hour = timedelta(hours=1)
    moments = {"old.upload.pdf": NOW - hour, "new.upload.pdf": NOW - hour + timedelta(seconds=1)}
    for name, moment in moments.items():
        (tmp_path / name).write_bytes(b"sisa")
        os.utime(tmp_path / name, (moment.timestamp(), moment.timestamp()))

    assert sweep(at=NOW) == uploads.Swept(0, 1)
    assert [path.name for path in tmp_path.glob("*.upload.*")] == ["new.upload.pdf"]


def test_a_folder_in_which_somebody_may_still_work_is_kept(settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    old = (NOW - timedelta(hours=2)).timestamp()
    for name in ("tmp-left", "tmp-at-work", "places"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "target").write_bytes(b"sisa")
        if name != "tmp-at-work":
            os.utime(tmp_path / name / "target", (old, old))
        os.utime(tmp_path / name, (old, old))
    os.utime(tmp_path / "tmp-at-work" / "target", (NOW.timestamp(), NOW.timestamp()))

    assert sweep(at=NOW) == uploads.Swept(0, 1)
    assert sorted(path.name for path in tmp_path.glob("[tp]*")) == ["places", "tmp-at-work"]


def test_the_command_says_what_it_removed_and_is_quiet_otherwise(answer, staff, capsys):
    begun(answer, staff.user)

    call_command("sweep_uploads")
    call_command("sweep_uploads")

    assert capsys.readouterr().out == ("1 unggahan yang ditinggalkan dan 0 berkas sisa dibuang.\n")


# --- Several requests at the same moment ------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_the_same_piece_sent_many_times_at_once_is_counted_once(answer, staff):
    upload = begun(answer, staff.user, PDF)

    results = at_once(*[lambda: arrive(upload, 0, PDF[:500])] * 6)

    assert results.count("offset") == 5
    upload.refresh_from_db()
    assert (upload.offset, content(upload.pk)) == (500, PDF[:500])


@pytest.mark.django_db(transaction=True)
def test_the_same_upload_handed_in_many_times_at_once_is_one_document(answer, staff):
    upload_id = Sender(staff.user, answer).send(PDF)

    def send_form():
        client = Client()
        client.force_login(staff.user)
        kind = answer.question.evidence_kinds.first()
        place = place_of(answer, "document_upload")
        return client.post(place, {"kind": kind.code, "upload": upload_id}).status_code

    assert sorted(at_once(*[send_form] * 6)) == [200] * 5 + [302]
    assert (SupportingDocument.objects.count(), Upload.objects.count()) == (1, 0)
    assert Path(SupportingDocument.objects.get().file.path).read_bytes() == PDF
    assert (len(stored_files()), partial_files()) == (1, [])


@pytest.mark.django_db(transaction=True)
def test_of_many_uploads_begun_at_once_no_more_than_twenty_are_open(answer, staff):
    for _number in range(18):
        begun(answer, staff.user)

    results = at_once(*[lambda: begun(answer, staff.user)] * 6)

    assert results.count("too_many") == 4
    assert Upload.objects.count() == 20

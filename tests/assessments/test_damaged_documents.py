"""A file that is no longer what was handed in is told of and never sent."""

import logging
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from assessments.models import Evidence, Rendition, SupportingDocument
from assessments.models.rendition import RenditionState
from assessments.services import integrity
from assessments.services.attachments import take_attachment
from assessments.services.integrity import DamagedError
from assessments.services.renditions import make_rendition, preview_text
from tests.assessments import corpus
from tests.assessments.situations import NOW, checked, hand_in
from tests.factories.assessments import EvidenceFactory

pytestmark = pytest.mark.django_db

CONTENT = corpus.pdf()
WORDS = "Isi berkas ini di penyimpanan tidak lagi sama dengan yang diserahkan"
MARK = "Berkas ini rusak di penyimpanan (diketahui "


def handed_in(answer, staff, content, name="surat.pdf", media_type="application/pdf"):
    [evidence] = hand_in(answer, by=staff.user, files=[checked(content, name, media_type)])
    return evidence


@pytest.fixture
def document(answer, staff):
    return handed_in(answer, staff, CONTENT).document


@pytest.fixture
def staff_client(client, staff):
    client.force_login(staff.user)
    return client


def flip(content):
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


def damage(file, how=flip):
    path = Path(file.path)
    path.chmod(0o600)
    path.write_bytes(how(path.read_bytes()))


def since(document):
    return SupportingDocument.objects.get(pk=document.pk).damaged_since


@pytest.mark.parametrize(
    ("how", "found"),
    [
        (flip, "content"),
        (lambda content: content[:-1], "size"),
        (lambda _content: corpus.pdf(pages=2), "size"),
    ],
    ids=["flipped", "cut", "exchanged"],
)
def test_a_damaged_original_is_told_of_and_not_sent(staff_client, document, caplog, how, found):
    damage(document.file, how)

    with caplog.at_level(logging.ERROR, "assessments.services.integrity"):
        response = staff_client.get(document.get_absolute_url())

    assert response.status_code == 500
    assert "attachment" not in response.headers.get("Content-Disposition", "")
    assert WORDS in response.content.decode()
    [line] = [entry.message for entry in caplog.records if "integrity" in entry.name]
    assert line == (
        f"The file {document.file.name} of document {document.pk} is damaged ({found}); "
        "bring it back from a backup"
    )


def test_its_question_says_so_until_the_file_is_back(staff_client, answer, document):
    assert MARK not in staff_client.get(answer.get_absolute_url()).content.decode()
    damage(document.file)
    staff_client.get(document.get_absolute_url())
    first = since(document)
    staff_client.get(document.get_absolute_url())
    assert first is not None
    assert since(document) == first
    assert MARK in staff_client.get(answer.get_absolute_url()).content.decode()

    Path(document.file.path).write_bytes(CONTENT)
    response = staff_client.get(document.get_absolute_url())

    assert b"".join(response.streaming_content) == CONTENT
    assert response["Content-Length"] == str(len(CONTENT))
    assert since(document) is None
    assert MARK not in staff_client.get(answer.get_absolute_url()).content.decode()


def test_a_missing_file_is_told_of_with_404(staff_client, document):
    Path(document.file.path).unlink()

    response = staff_client.get(document.get_absolute_url())

    assert response.status_code == 404
    assert WORDS in response.content.decode()
    assert since(document) is not None


def test_a_large_damaged_file_breaks_off_before_its_last_piece(staff_client, document, monkeypatch):
    monkeypatch.setattr("assessments.views.documents.WHOLE_FIRST", 0)
    monkeypatch.setattr(integrity, "CHUNK", 100)
    whole = b"".join(staff_client.get(document.get_absolute_url()).streaming_content)
    assert whole == CONTENT
    damage(document.file)
    response = staff_client.get(document.get_absolute_url())
    sent = []

    with pytest.raises(DamagedError):
        sent.extend(response.streaming_content)

    assert response["Content-Length"] == str(len(CONTENT))
    assert 0 < len(b"".join(sent)) < len(CONTENT)
    assert since(document) is not None


def test_no_rendition_is_made_of_a_damaged_original(document):
    damage(document.file)

    assert make_rendition(document.pk, at=NOW) == RenditionState.FAILED
    assert since(document) == NOW


def test_a_damaged_rendition_is_not_shown_but_made_anew(staff_client, document):
    make_rendition(document.pk, at=NOW)
    address = reverse("assessments:document_view", args=[document.city.slug, document.pk])
    whole = b"".join(staff_client.get(address).streaming_content)
    damage(Rendition.objects.get(document=document).file)

    assert staff_client.get(address).status_code == 404
    assert Rendition.objects.get(document=document).state == RenditionState.PENDING
    assert since(document) is None

    make_rendition(document.pk, at=timezone.now())
    assert len(b"".join(staff_client.get(address).streaming_content)) == len(whole)


def test_a_damaged_text_is_not_shown_on_its_page(answer, staff):
    evidence = handed_in(answer, staff, b"nama;umur\nsiti;7\n", "anak.csv", "text/csv")
    make_rendition(evidence.document.pk, at=NOW)
    document = SupportingDocument.objects.get(pk=evidence.document.pk)
    assert preview_text(document, at=timezone.now()).startswith("nama;umur")
    damage(document.rendition.file)

    assert preview_text(document, at=timezone.now()) == ""


def test_nothing_is_taken_out_of_a_damaged_original(answer, staff, document):
    Rendition.objects.filter(document=document).update(attachments=["lampiran.pdf"])
    damage(document.file)
    evidence = Evidence.objects.get(document=document)

    with pytest.raises(ValidationError) as refused:
        take_attachment(evidence_id=evidence.pk, position=0, opd=staff.opd, by=staff.user, at=NOW)

    assert refused.value.code == "damaged"


def test_verify_documents_sets_the_mark_and_takes_it_back(answer, document):
    other = EvidenceFactory(answer=answer).document
    whole_before = other.damaged_since
    damage(document.file)

    with pytest.raises(CommandError):
        call_command("verify_documents")
    assert since(document) is not None
    assert since(other) == whole_before

    Path(document.file.path).write_bytes(CONTENT)
    call_command("verify_documents")
    assert since(document) is None


def test_what_could_not_be_shown_for_its_damage_is_shown_when_it_is_back(document):
    damage(document.file)
    make_rendition(document.pk, at=NOW)
    Path(document.file.path).write_bytes(CONTENT)

    call_command("verify_documents")

    assert Rendition.objects.get(document=document).state == RenditionState.PENDING
    assert make_rendition(document.pk, at=timezone.now()) == RenditionState.READY

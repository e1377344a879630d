"""Renditions of documents: made once, remade, served instead of originals, gone with them."""

import hashlib
import io
from pathlib import Path

import pypdf
import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.urls import reverse

from assessments.choices import Stage, TrailEvent
from assessments.models import Evidence, Rendition, SupportingDocument
from assessments.models.rendition import RenditionState
from assessments.services.documents import withdraw_evidence
from assessments.services.integrity import check_documents
from assessments.services.renditions import (
    clear_original,
    make_pending,
    make_rendition,
    plan_again,
)
from tests.assessments import corpus
from tests.assessments.signing import sign
from tests.assessments.situations import (
    NOW,
    checked,
    hand_in,
    history,
    later,
    reviewer_of,
    set_stage,
    staff_of,
    stored_files,
)
from tests.factories.cities import MembershipFactory

pytestmark = pytest.mark.django_db
FAILED, NONE, PENDING, READY = (
    RenditionState[one] for one in ("FAILED", "NONE", "PENDING", "READY")
)


def offered(answer, staff, content=None, name="surat.pdf", media_type="application/pdf", **fields):
    """A document handed in for the question, its file looked into by nobody."""
    content = corpus.pdf() if content is None else content
    [evidence] = hand_in(
        answer, by=staff.user, opd=staff.opd, files=[checked(content, name, media_type)]
    )
    SupportingDocument.objects.filter(pk=evidence.document_id).update(**fields)
    return evidence


def rendition_of(evidence):
    return Rendition.objects.get(document=evidence.document_id)


def url(name, evidence):
    return reverse(
        f"assessments:{name}",
        args=[evidence.answer.assessment.city.slug, evidence.document_id],
    )


def deed_url(name, evidence, *more):
    year = evidence.answer.assessment
    return reverse(f"assessments:{name}", args=[year.city.slug, year.year, evidence.pk, *more])


def get(client, member, address):
    client.force_login(member.user)
    return client.get(address)


def body(response):
    return b"".join(response.streaming_content)


# --- Making -----------------------------------------------------------------------------------


def test_a_document_is_handed_in_with_a_rendition_to_come(answer, staff):
    evidence = offered(answer, staff)

    row = rendition_of(evidence)
    assert (row.state, row.file.name, row.attempts) == (PENDING, "", 0)


def test_a_rendition_is_made_beside_the_original_which_stays_as_it_came(answer, staff):
    content = corpus.FOUND["skrip.pdf"][0]
    evidence = offered(answer, staff, content)

    assert make_rendition(evidence.document_id, at=later()) == READY

    row = rendition_of(evidence)
    shown = Path(row.file.path).read_bytes()
    assert (row.state, row.media_type, row.changes) == (READY, "application/pdf", {"script": 1})
    assert (row.sha256, row.size) == (hashlib.sha256(shown).hexdigest(), len(shown))
    assert row.source_sha256 == hashlib.sha256(content).hexdigest()
    assert row.said_changes == ["skrip dibuang"]
    assert Path(evidence.document.file.path).read_bytes() == content


def test_a_rendition_is_made_once(answer, staff):
    evidence = offered(answer, staff)
    make_rendition(evidence.document_id, at=later())
    made = rendition_of(evidence)

    assert make_rendition(evidence.document_id, at=later(2)) is None
    assert rendition_of(evidence).made_at == made.made_at


def test_what_another_process_is_making_is_left_to_it_until_its_lease_ends(answer, staff, settings):
    settings.KLA_RENDITION_SECONDS = 60
    evidence = offered(answer, staff)
    Rendition.objects.update(held_until=later(2))

    assert make_rendition(evidence.document_id, at=later(1)) is None
    assert rendition_of(evidence).state == PENDING
    assert make_rendition(evidence.document_id, at=later(2)) == READY


def test_what_cannot_be_read_has_failed_at_once(answer, staff):
    evidence = offered(answer, staff, b"%PDF-1.4 rusak")

    assert make_rendition(evidence.document_id, at=later()) == FAILED

    row = rendition_of(evidence)
    assert (row.attempts, row.file.name, row.held_until) == (1, "", None)
    assert "PdfError" in row.fault
    assert len(stored_files()) == 1


def test_what_takes_too_long_is_tried_three_times(answer, staff, settings):
    settings.KLA_RENDITION_SECONDS = 0
    evidence = offered(answer, staff)

    states = [make_rendition(evidence.document_id, at=later(n)) for n in (1, 2, 3, 4)]

    assert states == [PENDING, PENDING, FAILED, None]
    assert rendition_of(evidence).attempts == 3


def test_a_missing_original_is_no_end_of_the_others(answer, staff):
    lost = offered(answer, staff, corpus.pdf(1))
    kept = offered(answer, staff, corpus.pdf(2))
    Path(lost.document.file.path).unlink()

    assert make_pending(at=later()) == 1
    assert (rendition_of(lost).state, rendition_of(kept).state) == (PENDING, READY)


def test_an_office_document_has_none_without_a_libreoffice(answer, staff, settings):
    settings.KLA_LIBREOFFICE = ""
    kind = corpus.GOOD["surat.docx"][1]

    evidence = offered(answer, staff, corpus.docx(), "surat.docx", kind)

    assert rendition_of(evidence).state == NONE


def test_documents_from_before_there_were_renditions_are_made_by_the_command(answer, staff):
    evidence = offered(answer, staff)
    Rendition.objects.all().delete()
    out = io.StringIO()

    call_command("make_renditions", stdout=out)
    call_command("make_renditions", stdout=out)

    assert rendition_of(evidence).state == READY
    assert out.getvalue().splitlines() == ["1 pratinjau dibuat.", "0 pratinjau dibuat."]


def test_all_are_made_anew_on_demand_and_nothing_lies_about(answer, staff):
    evidence = offered(answer, staff)
    make_pending(at=later())
    before = stored_files()
    Rendition.objects.update(rules=0)
    out = io.StringIO()

    call_command("make_renditions", "--outdated", stdout=out)

    assert out.getvalue().splitlines() == ["1 pratinjau dibuat ulang.", "1 pratinjau dibuat."]
    assert rendition_of(evidence).state == READY
    assert stored_files() == before


def test_taking_a_document_back_takes_both_files(answer, staff, django_capture_on_commit_callbacks):
    evidence = offered(answer, staff)
    make_pending(at=later())
    assert len(stored_files()) == 2

    with django_capture_on_commit_callbacks(execute=True):
        withdraw_evidence(evidence_id=evidence.pk, by=staff.user, at=later(2))

    assert stored_files() == []
    assert not Rendition.objects.exists()


def test_taking_it_back_while_it_is_made_anew_leaves_nothing(
    answer, staff, django_capture_on_commit_callbacks
):
    evidence = offered(answer, staff)
    make_pending(at=later())
    plan_again(everything=True)

    with django_capture_on_commit_callbacks(execute=True):
        withdraw_evidence(evidence_id=evidence.pk, by=staff.user, at=later(2))

    assert stored_files() == []


# --- What the check of all files says ---------------------------------------------------------


def checkup(evidence):
    report = check_documents(storage=evidence.document.file.storage)
    return report.checked, [(finding.damage, finding.path) for finding in report.findings]


def test_a_whole_rendition_is_counted_and_a_changed_one_is_found(answer, staff):
    evidence = offered(answer, staff)
    make_pending(at=later())
    assert checkup(evidence) == (2, [])
    row = rendition_of(evidence)
    content = Path(row.file.path).read_bytes()

    Path(row.file.path).write_bytes(content[:-1] + b"x")
    assert checkup(evidence) == (2, [("content", row.file.name)])

    Path(row.file.path).unlink()
    assert checkup(evidence) == (2, [("missing", row.file.name)])


def test_a_rendition_that_no_record_names_is_found(answer, staff):
    evidence = offered(answer, staff)
    evidence.document.file.storage.save("renditions/00/lama", ContentFile(b"lama"))

    assert checkup(evidence) == (1, [("orphan", "renditions/00/lama")])


def test_the_file_of_before_is_no_orphan_while_it_is_made_anew(answer, staff):
    evidence = offered(answer, staff)
    make_pending(at=later())
    plan_again(everything=True)

    assert checkup(evidence) == (1, [])


# --- Who gets which of the two ----------------------------------------------------------------


def test_the_page_shows_the_rendition_and_never_the_original(client, answer, staff):
    content = corpus.FOUND["skrip.pdf"][0]
    evidence = offered(answer, staff, content)
    make_pending(at=later())

    shown = get(client, staff, url("document_view", evidence))
    shown_content = body(shown)

    assert hashlib.sha256(shown_content).hexdigest() == rendition_of(evidence).sha256
    assert shown_content != content
    assert shown["Content-Disposition"].startswith("inline")
    assert "sandbox" in shown["Content-Security-Policy"]


@pytest.mark.parametrize("state", [PENDING, NONE, FAILED])
def test_without_a_rendition_there_is_nothing_to_show(client, answer, staff, state):
    evidence = offered(answer, staff)
    Rendition.objects.update(state=state)

    assert get(client, staff, url("document_view", evidence)).status_code == 404


def test_reviewer_and_giver_fetch_the_original_as_an_attachment(client, year, answer, staff):
    content = corpus.pdf(3)
    evidence = offered(answer, staff, content)
    make_pending(at=later())

    for member in (staff, reviewer_of(year)):
        response = get(client, member, url("document_download", evidence))
        assert body(response) == content
        assert response["Content-Disposition"] == 'attachment; filename="surat.pdf"'
        assert response["X-Content-Type-Options"] == "nosniff"


def test_another_opd_of_the_question_gets_the_rendition(client, year, answer, staff):
    evidence = offered(answer, staff, corpus.FOUND["skrip.pdf"][0])
    other = staff_of(year, "DP3A")  # contributes to the question
    assert get(client, other, url("document_download", evidence)).status_code == 404

    make_pending(at=later())
    response = get(client, other, url("document_download", evidence))

    assert hashlib.sha256(body(response)).hexdigest() == rendition_of(evidence).sha256
    assert response["Content-Disposition"] == 'attachment; filename="surat (pratinjau).pdf"'


def test_a_wrong_extension_is_put_right_on_download(client, year, answer, staff):
    evidence = offered(answer, staff, corpus.picture("JPEG"), "foto.pdf", "image/jpeg")

    response = get(client, staff, url("document_download", evidence))

    assert body(response)[:2] == b"\xff\xd8"
    assert response["Content-Disposition"] == 'attachment; filename="foto.jpg"'
    assert response["Content-Type"] == "image/jpeg"


def test_a_signature_survives_our_storage(client, year, answer, staff):
    signed = sign(corpus.pdf())
    evidence = offered(answer, staff, signed.content)
    make_pending(at=later())

    fetched = body(get(client, reviewer_of(year), url("document_download", evidence)))

    assert fetched == signed.content
    assert signed.is_valid(fetched)
    assert not signed.is_valid(fetched.replace(b"612", b"613", 1))
    assert rendition_of(evidence).changes == {"signature": 1}
    assert len(pypdf.PdfReader(rendition_of(evidence).file.path).pages) == 1


# --- Locked originals -------------------------------------------------------------------------


@pytest.fixture
def locked(answer, staff):
    content = corpus.FOUND["skrip.pdf"][0]
    evidence = offered(answer, staff, content, findings={"script": 1})
    make_pending(at=later())
    return evidence


@pytest.fixture
def admin(year):
    return MembershipFactory(admin_kota=True, city=year.city)


def test_a_locked_original_is_refused_to_everybody_and_says_why(client, year, locked, staff, admin):
    for member in (staff, reviewer_of(year), admin):
        response = get(client, member, url("document_download", locked))
        assert response.status_code == 403
        assert "skrip" in response.text
        assert "admin kota" in response.text
        assert body(get(client, member, url("document_view", locked)))[:5] == b"%PDF-"


def test_an_administrator_unlocks_it_and_the_trail_tells(client, year, locked, staff, admin):
    client.force_login(admin.user)

    client.post(deed_url("document_clear", locked))

    document = SupportingDocument.objects.get()
    assert (document.cleared_by, document.is_locked) == (admin.user, False)
    deed, detail, by, _at = history(year)[-1]
    assert (deed, detail, by) == (TrailEvent.ORIGINAL_CLEARED, document.title, admin.user)
    assert body(get(client, staff, url("document_download", locked)))[:5] == b"%PDF-"


def test_nobody_else_unlocks_it(client, year, locked, staff, secretariat):
    for member in (staff, reviewer_of(year), secretariat):
        client.force_login(member.user)
        assert client.post(deed_url("document_clear", locked)).status_code == 403
        with pytest.raises(PermissionDenied):
            clear_original(evidence_id=locked.pk, by=member.user, at=NOW)
    assert SupportingDocument.objects.get().is_locked


# --- Attachments ------------------------------------------------------------------------------


def holding(**files):
    def change(document):
        for name, content in files.items():
            document.attachments[name] = content

    return corpus.pdf(1, change)


def test_an_attachment_becomes_a_document_by_one_tap(client, year, answer, staff):
    content = corpus.xlsx()
    evidence = offered(answer, staff, holding(**{"daftar.xlsx": content}))
    make_pending(at=later())
    assert rendition_of(evidence).attachments == ["daftar.xlsx"]
    client.force_login(staff.user)
    assert "Jadikan dokumen" in client.get(answer.get_absolute_url()).text

    client.post(deed_url("attachment_take", evidence, 0))

    taken = Evidence.objects.select_related("document").exclude(pk=evidence.pk).get()
    assert taken.kind == evidence.kind
    assert taken.document.title == "daftar"
    assert taken.document.sha256 == hashlib.sha256(content).hexdigest()
    assert taken.document.opd == staff.opd
    assert history(year)[-1][0] == TrailEvent.ATTACHMENT_TAKEN


@pytest.mark.parametrize(
    ("name", "content"), [("jalankan.exe", b"MZ\x90\x00" + bytes(200)), ("a.html", corpus.HTML)]
)
def test_an_attachment_that_is_no_document_is_refused(client, answer, staff, name, content):
    evidence = offered(answer, staff, holding(**{name: content}))
    make_pending(at=later())
    before = stored_files()
    client.force_login(staff.user)

    response = client.post(deed_url("attachment_take", evidence, 0), follow=True)

    assert Evidence.objects.count() == 1
    assert stored_files() == before
    assert len(list(response.context["messages"])) == 1


def test_an_attachment_is_taken_once_and_only_where_there_is_one(client, answer, staff):
    evidence = offered(answer, staff, holding(**{"a.csv": b"a;b\n1;2\n"}))
    make_pending(at=later())
    client.force_login(staff.user)

    for position in (0, 0, 1):
        client.post(deed_url("attachment_take", evidence, position))

    assert Evidence.objects.count() == 2


def test_an_attachment_is_not_taken_when_documents_are_not(year, answer, staff, client):
    evidence = offered(answer, staff, holding(**{"a.csv": b"a;b\n1;2\n"}))
    make_pending(at=later())
    set_stage(assessment_id=year.pk, stage=Stage.CLOSED, at=NOW)
    client.force_login(staff.user)

    client.post(deed_url("attachment_take", evidence, 0))

    assert Evidence.objects.count() == 1

"""Sensitive documents: who opens them, what stands in the trail, what goes out and how."""

import hashlib
import io
import json
import zipfile
from datetime import timedelta

import pikepdf
import pypdf
import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image, ImageChops

from assessments.choices import Sensitivity, Stage, TrailEvent, Verdict
from assessments.models import Activity, Assessment, Evidence, SupportingDocument
from assessments.packaging.index import MANIFEST
from assessments.queries.search import search
from assessments.services.attachments import take_attachment
from assessments.services.carry_over import Pick, carry_over
from assessments.services.creation import open_assessment
from assessments.services.documents import DocumentFacts
from assessments.services.renditions import make_rendition
from assessments.services.revisions import revise_document
from assessments.services.sensitivity import (
    PREVIEW,
    mark_document,
    note_opened,
    set_sensitive_kinds,
)
from assessments.services.snapshots import freeze
from tests.assessments import corpus
from tests.assessments.situations import (
    NOW,
    checked,
    hand_in,
    later,
    refused,
    set_stage,
    staff_of,
    working_year,
)
from tests.at_once import at_once
from tests.factories.assessments import answer_of
from tests.factories.cities import MembershipFactory, SiteAdminFactory

pytestmark = pytest.mark.django_db
ROLES = ("gugus_tugas", "verifikator", "pimpinan", "pendamping", "admin_kota")


def photo():
    """A JPEG of some size with where it was taken, 6°12′30″."""
    exif = Image.Exif()
    exif[0x010F] = "Kamera Rahasia"
    exif.get_ifd(0x8825)[2] = (6.0, 12.0, 30.0)
    out = io.BytesIO()
    Image.new("RGB", (900, 600), (220, 210, 200)).save(out, "JPEG", exif=exif)
    return out.getvalue()


def pdf_with_photo():
    """A page with that very JPEG placed on it, as scanning programs do."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(300, 200))
    picture = pikepdf.Stream(
        pdf,
        photo(),
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=900,
        Height=600,
        ColorSpace=pikepdf.Name.DeviceRGB,
        BitsPerComponent=8,
        Filter=pikepdf.Name.DCTDecode,
    )
    name = pdf.pages[0].add_resource(picture, pikepdf.Name.XObject)
    pdf.pages[0].contents_add(f"q 300 0 0 200 0 0 cm {name} Do Q".encode())
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def sensitive(answer, staff, content=None, name="foto.jpg", media_type="image/jpeg", **said):
    said = {"title": "Foto anak", "sensitivity": Sensitivity.CHILD, **said}
    content = photo() if content is None else content
    [evidence] = hand_in(answer, by=staff.user, files=[checked(content, name, media_type)], **said)
    make_rendition(evidence.document_id, at=later())
    return Evidence.objects.select_related("document", "kind", "answer__assessment__city").get()


def url(name, evidence):
    city = evidence.answer.assessment.city
    return reverse(f"assessments:{name}", args=[city.slug, evidence.document_id])


def year_url(name, assessment, *more):
    return reverse(f"assessments:{name}", args=[assessment.city.slug, assessment.year, *more])


def get(client, member, address):
    """The answer, what was streamed of it read to its end as `sent`."""
    client.force_login(member.user)
    response = client.get(address)
    response.sent = b"".join(response.streaming_content) if response.streaming else b""
    return response


def body(response):
    return response.sent


def people(year):
    """Somebody of every role, of the OPD that handed in, and of the one that supports it."""
    members = {role: MembershipFactory(**{role: True}, city=year.city) for role in ROLES}
    return members | {"own": staff_of(year, "DISDIK"), "supporting": staff_of(year, "DP3A")}


def opened(year):
    rows = Activity.objects.filter(assessment=year, deed=TrailEvent.SENSITIVE_OPENED)
    return [(row.by.name, row.detail, row.after["way"]) for row in rows.order_by("position")]


# --- Who opens one ----------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["document_view", "document_download"])
def test_only_those_who_must_open_a_sensitive_document(client, year, answer, staff, page):
    evidence = sensitive(answer, staff)

    answers = {
        who: get(client, member, url(page, evidence)).status_code
        for who, member in people(year).items()
    }

    assert answers == {
        "gugus_tugas": 200,
        "verifikator": 200,
        "pimpinan": 403,
        "pendamping": 403,
        "admin_kota": 403,
        "own": 200,
        "supporting": 403,
    }


def test_of_a_document_that_is_not_sensitive_everybody_who_sees_it_has_the_preview(
    client, year, answer, staff
):
    evidence = sensitive(answer, staff, sensitivity="")

    for member in people(year).values():
        assert get(client, member, url("document_view", evidence)).status_code == 200
    assert opened(year) == []


def test_others_read_that_it_exists_and_whom_to_ask(client, year, answer, staff):
    evidence = sensitive(answer, staff)
    pimpinan = people(year)["pimpinan"]

    question = get(client, pimpinan, answer.get_absolute_url())
    refusal = get(client, pimpinan, url("document_view", evidence))

    for response in (question, refusal):
        assert "Foto anak" in response.text
        assert "mintalah kepada Gugus Tugas" in response.text
        assert "foto.jpg" not in response.text
    assert "Lihat pratinjau" not in question.text
    assert "sandbox" not in refusal["Content-Security-Policy"]  # a page of ours, with its looks


def test_a_verifikator_opens_it_until_the_year_is_closed(client, year, answer, staff):
    evidence = sensitive(answer, staff)
    verifikator = people(year)["verifikator"]

    assert get(client, verifikator, url("document_view", evidence)).status_code == 200
    Assessment.objects.filter(pk=year.pk).update(stage=Stage.CLOSED)
    assert get(client, verifikator, url("document_view", evidence)).status_code == 403


def test_a_sensitive_link_shows_its_address_only_to_those_who_must(client, year, answer, staff):
    evidence = sensitive(answer, staff)
    SupportingDocument.objects.filter(pk=evidence.document_id).update(
        address="https://kasus.example/rahasia", seen_on=NOW.date(), shows="Kasus itu"
    )
    members = people(year)

    for page in (answer.get_absolute_url(), url("link_detail", evidence)):
        assert "kasus.example" not in get(client, members["pimpinan"], page).text
        assert "kasus.example" in get(client, members["own"], page).text


def test_a_frozen_year_proves_a_sensitive_link_without_telling_its_address(year, answer, staff):
    evidence = sensitive(answer, staff)
    address = "https://kasus.example/rahasia"
    SupportingDocument.objects.filter(pk=evidence.document_id).update(
        address=address, seen_on=NOW.date(), shows="Kasus itu"
    )

    frozen = freeze(
        year, left=Stage.SELF_ASSESSMENT, entered=Stage.SUBMITTED, by=staff.user, at=NOW
    )

    [told] = [row for row in frozen.content["answers"] if row["code"] == "1.2"]
    [document] = told["documents"]
    assert "address" not in document
    assert document["address_sha256"] == hashlib.sha256(address.encode()).hexdigest()


def test_the_search_finds_it_for_those_who_open_it(year, answer, staff):
    sensitive(answer, staff)

    found = {
        who: [hit.title for group in search(member, "anak") for hit in group.hits]
        for who, member in people(year).items()
    }

    assert {who for who, titles in found.items() if "Foto anak" in titles} == {
        "gugus_tugas",
        "verifikator",
        "own",
    }


def test_another_opd_takes_no_attachment_out_of_it(year, answer, staff):
    evidence = sensitive(
        answer, staff, corpus.pdf(1, corpus.attachment), "surat.pdf", "application/pdf"
    )
    supporting = people(year)["supporting"]

    with pytest.raises(PermissionDenied):
        take_attachment(
            evidence_id=evidence.pk,
            position=0,
            opd=supporting.opd,
            by=supporting.user,
            at=NOW,
        )
    [taken] = [
        take_attachment(evidence_id=evidence.pk, position=0, opd=staff.opd, by=staff.user, at=NOW)
    ]
    assert taken.document.sensitivity == Sensitivity.CHILD


def test_another_opd_cannot_carry_it_into_a_new_year(client, year, answer, staff):
    evidence = sensitive(answer, staff)
    Evidence.objects.update(
        verdict=Verdict.ACCEPTED, decided_at=NOW, decided_by=staff.user, counted_at=NOW
    )
    opened_by = SiteAdminFactory()
    new_year = open_assessment(
        city=year.city,
        instrument=year.instrument,
        year=year.year + 1,
        target=None,
        deadline=None,
        by=opened_by,
        at=NOW,
    )
    set_stage(assessment_id=new_year.pk, stage=Stage.SELF_ASSESSMENT, at=NOW)
    new = answer_of(new_year, "1.2")
    supporting = people(year)["supporting"]
    pick = Pick(new.pk, evidence.document_id, evidence.kind)

    page = get(client, supporting, year_url("documents_carry_over", new_year))
    own_page = get(client, staff, year_url("documents_carry_over", new_year))
    with pytest.raises(PermissionDenied):
        carry_over(
            assessment_id=new_year.pk,
            picks=[pick],
            opd=supporting.opd,
            by=supporting.user,
            at=NOW,
        )

    assert "Foto anak" in page.text
    box = f'id="usulan-{evidence.pk}-{new.pk}"'
    assert (box in page.text, box in own_page.text) == (False, True)
    assert not new.evidence.exists()


# --- Which are sensitive ----------------------------------------------------------------------


def test_a_kind_marked_by_the_city_marks_what_is_there_and_what_comes(year, answer, staff):
    kind = answer.question.evidence_kinds.first()
    [before] = hand_in(answer, by=staff.user, files=[checked(b"satu")], kind=kind)
    secretary = people(year)["gugus_tugas"].user

    marked = set_sensitive_kinds(
        assessment_id=year.pk, chosen={kind.code: Sensitivity.HEALTH}, by=secretary, at=NOW
    )
    [after] = hand_in(answer, by=staff.user, files=[checked(b"dua")], kind=kind)
    other = answer.question.evidence_kinds.last()
    [free] = hand_in(answer, by=staff.user, files=[checked(b"tiga")], kind=other)

    marks = dict(SupportingDocument.objects.values_list("pk", "sensitivity"))
    assert marked == 1
    assert [marks[row.document_id] for row in (before, after, free)] == ["health", "health", ""]
    line = year.activities.filter(deed=TrailEvent.SENSITIVITY_CHANGED).get()
    assert line.after == {kind.code: "Data kesehatan"}


def test_a_kind_of_another_city_marks_nothing_here(year, answer, staff):
    other = working_year()
    kind = answer.question.evidence_kinds.first()
    set_sensitive_kinds(
        assessment_id=other.pk,
        chosen={kind.code: Sensitivity.HEALTH},
        by=people(other)["gugus_tugas"].user,
        at=NOW,
    )

    [evidence] = hand_in(answer, by=staff.user, kind=kind)

    assert evidence.document.sensitivity == ""


def test_a_kind_that_the_instrument_does_not_know_is_refused(year):
    with refused("unknown"):
        set_sensitive_kinds(
            assessment_id=year.pk,
            chosen={"rahasia": Sensitivity.CASE},
            by=people(year)["gugus_tugas"].user,
            at=NOW,
        )


def test_an_opd_marks_its_own_and_only_gugus_tugas_takes_the_mark_off(year, answer, staff):
    [evidence] = hand_in(answer, by=staff.user)
    members = people(year)

    def mark(who, why):
        mark_document(evidence_id=evidence.pk, sensitivity=why, by=members[who].user, at=NOW)

    for who in ("supporting", "pimpinan", "pendamping", "admin_kota", "verifikator"):
        with pytest.raises(PermissionDenied):
            mark(who, Sensitivity.CASE)
    mark("own", Sensitivity.CASE)
    with pytest.raises(PermissionDenied):
        mark("own", "")
    assert SupportingDocument.objects.get().sensitivity == Sensitivity.CASE
    mark("gugus_tugas", "")
    assert SupportingDocument.objects.get().sensitivity == ""
    deeds = year.activities.filter(deed=TrailEvent.SENSITIVITY_CHANGED).order_by("position")
    assert [line.after["sensitivity"] for line in deeds] == [
        "Kasus kekerasan atau perlindungan khusus",
        None,
    ]


def test_a_better_version_stays_sensitive(year, answer, staff):
    evidence = sensitive(answer, staff)

    revised = revise_document(
        evidence_id=evidence.pk,
        file=checked(b"lebih jelas"),
        said=DocumentFacts(),
        changes="Lebih jelas",
        by=staff.user,
        at=NOW,
    )

    assert revised.evidence.document.sensitivity == Sensitivity.CHILD


# --- What stands in the trail -----------------------------------------------------------------


def test_every_way_of_opening_stands_in_the_trail_once_an_hour(client, year, answer, staff):
    evidence = sensitive(answer, staff)
    secretary = MembershipFactory(gugus_tugas=True, city=year.city, user__name="Sari")

    for _ in range(3):
        body(get(client, secretary, url("document_view", evidence)))
        body(get(client, secretary, url("document_download", evidence)))
    assert opened(year) == [
        ("Sari", "Foto anak", "pratinjau"),
        ("Sari", "Foto anak", "unduhan"),
    ]
    start = NOW.replace(minute=0, second=0, microsecond=0) + timedelta(days=1)
    for moment in (start, start + timedelta(minutes=59), start + timedelta(minutes=60)):
        note_opened([evidence.document], secretary, way=PREVIEW, at=moment)
    assert len(opened(year)) == 4


def test_a_refused_opening_is_no_opening(client, year, answer, staff):
    evidence = sensitive(answer, staff)

    get(client, people(year)["pimpinan"], url("document_view", evidence))

    assert opened(year) == []


def test_the_administrator_filters_the_trail_and_gugus_tugas_reads_it_at_the_question(
    client, year, answer, staff
):
    evidence = sensitive(answer, staff)
    secretary = MembershipFactory(gugus_tugas=True, city=year.city, user__name="Sari")
    get(client, secretary, url("document_view", evidence))
    members = people(year)

    trail = get(
        client,
        members["admin_kota"],
        year_url("trail_list", year) + "?aktivitas=sensitive_opened",
    )
    texts = {
        who: get(client, members[who], f"{answer.get_absolute_url()}riwayat/").text
        for who in ("gugus_tugas", "own", "pimpinan")
    }

    assert [line.detail for line in trail.context["page_obj"]] == ["Foto anak"]
    assert {who for who, text in texts.items() if "membuka dokumen sensitif" in text} == {
        "gugus_tugas"
    }


@pytest.mark.django_db(transaction=True)
def test_of_many_requests_at_once_one_line_is_left():
    year = working_year()
    staff = staff_of(year, "DISDIK")
    document = sensitive(answer_of(year, "1.2"), staff).document

    at_once(*[lambda: note_opened([document], staff, way=PREVIEW, at=NOW)] * 6)

    assert len(opened(year)) == 1


# --- What goes out ----------------------------------------------------------------------------


def test_a_photo_goes_out_with_name_and_time_over_it(client, year, answer, staff):
    evidence = sensitive(answer, staff)
    plain = Image.open(evidence.document.rendition.file.path)

    response = get(client, people(year)["gugus_tugas"], url("document_view", evidence))

    shown = Image.open(io.BytesIO(body(response)))
    assert shown.size == plain.size
    changed = ImageChops.difference(shown.convert("L"), plain.convert("L")).point(
        lambda level: 255 * (level > 40)
    )
    left, top, right, bottom = changed.getbbox()
    assert (right - left > 600, bottom - top > 450) == (True, True)


def test_every_page_of_a_pdf_goes_out_with_name_and_time(client, year, answer, staff):
    evidence = sensitive(answer, staff, corpus.pdf(3), "surat.pdf", "application/pdf")
    reader = MembershipFactory(verifikator=True, city=year.city, user__name="Sari Dewi")

    response = get(client, reader, url("document_download", evidence))

    assert response["Content-Disposition"] == 'attachment; filename="surat (salinan bertanda).pdf"'
    pages = pypdf.PdfReader(io.BytesIO(body(response))).pages
    texts = [" ".join(page.extract_text().split()) for page in pages]
    assert len(texts) == 3
    assert all("Dibuka oleh Sari Dewi (Verifikator), " in text for text in texts)
    assert all("WIB" in text for text in texts)


def test_a_text_goes_out_with_name_and_time_on_top(client, year, answer, staff):
    evidence = sensitive(answer, staff, b"nama,umur\n", "daftar.csv", "text/csv")
    reader = MembershipFactory(verifikator=True, city=year.city, user__name="Sari Dewi")

    viewed = body(get(client, reader, url("document_view", evidence))).decode()
    page = get(client, reader, year_url("evidence_review", year, evidence.pk))

    assert viewed.startswith("Dokumen sensitif. Dibuka oleh Sari Dewi (Verifikator), ")
    assert viewed.endswith("nama,umur\n")
    assert "Dibuka oleh Sari Dewi" in page.context["preview_text"]


def test_the_original_stays_as_it_came_and_goes_back_to_its_opd_alone(client, year, answer, staff):
    evidence = sensitive(answer, staff)
    members = people(year)

    for who in ("gugus_tugas", "verifikator"):
        assert body(get(client, members[who], url("document_download", evidence))) != photo()
    assert body(get(client, members["own"], url("document_download", evidence))) == photo()


WAYS_OUT = {
    "view of the OPD": ("own", "document_view"),
    "view of Gugus Tugas": ("gugus_tugas", "document_view"),
    "download of Gugus Tugas": ("gugus_tugas", "document_download"),
    "download of a verifikator": ("verifikator", "document_download"),
}


@pytest.mark.parametrize("content", [photo(), pdf_with_photo()], ids=["photo", "pdf"])
@pytest.mark.parametrize("way", WAYS_OUT)
def test_no_way_out_tells_where_a_photo_was_taken(client, year, answer, staff, way, content):
    is_pdf = content.startswith(b"%PDF")
    kind = ("surat.pdf", "application/pdf") if is_pdf else ("foto.jpg", "image/jpeg")
    evidence = sensitive(answer, staff, content, *kind)
    who, page = WAYS_OUT[way]
    assert b"Kamera Rahasia" in content

    sent = body(get(client, people(year)[who], url(page, evidence)))

    assert b"Kamera Rahasia" not in sent
    assert evidence.document.rendition.changes["position"] == 1
    if not is_pdf:
        assert dict(Image.open(io.BytesIO(sent)).getexif()) == {}


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (photo(), "foto.jpg", "image/jpeg"),
        (pdf_with_photo(), "surat.pdf", "application/pdf"),
    ],
)
def test_a_package_holds_no_position(client, year, answer, staff, content, name, media_type):
    evidence = sensitive(answer, staff, content, name, media_type, sensitivity="")

    archive = packaged(client, people(year)["gugus_tugas"], year)

    everything = b"".join(archive.read(one) for one in archive.namelist())
    assert b"Kamera Rahasia" not in everything
    assert evidence.document.sha256.encode() in everything  # of the original, which is kept


def packaged(client, member, year):
    response = get(client, member, year_url("package_download", year))
    return zipfile.ZipFile(io.BytesIO(body(response)))


def test_a_package_holds_it_for_gugus_tugas_and_its_own_opd_alone(client, year, answer, staff):
    content = corpus.pdf()
    sensitive(answer, staff, content, "surat.pdf", "application/pdf")

    holding = {}
    for who, member in people(year).items():
        archive = packaged(client, member, year)
        holding[who] = any(archive.read(name) == content for name in archive.namelist())
        told = json.loads(archive.read(MANIFEST))
        if not holding[who]:
            [missing] = told["missing"]["files"]
            assert (missing["title"], missing["original_name"]) == ("Foto anak", "")
            assert (missing["sha256"], missing["trouble"]) == ("", "withheld")

    assert {who for who, holds in holding.items() if holds} == {"gugus_tugas", "own"}
    assert sorted(way for _name, _title, way in opened(year)) == ["paket", "paket"]


# --- Pages ------------------------------------------------------------------------------------


def test_gugus_tugas_marks_a_document_and_a_kind_on_their_pages(client, year, answer, staff):
    [evidence] = hand_in(answer, by=staff.user)
    secretary = people(year)["gugus_tugas"]
    client.force_login(secretary.user)
    kind = evidence.kind

    client.post(year_url("document_mark", year, evidence.pk), {"sensitivity": "case"})
    assert SupportingDocument.objects.get().sensitivity == "case"
    client.post(year_url("document_mark", year, evidence.pk), {"sensitivity": "bohong"})
    assert SupportingDocument.objects.get().sensitivity == "case"
    page = year_url("sensitive_kinds_edit", year)
    response = client.post(page, {f"jenis-{kind.code}": "child"}, follow=True)
    assert response.context["form"][f"jenis-{kind.code}"].initial == "child"


def test_the_upload_form_asks_whether_it_must_be_protected(client, year, answer, staff):
    client.force_login(staff.user)
    client.post(
        year_url("document_upload", year, "1.2"),
        {
            "file": SimpleUploadedFile("surat.pdf", corpus.pdf()),
            "kind": answer.question.evidence_kinds.first().code,
            "sensitivity": "health",
        },
    )

    assert SupportingDocument.objects.get().sensitivity == Sensitivity.HEALTH

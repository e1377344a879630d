"""Uploading, opening and withdrawing documents through the pages."""

import logging
from datetime import date

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from assessments.choices import Stage
from assessments.models import Evidence, SupportingDocument
from cities.models import Opd
from tests.assessments import corpus
from tests.assessments.situations import NOW, everything, set_stage, staff_of, stored_files
from tests.factories.assessments import EvidenceFactory, SupportingDocumentFactory, answer_of
from tests.factories.cities import MembershipFactory

pytestmark = pytest.mark.django_db


def url(name, year, *args):
    return reverse(f"assessments:{name}", args=[year.city.slug, year.year, *args])


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


@pytest.fixture
def staff_client(client, staff):
    client.force_login(staff.user)
    return client


def titles():
    return list(Evidence.objects.order_by("pk").values_list("document__title", flat=True))


def paper(name="surat.pdf", content=None):
    return SimpleUploadedFile(name, corpus.pdf() if content is None else content, "text/html")


def send(client, year, *files, code="1.2", **data):
    given = {"kind": "perda", "file": list(files) or paper()}
    return client.post(url("document_upload", year, code), given | data)


# --- Uploading --------------------------------------------------------------------------------


def test_a_document_is_uploaded_with_what_is_said_of_it(staff_client, year, staff):
    response = send(
        staff_client,
        year,
        title="Perda KLA",
        number="5/2025",
        issued_on="2025-03-01",
        period_start="2025-01-01",
        period_end="2025-12-31",
    )

    [evidence] = Evidence.objects.select_related("document", "kind")
    document = evidence.document
    assert response.url == f"{answer_of(year, '1.2').get_absolute_url()}?terunggah=1"
    assert said(response) == ["1 dokumen tersimpan, menunggu pemeriksaan."]
    assert (document.title, document.number, evidence.kind.code) == ("Perda KLA", "5/2025", "perda")
    assert (document.opd, document.uploaded_by) == (staff.opd, staff.user)
    # The content decides, not what the browser says.
    assert document.media_type == "application/pdf"


def test_what_the_secretariat_uploads_belongs_to_no_opd(client, year, secretariat):
    client.force_login(secretariat.user)

    send(client, year)

    document = SupportingDocument.objects.get()
    assert (document.opd, document.uploaded_by) == (None, secretariat.user)


def test_several_files_are_uploaded_at_once(staff_client, year):
    response = send(staff_client, year, paper("a.pdf"), paper("b.csv", b"a;b\n1;2\n"))

    assert said(response) == ["2 dokumen tersimpan, menunggu pemeriksaan."]
    assert sorted(SupportingDocument.objects.values_list("title", flat=True)) == [
        "Peraturan daerah – 1.2 (1)",
        "Peraturan daerah – 1.2 (2)",
    ]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("kosong.pdf", b""),
        ("halaman.html", corpus.HTML),
        ("halaman.pdf", corpus.HTML),
        ("gambar.svg", corpus.SVG),
        ("gambar.png", corpus.SVG),
        ("program.pdf", b"MZ\x90\x00" + bytes(200)),
        (".htaccess", b"Options +Indexes\n"),
    ],
)
def test_a_file_that_is_no_document_is_refused_and_leaves_nothing(
    staff_client, year, name, content
):
    before = everything()

    response = send(staff_client, year, paper(name, content), title="Jangan hilang")

    form = response.context["upload_form"]
    assert (response.status_code, list(form.errors), len(form.errors["file"])) == (200, ["file"], 1)
    assert "Jangan hilang" in response.text
    assert everything() == before


def test_of_several_files_each_is_stored_by_itself_and_the_refused_one_is_named(staff_client, year):
    known = corpus.pdf() + b"\n"
    send(staff_client, year, paper("lama.pdf", known), title="Lama")

    response = send(
        staff_client, year, paper("a.pdf"), paper("b.pdf", corpus.HTML), paper("c.pdf", known)
    )

    form = response.context["upload_form"]
    [first, second] = form.errors["file"]
    assert ("b.pdf" in first, "c.pdf" in second, form.stored) == (True, True, [0])
    assert 'data-stored="0"' in response.text
    assert said(response)[1:] == ["1 dokumen tersimpan, menunggu pemeriksaan."]
    assert titles() == ["Lama", "Peraturan daerah – 1.2 (1)"]


def test_sending_several_files_again_stores_none_of_them_twice(staff_client, year):
    files = [("a.pdf", corpus.pdf()), ("b.csv", b"a;b\n1;2\n")]
    send(staff_client, year, *(paper(*file) for file in files))
    before = everything()

    response = send(staff_client, year, *(paper(*file) for file in files))

    assert len(response.context["upload_form"].errors["file"]) == 2
    assert everything() == before


def test_several_files_have_a_kind_and_facts_each(staff_client, year):
    rows = {
        "berkas-0-kind": "perda",
        "berkas-0-number": "5 Tahun 2021",
        "berkas-0-issued_on": "21-11-2021",
        "berkas-1-kind": "foto",
        "berkas-1-title": "Pelantikan",
        "berkas-2-title": "Lampiran",  # the name of the file says its kind
    }
    files = [paper("a.pdf"), paper("b.csv", b"a;b\n"), paper("Foto pelantikan.csv", b"c;d\n")]

    send(staff_client, year, *files, kind="", **rows)

    stored = Evidence.objects.order_by("pk").values_list(
        "kind__code", "document__title", "document__number", "document__issued_on"
    )
    assert list(stored) == [
        ("perda", "Peraturan daerah – 1.2", "5 Tahun 2021", date(2021, 11, 21)),
        ("foto", "Pelantikan", "", None),
        ("foto", "Lampiran", "", None),
    ]


def test_what_is_wrong_with_one_of_several_is_said_of_that_one(staff_client, year):
    rows = {
        "berkas-0-kind": "perda",
        "berkas-1-kind": "",
        "berkas-2-kind": "perda",
        "berkas-2-issued_on": "kemarin",
        "berkas-3-kind": "lain",
    }
    files = [paper(f"{name}.csv", f"{name};1\n".encode()) for name in "abcd"]

    response = send(staff_client, year, *files, kind="", **rows)

    form = response.context["upload_form"]
    assert form.errors["file"] == [
        "b.csv: pilih jenis dokumennya.",
        "c.csv, Tanggal terbit: Tulis tanggal sebagai hari-bulan-tahun, misalnya 21-11-2026.",
        (
            "d.csv, Jenis dokumen: Masukkan pilihan yang valid. Pilihan tersebut bukan salah satu dari "
            "pilihan yang tersedia."
        ),
    ]
    assert (form.stored, titles()) == ([0], ["Peraturan daerah – 1.2"])


def test_a_date_is_taken_as_indonesians_type_it(staff_client, year):
    send(staff_client, year, issued_on="1 Maret 2025", valid_until="31/12/2026")

    document = SupportingDocument.objects.get()
    assert (document.issued_on, document.valid_until) == (date(2025, 3, 1), date(2026, 12, 31))


def test_a_file_over_the_limit_is_refused(staff_client, year, settings):
    settings.KLA_MAX_UPLOAD_BYTES = len(corpus.pdf()) - 1

    response = send(staff_client, year)

    assert response.context["upload_form"].has_error("file", "too_large")
    assert stored_files() == []


def test_a_file_of_exactly_the_limit_is_taken(staff_client, year, settings):
    settings.KLA_MAX_UPLOAD_BYTES = len(corpus.pdf())

    send(staff_client, year)

    assert SupportingDocument.objects.get().size == len(corpus.pdf())


def test_a_large_file_that_was_spooled_to_disk_is_stored_whole(staff_client, year, settings):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10

    send(staff_client, year)

    document = SupportingDocument.objects.get()
    with document.file.open("rb") as file:
        assert file.read() == corpus.pdf()
    assert len(stored_files()) == 1


def test_without_a_file_the_page_says_so(staff_client, year):
    response = staff_client.post(url("document_upload", year, "1.2"), {"kind": "perda"})

    assert response.context["upload_form"].has_error("file", "required")


def test_twenty_files_are_enough_at_once(staff_client, year):
    files = [paper(f"{number}.csv", f"a;b\n{number};2\n".encode()) for number in range(21)]

    response = send(staff_client, year, *files)

    assert response.status_code in {200, 400}
    assert stored_files() == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "lain"),
        ("kind", ""),
        ("issued_on", "kemarin"),
        ("title", "x" * 201),
        ("title", "a\x00b"),
        ("period_end", "2024-12-31"),
    ],
)
def test_what_is_said_of_a_document_is_checked(staff_client, year, field, value):
    response = send(staff_client, year, **({"period_start": "2025-01-01"} | {field: value}))

    assert list(response.context["upload_form"].errors) == [field]
    assert stored_files() == []


def test_the_same_paper_a_second_time_is_refused_on_the_form(staff_client, year):
    send(staff_client, year, title="Perda KLA")

    response = send(staff_client, year)

    assert response.context["upload_form"].has_error("file", "already_offered")
    assert "“Perda KLA”" in response.context["upload_form"].errors["file"][0]


def test_nothing_can_be_slipped_into_an_upload(staff_client, year, staff):
    other = MembershipFactory(of_opd=True)
    slipped = {
        "opd": other.opd_id,
        "uploaded_by": other.user_id,
        "city": other.city_id,
        "verdict": "accepted",
        "media_type": "text/html",
        "original_name": "../../x",
    }

    send(staff_client, year, **slipped)

    evidence = Evidence.objects.get()
    document = evidence.document
    assert (document.opd, document.uploaded_by, document.city) == (staff.opd, staff.user, year.city)
    assert (evidence.verdict, document.media_type) == ("waiting", "application/pdf")
    assert document.original_name == "surat.pdf"


def test_a_closed_year_refuses_the_upload_on_the_page(staff_client, year, staff):
    set_stage(assessment_id=year.pk, stage=Stage.CLOSED, at=NOW)

    response = send(staff_client, year)

    assert (response.status_code, stored_files()) == (200, [])


# --- Opening ----------------------------------------------------------------------------------


def offered(year, **fields):
    """A document that DISDIK handed in for question 1.2."""
    opd = Opd.objects.get(city=year.city, code="DISDIK")
    content = SupportingDocumentFactory(city=year.city, opd=opd, **fields)
    EvidenceFactory(answer=answer_of(year, "1.2"), document=content)
    return content


def view_url(document):
    return reverse("assessments:document_view", args=[document.city.slug, document.pk])


def body(response):
    return b"".join(response.streaming_content)


def test_a_document_is_handed_out_as_a_file_that_can_do_nothing(staff_client, year):
    document = offered(year, title="isi", original_name="surat.pdf")

    response = staff_client.get(document.get_absolute_url())

    assert body(response) == b"isi"
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="surat.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    policy = {part.strip() for part in response["Content-Security-Policy"].split(";")}
    assert policy == {"default-src 'none'", "frame-ancestors 'none'", "sandbox"}
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ('dua "kutip".pdf', 'attachment; filename="dua \\"kutip\\".pdf"'),
        ("surat édaran.pdf", "attachment; filename*=utf-8''surat%20%C3%A9daran.pdf"),
        ("قرار.pdf", "attachment; filename*=utf-8''%D9%82%D8%B1%D8%A7%D8%B1.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", None),
    ],
)
def test_its_name_is_quoted_and_never_breaks_the_header(staff_client, year, name, header):
    document = offered(year, original_name=name)

    response = staff_client.get(document.get_absolute_url())

    body(response)
    disposition = response["Content-Disposition"]
    assert header is None or disposition == header
    assert ("\r" in disposition, "\n" in disposition, "Set-Cookie" in response) == (False,) * 3


def test_an_original_is_never_shown_inside_a_page_whatever_it_is(staff_client, year):
    for media_type in ("application/pdf", "image/jpeg", "text/csv", "text/html", "image/svg+xml"):
        document = offered(year, media_type=media_type)

        assert staff_client.get(view_url(document)).status_code == 404


def test_a_file_that_is_gone_is_not_found_and_written_to_the_log(staff_client, year, caplog):
    document = offered(year)
    document.file.storage.delete(document.file.name)

    with caplog.at_level(logging.ERROR, logger="assessments"):
        assert staff_client.get(document.get_absolute_url()).status_code == 404

    assert document.file.name in caplog.text


def test_a_document_of_a_question_of_another_opd_is_not_found(client, year):
    document = offered(year)
    client.force_login(staff_of(year, "DINKES").user)

    assert client.get(document.get_absolute_url()).status_code == 404
    assert client.get(view_url(document)).status_code == 404


def test_a_document_that_was_withdrawn_from_ones_question_is_not_found_any_more(staff_client, year):
    document = offered(year)
    EvidenceFactory(answer=answer_of(year, "2a.2"), document=document)
    Evidence.objects.filter(answer__question__code="1.2").delete()

    assert staff_client.get(document.get_absolute_url()).status_code == 404


def test_no_document_is_reached_by_its_path(staff_client, year):
    document = offered(year)

    for path in (f"/{document.file.name}", f"/media/{document.file.name}"):
        assert staff_client.get(path).status_code == 404


# --- Withdrawing ------------------------------------------------------------------------------


def test_an_opd_takes_its_own_document_back(staff_client, year, django_capture_on_commit_callbacks):
    send(staff_client, year, title="Salah berkas")
    evidence = Evidence.objects.get()

    with django_capture_on_commit_callbacks(execute=True):
        response = staff_client.post(url("document_withdraw", year, evidence.pk))

    assert said(response)[1:] == ["Dokumen “Salah berkas” ditarik."]
    assert (Evidence.objects.count(), stored_files()) == (0, [])


@pytest.mark.parametrize("trait", [{}, {"accepted": True}, {"returned": True}])
def test_an_opd_takes_back_neither_what_another_handed_in_nor_what_was_decided(
    staff_client, year, staff, trait
):
    owner = {"document__opd": staff.opd} if trait else {}
    evidence = EvidenceFactory(answer=answer_of(year, "1.2"), **trait, **owner)
    before = everything()

    page = staff_client.get(url("question_detail", year, "1.2"))
    response = staff_client.post(url("document_withdraw", year, evidence.pk))

    assert [row.may_withdraw for row in page.context["documents"]] == [False]
    assert "tidak dapat Anda tarik" in said(response)[0]
    assert everything() == before

"""Documents that are let out one by one: which, with what in them, and for how long."""

import io
import zipfile
from types import SimpleNamespace

import openpyxl
import pikepdf
import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from assessments.choices import ScanState, Stage
from assessments.models import Assessment, Evidence, SupportingDocument
from assessments.renditions.limited import UnshowableError, WorkFailedError
from assessments.services.retention import documents_until, remove_documents
from assessments.services.sensitivity import mark_document
from cities.models import CityActivity
from public.models import ReleasedDocument
from public.sections import Section
from public.services.documents import release_document, withdraw_document
from public.services.releases import withdraw_section
from tests.assessments.situations import later, refused, secretary_of, set_stage, working_year
from tests.assessments.test_limited_work import photo
from tests.assessments.test_upload_proposals import word
from tests.factories.assessments import (
    NOW,
    EvidenceFactory,
    SupportingDocumentFactory,
    answer_of,
)
from tests.factories.cities import MembershipFactory, SiteAdminFactory
from tests.factories.public import ReleasedDocumentFactory, ReleaseFactory
from tests.factories.taskforce import DecreeFactory, TaskForceMemberFactory
from tests.public.situations import let_out, paper, plain_pdf, publisher_of

pytestmark = pytest.mark.django_db

LETTER = ("Diserahkan kepada Rina Kusumawati.", "NIK 1871014505900001", "Telepon 0812-3456-7890")


def submitted(year):
    set_stage(assessment_id=year.pk, stage=Stage.SUBMITTED, at=NOW)
    return Assessment.objects.get(pk=year.pk)


def situation(content, **fields):
    """A submitted year with one proof, a part that is released, and who may release."""
    year = working_year()
    document = paper(answer_of(year, "1.2"), content, **fields)
    year = submitted(year)
    ReleaseFactory(assessment=year)
    return SimpleNamespace(year=year, document=document, member=publisher_of(year))


@pytest.fixture
def out():
    """A document that the public reads."""
    found = situation(plain_pdf())
    found.release = let_out(found.year, found.document, by=found.member)
    return found


def office(year, document, name):
    return reverse(f"public:{name}", args=[year.city.slug, year.year, document.pk])


def file_of(year, release):
    return reverse("public:document_file", args=[year.city.slug, year.year, release.pk])


def page_of(year):
    return reverse("public:city_page", args=[year.city.slug, year.year])


def fetched(client, year, release):
    """The answer at the public address with its file read to the end, and what was in it."""
    answer = client.get(file_of(year, release))
    return answer, answer.getvalue()


def refuse(found, code, **told):
    with refused(code) as refusal:
        let_out(found.year, found.document, by=found.member, **told)
    return refusal.value.messages[0]


# --- Out and back ---------------------------------------------------------------------------


def test_a_document_goes_out_from_the_page_and_comes_back(client):
    found = situation(plain_pdf())
    client.force_login(found.member.user)
    preview = client.get(office(found.year, found.document, "document_preview"))
    assert preview.context["reading"].faults == preview.context["reading"].doubts == []

    told = {"title": "Perda KLA 2025", "is_read": "on"}
    client.post(office(found.year, found.document, "document_release"), told)

    release = ReleasedDocument.objects.get()
    text = client.get(page_of(found.year)).content.decode()
    assert text.count(file_of(found.year, release)) == 1
    assert "Perda KLA 2025" in text
    assert fetched(client, found.year, release)[1] == plain_pdf()

    client.post(office(found.year, found.document, "document_withdraw"))

    assert client.get(file_of(found.year, release)).status_code == 404
    assert 'id="dokumen"' not in client.get(page_of(found.year)).content.decode()


def test_what_stands_beside_the_file_is_copied(out):
    question = answer_of(out.year, "1.2").question

    release = out.release
    assert (release.code, release.question) == ("1.2", question.text)
    assert (release.sha256, release.size) == (out.document.sha256, out.document.size)
    assert (release.media_type, release.kind) == ("application/pdf", "PDF")


def test_the_file_has_the_headers_of_a_private_download_and_may_be_kept(client, out):
    private = reverse("assessments:document_download", args=[out.year.city.slug, out.document.pk])
    client.force_login(out.member.user)
    inside = client.get(private)
    assert inside.getvalue() == plain_pdf()

    answer, _content = fetched(client, out.year, out.release)

    same = ("Content-Type", "Content-Length", "X-Content-Type-Options", "Content-Security-Policy")
    assert {name: answer[name] for name in same} == {name: inside[name] for name in same}
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["Content-Disposition"] == 'attachment; filename="Perda KLA.pdf"'
    assert answer["Cache-Control"] == "public, max-age=300"
    assert answer["ETag"] == f'"{out.document.sha256}"'


def test_nobody_is_known_who_fetches_the_file(client, out):
    client.force_login(out.member.user)

    answer, _content = fetched(client, out.year, out.release)

    assert answer.cookies == {}
    assert "Cookie" not in answer.get("Vary", "")
    assert answer.wsgi_request.user.is_anonymous


def test_who_has_the_file_is_told_that_it_has_not_changed(client, out):
    tag = f'"{out.document.sha256}"'

    answer = client.get(file_of(out.year, out.release), headers={"If-None-Match": tag})

    assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", tag)


def test_a_file_with_a_name_of_a_person_is_fetched_under_its_title(client):
    found = situation(plain_pdf(), name="Rina Kusumawati.pdf")
    release = let_out(found.year, found.document, by=found.member, title="Perda: KLA/2025")

    answer, _content = fetched(client, found.year, release)

    assert answer["Content-Disposition"] == 'attachment; filename="Perda- KLA-2025.pdf"'


def test_what_is_released_and_withdrawn_is_told_in_the_trail(out):
    withdraw_document(assessment=out.year, document=out.document, by=out.member.user, at=later(2))

    withdrawn, released = CityActivity.objects.filter(city=out.year.city)[:2]
    facts = {"year": "2026", "checksum": out.document.sha256}
    note = "Dibaca seluruhnya oleh yang merilis; tidak ada data pribadi warga."
    assert (released.deed, released.target, released.after) == (
        "public_released",
        "Perda KLA",
        facts | {"note": note},
    )
    assert (withdrawn.deed, withdrawn.target, withdrawn.before) == (
        "public_withdrawn",
        "Perda KLA",
        facts,
    )
    out.release.refresh_from_db()
    assert (out.release.withdrawn_at, out.release.withdrawn_by) == (later(2), out.member.user)


def test_a_document_stands_once_however_often_it_is_clicked(client, out):
    assert refuse(out, "standing") == "Dokumen ini sudah dirilis."

    client.force_login(out.member.user)
    again = client.post(
        office(out.year, out.document, "document_release"), {"title": "Lagi", "is_read": "on"}
    )

    assert again.context["release"] == out.release
    with pytest.raises(IntegrityError), transaction.atomic():
        ReleasedDocumentFactory(assessment=out.year, document=out.document)


def test_a_withdrawn_document_may_be_released_again_at_another_address(client, out):
    withdraw_document(assessment=out.year, document=out.document, by=out.member.user, at=later(2))

    second = let_out(out.year, out.document, by=out.member, at=later(3))

    assert client.get(file_of(out.year, out.release)).status_code == 404
    assert fetched(client, out.year, second)[1] == plain_pdf()


def test_nothing_is_withdrawn_that_does_not_stand():
    found = situation(plain_pdf())

    with refused("not_standing") as refusal:
        withdraw_document(
            assessment=found.year, document=found.document, by=found.member.user, at=NOW
        )
    assert refusal.value.messages == ["Dokumen ini tidak sedang dirilis."]


# --- What the city does afterwards ------------------------------------------------------------


def test_what_happens_to_the_proof_afterwards_changes_nothing_for_the_public(client, out):
    before = client.get(page_of(out.year)).content
    Evidence.objects.update(
        verdict="returned", reason="Diganti", decided_at=NOW, decided_by=out.member.user
    )
    SupportingDocumentFactory(
        city=out.year.city, revision_of=out.document, revision=2, changes="Baru"
    )
    SupportingDocument.objects.filter(pk=out.document.pk).update(title="Judul dalam kota")

    assert client.get(page_of(out.year)).content == before
    assert fetched(client, out.year, out.release)[1] == plain_pdf()


@pytest.mark.parametrize(
    "fields", [{"sensitivity": "child"}, {"scan_state": ScanState.INFECTED}, {"file": ""}]
)
def test_what_turns_out_to_be_harmful_is_read_by_nobody(client, out, fields):
    if "file" in fields:
        fields = fields | {"removed_at": NOW}
    SupportingDocument.objects.filter(pk=out.document.pk).update(**fields)

    assert client.get(file_of(out.year, out.release)).status_code == 404
    assert 'id="dokumen"' not in client.get(page_of(out.year)).content.decode()


def test_what_is_marked_as_sensitive_needs_a_new_release_once_the_mark_is_off(client, out):
    evidence = Evidence.objects.get(document=out.document)
    marker = secretary_of(out.year)
    marked = {"evidence_id": evidence.pk, "by": marker}
    mark_document(**marked, sensitivity="child", at=later(5))
    mark_document(**marked, sensitivity="", at=later(6))

    assert client.get(file_of(out.year, out.release)).status_code == 404
    out.release.refresh_from_db()
    assert (out.release.withdrawn_at, out.release.withdrawn_by) == (later(5), marker)


def test_what_is_offered_nowhere_any_more_can_still_be_taken_back(client, out):
    Evidence.objects.filter(document=out.document).delete()
    client.force_login(out.member.user)

    preview = client.get(office(out.year, out.document, "document_preview"))
    client.post(office(out.year, out.document, "document_withdraw"))

    assert "Tarik dari halaman publik" in preview.content.decode()
    assert client.get(file_of(out.year, out.release)).status_code == 404


def test_a_copy_is_confirmed_only_while_the_document_stands(client, out):
    place, tag = file_of(out.year, out.release), f'"{out.document.sha256}"'
    assert client.get(place, headers={"If-None-Match": tag}).status_code == 304
    other = client.get(place, headers={"If-Match": '"lain"'})
    assert (other.status_code, "public" in other.get("Cache-Control", "")) == (412, False)

    withdraw_document(assessment=out.year, document=out.document, by=out.member.user, at=later(4))

    assert client.get(place, headers={"If-None-Match": tag}).status_code == 404


def test_a_file_that_is_no_longer_what_was_released_is_never_sent(client, out):
    with out.document.file.storage.open(out.document.file.name, "wb") as file:
        file.write(b"lain")

    assert client.get(file_of(out.year, out.release)).status_code == 404


def test_without_any_part_of_the_year_there_is_no_document_either(client, out):
    withdraw_section(assessment=out.year, section=Section.CLUSTERS, by=out.member.user, at=later(2))
    client.force_login(out.member.user)

    assert client.get(page_of(out.year)).status_code == 404
    assert client.get(file_of(out.year, out.release)).status_code == 404
    place = reverse("public:document_list", args=[out.year.city.slug, out.year.year])
    assert "Belum ada bagian yang dirilis." in client.get(place).content.decode()


def test_a_file_that_the_public_reads_stays_however_long_the_year_is_closed(out):
    set_stage(assessment_id=out.year.pk, stage=Stage.CLOSED, at=later(5))
    admin = SiteAdminFactory()

    assert remove_documents(until=later(5), by=admin, at=later(6)) == 0

    withdraw_document(assessment=out.year, document=out.document, by=out.member.user, at=later(7))
    assert list(documents_until(later(5))) == [out.document]


# --- Which documents --------------------------------------------------------------------------


NOT_FROZEN = "Dokumen ini tidak termasuk yang diterima saat penilaian diajukan."


def test_a_document_that_nobody_had_accepted_by_the_submission_is_not_released():
    found = situation(plain_pdf(), is_proof=False)

    assert refuse(found, "not_frozen") == NOT_FROZEN


def test_a_document_that_came_after_the_submission_is_not_released():
    found = situation(plain_pdf())
    found.document = paper(answer_of(found.year, "1.2"), plain_pdf("Kemudian."))

    assert refuse(found, "not_frozen") == NOT_FROZEN


def test_a_document_of_another_city_is_not_released():
    found, other = situation(plain_pdf()), situation(plain_pdf())
    found.document = other.document  # the same bytes, accepted there

    assert refuse(found, "not_frozen") == NOT_FROZEN


def test_a_year_at_work_lets_nothing_out():
    found = situation(plain_pdf())
    set_stage(assessment_id=found.year.pk, stage=Stage.SELF_ASSESSMENT, at=later())

    assert (
        refuse(found, "not_submitted")
        == "Penilaian tahun 2026 belum diajukan, jadi belum ada yang dapat dirilis."
    )


LISTED = "Daftar orang, seperti daftar hadir dan sertifikat, tidak pernah dirilis."


@pytest.mark.parametrize(
    ("fields", "code", "sentence"),
    [
        ({"title": "Daftar-Hadir Rakor"}, "people", LISTED),
        ({"name": "absensi_maret.pdf"}, "people", LISTED),
        ({"sensitivity": "case"}, "sensitive", "Dokumen sensitif tidak pernah dirilis."),
        (
            {"scan_state": ScanState.WAITING},
            "quarantined",
            "Berkas ini menunggu pemindai virus, atau ditolak olehnya.",
        ),
        (
            {"findings": {"attachment": 1}},
            "carries",
            "Berkas ini membawa lampiran, skrip, atau berkas lain di dalamnya.",
        ),
    ],
)
def test_some_documents_are_never_released(fields, code, sentence):
    found = situation(plain_pdf(), **fields)

    assert refuse(found, code) == sentence


def test_kinds_that_are_lists_of_people_are_never_released():
    year = working_year()
    answer = answer_of(year, "1.2")
    kind = answer.question.evidence_kinds.first()
    document = paper(answer, plain_pdf(), kind=kind)
    type(kind).objects.filter(pk=kind.pk).update(code="daftar_hadir")
    year = submitted(year)
    found = SimpleNamespace(year=year, document=document, member=publisher_of(year))

    assert refuse(found, "people") == LISTED


def test_what_is_a_list_of_people_for_one_question_is_one_for_all():
    year = working_year()
    answer = answer_of(year, "1.2")
    offered, kind = answer.question.evidence_kinds.order_by("pk")[:2]
    document = paper(answer, plain_pdf(), kind=offered)
    EvidenceFactory(answer=answer_of(year, "1.1"), document=document, kind=kind)
    type(kind).objects.filter(pk=kind.pk).update(code="susunan_anggota")
    year = submitted(year)
    found = SimpleNamespace(year=year, document=document, member=publisher_of(year))

    assert refuse(found, "people") == LISTED


def test_a_document_that_was_replaced_is_not_released():
    found = situation(plain_pdf())
    SupportingDocumentFactory(
        city=found.year.city, revision_of=found.document, revision=2, changes="Baru"
    )

    assert refuse(found, "replaced") == "Dokumen ini sudah diganti dengan versi yang lebih baru."


def test_a_file_that_is_gone_or_damaged_is_not_released():
    found = situation(plain_pdf())
    found.document.file.storage.delete(found.document.file.name)
    with pytest.raises(Exception, match="rusak atau hilang") as refusal:
        let_out(found.year, found.document, by=found.member)
    assert refusal.value.code == "damaged"

    SupportingDocument.objects.update(file="", removed_at=NOW)
    assert refuse(found, "gone") == "Berkas dokumen ini sudah tidak disimpan."


# --- Who --------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["opd", "verifikator", "pimpinan"])
def test_other_roles_let_nothing_out_and_take_nothing_back(client, out, role):
    trait = "of_opd" if role == "opd" else role
    member = MembershipFactory(city=out.year.city, **{trait: True})
    client.force_login(member.user)
    deeds = {"assessment": out.year, "document": out.document, "by": member.user, "at": later(3)}

    with pytest.raises(PermissionDenied):
        release_document(**deeds, title="Perda", is_read=True)
    with pytest.raises(PermissionDenied):
        withdraw_document(**deeds)
    assert client.get(office(out.year, out.document, "document_preview")).status_code == 403
    assert list(ReleasedDocument.objects.standing()) == [out.release]


def test_rows_of_another_city_are_not_there(client, out):
    other = situation(plain_pdf("Kota lain."))
    client.force_login(other.member.user)

    theirs = {
        name: client.get(office(other.year, out.document, name)).status_code
        for name in ("document_preview",)
    } | {
        name: client.post(office(other.year, out.document, name), {"title": "X"}).status_code
        for name in ("document_release", "document_withdraw")
    }

    assert set(theirs.values()) == {404}
    assert client.get(file_of(other.year, out.release)).status_code == 404
    assert list(ReleasedDocument.objects.standing()) == [out.release]


# --- Personal data ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "code", "sentence"),
    [
        ("", "title", "Tulis judul, paling panjang 150 karakter."),
        ("x" * 151, "title", "Tulis judul, paling panjang 150 karakter."),
        (
            "SK Rina Kusumawati",
            "personal_title",
            "Judulnya memuat nama orang. Tulis judul tanpa data pribadi.",
        ),
        (
            "Hubungi 0812-3456-7890",
            "personal_title",
            "Judulnya memuat nomor telepon. Tulis judul tanpa data pribadi.",
        ),
    ],
)
def test_a_title_names_nobody(title, code, sentence):
    found = situation(plain_pdf())
    known(found.year.city)

    assert refuse(found, code, title=title) == sentence


def known(city):
    """Somebody whom the site knows in the city."""
    TaskForceMemberFactory(decree=DecreeFactory(city=city), name="Rina Kusumawati")


@pytest.mark.parametrize(
    ("line", "fault"),
    [(LETTER[1], "16 angka seperti NIK"), (LETTER[2], "nomor telepon seluler")],
)
def test_a_person_on_a_later_page_is_found_with_the_page(client, line, fault):
    file = io.BytesIO()
    pages = plain_pdf(), plain_pdf(line)
    first, second = (pikepdf.open(io.BytesIO(page)) for page in pages)
    with first, second:
        first.pages.extend(second.pages)
        first.save(file)
    found = situation(file.getvalue())

    said = refuse(found, "personal", is_read=True)

    assert said == f"Tidak dirilis karena berkasnya memuat data pribadi. Halaman 2 memuat {fault}."
    client.force_login(found.member.user)
    preview = client.get(office(found.year, found.document, "document_preview"))
    assert preview.context["reading"].faults == [f"Halaman 2 memuat {fault}."]
    assert "Rilis dokumen ini" not in preview.content.decode()


def workbook(*rows):
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.title = "Data"
    for row in rows:
        book.active.append(row)
    book.properties.creator = "kla"
    book.save(out)
    return out.getvalue()


def authored(content, author):
    """The same Word document, with its author as programs note it."""
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a") as packed:
        packed.writestr(
            "docProps/core.xml", f"<c xmlns:dc='d'><dc:creator>{author}</dc:creator></c>"
        )
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "place"),
    [
        ("surat.docx", word(LETTER[0]), "Isi berkas"),
        ("surat.docx", authored(word("Isi"), "Rina Kusumawati"), "Keterangan berkas"),
        (
            "data.xlsx",
            workbook(["Kelurahan", "Lurah"], ["Mekar", "Rina Kusumawati"]),
            "Lembar “Data”",
        ),
        ("data.csv", b"kelurahan,lurah\nMekar,Rina Kusumawati\n", "Isi berkas"),
    ],
)
def test_a_name_on_a_paper_is_shown_with_its_place_and_left_to_a_person(
    client, name, content, place
):
    """Whoever signed stands on every letter; whether it tells of a citizen, no machine knows."""
    found = situation(content, name=name)
    known(found.year.city)
    client.force_login(found.member.user)

    preview = client.get(office(found.year, found.document, "document_preview"))
    assert f"{place} mungkin memuat nama orang." in preview.context["reading"].doubts
    let_out(found.year, found.document, by=found.member)


@pytest.mark.parametrize(
    ("name", "content", "place"),
    [
        ("surat.docx", word(LETTER[1]), "Isi berkas"),
        ("surat.docx", authored(word("Isi"), "0812-3456-7890"), "Keterangan berkas"),
        ("data.xlsx", workbook(["Kelurahan", "NIK"], ["Mekar", LETTER[1]]), "Lembar “Data”"),
        ("data.csv", f"kelurahan,nik\nMekar,{LETTER[1]}\n".encode(), "Isi berkas"),
    ],
)
def test_other_files_are_read_too(name, content, place):
    found = situation(content, name=name)

    assert f" {place} memuat " in refuse(found, "personal", is_read=True)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("surat.docx", word("Kota ini layak bagi anak.")),
        ("data.xlsx", workbook(["Kelurahan", 2021, 2022], ["Mekar", 12, 15])),
        ("data.csv", b"kelurahan,jumlah\nMekar,12\n"),
    ],
)
def test_nothing_goes_out_unread_for_no_machine_knows_every_name(client, name, content):
    found = situation(content, name=name)
    client.force_login(found.member.user)
    preview = client.get(office(found.year, found.document, "document_preview"))
    assert (preview.context["reading"].faults, preview.context["reading"].doubts) == ([], [])

    said = refuse(found, "unread", is_read=False)
    release = let_out(found.year, found.document, by=found.member)

    assert said == "Baca seluruh dokumennya dahulu, lalu centang pernyataannya."
    assert release.kind == name.rpartition(".")[2].upper()


@pytest.mark.parametrize("line", ["Tahun 2021 2022 2023 2024", "2310 1420 1105 2211"])
def test_figures_in_a_row_are_no_number_of_a_person(line):
    found = situation(plain_pdf(line))

    assert let_out(found.year, found.document, by=found.member)


def with_part(content, name, part):
    """The same package with one more part."""
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a") as packed:
        packed.writestr(name, part)
    return out.getvalue()


def test_a_workbook_inside_a_letter_is_never_released():
    """A chart brings the whole sheet along; no page shows it."""
    inside = workbook(["nama", "NIK"], ["Ani", LETTER[1]])
    found = situation(
        with_part(word("Isi"), "word/embeddings/sheet1.xlsx", inside), name="surat.docx"
    )

    assert refuse(found, "carries") == (
        "Berkas ini membawa lampiran, skrip, atau berkas lain di dalamnya."
    )


def placed_png():
    """A picture whose notes lead to where it was taken, in another format than a camera's."""
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = 1
    exif.get_ifd(0x8825)[1] = "S"
    Image.new("RGB", (40, 30)).save(out, "PNG", exif=exif)
    return out.getvalue()


@pytest.mark.parametrize(
    ("error", "code", "sentence"),
    [
        (
            WorkFailedError("not done within 20 seconds"),
            "busy",
            "Isi berkas ini belum selesai diperiksa. Coba lagi beberapa menit lagi.",
        ),
        (OSError(28, "no room"), "busy", "Isi berkas ini belum selesai diperiksa. Coba lagi"),
        (UnshowableError("odd"), "unreadable", "Mesin tidak dapat memeriksa isi berkas ini."),
    ],
)
def test_what_could_not_be_looked_through_stays_inside(client, monkeypatch, error, code, sentence):
    def fail(*_args, **_options):
        raise error

    monkeypatch.setattr("assessments.services.whole_text.run", fail)
    found = situation(plain_pdf(LETTER[1]))
    client.force_login(found.member.user)

    preview = client.get(office(found.year, found.document, "document_preview"))

    assert refuse(found, code).startswith(sentence)
    assert preview.context["refusal"].startswith(sentence)
    assert "Rilis dokumen ini" not in preview.content.decode()


def scan():
    """A page that is a picture."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "PDF")
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content"), [("pindaian.pdf", scan()), ("foto.jpg", photo(position=False))]
)
def test_what_no_machine_reads_is_released_on_the_word_of_a_person_alone(client, name, content):
    found = situation(content, name=name)
    client.force_login(found.member.user)
    place = office(found.year, found.document, "document_release")

    refused_page = client.post(place, {"title": "Perda"})

    assert refused_page.context["form"].non_field_errors() == [
        "Baca seluruh dokumennya dahulu, lalu centang pernyataannya."
    ]
    assert 'name="is_read"' in refused_page.content.decode()
    assert ReleasedDocument.objects.count() == 0

    client.post(place, {"title": "Perda", "is_read": "on"})

    assert ReleasedDocument.objects.count() == 1
    assert (
        CityActivity.objects.filter(city=found.year.city).first().after["note"]
        == "Dibaca seluruhnya oleh yang merilis; tidak ada data pribadi warga."
    )


def photo_in_pdf():
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(plain_pdf())) as whole:
        picture = whole.make_stream(
            photo(),
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=60,
            Height=40,
            ColorSpace=pikepdf.Name.DeviceRGB,
            BitsPerComponent=8,
            Filter=pikepdf.Name.DCTDecode,
        )
        whole.pages[0].Resources.XObject = pikepdf.Dictionary(I0=picture)
        whole.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("foto.jpg", photo()),
        ("surat.pdf", photo_in_pdf()),
        ("surat.docx", with_part(word("Isi"), "word/media/image1.jpeg", photo())),
        ("surat.docx", with_part(word("Isi"), "word/media/image1.png", placed_png())),
    ],
)
def test_a_photograph_that_tells_where_it_was_taken_is_refused(name, content):
    found = situation(content, name=name)

    assert (
        refuse(found, "position", is_read=True)
        == "Foto di dalam berkas ini menyimpan letak pengambilannya (GPS)."
    )


def test_what_is_longer_than_the_machine_reads_is_said(client):
    with pikepdf.open(io.BytesIO(plain_pdf())) as whole:
        for _ in range(60):
            whole.pages.append(whole.pages[0])
        out = io.BytesIO()
        whole.save(out)
    found = situation(out.getvalue())
    client.force_login(found.member.user)

    preview = client.get(office(found.year, found.document, "document_preview"))

    assert preview.context["reading"].doubts == [
        "Berkas ini lebih panjang daripada yang dibaca mesin."
    ]


def test_a_name_on_many_pages_is_one_sentence(client):
    with pikepdf.open(io.BytesIO(plain_pdf(LETTER[0]))) as whole:
        for _ in range(24):
            whole.pages.append(whole.pages[0])
        out = io.BytesIO()
        whole.save(out)
    found = situation(out.getvalue())
    known(found.year.city)
    client.force_login(found.member.user)

    preview = client.get(office(found.year, found.document, "document_preview"))

    pages = ", ".join(f"Halaman {number}" for number in range(1, 21))
    assert preview.context["reading"].doubts == [f"{pages}, … mungkin memuat nama orang."]


# --- The list -----------------------------------------------------------------------------------


def list_of(year):
    return reverse("public:document_list", args=[year.city.slug, year.year])


def test_the_list_begins_with_what_is_released_and_goes_on_with_what_may_be(client):
    year = working_year()
    answer = answer_of(year, "1.2")
    perda = paper(answer, b"a", title="Perda")
    paper(answer, b"b", title="Ditandai", sensitivity="child")
    paper(answer, b"c", title="Belum diterima", is_proof=False)
    paper(answer, b"d", title="Daftar hadir rakor")
    profil = paper(answer, b"e", title="Profil anak")
    year = submitted(year)
    marked = ReleasedDocumentFactory(assessment=year, document=profil)
    SupportingDocument.objects.filter(pk=profil.pk).update(sensitivity="child")
    client.force_login(publisher_of(year).user)

    rows = client.get(list_of(year)).context["rows"]
    narrowed = client.get(list_of(year), {"q": "prof"}).context["rows"]

    # What was released stays on the list, or nobody could withdraw it.
    assert [(row.document, row.release) for row in rows] == [(profil, marked), (perda, None)]
    assert [row.document for row in narrowed] == [profil]


def test_the_board_says_how_many_are_out(client, out):
    client.force_login(out.member.user)

    [board] = client.get(reverse("public:release_list", args=[out.year.city.slug])).context[
        "boards"
    ]

    assert board.documents == 1


def test_lists_and_pages_cost_the_same_with_more_documents(client, out):
    client.force_login(out.member.user)
    answer = answer_of(out.year, "1.2")
    addresses = [list_of(out.year), page_of(out.year), file_of(out.year, out.release)]

    def cost(address):
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(address)
            assert (answer.status_code, bool(answer.getvalue())) == (200, True)
        return len(queries)

    few = [cost(address) for address in addresses]
    for number in range(30):
        document = SupportingDocumentFactory(city=out.year.city, title=f"Surat {number}")
        EvidenceFactory(answer=answer, document=document)
        ReleasedDocumentFactory(assessment=out.year, document=document)

    assert [cost(address) for address in addresses] == few
    assert few[1:] == [2, 1]

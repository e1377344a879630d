"""The package: what is in it, under which names, and what it tells of itself."""

import hashlib
import io
import json
import re
import tracemalloc
import unicodedata
import zipfile
from datetime import UTC, datetime

import openpyxl
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage, default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from assessments.models import Answer
from assessments.packaging.contents import Package, PackedFile, PackedQuestion, package_of
from assessments.packaging.index import HTML, MANIFEST, XLSX, harmless
from assessments.packaging.names import MAX_PART, distinct, safe_part, sortable
from assessments.packaging.stream import stream
from tests.assessments.situations import OPD_CODES, staff_of
from tests.factories.assessments import (
    NOW,
    EvidenceFactory,
    SupportingDocumentFactory,
    answer_of,
    open_year,
)
from tests.factories.cities import MembershipFactory

FOLDER = "01 Kelembagaan/01 Indikator 1/1.2 Pertanyaan 1.2"
OTHER_FOLDER = "02 Klaster I Hak Sipil dan/02a Indikator 2a/2a.2 Pertanyaan 2a.2"
OWN = {HTML, XLSX, MANIFEST}


def paper(answer, title="Perda KLA", content=None, document=None, **evidence):
    """A stored document whose content, size and hash agree, offered for the answer."""
    content = title.encode() if content is None else content
    document = SupportingDocumentFactory(
        city=answer.assessment.city,
        title=title,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        file=ContentFile(content, "berkas"),
        **{"original_name": "berkas.pdf", **(document or {})},
    )
    return EvidenceFactory(answer=answer, document=document, **evidence)


def person(assessment):
    return MembershipFactory(gugus_tugas=True, city=assessment.city, user__name="Sari")


def package(assessment, **options):
    return package_of(
        Answer.objects.filter(assessment=assessment),
        assessment=assessment,
        only_accepted=options.get("only_accepted", False),
        scope=options.get("scope", {}),
        by=options.get("by") or person(assessment),
        at=NOW,
    )


def unpacked(chunks):
    return zipfile.ZipFile(io.BytesIO(b"".join(chunks)))


def packed(assessment, **options):
    return unpacked(stream(package(assessment, **options), storage=default_storage))


def documents(archive):
    return [name for name in archive.namelist() if name not in OWN]


def manifest(archive):
    return json.loads(archive.read(MANIFEST))


def page(archive):
    return " ".join(archive.read(HTML).decode().split())


def rows(archive, sheet=0):
    workbook = openpyxl.load_workbook(io.BytesIO(archive.read(XLSX)))
    return list(workbook.worksheets[sheet].iter_rows(values_only=True))


def download(client, member, year, **filters):
    client.force_login(member.user)
    address = reverse("assessments:package_download", args=[year.city.slug, year.year])
    return client.get(address, filters)


# --- Names ------------------------------------------------------------------------------------

DEVICES = {"CON", "PRN", "AUX", "NUL", *(f"{d}{n}" for d in ("COM", "LPT") for n in range(10))}
any_text = st.text(max_size=200) | st.sampled_from(
    ["", ".", "..", "con", "NUL.pdf", "lpt1 .x", "a" * 300, "😀" * 120, "a/../b", "\u202egnp.exe"]
)


@given(any_text, st.integers(min_value=8, max_value=MAX_PART))
def test_any_text_makes_a_name_that_windows_and_linux_take(text, limit):
    name = safe_part(text, limit)

    assert name
    assert not re.search(r'[<>:"/\\|?*\x00-\x1f]', name)
    assert name == name.strip(". ") or name.startswith("_")
    assert not name.endswith((".", " "))
    assert name.split(".")[0].strip().upper() not in DEVICES
    assert len(name.encode("utf-16-le")) // 2 <= limit
    assert len(name.encode()) <= 255
    assert unicodedata.normalize("NFC", name) == name


@given(st.lists(st.sampled_from(["Foto", "FOTO", "foto?", "foto", "Straße", "STRASSE"]) | any_text))
def test_names_in_one_folder_differ_even_where_case_does_not_count(texts):
    taken = set()

    names = [distinct(text, taken, limit=30, extension=".pdf") for text in texts]

    assert len({name.casefold() for name in names}) == len(names)
    assert all(name.endswith(".pdf") and len(name.encode("utf-16-le")) // 2 <= 30 for name in names)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Perda 5/2025: KLA", "Perda 5-2025- KLA"),
        ("Laporan akhir. ", "Laporan akhir"),
        ("CON", "_CON"),
        ("aux.laporan", "_aux.laporan"),
        ("Consulting", "Consulting"),
        ("satu\r\ndua", "satu dua"),
        ("???", "---"),
        ("\u200b", "dokumen"),
    ],
)
def test_a_name_stays_as_readable_as_it_can(text, name):
    assert safe_part(text) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ketersediaan Fasilitas", "Ketersediaan"),
        ("Ketersediaan dan layanan", "Ketersediaan dan"),
        ("Ketersediaanlayanananak", "Ketersediaanlaya"),
    ],
)
def test_a_long_name_is_cut_between_words_where_there_are_words(text, name):
    assert safe_part(text, 16) == name


@pytest.mark.parametrize(
    ("code", "folder"), [("1", "01"), ("21a", "21a"), ("9b", "09b"), ("x", "x")]
)
def test_codes_of_indicators_sort_as_numbers(code, folder):
    assert sortable(code) == folder


# --- What is in it ----------------------------------------------------------------------------


@pytest.mark.django_db
def test_documents_stand_in_the_order_of_the_instrument(year, answer):
    other = answer_of(year, "2a.2")
    paper(other, "Foto posyandu", document={"media_type": "image/jpeg"})
    perda, foto = answer.question.evidence_kinds.order_by("position")
    paper(answer, "Foto rapat", kind=foto, document={"media_type": "image/png"})
    paper(answer, "Perda KLA", kind=perda)

    archive = packed(year)

    assert archive.namelist() == [
        f"{FOLDER}/01 Perda KLA.pdf",
        f"{FOLDER}/02 Foto rapat.png",
        f"{OTHER_FOLDER}/01 Foto posyandu.jpg",
        HTML,
        XLSX,
        MANIFEST,
    ]
    assert archive.testzip() is None
    assert archive.read(f"{FOLDER}/01 Perda KLA.pdf") == b"Perda KLA"


@pytest.mark.django_db
def test_returned_and_replaced_documents_stay_out(year, answer):
    new = paper(answer, "Perda yang baru")
    paper(answer, "Perda yang lama", superseded_by=new)
    paper(answer, "Perda yang salah", returned=True)
    paper(answer, "Perda yang diterima", accepted=True)

    assert documents(packed(year)) == [
        f"{FOLDER}/01 Perda yang baru.pdf",
        f"{FOLDER}/02 Perda yang diterima.pdf",
    ]
    assert documents(packed(year, only_accepted=True)) == [f"{FOLDER}/01 Perda yang diterima.pdf"]


@pytest.mark.django_db
def test_documents_of_one_title_get_a_file_each(year, answer):
    paper(answer, "SK Gugus Tugas", b"satu")
    paper(answer, "sk gugus tugas.pdf", b"dua")

    archive = packed(year)

    assert documents(archive) == [
        f"{FOLDER}/01 SK Gugus Tugas.pdf",
        f"{FOLDER}/02 sk gugus tugas.pdf",
    ]
    assert [archive.read(name) for name in documents(archive)] == [b"satu", b"dua"]


@pytest.mark.django_db
def test_a_hostile_title_stays_in_its_folder(year, answer):
    paper(answer, "../../../etc/passwd\u202e\x07" + "x" * 150)

    [name] = documents(packed(year))

    folder, _, file = name.rpartition("/")
    assert (folder, file[:22]) == (FOLDER, "01 ..-..-..-etc-passwd")
    assert len(file) <= 60


@pytest.mark.django_db
def test_what_is_compressed_already_is_stored_as_it_is(year, answer):
    paper(answer, "Data", b"a;b\n" * 1000, document={"media_type": "text/csv"})
    paper(answer, "Perda")

    methods = {info.filename: info.compress_type for info in packed(year).infolist()}

    assert methods == {
        f"{FOLDER}/01 Data.csv": zipfile.ZIP_DEFLATED,
        f"{FOLDER}/02 Perda.pdf": zipfile.ZIP_STORED,
        **dict.fromkeys(OWN, zipfile.ZIP_DEFLATED),
    }


@pytest.mark.django_db
def test_the_longest_names_still_leave_windows_room(year, answer):
    question = answer.question
    names = {question: "text", question.indicator: "name", question.indicator.cluster: "name"}
    for row, field in names.items():
        setattr(row, field, "Penyelenggaraan " * 12)
        row.save()
    paper(answer, "j" * 200)

    [name] = documents(packed(year))

    assert len(name) <= 198
    assert max(len(part) for part in name.split("/")) <= 70


# --- What it tells ----------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_manifest_says_who_when_what_and_which_content(year, answer, staff):
    year.city.timezone = "Asia/Jayapura"
    evidence = paper(
        answer,
        "Perda",
        accepted=True,
        decided_by__name="Verifikator",
        document={"number": "5/2025", "uploaded_by": staff.user, "opd": staff.opd},
    )

    archive = packed(year, scope={"klaster": "Kelembagaan"}, by=person(year))

    told = manifest(archive)
    [entry] = told.pop("files")
    missing = told.pop("missing")
    assert told == {
        "format": 1,
        "city": year.city.name,
        "year": 2026,
        "instrument": "Instrumen kecil",
        "scope": {"klaster": "Kelembagaan"},
        "content": ["accepted", "waiting"],
        "made_by": "Sari",
        "made_at": "2026-03-02T12:00:00+09:00",
    }
    assert entry == {
        "path": f"{FOLDER}/01 Perda.pdf",
        "question": "1.2",
        "title": "Perda",
        "number": "5/2025",
        "issued_on": None,
        "kind": "Peraturan daerah",
        "original_name": evidence.document.original_name,
        "media_type": "application/pdf",
        "size": 5,
        "sha256": hashlib.sha256(archive.read(f"{FOLDER}/01 Perda.pdf")).hexdigest(),
        "original_sha256": evidence.document.sha256,
        "shown_instead": "",
        "verdict": "accepted",
        "opd": staff.opd.name,
        "uploaded_by": staff.user.name,
        "uploaded_at": "2026-03-02T12:00:00+09:00",
        "decided_by": "Verifikator",
        "decided_at": "2026-03-02T12:00:00+09:00",
    }
    assert [row["code"] for row in missing["questions"]] == ["1.1", "2a.1", "2a.2", "2b.1"]
    assert missing["files"] == []


@pytest.mark.django_db
def test_a_question_whose_only_document_was_returned_is_missing(year, answer):
    paper(answer, returned=True)

    archive = packed(year)

    missing = {row["code"]: row["state"] for row in manifest(archive)["missing"]["questions"]}
    assert missing["1.2"] == "returned"
    assert '<strong>1.2</strong> Pertanyaan 1.2 <span class="soft">(Dikembalikan)' in page(archive)
    assert ("Kelembagaan", "1 Indikator 1", "1.2", "Pertanyaan 1.2", "Dikembalikan") in rows(
        archive, sheet=1
    )


@pytest.mark.django_db
def test_the_page_links_to_the_files_beside_it_and_escapes_what_people_wrote(year, answer):
    paper(answer, "<script>alert(1)</script> 100% #1")

    archive = packed(year)

    [link] = re.findall(r'href="([^"]*)"', page(archive))
    assert link == (
        "01%20Kelembagaan/01%20Indikator%201/1.2%20Pertanyaan%201.2/"
        "01%20-script-alert%281%29--script-%20100%25%20%231.pdf"
    )
    assert "<script" not in page(archive)
    assert "//" not in page(archive)


@pytest.mark.django_db
def test_the_sheet_shows_formulas_as_text(year, answer):
    paper(answer, '=HYPERLINK("http://x";"y")', document={"number": "@SUM(A1)"})

    header, row = rows(packed(year))

    told = dict(zip(header, row, strict=True))
    assert told["Judul"] == '\'=HYPERLINK("http://x";"y")'
    assert told["Nomor"] == "'@SUM(A1)"
    assert (told["Pertanyaan"], told["Keputusan"]) == ("1.2", "Menunggu pemeriksaan")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_never_computes(start):
    assert harmless(f"{start}1+1") == f"'{start}1+1"


def test_a_cell_carries_nothing_that_breaks_the_sheet():
    assert [harmless("a\x00\x0bb"), harmless(-5), harmless("2024-01-01")] == [
        "ab",
        -5,
        "2024-01-01",
    ]


# --- Files that cannot be read ----------------------------------------------------------------


class BrokenFile(io.BytesIO):
    """A disk that fails after so many pieces."""

    def __init__(self, pieces):
        super().__init__(b"x" * 1_000_000)
        self.pieces = pieces

    def read(self, size=-1):
        if not self.pieces:
            raise OSError(5, "Input/output error")
        self.pieces -= 1
        return super().read(size)


@pytest.fixture
def broken(monkeypatch):
    """Let the file of one document fail, after so many pieces; None at once."""

    def of(evidence, pieces):
        whole = FileSystemStorage._open

        def opened(storage, name, mode="rb"):
            if name != evidence.document.file.name:
                return whole(storage, name, mode)
            if pieces is None:
                raise PermissionError(13, "Permission denied")
            return BrokenFile(pieces)

        monkeypatch.setattr(FileSystemStorage, "_open", opened)

    return of


def troubles(archive):
    return [(entry["title"], entry["trouble"]) for entry in manifest(archive)["missing"]["files"]]


@pytest.mark.django_db
def test_a_missing_file_is_told_and_the_others_come(year, answer):
    lost = paper(answer, "Hilang")
    paper(answer, "Ada")
    lost.document.file.storage.delete(lost.document.file.name)

    archive = packed(year)

    assert documents(archive) == [f"{FOLDER}/02 Ada.pdf"]
    assert troubles(archive) == [("Hilang", "missing")]
    assert [entry["title"] for entry in manifest(archive)["files"]] == ["Ada"]
    assert "<strong>1.2</strong> Hilang: berkas tidak ada di penyimpanan." in page(archive)
    assert rows(archive)[1][-2:] == (None, "berkas tidak ada di penyimpanan")


@pytest.mark.django_db
@pytest.mark.parametrize("pieces", [None, 0])
def test_a_file_that_cannot_be_opened_or_read_leaves_no_empty_entry(year, answer, broken, pieces):
    broken(paper(answer, "Rusak"), pieces)
    paper(answer, "Utuh")

    archive = packed(year)

    assert documents(archive) == [f"{FOLDER}/02 Utuh.pdf"]
    assert troubles(archive) == [("Rusak", "unreadable")]


@pytest.mark.django_db
def test_a_file_that_breaks_off_does_not_break_the_download(year, answer, broken):
    broken(paper(answer, "Terputus"), 2)
    paper(answer, "Utuh")

    archive = packed(year)

    assert archive.testzip() is None
    assert documents(archive) == [f"{FOLDER}/01 Terputus.pdf", f"{FOLDER}/02 Utuh.pdf"]
    assert troubles(archive) == [("Terputus", "cut_short")]


@pytest.mark.django_db
def test_a_file_that_is_not_what_was_uploaded_is_told(year, answer, media_root):
    changed = paper(answer, "Perda")
    (media_root / changed.document.file.name).write_bytes(b"Perdu")

    archive = packed(year)

    assert troubles(archive) == [("Perda", "changed")]
    assert "isi berkas tidak sama dengan saat diunggah" in page(archive)


# --- The download -----------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_download_is_a_private_file_named_after_city_and_year(client, reviewer, year, answer):
    year.city.name = "Kota Metró"
    year.city.save()
    paper(answer)

    response = download(client, reviewer, year)

    assert response["Content-Type"] == "application/zip"
    assert response["Content-Disposition"] == (
        "attachment; filename*=utf-8''Paket%20KLA%20Kota%20Metr%C3%B3%202026.zip"
    )
    assert response["Cache-Control"] == "private, no-store"
    assert documents(unpacked(response.streaming_content)) == [f"{FOLDER}/01 Perda KLA.pdf"]


@pytest.mark.django_db
def test_asking_for_the_head_reads_no_file(client, reviewer, year, answer, monkeypatch):
    paper(answer)
    monkeypatch.setattr(FileSystemStorage, "_open", None)
    client.force_login(reviewer.user)

    response = client.head(
        reverse("assessments:package_download", args=[year.city.slug, year.year])
    )

    assert (response.status_code, b"".join(response.streaming_content)) == (200, b"")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("filters", "titles"),
    [
        ({}, ["di 1.2", "di 2a.2"]),
        ({"klaster": "klaster-1"}, ["di 2a.2"]),
        ({"indikator": "1"}, ["di 1.2"]),
        ({"opd": "DINKES"}, ["di 2a.2"]),
        ({"opd": "DISDIK", "klaster": "klaster-1"}, []),
        ({"isi": "diterima"}, ["di 2a.2"]),
    ],
)
def test_a_part_of_the_year_can_be_packed(client, reviewer, year, answer, filters, titles):
    paper(answer, "di 1.2")
    paper(answer_of(year, "2a.2"), "di 2a.2", accepted=True)

    archive = unpacked(download(client, reviewer, year, **filters).streaming_content)

    assert [entry["title"] for entry in manifest(archive)["files"]] == titles


@pytest.mark.django_db
def test_the_index_says_what_the_package_was_narrowed_to(client, reviewer, year):
    archive = unpacked(
        download(client, reviewer, year, opd="DINKES", isi="diterima").streaming_content
    )

    assert manifest(archive)["scope"] == {"opd": "Dinas DINKES"}
    assert manifest(archive)["content"] == ["accepted"]
    assert "Dipersempit pada opd Dinas DINKES. Berisi dokumen yang diterima. " in page(archive)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong", [{"klaster": "9"}, {"indikator": "x"}, {"opd": "-"}, {"isi": "?"}]
)
def test_an_unknown_part_is_not_the_whole(client, reviewer, year, wrong):
    assert download(client, reviewer, year, **wrong).status_code == 404


@pytest.mark.django_db
def test_an_opd_packs_its_own_questions_and_nobody_elses(client, year, answer):
    paper(answer, "milik DISDIK")
    paper(answer_of(year, "2a.2"), "milik DINKES")
    elsewhere = open_year()
    paper(answer_of(elsewhere, "1.2"), "milik kota lain")

    told = {}
    for code in OPD_CODES:
        response = download(client, staff_of(year, code), year)
        told[code] = manifest(unpacked(response.streaming_content))

    assert {code: [file["title"] for file in of["files"]] for code, of in told.items()} == {
        "DP3A": ["milik DISDIK"],
        "DISDIK": ["milik DISDIK"],
        "DINKES": ["milik DINKES"],
    }
    assert [row["code"] for row in told["DINKES"]["missing"]["questions"]] == ["2b.1"]


@pytest.mark.django_db
def test_thirty_documents_cost_no_more_queries_than_one(client, reviewer, year, answer):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            b"".join(download(client, reviewer, year).streaming_content)
        return len(captured)

    paper(answer)
    queries()  # the first sign-in of a client writes its session
    one = queries()
    for number in range(29):
        paper(answer, f"Perda {number}")

    assert queries() == one


def button(client, member, address):
    """Where `Unduh paket` leads on a page, or None."""
    client.force_login(member.user)
    page = client.get(address).content.decode()
    link = re.search(r'href="([^"]*/paket/[^"]*)"', page)
    return link and link[1].replace("&amp;", "&")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("filters", "narrowed"),
    [
        ("", ""),
        ("?klaster=klaster-1&halaman=2", "?klaster=klaster-1"),
        ("?opd=DINKES&keadaan=&q=", "?opd=DINKES&keadaan=&q="),
        ("?keadaan=waiting", None),  # these narrow a list and not a package
        ("?q=anak", None),
        ("?klaster=tidak-ada", None),
    ],
)
def test_a_list_offers_to_pack_what_it_shows(client, reviewer, year, filters, narrowed):
    address = reverse("assessments:question_list", args=[year.city.slug, year.year])
    package_address = reverse("assessments:package_download", args=[year.city.slug, year.year])

    expected = None if narrowed is None else package_address + narrowed
    assert button(client, reviewer, address + filters) == expected


@pytest.mark.django_db
def test_the_year_and_the_tasks_of_an_opd_offer_the_package(client, reviewer, staff, year):
    package_address = reverse("assessments:package_download", args=[year.city.slug, year.year])
    tasks = reverse("assessments:task_list", args=[year.city.slug])

    assert button(client, reviewer, year.get_absolute_url()) == package_address
    assert button(client, staff, tasks) == package_address


# --- Size -------------------------------------------------------------------------------------


class Zeros(io.RawIOBase):
    """A file of zeros that takes no room anywhere."""

    def __init__(self, size):
        self.left = size

    def read(self, size=-1):
        size = min(size, self.left)
        self.left -= size
        return bytes(size)


class ZeroStorage(Storage):
    def __init__(self, size):
        self.size = size

    def _open(self, name, mode="rb"):
        return Zeros(self.size)


def of_zeros(count, size):
    """A package of so many files of zeros, of which no database knows."""
    digest = hashlib.sha256(bytes(size)).hexdigest()
    at = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
    files = tuple(
        PackedFile(
            path=f"01 Kelembagaan/{number:04d}.pdf",
            stored_name=f"documents/{number}",
            question="1.1",
            title=f"Berkas {number}",
            original_name="berkas.pdf",
            number="",
            issued_on=None,
            kind="Dokumen",
            media_type="application/pdf",
            size=size,
            sha256=digest,
            original_sha256=digest,
            shown_instead="",
            verdict="waiting",
            opd="",
            uploaded_by="Sari",
            uploaded_at=at,
            decided_by="",
            decided_at=None,
        )
        for number in range(count)
    )
    question = PackedQuestion("1.1", "Pertanyaan", "1 Indikator", "Kelembagaan", "waiting", files)
    return Package("Metro", 2026, "Instrumen", {}, False, "Sari", at, (question,))


def test_a_large_package_takes_no_more_memory_than_a_piece_of_it():
    large = of_zeros(12, 25_000_000)

    tracemalloc.start()
    sent = sum(map(len, stream(large, storage=ZeroStorage(25_000_000))))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert sent > 300_000_000
    assert peak < 20_000_000

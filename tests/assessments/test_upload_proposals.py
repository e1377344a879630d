"""What is read in an upload before it becomes a document, and that no file can hold the reader."""

import io
import time

import pikepdf
import pytest
from PIL import Image

from assessments.models import Answer, Evidence, SupportingDocument
from assessments.services import proposals
from assessments.services.document_counts import refresh_counts
from kla.demo.documents import make_pdf
from tests.assessments import corpus
from tests.assessments.situations import NOW, everything, reviewer_of, secretary_of, staff_of
from tests.assessments.tus import TUS, Sender, id_in, place_of
from tests.factories.assessments import answer_of

pytestmark = pytest.mark.django_db

DECREE = [
    "KEPUTUSAN WALI KOTA CONTOH",
    "NOMOR 463/KEP.123-DP3A/2023",
    "Menimbang: Peraturan Daerah Nomor 5 Tahun 2021",
]
SIGNED = ["Ditetapkan di Kota Contoh pada tanggal 21 November 2023"]


@pytest.fixture
def sender(answer, staff):
    return Sender(staff.user, answer)


def read(sender, content, name="surat.pdf"):
    upload_id = sender.send(content, name=name)
    return sender.client.get(place_of(sender.answer, "upload_proposals", upload_id))


def agreed(response):
    return {one["field"]: (one["value"], one["source"]) for one in response.json()["agreed"]}


def book(*pages, title="Dokumen", **save):
    """A PDF of these pages, each as its lines."""
    out = io.BytesIO()
    with pikepdf.new() as whole:
        for lines in pages:
            with pikepdf.open(io.BytesIO(make_pdf(title=title, lines=lines))) as one:
                whole.pages.extend(one.pages)
        whole.docinfo[pikepdf.Name.Title] = title
        whole.save(out, **save)
    return out.getvalue()


def photo(taken):
    picture, out = Image.new("RGB", (40, 30)), io.BytesIO()
    exif = picture.getexif()
    exif.get_ifd(0x8769)[0x9003] = taken
    picture.save(out, "JPEG", exif=exif)
    return out.getvalue()


def word(*lines):
    """A DOCX of these paragraphs."""
    body = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in lines)
    main = f'<w:document xmlns:w="urn:w"><w:body>{body}</w:body></w:document>'
    return corpus.archive([("[Content_Types].xml", b"<x/>"), ("word/document.xml", main.encode())])


def test_a_pdf_says_its_number_on_the_first_page_and_its_day_on_the_last(sender):
    middle = [[f"Halaman {number}"] for number in range(2, 7)]

    response = read(sender, book(DECREE, *middle, SIGNED))

    assert agreed(response) == {
        "number": (
            "463/KEP.123-DP3A/2023",
            "dari halaman 1: “NOMOR 463/KEP.123-DP3A/2023”",
        ),
        "issued_on": (
            "21-11-2023",
            "dari halaman 7: “Ditetapkan di Kota Contoh pada tanggal 21 November 2023”",
        ),
    }


def test_a_word_document_is_read_too(sender):
    found = agreed(read(sender, word(*DECREE, *SIGNED), "surat.docx"))

    assert [value for value, _source in found.values()] == ["463/KEP.123-DP3A/2023", "21-11-2023"]


def test_a_table_of_text_is_read_too(sender):
    assert agreed(read(sender, b"Nomor : 5 Tahun 2021\n", "a.csv")) == {
        "number": ("5 Tahun 2021", "dari halaman 1: “Nomor : 5 Tahun 2021”")
    }


def test_a_photograph_says_when_it_was_taken(sender):
    assert agreed(read(sender, photo("2024:05:01 10:12:33"), "foto.jpg")) == {
        "issued_on": ("01-05-2024", "dari data foto: “2024-05-01”")
    }


def test_where_name_and_content_differ_both_are_told(sender):
    response = read(sender, book(["NOMOR 5 TAHUN 2021"]), "Perda 6 Tahun 2021.pdf")

    assert response.json() == {
        "agreed": [],
        "doubtful": [
            {
                "field": "number",
                "sentence": "Berkas menyebut lebih dari satu: 6 Tahun 2021 (nama berkas); "
                "5 Tahun 2021 (halaman 1). Isi yang benar.",
            }
        ],
    }


def test_the_title_inside_a_pdf_counts_as_well(sender):
    content = book(["Pindaian"], title="Perwal Nomor 7 Tahun 2022")

    assert agreed(read(sender, content))["number"][1].startswith("dari judul di dalam berkas")


def test_reading_stores_nothing(sender):
    upload_id = sender.send(book(DECREE, SIGNED))
    before = everything()

    sender.client.get(place_of(sender.answer, "upload_proposals", upload_id))

    assert everything() == before


def test_what_was_proposed_is_stored_only_once_it_is_sent(sender):
    upload_id = sender.send(book(DECREE, SIGNED))
    sender.client.get(place_of(sender.answer, "upload_proposals", upload_id))

    sender.hand_in(upload_id)

    document = SupportingDocument.objects.get()
    assert (document.number, document.issued_on) == ("", None)


def test_an_upload_says_nothing_to_others_nor_before_it_is_whole(sender, year, secretariat):
    content = book(DECREE)
    whole = sender.send(content)
    place = sender.begin(content + b"\n")
    sender.patch(place, 0, content)
    others = Sender(secretariat.user, sender.answer)

    assert others.client.get(place_of(sender.answer, "upload_proposals", whole)).status_code == 404
    half = place_of(sender.answer, "upload_proposals", id_in(place))
    assert sender.client.get(half, **TUS).status_code == 404


def many_pages(count):
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.pages.extend([pdf.pages[0]] * (count - 1))
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def endless_page():
    """A page of 64 MB of text in some kilobytes."""
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page()
        page.obj.Contents = pdf.make_stream(b"BT (Nomor) Tj ET\n" * (4 * 1024 * 1024))
        pdf.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("terkunci.pdf", lambda: corpus.locked_pdf(user="rahasia")),
        ("bom.pdf", corpus.pdf_object_bomb),
        ("tak berujung.pdf", endless_page),
        ("banyak.pdf", lambda: many_pages(5_001)),
        ("bom.docx", corpus.zip_bomb),
        (
            "entitas.docx",
            lambda: corpus.archive([("word/document.xml", corpus.entity_bomb())]),
        ),
        ("rusak.pdf", lambda: b"%PDF-1.7\n" + bytes(range(256)) * 50),
        ("rusak.jpg", lambda: b"\xff\xd8\xff" + bytes(2000)),
        ("apa.bin", lambda: b"\0\1\2" * 1000),
    ],
)
def test_of_a_file_that_cannot_be_read_the_name_alone_counts(sender, name, make):
    content, begun = make(), time.monotonic()

    response = read(sender, content, f"Perda 5 Tahun 2021 {name}")

    assert {field: value for field, (value, _source) in agreed(response).items()} == {
        "number": "5 Tahun 2021"
    }
    assert time.monotonic() - begun < proposals.SECONDS + 5


# --- Afterwards -------------------------------------------------------------------------------


def after(client, response):
    return client.get(response.url).context["after"]


def test_after_an_upload_the_page_says_what_is_missing_and_what_comes_next(year, answer):
    supporting = Sender(staff_of(year, "DP3A").user, answer)  # it leads 1.1

    response = supporting.hand_in(supporting.send(book(DECREE)))

    page = supporting.client.get(response.url)
    found = page.context["after"]
    assert (found.lacks_claim, [kind.code for kind in found.missing]) == (True, ["foto"])
    assert found.following.answer == answer_of(year, "1.1")
    assert "Tugas berikutnya: 1.1" in page.text


def test_where_no_other_task_is_open_none_is_named(sender):
    response = sender.hand_in(sender.send(book(DECREE)))

    page = sender.client.get(response.url)
    assert (page.context["after"].following, "Tugas berikutnya" in page.text) == (None, False)


def test_a_claimed_question_with_every_kind_is_told_to_be_complete(sender, answer):
    Answer.objects.filter(pk=answer.pk).update(
        claimed_points=1, claimed_at=NOW, claimed_by=sender.answer.assessment.opened_by
    )
    sender.hand_in(sender.send(book(DECREE)))

    response = sender.hand_in(sender.send(photo("2024:05:01"), name="foto.jpg"), kind="foto")

    page = sender.client.get(response.url)
    assert page.context["after"].is_complete
    assert "Semua yang diminta pertanyaan ini sudah masuk." in page.text


def test_what_waits_for_review_is_not_missing_any_more(sender):
    sender.hand_in(sender.send(book(DECREE)))

    response = sender.hand_in(sender.send(photo("2024:05:01"), name="foto.jpg"), kind="foto")

    assert after(sender.client, response).missing == []


def test_what_was_returned_is_missing_again(sender, reviewer):
    response = sender.hand_in(sender.send(book(DECREE)))
    Evidence.objects.update(
        verdict="returned", reason="Buram", decided_by=reviewer.user, decided_at="2026-03-03T00:00Z"
    )
    refresh_counts(list(Answer.objects.values_list("pk", flat=True)))

    assert [kind.code for kind in after(sender.client, response).missing] == ["perda", "foto"]


def test_the_secretariat_is_sent_to_no_task(year, answer):
    sender = Sender(secretary_of(year), answer)

    response = sender.hand_in(sender.send(book(DECREE)))

    assert after(sender.client, response).following is None


def test_without_an_upload_the_page_says_nothing_of_it(sender):
    page = sender.client.get(sender.answer.get_absolute_url())

    assert page.context["after"] is None


def test_who_may_hand_in_nothing_is_told_of_no_upload(client, year):
    client.force_login(reviewer_of(year).user)

    page = client.get(f"{answer_of(year, '1.2').get_absolute_url()}?terunggah=1")

    assert page.context["after"] is None

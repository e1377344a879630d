"""The documents of the demonstration city are sound, readable and marked as examples."""

import io

import pikepdf
import pytest
from django.core.files.base import ContentFile
from PIL import Image

from assessments.validators import inspect_file
from kla.demo.documents import make_pdf, make_photo


def shown_text(data):
    """The strings that the page shows, one for each line."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        (page,) = pdf.pages
        return [
            bytes(instruction.operands[0]).decode("cp1252")
            for instruction in pikepdf.parse_content_stream(page)
            if str(instruction.operator) == "Tj"
        ]


def media_type(data, name):
    return inspect_file(ContentFile(data, name=name), max_bytes=1_000_000).media_type


def test_a_pdf_shows_the_mark_the_title_and_its_lines():
    data = make_pdf(title="Keputusan Wali Kota", lines=["Menetapkan:", "", "Gugus Tugas KLA"])

    assert shown_text(data) == [
        "CONTOH – data peragaan",
        "Keputusan Wali Kota",
        "Menetapkan:",
        "",
        "Gugus Tugas KLA",
    ]


def test_brackets_and_backslashes_are_shown_as_written():
    data = make_pdf(title="Tabel (a\\b)", lines=["satu) dua ( tiga \\n"])

    assert shown_text(data)[1:] == ["Tabel (a\\b)", "satu) dua ( tiga \\n"]


def test_long_lines_are_wrapped():
    data = make_pdf(title="Panjang", lines=["kata " * 40])

    assert [len(line) for line in shown_text(data)[2:]] == [84, 84, 29]


def test_more_lines_than_a_page_holds_are_refused():
    with pytest.raises(ValueError, match="do not fit"):
        make_pdf(title="Panjang", lines=["baris"] * 60)


def test_a_pdf_is_the_same_every_time():
    first, second = (make_pdf(title="Sama", lines=["isi"]) for _ in range(2))

    assert first == second


def test_a_pdf_passes_the_inspection():
    assert media_type(make_pdf(title="SK", lines=["isi"]), "SK.pdf") == "application/pdf"


def test_a_photo_passes_the_inspection():
    data = make_photo(caption="Forum Anak", colour=(13, 110, 253))

    assert media_type(data, "Forum Anak.jpg") == "image/jpeg"


def test_photos_with_other_captions_are_other_files():
    colour = (13, 110, 253)

    assert make_photo(caption="Forum Anak", colour=colour) != make_photo(
        caption="Posyandu", colour=colour
    )


def test_a_photo_has_the_colour_asked_for():
    with Image.open(io.BytesIO(make_photo(caption="Pintu", colour=(200, 30, 30)))) as photo:
        red, green, blue = photo.getpixel((250, 350))

    assert (abs(red - 200) < 8, abs(green - 30) < 8, abs(blue - 30) < 8) == (True, True, True)

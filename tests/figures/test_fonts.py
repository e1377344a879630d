"""What our PDF prints, and what it says in words."""

import io

import pytest
from pypdf import PdfReader
from reportlab.platypus import Paragraph, SimpleDocTemplate

from figures import fonts
from figures.fonts import printable_text
from figures.pdf_styles import BODY, TITLE, printable
from kla.checks import fonts_are_installed


def paper(text):
    file = io.BytesIO()
    story = [Paragraph(printable(text), BODY), Paragraph(printable(text), TITLE)]
    SimpleDocTemplate(file, invariant=1).build(story)
    return file.getvalue()


def test_signs_and_letters_with_dots_below_are_printed_with_an_embedded_font():
    text = "Café ≥ 5 ≤ 9 ✓ ḥ → selesai"

    content = paper(text)

    [page] = PdfReader(io.BytesIO(content)).pages
    assert page.extract_text().strip().split("\n") == [text, text]
    embedded = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    assert {"DejaVuSansCondensed", "DejaVuSansCondensed-Bold"} <= {
        font["/BaseFont"].partition("+")[2] for font in embedded
    }
    assert len(content) < 60_000
    assert paper(text) == content


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Cafe\u0301 h\u0323", "Café ḥ"),
        ("Rapat 你好 selesai", "Rapat [aksara tidak dapat dicetak] selesai"),
        ("a\u200bb\u202ec", "abc"),
        ("Ya?", "Ya?"),
    ],
)
def test_what_the_font_lacks_is_said_in_words(text, printed):
    assert printable_text(text) == printed


def test_a_missing_font_is_told_with_what_to_do(monkeypatch, tmp_path):
    assert fonts_are_installed() == []

    monkeypatch.setattr(fonts, "PICTURE_FILES", [tmp_path / "tidak-ada.ttf"])

    [error] = fonts_are_installed()
    assert (error.id, error.hint) == ("kla.E001", "Run `npm ci`.")

"""Text that is odd in every way, and that each of its forms is reached once and for all."""

import unicodedata

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from cities.models import Opd
from tests.factories.cities import OpdFactory
from texts.folding import as_title, composed, folded, visible
from texts.searching import _folded, found, searched

UNSEEN = [
    "\u00ad",  # a hyphen that only shows at the end of a line
    "\u061c",
    "\u180e",
    "\u200b",
    "\u200e",
    "\u200f",
    "\u202a",
    "\u202e",
    "\u2060",
    "\u2066",
    "\u2069",
    "\ufeff",
]


@pytest.mark.parametrize("sign", UNSEEN)
def test_a_sign_that_nobody_sees_misleads_nobody(sign):
    text = f"{sign}Di{sign}nas{sign}"

    assert visible(text) == "Dinas"
    assert folded(text) == "dinas"
    assert as_title(f"“{text}”".replace("“", '"').replace("”", '"')) == "dinas"
    assert composed(text) == text  # it only puts letters together


@pytest.mark.parametrize("joined", ["क्\u200dष", "می\u200cخواهم", "👩\u200d👧"])
def test_what_scripts_and_emoji_are_joined_with_stays_in_a_text(joined):
    assert visible(joined) == unicodedata.normalize("NFC", joined)
    assert "\u200c" not in as_title(joined)
    assert "\u200d" not in as_title(joined)


@pytest.mark.parametrize("form", [composed, visible, as_title, folded])
def test_an_empty_text_stays_an_empty_text(form):
    assert form("") == ""
    assert form("\u200b") in ("", "\u200b")


@given(st.text())
def test_text_that_was_put_in_its_form_is_in_its_form(text):
    for form in (composed, visible, folded):
        assert form(form(text)) == form(text)
    assert unicodedata.is_normalized("NFC", visible(text))


@given(st.text(), st.text())
def test_what_looks_the_same_is_found_by_the_same_words(before, after):
    text = f"{before}Café{after}"

    assert folded("CAFE\u0301") in folded(text) or not text.isprintable()
    assert folded(unicodedata.normalize("NFD", text)) == folded(unicodedata.normalize("NFC", text))


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ('  "Kode \n Pertanyaan" ', "kode pertanyaan"),
        ("KODE\u00a0PERTANYAAN", "kode pertanyaan"),
        ("Ｋｏｄｅ　pertanyaan", "kode pertanyaan"),
        ("kode\u200b pertanyaan\ufeff", "kode pertanyaan"),
        ("STRASSE", as_title("straße")),
    ],
)
def test_a_title_is_known_whatever_it_was_typed_with(typed, title):
    assert as_title(typed) == title


# --- Searching ----------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("wanted", ["dinas", "DINAS", "di\u200bnas", " dinas\t", "dína\u0301s"])
def test_a_name_stored_with_signs_that_nobody_sees_is_found(wanted):
    """Such as came in before they were taken out."""
    OpdFactory(name="\u202eDi\u00adnas\u200f Sosial")
    OpdFactory(name="Badan")

    assert [row.name for row in Opd.objects.filter(found(wanted, "name"))] == [
        "\u202eDi\u00adnas\u200f Sosial"
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("wanted", ["%", "_", "\\", "'", '"', "--", "'; DROP TABLE", "[a-z]", ".*"])
def test_signs_of_any_language_of_patterns_find_only_themselves(wanted):
    OpdFactory(name="Dinas Sosial")
    OpdFactory(name=f"Dinas {wanted} Lain")

    assert [row.name for row in Opd.objects.filter(found(wanted, "name"))] == [
        f"Dinas {wanted} Lain"
    ]


@pytest.mark.django_db
def test_a_search_for_nothing_narrows_nothing_and_one_without_fields_neither():
    OpdFactory.create_batch(2)

    assert Opd.objects.filter(found(" \u200b", "name")).count() == 2
    assert Opd.objects.filter(found("zzz")).count() == 2


@pytest.mark.django_db
def test_what_has_no_text_is_not_found_and_breaks_nothing():
    OpdFactory(name="Dinas", code="A")
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")  # the connection is there

    assert _folded(None) is None
    assert _folded(12) == "12"
    assert searched("name", "code") == ["name__finds", "code__finds"]
    assert list(
        Opd.objects.filter(found("dinas", "code", "name")).values_list("code", flat=True)
    ) == ["A"]

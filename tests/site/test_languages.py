"""In which language a page is read, and in which what is kept is written."""

from datetime import UTC, datetime
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import get_language, gettext, gettext_lazy, override

from assessments.models import Notification
from assessments.services.review import return_evidence
from cities.models import CityActivity
from cities.services.opds import create_opd
from figures.numbers import format_moment, format_number, format_rupiah, format_ungrouped
from kla.checks import words_are_compiled
from kla.languages import offered_to
from tests.assessments.situations import (
    NOW,
    admin_of,
    hand_in,
    secretary_of,
    staff_of,
    working_year,
)
from tests.factories.assessments import answer_of
from texts.languages import filled, in_indonesian

WORD, ENGLISH = "Arti istilah", "What the terms mean"


@pytest.fixture
def english(client):
    client.cookies["bahasa"] = "en"
    return client


def glossary(client, **headers):
    return client.get(reverse("glossary"), headers=headers)


# --- Which language --------------------------------------------------------------------------


def test_pages_are_indonesian_until_somebody_chooses(client):
    answer = glossary(client)

    assert answer["Content-Language"] == "id"
    assert '<html lang="id">' in answer.content.decode()


def test_a_page_is_read_in_the_language_that_was_chosen_in_the_browser(english):
    answer = glossary(english)

    assert answer["Content-Language"] == "en"
    assert '<html lang="en">' in answer.content.decode()


@pytest.mark.parametrize("chosen", ["de", "", "EN", "en-GB", "../../en", "x" * 4000])
def test_what_the_site_does_not_speak_is_not_chosen(client, chosen):
    client.cookies["bahasa"] = chosen

    assert glossary(client)["Content-Language"] == "id"


def test_a_choice_leads_back_to_the_page_and_lasts_a_year(client):
    answer = client.post(reverse("language"), {"language": "en", "next": "/istilah/"})

    assert (answer.status_code, answer["Location"]) == (302, "/istilah/")
    cookie = answer.cookies["bahasa"]
    assert (cookie.value, cookie["max-age"], cookie["httponly"]) == ("en", 365 * 24 * 60 * 60, True)
    assert glossary(client)["Content-Language"] == "en"


@pytest.mark.parametrize("elsewhere", ["https://jahat.example/", "//jahat.example", "javascript:1"])
def test_a_choice_leads_to_no_other_site(client, elsewhere):
    answer = client.post(reverse("language"), {"language": "en", "next": elsewhere})

    assert answer["Location"] == "/"


def test_an_unknown_language_changes_nothing(english):
    english.post(reverse("language"), {"language": "xx", "next": "/"})

    assert english.cookies["bahasa"].value == "en"


@pytest.mark.parametrize(
    ("wish", "offered"),
    [
        ("en-US,en;q=0.9", "en"),
        ("fr-FR,en;q=0.5,id;q=0.3", "en"),
        ("id-ID,id;q=0.9,en-US;q=0.8", None),
        ("en;q=0.2,id;q=0.7", None),
        ("de", None),
        ("", None),
        ("*", None),
        ("en" * 400, None),
    ],
)
def test_what_a_browser_wishes_for_is_offered_and_not_taken(client, wish, offered):
    answer = glossary(client, accept_language=wish)

    assert answer["Content-Language"] == "id"
    assert ("This page can also be read in English." in answer.content.decode()) == bool(offered)


def test_nothing_is_offered_to_whoever_has_chosen(client, rf):
    client.post(reverse("language"), {"language": "id", "next": "/"})
    request = rf.get("/", headers={"accept-language": "en"})
    request.COOKIES["bahasa"] = "id"

    assert "language-offer" not in glossary(client, accept_language="en").content.decode()
    assert offered_to(request) is None


def test_an_error_page_is_in_the_language_of_the_others(english):
    answer = english.get("/tidak/ada/")

    assert answer.status_code == 404
    assert '<html lang="en">' in answer.content.decode()


@pytest.mark.django_db
def test_pages_for_everybody_and_the_interface_are_indonesian_whatever_was_chosen(english):
    public, interface = english.get(reverse("public:index")), english.get("/api/v1/openapi.json")

    assert (public["Content-Language"], interface["Content-Language"]) == ("id", "id")


# --- What is kept ----------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_trail_and_notices_are_indonesian_whoever_did_the_deed():
    year = working_year()
    [evidence] = hand_in(answer_of(year, "1.2"), by=staff_of(year, "DISDIK").user, title="SK 12")
    with override("en"):
        return_evidence(evidence_id=evidence.pk, reason="Buram.", by=secretary_of(year), at=NOW)
        create_opd(city=year.city, code="BARU", name="Dinas Baru", by=admin_of(year), at=NOW)

    told = Notification.objects.filter(user__memberships__opd__code="DISDIK").values_list("text")
    assert list(told) == [("“SK 12” untuk pertanyaan 1.2 dikembalikan: Buram.",)]
    assert CityActivity.objects.last().after["state"] == "Aktif"


@pytest.mark.django_db
def test_what_a_deed_refuses_is_said_in_the_language_of_the_page():
    year = working_year()
    [evidence] = hand_in(answer_of(year, "1.2"))
    with override("en"), pytest.raises(ValidationError) as refused:
        return_evidence(evidence_id=evidence.pk, reason=" ", by=secretary_of(year), at=NOW)
    with override("en"):
        english = refused.value.messages

    assert refused.value.messages == [
        "Tuliskan alasan pengembalian agar OPD tahu apa yang harus diperbaiki."
    ]
    assert english == [
        "Give the reason for returning it, so that the agency knows what to correct."
    ]


def test_whoever_writes_in_indonesian_leaves_the_language_as_it_was():
    @in_indonesian
    def write(depth):
        return get_language(), write(depth - 1) if depth else None

    with override("en"):
        assert write(1) == ("id", ("id", None))
        assert get_language() == "en"


def test_an_error_leaves_the_language_as_it_was():
    @in_indonesian
    def fail():
        raise ZeroDivisionError

    with override("en"):
        with pytest.raises(ZeroDivisionError):
            fail()
        assert get_language() == "en"


def test_two_who_write_at_once_keep_their_own_languages():
    both, kept = Barrier(2), {}

    @in_indonesian
    def write():
        both.wait()
        both.wait()

    def read(language):
        with override(language):
            write()
            kept[language] = get_language()

    readers = [Thread(target=read, args=[language]) for language in ("en", "id")]
    for one in readers:
        one.start()
    for one in readers:
        one.join()

    assert kept == {"en": "en", "id": "id"}


def test_a_sentence_with_facts_is_put_together_where_it_is_shown():
    sentence = filled(gettext_lazy("Lebih dari %(days)d hari"), days=3)

    with override("en"):
        assert str(sentence) == "More than 3 days"
    assert str(sentence) == "Lebih dari 3 hari"


# --- Figures ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "indonesian", "english"),
    [
        ("1234.50", "1.234,5", "1,234.5"),
        ("-1234567", "−1.234.567", "−1,234,567"),
        ("0.66", "0,66", "0.66"),
        ("-0.00", "0", "0"),
        ("100", "100", "100"),
    ],
)
def test_figures_have_the_marks_of_the_language(value, indonesian, english):
    number = Decimal(value)

    assert format_number(number) == indonesian
    with override("en"):
        assert format_number(number) == english


def test_rupiah_are_written_as_they_are_typed_in_any_language():
    with override("en"):
        assert format_rupiah(1_250_000_000) == "Rp1.250.000.000"


def test_a_field_is_filled_with_the_marks_that_it_takes():
    with override("en"):
        assert format_ungrouped(Decimal("1234.660")) == "1234.66"


def test_moments_are_written_as_the_language_does():
    moment = datetime(2026, 10, 1, 9, 5, tzinfo=UTC)

    assert format_moment(moment) == "1 Oktober 2026 09.05"
    with override("en"):
        assert format_moment(moment) == "1 October 2026 09:05"


# --- The catalogue ---------------------------------------------------------------------------


def test_the_english_words_are_there():
    with override("en"):
        assert gettext("Masuk") == "Sign in"
    assert words_are_compiled() == []


def test_a_site_without_compiled_words_is_warned(settings, tmp_path):
    settings.LOCALE_PATHS = [tmp_path]

    assert [one.id for one in words_are_compiled()] == ["kla.W002"]

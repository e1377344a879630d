"""Claiming, granting and importing through the pages."""

from decimal import Decimal

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from assessments.models import Answer
from tests.assessments.situations import (
    assert_scores_are_right,
    claim,
    everything,
    later,
    secretary_of,
)
from tests.factories.assessments import EvidenceFactory, answer_of

pytestmark = pytest.mark.django_db


def url(name, year, *args):
    return reverse(f"assessments:{name}", args=[year.city.slug, year.year, *args])


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


@pytest.fixture
def opd_client(client, staff):
    client.force_login(staff.user)
    return client


def filled(client, year, code="1.2"):
    """What the form on the page holds when it is opened."""
    form = client.get(url("question_detail", year, code)).context["claim_form"]
    return {name: form[name].value() or "" for name in form.fields}


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("13,2", "13.2"),
        ("13.2", "13.2"),
        (" 20 ", "20"),
        ("0", "0"),
        ("0,125", "0.125"),
        ("", None),
    ],
)
def test_a_claim_is_typed_with_a_comma_or_a_point(opd_client, year, staff, typed, stored):
    data = filled(opd_client, year) | {"claimed_points": typed, "note": "Lengkap"}

    response = opd_client.post(url("claim_save", year, "1.2"), data)

    answer = answer_of(year, "1.2")
    assert response.url == answer.get_absolute_url()
    assert answer.claimed_points == (stored and Decimal(stored))
    assert (answer.note, answer.claimed_by) == ("Lengkap", staff.user)
    assert_scores_are_right(year)


@pytest.mark.parametrize("typed", ["20,001", "-1", "abc", "1,2,3", "0,1234", "NaN", "1e2", "∞"])
def test_a_claim_that_is_no_points_is_refused_and_kept_on_the_page(opd_client, year, typed):
    before = everything()

    response = opd_client.post(
        url("claim_save", year, "1.2"), {"claimed_points": typed, "note": "Jangan hilang"}
    )

    form = response.context["claim_form"]
    assert (response.status_code, list(form.errors)) == (200, ["claimed_points"])
    assert form["claimed_points"].value() == typed
    assert "Jangan hilang" in response.text
    assert everything() == before


def test_an_answer_in_numbers_and_words_is_stored_with_the_claim(client, year, secretariat):
    client.force_login(secretariat.user)

    client.post(url("claim_save", year, "2a.1"), {"value": "66,5", "claimed_points": "10"})
    client.post(url("claim_save", year, "1.1"), {"choice": "Perda", "claimed_points": "30"})

    assert answer_of(year, "2a.1").value == Decimal("66.5")
    assert answer_of(year, "1.1").choice == "Perda"


def test_of_two_tabs_the_later_is_refused_keeps_what_was_typed_and_can_save_again(
    opd_client, year, answer
):
    first_tab = filled(opd_client, year)
    second_tab = filled(opd_client, year)
    opd_client.post(url("claim_save", year, "1.2"), first_tab | {"claimed_points": "5"})

    refused = opd_client.post(
        url("claim_save", year, "1.2"),
        second_tab | {"claimed_points": "20", "note": "Dari tab kedua"},
    )

    form = refused.context["claim_form"]
    assert form.has_error("__all__", "stale")
    assert (form["claimed_points"].value(), form["note"].value()) == ("20", "Dari tab kedua")
    assert Answer.objects.get(pk=answer.pk).claimed_points == 5

    again = {name: form[name].value() or "" for name in form.fields}
    opd_client.post(url("claim_save", year, "1.2"), again)

    assert Answer.objects.get(pk=answer.pk).claimed_points == 20


def test_the_newer_claim_is_shown_beside_the_refused_one(opd_client, year, answer):
    claim(answer, "7", by=secretary_of(year, name="Pak Budi"), at=later(), note="Versi Pak Budi")

    response = opd_client.post(url("claim_save", year, "1.2"), {"claimed_points": "20"})

    assert "Pak Budi sudah mengubah jawaban ini" in response.text
    assert "Versi Pak Budi" in response.text


@pytest.mark.parametrize("seen_at", ["kemarin", "2026-99-99T00:00:00Z", "2026-03-02T03:00:00"])
def test_a_forged_moment_never_overwrites_an_answer(opd_client, year, answer, seen_at):
    claim(answer, "7")

    response = opd_client.post(
        url("claim_save", year, "1.2"), {"claimed_points": "20", "seen_at": seen_at}
    )

    assert response.status_code == 409
    assert Answer.objects.get(pk=answer.pk).claimed_points == 7


def test_nothing_can_be_slipped_into_a_claim(opd_client, year, staff):
    stranger = secretary_of(year)
    slipped = {
        "granted_points": "20",
        "granted_by": stranger.pk,
        "claimed_by": stranger.pk,
        "assessment": "999",
        "question": "999",
        "verdict": "accepted",
        "predikat": "Utama",
    }

    opd_client.post(url("claim_save", year, "1.2"), {"claimed_points": "5", **slipped})

    answer = answer_of(year, "1.2")
    assert (answer.claimed_points, answer.claimed_by) == (5, staff.user)
    assert (answer.granted_points, answer.granted_by) == (None, None)
    assert_scores_are_right(year)


# --- Granting ---------------------------------------------------------------------------------


def test_points_are_granted_where_a_document_proves_them(client, year, answer, reviewer):
    EvidenceFactory(answer=answer, accepted=True)
    client.force_login(reviewer.user)

    client.post(url("points_grant", year, "1.2"), {"granted_points": "12,5"})

    stored = answer_of(year, "1.2")
    assert (stored.granted_points, stored.granted_by) == (Decimal("12.5"), reviewer.user)
    assert_scores_are_right(year)


def test_without_a_document_the_form_says_why_points_are_not_granted(client, year, reviewer):
    client.force_login(reviewer.user)

    response = client.post(url("points_grant", year, "1.2"), {"granted_points": "12"})

    assert response.context["grant_form"].has_error("granted_points", "unproven")
    assert answer_of(year, "1.2").granted_points is None

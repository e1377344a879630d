"""What forms ask, prefill and refuse; the deeds behind them have tests of their own."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict

from assessments.forms.answers import ClaimForm, CommentForm
from assessments.forms.assignments import BulkAssignmentForm
from assessments.forms.base import PointsField
from assessments.forms.filters import QuestionFilterForm
from assessments.forms.review import ReviewForm
from assessments.forms.review_queue import QueueFilterForm
from tests.assessments.situations import claim, later, staff_of
from tests.factories.assessments import answer_of
from tests.factories.cities import OpdFactory

pytestmark = pytest.mark.django_db


# --- Points -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "points"),
    [("0,66", "0.66"), ("0.66", "0.66"), ("20", "20"), ("20,000", "20"), ("0", "0"), (",5", "0.5")],
)
def test_points_are_read_with_a_comma_or_a_point(typed, points):
    assert PointsField(maximum=Decimal(20)).clean(typed) == Decimal(points)


@pytest.mark.parametrize(
    ("typed", "code", "sentence"),
    [
        ("dua", "invalid", "Isi dengan angka, misalnya 0,66."),
        ("1.234,5", "invalid", "Isi dengan angka, misalnya 0,66."),
        ("NaN", "invalid", "Isi dengan angka, misalnya 0,66."),
        ("Infinity", "invalid", "Isi dengan angka, misalnya 0,66."),
        ("-0,5", "min_value", "Nilai tidak boleh kurang dari 0."),
        ("13,201", "max_value", "Nilai paling banyak 13,2."),
    ],
)
def test_what_is_no_points_is_told_in_a_sentence(typed, code, sentence):
    with pytest.raises(ValidationError) as refusal:
        PointsField(maximum=Decimal("13.2")).clean(typed)

    [error] = refusal.value.error_list
    assert (error.code, " ".join(error.messages)) == (code, sentence)


# --- Claim ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "fields"),
    [
        ("1.1", ["seen_at", "choice", "claimed_points", "note"]),
        ("1.2", ["seen_at", "claimed_points", "note"]),
        ("2a.1", ["seen_at", "value", "claimed_points", "note"]),
        ("2a.2", ["seen_at", "value", "claimed_points", "note"]),
    ],
)
def test_a_claim_asks_what_the_question_asks(year, code, fields):
    assert list(ClaimForm(answer=answer_of(year, code)).fields) == fields


@pytest.mark.parametrize(
    ("code", "value", "is_valid"),
    [
        ("2a.1", "100", True),
        ("2a.1", "100,5", False),
        ("2a.1", "-1", False),
        ("2a.2", "12345678901", True),
        ("2a.2", "1234567890123", False),
        ("2a.2", "0,5", True),
    ],
)
def test_a_percentage_ends_at_a_hundred_and_a_count_does_not(year, code, value, is_valid):
    form = ClaimForm({"value": value}, answer=answer_of(year, code))

    assert form.is_valid() == is_valid


def test_an_answer_is_one_of_the_options(year):
    form = ClaimForm({"choice": "Lainnya"}, answer=answer_of(year, "1.1"))

    assert list(form.errors) == ["choice"]


def test_a_claim_remembers_to_the_microsecond_when_it_was_seen(year, answer):
    claim(answer, "5", at=later().replace(microsecond=123456))
    answer.refresh_from_db()
    opened = ClaimForm(answer=answer)

    sent = ClaimForm({"seen_at": opened["seen_at"].value()}, answer=answer)

    assert sent.is_valid()
    assert sent.cleaned()["seen_at"] == answer.claimed_at


# --- Documents, review, assignments, filters --------------------------------------------------


def test_only_the_kinds_that_the_question_asks_for_are_offered(client, year):
    client.force_login(staff_of(year, "DINKES").user)

    form = client.get(answer_of(year, "2a.2").get_absolute_url()).context["upload_form"]

    assert [kind.code for kind in form.fields["kind"].queryset] == ["foto"]


def test_a_returned_document_needs_no_points(answer):
    form = ReviewForm({"verdict": "returned", "reason": " Buram "}, answer=answer)

    assert form.is_valid()
    assert (form.cleaned_data["reason"], form.cleaned_data["granted_points"]) == ("Buram", None)


def test_points_of_zero_are_points(answer):
    form = ReviewForm({"verdict": "accepted", "granted_points": "0"}, answer=answer)

    assert form.is_valid()
    assert form.cleaned_data["granted_points"] == 0


def test_a_message_has_words(db):
    assert not CommentForm({"text": " \n "}).is_valid()
    assert not CommentForm({"text": "x" * 2001}).is_valid()


def test_questions_in_bulk_are_those_of_the_page(year):
    opd = OpdFactory(city=year.city)
    data = {"answers": ["1", "2"], "opd": opd.pk, "part": "contributor"}

    form = BulkAssignmentForm(data, city=year.city, answers=[1, 2, 3])

    assert form.is_valid()
    assert form.cleaned_data["answers"] == [1, 2]
    assert not BulkAssignmentForm(data, city=year.city, answers=[1]).is_valid()


def test_filters_offer_what_belongs_to_the_year_and_its_city(year):
    OpdFactory(code="LAIN")

    fields = QuestionFilterForm({}, assessment=year).fields

    assert [opd.code for opd in fields["opd"].queryset] == ["DINKES", "DISDIK", "DP3A"]
    assert [one.code for one in fields["indikator"].queryset] == ["1", "2a", "2b"]


def test_a_list_in_one_order_asks_for_none(year):
    assert "urut" not in QuestionFilterForm({}, assessment=year).fields
    assert QueueFilterForm(QueryDict(), assessment=year).fields["urut"].label == "Urutan"


def test_what_the_address_may_not_say_narrows_nothing(year):
    form = QueueFilterForm(
        QueryDict("klaster=tidak-ada&umur=kemarin&poin=banyak&urut=acak&q="), assessment=year
    )

    assert (form.wanted, form.narrowed_by, form.is_filtered, form.query) == ({}, 0, False, "")


def test_an_order_is_kept_in_the_address_and_leaves_nothing_out(year):
    form = QueueFilterForm(QueryDict("urut=umur"), assessment=year)

    assert (form.is_filtered, form.query) == (False, "?urut=umur")

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from clusters.choices import InstrumentStatus
from clusters.models import Instrument, Question
from tests.factories.clusters import (
    PUBLISHED_AT,
    AgencyFactory,
    BandFactory,
    ClusterFactory,
    EvidenceKindFactory,
    IndicatorFactory,
    InstrumentFactory,
    QuestionAgencyFactory,
    QuestionFactory,
    make_instrument,
    small_spec,
)

pytestmark = pytest.mark.django_db


def refused(make, **fields):
    with transaction.atomic(), pytest.raises(IntegrityError) as caught:
        make(**fields)
    return caught.value


@pytest.mark.parametrize(
    ("factory", "field"),
    [
        (InstrumentFactory, "max_points"),
        (ClusterFactory, "max_points"),
        (IndicatorFactory, "max_points"),
        (QuestionFactory, "max_points"),
        (BandFactory, "minimum"),
    ],
)
def test_the_database_refuses_points_below_zero(factory, field):
    refused(factory, **{field: Decimal("-0.001")})


@pytest.mark.parametrize(("minimum", "maximum"), [(600, 600), (601, 600)])
def test_a_band_starts_below_its_end(minimum, maximum):
    refused(BandFactory, minimum=minimum, maximum=maximum)


@pytest.mark.parametrize("number", [0, 100])
def test_an_indicator_is_numbered_from_1_to_99(number):
    refused(IndicatorFactory, number=number)


@pytest.mark.parametrize("number", [1, 99])
def test_the_ends_of_the_numbering_are_allowed(number):
    assert IndicatorFactory(number=number).number == number


@pytest.mark.parametrize(
    ("status", "published_at"),
    [(InstrumentStatus.PUBLISHED, None), (InstrumentStatus.DRAFT, PUBLISHED_AT)],
)
def test_an_instrument_is_published_exactly_when_it_has_a_date(status, published_at):
    refused(InstrumentFactory, status=status, published_at=published_at)


@pytest.mark.parametrize(
    ("factory", "field"),
    [
        (InstrumentFactory, "status"),
        (ClusterFactory, "kind"),
        (QuestionFactory, "answer_type"),
        (QuestionFactory, "direction"),
    ],
)
def test_the_database_refuses_a_word_that_is_not_on_the_list(factory, field):
    refused(factory, **{field: "lain"})


@pytest.mark.parametrize(
    ("factory", "parent", "key"),
    [
        (AgencyFactory, "instrument", "code"),
        (EvidenceKindFactory, "instrument", "code"),
        (ClusterFactory, "instrument", "code"),
        (BandFactory, "instrument", "predikat"),
        (IndicatorFactory, "cluster", "code"),
        (QuestionFactory, "indicator", "code"),
    ],
)
def test_a_code_is_used_once_below_its_parent_and_again_elsewhere(factory, parent, key):
    first = factory()
    same = {key: getattr(first, key)}

    refused(factory, **same, **{parent: getattr(first, parent)})
    assert getattr(factory(**same), key) == same[key]


def test_an_agency_stands_once_at_a_question_and_a_place_is_taken_once():
    link = QuestionAgencyFactory(position=0)

    refused(QuestionAgencyFactory, question=link.question, agency=link.agency, position=1)
    refused(QuestionAgencyFactory, question=link.question, position=0)


def test_a_refusal_is_a_sentence_for_people():
    band = BandFactory.build(instrument=InstrumentFactory(), minimum=700, maximum=600)

    with pytest.raises(ValidationError) as caught:
        band.full_clean()

    assert caught.value.messages == ["Batas bawah predikat harus di bawah batas atasnya."]


def test_only_published_instruments_are_offered_the_newest_first():
    InstrumentFactory(code="rancangan")
    newer = InstrumentFactory(code="kla-2023", published=True)
    older = InstrumentFactory(code="kla-2011", published=True)

    assert list(Instrument.objects.published()) == [newer, older]
    assert newer.is_published


def test_questions_come_as_the_instrument_prints_them(django_assert_num_queries):
    make_instrument()

    with django_assert_num_queries(1):
        questions = [
            (question.indicator.cluster.code, question.indicator.code, question.code)
            for question in Question.objects.in_order()
        ]

    assert questions == [
        ("kelembagaan", "1", "1.1"),
        ("kelembagaan", "1", "1.2"),
        ("klaster-1", "2a", "2a.1"),
        ("klaster-1", "2a", "2a.2"),
        ("klaster-1", "2b", "2b.1"),
    ]


def test_questions_of_one_instrument_leave_out_those_of_another():
    instrument = make_instrument()
    make_instrument(small_spec(code="lain"))

    codes = Question.objects.of_instrument(instrument).in_order().values_list("code", flat=True)

    assert list(codes) == ["1.1", "1.2", "2a.1", "2a.2", "2b.1"]


def test_rows_are_named_as_people_know_them():
    band, agency, kind = BandFactory(), AgencyFactory(name="Dinas"), EvidenceKindFactory(name="SK")
    question = QuestionFactory(code="1.1", text="Ada?", indicator__code="1", indicator__name="KLA")

    assert [str(band), str(agency), str(kind)] == ["Pratama", "Dinas", "SK"]
    assert [str(question), str(question.indicator)] == ["1.1 Ada?", "1 KLA"]
    assert str(question.indicator.cluster) == question.indicator.cluster.label
    assert str(InstrumentFactory(title="KLA 2023")) == "KLA 2023"
    assert str(QuestionAgencyFactory(question=question)).startswith(f"{question.pk} · ")

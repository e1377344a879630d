from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from clusters.choices import InstrumentStatus
from clusters.library import checksum
from clusters.models import Band, Instrument, Question
from clusters.services import spec_of
from clusters.services.life import create_draft, publish_draft
from clusters.spec import BandSpec
from tests.factories.cities import SiteAdminFactory
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


# --- Bands that are read once -------------------------------------------------------------------

PRATAMA, MADYA = small_spec().bands


def test_the_bands_of_a_published_instrument_are_read_once(django_assert_num_queries):
    first, again = make_instrument(), Instrument.objects.get()
    assert first.band_specs() == (PRATAMA, MADYA)

    with django_assert_num_queries(0):
        assert again.band_specs() == (PRATAMA, MADYA)


def test_the_bands_of_a_draft_are_those_of_this_moment_until_it_is_published():
    admin = SiteAdminFactory()
    draft = create_draft(spec=small_spec(), by=admin, at=PUBLISHED_AT)
    assert draft.band_specs() == (PRATAMA, MADYA)

    Band.objects.filter(predikat="Pratama").update(minimum=40)
    assert [band.minimum for band in draft.band_specs()] == [40, 61]

    Band.objects.filter(predikat="Madya").update(minimum=70)
    seen = checksum(spec_of(draft))
    published = publish_draft(instrument=draft, seen=seen, by=admin, at=PUBLISHED_AT)
    assert [band.minimum for band in published.band_specs()] == [40, 70]


def test_other_bands_under_the_same_code_are_another_content():
    plain = make_instrument()
    assert plain.band_specs() == (PRATAMA, MADYA)
    plain.delete()

    higher = BandSpec("Madya", Decimal(62), Decimal(100))
    other = make_instrument(replace(small_spec(), bands=(PRATAMA, higher)))

    assert other.checksum != plain.checksum
    assert other.band_specs() == (PRATAMA, higher)


def test_bands_are_known_by_the_content_and_not_by_the_row():
    """Rows are numbered anew wherever they are brought back."""
    first = make_instrument(small_spec(code="satu"))
    first.band_specs()
    number = first.pk
    first.delete()

    second = InstrumentFactory(pk=number, published=True, checksum="baris-lain")
    BandFactory(instrument=second, predikat="Utama", minimum=90, maximum=100)

    assert second.band_specs() == (BandSpec("Utama", Decimal(90), Decimal(100)),)


# --- Questions ----------------------------------------------------------------------------------


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

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from clusters.choices import InstrumentStatus
from clusters.library import checksum, packaged
from clusters.models import Band, Cluster, Instrument, Question, QuestionAgency
from clusters.services import load_instrument, spec_of
from tests.factories.clusters import PUBLISHED_AT, make_instrument, small_spec

pytestmark = pytest.mark.django_db


def counts():
    models = (Instrument, Band, Cluster, Question, QuestionAgency)
    return [model.objects.count() for model in models]


def test_a_new_instrument_is_stored_and_published():
    result = load_instrument(spec=small_spec(), at=PUBLISHED_AT)

    assert result.created
    assert result.instrument.status == InstrumentStatus.PUBLISHED
    assert result.instrument.published_at == PUBLISHED_AT
    assert result.instrument.checksum == checksum(small_spec())
    assert counts() == [1, 2, 2, 5, 5]


def test_loading_the_same_content_again_changes_nothing():
    first = make_instrument()

    result = load_instrument(spec=small_spec(), at=PUBLISHED_AT + timedelta(days=1))

    assert (result.instrument, result.created) == (first, False)
    assert Instrument.objects.get().published_at == PUBLISHED_AT
    assert counts() == [1, 2, 2, 5, 5]


def test_a_published_instrument_is_never_changed():
    make_instrument()
    changed = replace(small_spec(), title="Lain")

    with pytest.raises(ValidationError) as caught:
        load_instrument(spec=changed, at=PUBLISHED_AT)

    assert caught.value.code == "published"
    assert caught.value.messages == [
        (
            "Instrumen “kecil-2026” sudah terbit dan tidak pernah diubah. "
            "Beri instrumen yang baru kode lain."
        )
    ]
    assert Instrument.objects.get().title == "Instrumen kecil"
    assert counts() == [1, 2, 2, 5, 5]


def test_the_same_content_under_another_code_is_another_instrument():
    make_instrument()

    assert load_instrument(spec=small_spec(code="kecil-2027"), at=PUBLISHED_AT).created
    assert counts() == [2, 4, 4, 10, 10]


def test_a_load_that_breaks_off_leaves_nothing():
    broken = small_spec()
    twice = (broken.clusters[0], broken.clusters[0])

    with pytest.raises(IntegrityError):
        load_instrument(spec=replace(broken, clusters=twice), at=PUBLISHED_AT)

    assert counts() == [0, 0, 0, 0, 0]


def test_what_comes_back_is_what_was_loaded():
    assert spec_of(make_instrument()) == small_spec()


def test_the_packaged_instrument_comes_back_whole(django_assert_num_queries):
    spec = packaged("kla-2023")
    instrument = make_instrument(spec)

    with django_assert_num_queries(9):
        stored = spec_of(instrument)

    assert stored == spec
    assert checksum(stored) == instrument.checksum


def test_reading_an_instrument_costs_the_same_for_one_of_any_size(django_assert_num_queries):
    small = make_instrument()
    make_instrument(packaged("kla-2023"))

    with django_assert_num_queries(9):
        spec_of(small)


def test_fractions_and_points_come_back_as_exact_decimals():
    question = next(
        question for question in spec_of(make_instrument()).questions() if question.code == "1.2"
    )

    assert question.usual_fractions == (Decimal(0), Decimal("0.66"), Decimal(1))
    assert question.agencies == ("DISDIK", "DP3A")

"""What the database itself keeps true of instruments and mappings, whoever writes into it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, RestrictedError

from clusters.choices import InstrumentStatus, MatchKind
from clusters.models import (
    Band,
    Cluster,
    Indicator,
    Instrument,
    InstrumentImport,
    Mapping,
    Question,
    QuestionMatch,
)
from tests.clusters.situations import mapping_of_two
from tests.clusters.unchanged import nothing_changes
from tests.factories.cities import SiteAdminFactory
from tests.factories.clusters import (
    PUBLISHED_AT,
    BandFactory,
    ClusterFactory,
    IndicatorFactory,
    InstrumentFactory,
    MappingFactory,
    QuestionFactory,
    QuestionMatchFactory,
    make_instrument,
)

pytestmark = pytest.mark.django_db

LATER = PUBLISHED_AT + timedelta(days=1)


def sentences(row):
    """What people are told of a row that the database would refuse, which it does too."""
    with pytest.raises(ValidationError) as caught:
        row.validate_constraints()
    with nothing_changes(), pytest.raises(IntegrityError), transaction.atomic():
        row.save()
    return caught.value.messages


DATES = (
    "Instrumen yang terbit mempunyai tanggal terbit, yang ditarik juga tanggal "
    "penarikan; rancangan tidak memiliki keduanya."
)


@pytest.mark.parametrize(
    ("status", "published_at", "retired_at"),
    [
        (InstrumentStatus.DRAFT, PUBLISHED_AT, None),
        (InstrumentStatus.DRAFT, None, LATER),
        (InstrumentStatus.PUBLISHED, None, None),
        (InstrumentStatus.PUBLISHED, PUBLISHED_AT, LATER),
        (InstrumentStatus.RETIRED, PUBLISHED_AT, None),
        (InstrumentStatus.RETIRED, None, LATER),
        (InstrumentStatus.RETIRED, None, None),
    ],
)
def test_each_state_of_an_instrument_has_its_dates_and_no_other(status, published_at, retired_at):
    row = InstrumentFactory.build(status=status, published_at=published_at, retired_at=retired_at)

    assert sentences(row) == [DATES]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"measure": "rupiah"}, ["Satuan nilai tidak dikenal."]),
        ({"max_points": Decimal("-0.001")}, ["Poin tidak boleh kurang dari nol."]),
        ({"status": "lain"}, ["Status instrumen tidak dikenal.", DATES]),
    ],
)
def test_an_instrument_that_cannot_be_is_told_in_sentences(fields, told):
    assert sentences(InstrumentFactory.build(**fields)) == told


@pytest.mark.parametrize(
    ("make", "fields", "told"),
    [
        (ClusterFactory, {"kind": ""}, "Jenis klaster tidak dikenal."),
        (ClusterFactory, {"max_points": -1}, "Poin tidak boleh kurang dari nol."),
        (IndicatorFactory, {"number": 0}, "Nomor indikator harus antara 1 dan 99."),
        (IndicatorFactory, {"number": 100}, "Nomor indikator harus antara 1 dan 99."),
        (IndicatorFactory, {"max_points": -1}, "Poin tidak boleh kurang dari nol."),
        (QuestionFactory, {"answer_type": "Choice"}, "Bentuk jawaban tidak dikenal."),
        (QuestionFactory, {"direction": "naik"}, "Arah tidak dikenal."),
        (QuestionFactory, {"max_points": -1}, "Poin tidak boleh kurang dari nol."),
        (BandFactory, {"minimum": 5, "maximum": 5}, "Batas bawah predikat harus di bawah batas atasnya."),
    ],
)  # fmt: skip
def test_a_row_of_an_instrument_that_cannot_be_is_told_in_a_sentence(make, fields, told):
    row = make()
    for name, value in fields.items():
        setattr(row, name, value)

    assert sentences(row) == [told]


@pytest.mark.parametrize(
    ("model", "parent", "key", "told"),
    [
        (Band, "instrument", "predikat", "Predikat ini sudah ada di instrumen tersebut."),
        (Cluster, "instrument", "code", "Kode klaster ini sudah ada di instrumen tersebut."),
        (Indicator, "cluster", "code", "Kode indikator ini sudah ada di klaster tersebut."),
        (Question, "indicator", "code", "Kode pertanyaan ini sudah ada di indikator tersebut."),
    ],
)
def test_a_second_row_of_one_name_is_told_in_a_sentence(model, parent, key, told):
    make = {
        Band: BandFactory,
        Cluster: ClusterFactory,
        Indicator: IndicatorFactory,
        Question: QuestionFactory,
    }[model]
    first = make()
    second = make(**{parent: getattr(first, parent), key: "lain"})
    setattr(second, key, getattr(first, key))

    assert sentences(second) == [told]


# --- Mappings -----------------------------------------------------------------------------------


def test_an_instrument_is_not_mapped_to_itself_nor_twice_to_another():
    first = MappingFactory()
    fields = {"created_at": PUBLISHED_AT}

    assert sentences(Mapping(before=first.before, after=first.before, **fields)) == [
        "Instrumen tidak dipetakan ke dirinya sendiri."
    ]
    assert sentences(Mapping(before=first.before, after=first.after, **fields)) == [
        "Pemetaan antara kedua instrumen ini sudah ada."
    ]


@pytest.mark.parametrize(
    ("kind", "sides"),
    [
        *((kind, sides) for kind in ("same", "reworded", "split", "merged") for sides in ("b", "a", "")),
        *(("new", sides) for sides in ("b", "ba", "")),
        *(("gone", sides) for sides in ("a", "ba", "")),
        ("lain", "ba"),
    ],
)  # fmt: skip
def test_a_line_of_a_mapping_has_the_sides_of_its_kind(kind, sides):
    whole = QuestionMatchFactory()
    row = QuestionMatch(
        mapping=MappingFactory(before=whole.mapping.after, after=whole.mapping.before),
        kind=kind,
        before=whole.after if "b" in sides else None,
        after=whole.before if "a" in sides else None,
    )

    assert sentences(row) == ["Hubungan ini tidak cocok dengan pertanyaannya."]


def test_two_questions_stand_in_one_line_of_a_mapping_together():
    line = QuestionMatchFactory()
    fields = {"mapping": line.mapping, "before": line.before, "after": line.after}
    double = QuestionMatch(kind=MatchKind.SPLIT, **fields)

    assert len(sentences(double)) == 1


@pytest.mark.parametrize("lost", [Question, Indicator, Cluster, Instrument])
def test_nothing_that_a_mapping_rests_on_is_lost(lost):
    mapping_of_two()

    with nothing_changes(), pytest.raises(ProtectedError):
        lost.objects.order_by("pk").first().delete()


def test_a_mapping_takes_its_own_lines_with_it_and_no_question():
    mapping = mapping_of_two()
    questions = Question.objects.count()

    mapping.delete()

    assert (QuestionMatch.objects.count(), Question.objects.count()) == (0, questions)


def test_whoever_decided_on_a_mapping_stays_known():
    person = SiteAdminFactory()
    mapping = MappingFactory(created_by=person)

    with nothing_changes(), pytest.raises(RestrictedError):
        person.delete()
    mapping.created_by = None
    mapping.save()
    QuestionMatchFactory(mapping=mapping, confirmed_by=person, confirmed_at=LATER)
    with nothing_changes(), pytest.raises(RestrictedError):
        person.delete()


def test_an_upload_goes_with_whoever_made_it():
    person = SiteAdminFactory()
    InstrumentImport.objects.create(
        code="x", file_name="x", content="x", created_at=LATER, created_by=person
    )

    person.delete()

    assert InstrumentImport.objects.count() == 0


def test_rows_are_called_by_what_people_know_of_them():
    line = QuestionMatchFactory()
    pending = InstrumentImport(code="kla-2027", file_name="kla.yaml")
    table_band = BandFactory.build(predikat="Utama")

    assert str(line) == f"{line.before_id} → {line.after_id}: same"
    assert str(line.mapping) == f"{line.mapping.before_id} → {line.mapping.after_id}"
    assert (str(pending), str(table_band)) == ("kla-2027: kla.yaml", "Utama")


def test_the_states_of_an_instrument_are_told_apart():
    draft, published = InstrumentFactory(), make_instrument()
    retired = InstrumentFactory(
        published=True, status=InstrumentStatus.RETIRED, retired_at=PUBLISHED_AT
    )

    seen = [(one.is_draft, one.is_published, one.is_retired) for one in (draft, published, retired)]
    assert seen == [(True, False, False), (False, True, False), (False, False, True)]
    assert list(Instrument.objects.published()) == [published]
    assert set(Instrument.objects.frozen()) == {published, retired}
    assert set(Instrument.objects.visible_to(is_site_admin=False)) == {published, retired}
    assert set(Instrument.objects.visible_to(is_site_admin=True)) == {draft, published, retired}

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from clusters.choices import AnswerType, ClusterKind, InstrumentStatus, MatchKind
from clusters.library import packaged
from clusters.models import (
    Agency,
    Band,
    BandTable,
    Cluster,
    EvidenceKind,
    Indicator,
    Instrument,
    Mapping,
    Question,
    QuestionAgency,
    QuestionMatch,
    TableBand,
)
from clusters.services import load_instrument
from clusters.spec import (
    AgencySpec,
    BandSpec,
    ClusterSpec,
    EvidenceKindSpec,
    IndicatorSpec,
    InstrumentSpec,
    QuestionSpec,
    StageSpec,
)

PUBLISHED_AT = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)


def only(number):
    """One indicator of the real instrument, with the real codes."""
    spec = packaged("kla-2023")
    cluster = next(c for c in spec.clusters if any(i.number == number for i in c.indicators))
    rows = tuple(row for row in cluster.indicators if row.number == number)
    return replace(spec, clusters=(replace(cluster, indicators=rows),))


def small_spec(code="kecil-2026"):
    """Two clusters, three indicators, five questions, 100 points, two bands with a gap.

    Indicator 2a is over-subscribed: its questions are worth 30, it is worth 25.
    """
    return InstrumentSpec(
        code=code,
        title="Instrumen kecil",
        title_en="Small instrument",
        legal_basis=("Perpres 25/2021",),
        provenance="Untuk uji.",
        max_points=Decimal(100),
        bands=(
            BandSpec("Pratama", Decimal(50), Decimal(60)),
            BandSpec("Madya", Decimal(61), Decimal(100)),
        ),
        bands_note="",
        stages=(StageSpec("EM", "Evaluasi mandiri"),),
        agencies=(
            AgencySpec("DP3A", "Dinas pemberdayaan perempuan"),
            AgencySpec("DINKES", "Dinas kesehatan"),
            AgencySpec("DISDIK", "Dinas pendidikan"),
        ),
        evidence_kinds=(
            EvidenceKindSpec("perda", "Peraturan daerah"),
            EvidenceKindSpec("foto", "Foto"),
        ),
        clusters=(_institutional(), _substantive()),
    )


def generous_spec(evidence=("perda",)):
    """The small instrument, with every question asking for documents of these kinds."""
    spec = small_spec()
    clusters = tuple(
        replace(
            cluster,
            indicators=tuple(
                replace(row, questions=tuple(replace(q, evidence=evidence) for q in row.questions))
                for row in cluster.indicators
            ),
        )
        for cluster in spec.clusters
    )
    return replace(spec, clusters=clusters)


def _institutional():
    questions = (
        _question("1.1", 30, options=("Perda", "Tidak ada"), agencies=("DP3A",)),
        _question(
            "1.2",
            20,
            usual_fractions=(Decimal(0), Decimal("0.66"), Decimal(1)),
            evidence=("perda", "foto"),
            agencies=("DISDIK", "DP3A"),
        ),
    )
    return ClusterSpec(
        code="kelembagaan",
        label="Kelembagaan",
        name="Kelembagaan",
        name_en="Institutional",
        kind=ClusterKind.INSTITUTIONAL.value,
        max_points=Decimal(50),
        indicators=(_indicator("1", 1, 50, questions),),
    )


def _substantive():
    over_subscribed = (
        _question("2a.1", 15, answer_type="percent", direction="lower_is_better"),
        _question("2a.2", 15, answer_type="count", agencies=("DINKES",), evidence=("foto",)),
    )
    return ClusterSpec(
        code="klaster-1",
        label="Klaster I",
        name="Hak Sipil dan Kebebasan",
        name_en="Civil rights and freedoms",
        kind=ClusterKind.SUBSTANTIVE.value,
        max_points=Decimal(50),
        indicators=(
            _indicator("2a", 2, 25, over_subscribed, note="Berjumlah 30, bernilai 25."),
            _indicator("2b", 2, 25, (_question("2b.1", 25, agencies=("DINKES",)),)),
        ),
    )


def _indicator(code, number, max_points, questions, note=""):
    return IndicatorSpec(
        code=code,
        number=number,
        name=f"Indikator {code}",
        name_en=f"Indicator {code}",
        max_points=Decimal(max_points),
        counts_among_24=True,
        note=note,
        questions=questions,
    )


def _question(code, max_points, answer_type=AnswerType.CHOICE.value, **fields):
    return QuestionSpec(
        code=code,
        text=f"Pertanyaan {code}",
        max_points=Decimal(max_points),
        answer_type=answer_type,
        **fields,
    )


def make_instrument(spec=None):
    """A loaded, published instrument; the small one unless told otherwise."""
    return load_instrument(spec=spec or small_spec(), at=PUBLISHED_AT).instrument


class InstrumentFactory(DjangoModelFactory):
    class Meta:
        model = Instrument

    class Params:
        published = factory.Trait(status=InstrumentStatus.PUBLISHED, published_at=PUBLISHED_AT)

    code = factory.Sequence(lambda n: f"instrumen-{n}")
    title = factory.Sequence(lambda n: f"Instrumen {n}")
    max_points = Decimal(1000)


class BandFactory(DjangoModelFactory):
    class Meta:
        model = Band

    instrument = factory.SubFactory(InstrumentFactory)
    predikat = "Pratama"
    minimum = Decimal(500)
    maximum = Decimal(600)


class AgencyFactory(DjangoModelFactory):
    class Meta:
        model = Agency

    instrument = factory.SubFactory(InstrumentFactory)
    code = factory.Sequence(lambda n: f"OPD{n}")
    name = factory.Sequence(lambda n: f"Dinas {n}")
    position = factory.Sequence(lambda n: n)


class EvidenceKindFactory(DjangoModelFactory):
    class Meta:
        model = EvidenceKind

    instrument = factory.SubFactory(InstrumentFactory)
    code = factory.Sequence(lambda n: f"jenis-{n}")
    name = factory.Sequence(lambda n: f"Jenis {n}")
    position = factory.Sequence(lambda n: n)


class ClusterFactory(DjangoModelFactory):
    class Meta:
        model = Cluster

    instrument = factory.SubFactory(InstrumentFactory)
    code = factory.Sequence(lambda n: f"klaster-{n}")
    label = factory.Sequence(lambda n: f"Klaster {n}")
    name = factory.Sequence(lambda n: f"Klaster {n}")
    kind = ClusterKind.SUBSTANTIVE
    max_points = Decimal(100)
    position = factory.Sequence(lambda n: n)


class IndicatorFactory(DjangoModelFactory):
    class Meta:
        model = Indicator

    cluster = factory.SubFactory(ClusterFactory)
    code = factory.Sequence(lambda n: f"{n}")
    number = 1
    name = factory.Sequence(lambda n: f"Indikator {n}")
    max_points = Decimal(50)
    counts_among_24 = True
    position = factory.Sequence(lambda n: n)


class QuestionFactory(DjangoModelFactory):
    class Meta:
        model = Question

    indicator = factory.SubFactory(IndicatorFactory)
    code = factory.Sequence(lambda n: f"1.{n}")
    text = factory.Sequence(lambda n: f"Pertanyaan {n}")
    max_points = Decimal(10)
    answer_type = AnswerType.CHOICE
    position = factory.Sequence(lambda n: n)


class QuestionAgencyFactory(DjangoModelFactory):
    class Meta:
        model = QuestionAgency

    question = factory.SubFactory(QuestionFactory)
    agency = factory.SubFactory(
        AgencyFactory,
        instrument=factory.SelfAttribute("..question.indicator.cluster.instrument"),
    )
    position = 0


class BandTableFactory(DjangoModelFactory):
    class Meta:
        model = BandTable

    code = factory.Sequence(lambda n: f"tabel-{n}")
    title = factory.Sequence(lambda n: f"Tabel {n}")
    version = "2022"
    source = "Surat kabar, 2022"
    created_at = PUBLISHED_AT


class TableBandFactory(DjangoModelFactory):
    class Meta:
        model = TableBand

    table = factory.SubFactory(BandTableFactory)
    predikat = "Pratama"
    minimum = Decimal(501)
    maximum = Decimal(600)


class MappingFactory(DjangoModelFactory):
    class Meta:
        model = Mapping

    before = factory.SubFactory(InstrumentFactory)
    after = factory.SubFactory(InstrumentFactory)
    created_at = PUBLISHED_AT


class QuestionMatchFactory(DjangoModelFactory):
    class Meta:
        model = QuestionMatch

    mapping = factory.SubFactory(MappingFactory)
    kind = MatchKind.SAME
    before = factory.SubFactory(
        QuestionFactory,
        indicator__cluster__instrument=factory.SelfAttribute("....mapping.before"),
    )
    after = factory.SubFactory(
        QuestionFactory,
        indicator__cluster__instrument=factory.SelfAttribute("....mapping.after"),
    )

"""Stores an instrument from its plain values, and reads the stored one back."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from clusters.choices import InstrumentStatus
from clusters.library import checksum
from clusters.models import (
    Agency,
    Band,
    Cluster,
    EvidenceKind,
    Indicator,
    Instrument,
    Question,
    QuestionAgency,
)
from clusters.spec import (
    CLUSTER_FIELDS,
    INDICATOR_FIELDS,
    QUESTION_FIELDS,
    AgencySpec,
    BandSpec,
    ClusterSpec,
    EvidenceKindSpec,
    IndicatorSpec,
    InstrumentSpec,
    QuestionSpec,
    StageSpec,
    fields_of,
    plain_number,
)
from texts.languages import deed


@dataclass(frozen=True, slots=True)
class LoadResult:
    instrument: Instrument
    created: bool


@deed
def load_instrument(*, spec: InstrumentSpec, at: datetime) -> LoadResult:
    """Store and publish an instrument.

    The same content a second time changes nothing. Other content under a code that is
    taken raises ValidationError (`published`, `draft`): assessments rest on what was published.
    """
    content = checksum(spec)
    instrument, created = Instrument.objects.get_or_create(
        code=spec.code,
        defaults={
            **head_of(spec),
            "checksum": content,
            "status": InstrumentStatus.PUBLISHED,
            "published_at": at,
        },
    )
    if created:
        store_tree(instrument, spec)
    else:
        _refuse_other_content(instrument, content)
    return LoadResult(instrument=instrument, created=created)


def _refuse_other_content(instrument: Instrument, content: str) -> None:
    if instrument.is_draft:
        raise ValidationError(
            _(
                "“%(code)s” adalah rancangan yang sedang disusun di sini. "
                "Terbitkan atau hapus rancangan itu, atau pakai kode lain."
            ),
            code="draft",
            params={"code": instrument.code},
        )
    if instrument.checksum != content:
        raise ValidationError(
            _(
                "Instrumen “%(code)s” sudah terbit dan tidak pernah diubah. "
                "Beri instrumen yang baru kode lain."
            ),
            code="published",
            params={"code": instrument.code},
        )


def replace_content(instrument: Instrument, spec: InstrumentSpec) -> None:
    """Replace the content of a stored draft, which the caller has locked, by `spec`.

    The tree is laid anew: a draft has no answers that could lose their questions, and every
    order comes out as the specification has it.
    """
    instrument.clusters.all().delete()
    for rows in (instrument.bands, instrument.agencies, instrument.evidence_kinds):
        rows.all().delete()
    head = head_of(spec)
    for name, value in head.items():
        setattr(instrument, name, value)
    instrument.save(update_fields=list(head))
    store_tree(instrument, spec)


def head_of(spec: InstrumentSpec) -> dict[str, Any]:
    """What an instrument says of itself, as fields of its row."""
    return {
        "code": spec.code,
        "title": spec.title,
        "title_en": spec.title_en,
        "legal_basis": list(spec.legal_basis),
        "provenance": spec.provenance,
        "max_points": spec.max_points,
        "bands_note": spec.bands_note,
        "stages": [{"code": stage.code, "name": stage.name} for stage in spec.stages],
        "measure": spec.measure,
        "corrects": _corrected(spec),
        "correction_note": spec.correction_note,
    }


def _corrected(spec: InstrumentSpec) -> Instrument | None:
    """The instrument that this one corrects; it must be here already."""
    if not spec.corrects:
        return None
    corrected = Instrument.objects.frozen().filter(code=spec.corrects).first()
    if corrected is None:
        raise ValidationError(
            _(
                "Instrumen “%(code)s” membetulkan “%(corrects)s”, yang belum ada di sini. "
                "Muat instrumen itu terlebih dahulu."
            ),
            code="corrected_missing",
            params={"code": spec.code, "corrects": spec.corrects},
        )
    return corrected


def store_tree(instrument: Instrument, spec: InstrumentSpec) -> None:
    """Everything below an instrument that has nothing below it yet."""
    Band.objects.bulk_create(
        Band(
            instrument=instrument,
            predikat=band.predikat,
            minimum=band.minimum,
            maximum=band.maximum,
        )
        for band in spec.bands
    )
    agencies = Agency.objects.bulk_create(
        Agency(instrument=instrument, code=agency.code, name=agency.name, position=position)
        for position, agency in enumerate(spec.agencies)
    )
    kinds = EvidenceKind.objects.bulk_create(
        EvidenceKind(instrument=instrument, code=kind.code, name=kind.name, position=position)
        for position, kind in enumerate(spec.evidence_kinds)
    )
    clusters = Cluster.objects.bulk_create(_clusters(instrument, spec))
    cluster_of = {cluster.code: cluster for cluster in clusters}
    indicators = Indicator.objects.bulk_create(_indicators(spec.clusters, cluster_of))
    indicator_of = {indicator.code: indicator for indicator in indicators}
    questions = Question.objects.bulk_create(_questions(spec.indicators(), indicator_of))
    _link_questions(spec.questions(), questions, agencies, kinds)


def _clusters(instrument: Instrument, spec: InstrumentSpec) -> Iterator[Cluster]:
    for position, cluster in enumerate(spec.clusters):
        yield Cluster(
            **fields_of(cluster, CLUSTER_FIELDS), instrument=instrument, position=position
        )


def _indicators(
    clusters: tuple[ClusterSpec, ...], cluster_of: dict[str, Cluster]
) -> Iterator[Indicator]:
    rows = [(cluster, row) for cluster in clusters for row in cluster.indicators]
    for position, (cluster, row) in enumerate(rows):
        yield Indicator(
            cluster=cluster_of[cluster.code],
            position=position,
            **fields_of(row, INDICATOR_FIELDS),
        )


def _questions(
    indicators: Iterator[IndicatorSpec], indicator_of: dict[str, Indicator]
) -> Iterator[Question]:
    rows = [(indicator, row) for indicator in indicators for row in indicator.questions]
    for position, (indicator, row) in enumerate(rows):
        yield Question(
            indicator=indicator_of[indicator.code],
            options=list(row.options),
            usual_fractions=[plain_number(fraction) for fraction in row.usual_fractions],
            position=position,
            **fields_of(row, QUESTION_FIELDS),
        )


def _link_questions(
    specs: Iterator[QuestionSpec],
    questions: list[Question],
    agencies: list[Agency],
    kinds: list[EvidenceKind],
) -> None:
    agency_of = {agency.code: agency for agency in agencies}
    kind_of = {kind.code: kind for kind in kinds}
    rows = list(zip(specs, questions, strict=True))
    QuestionAgency.objects.bulk_create(
        QuestionAgency(question=question, agency=agency_of[code], position=position)
        for spec, question in rows
        for position, code in enumerate(spec.agencies)
    )
    link = Question.evidence_kinds.through
    link.objects.bulk_create(
        link(question=question, evidencekind=kind_of[code])
        for spec, question in rows
        for code in spec.evidence
    )


def spec_of(instrument: Instrument) -> InstrumentSpec:
    """The stored instrument as the plain values it was loaded from, in a few queries."""
    return spec_of_tree(Instrument.objects.with_tree().get(pk=instrument.pk))


def spec_of_tree(tree: Instrument) -> InstrumentSpec:
    """The same of an instrument fetched `with_tree`, without a query."""
    return InstrumentSpec(
        code=tree.code,
        title=tree.title,
        title_en=tree.title_en,
        legal_basis=tuple(tree.legal_basis),
        provenance=tree.provenance,
        max_points=tree.max_points,
        bands=tuple(BandSpec(b.predikat, b.minimum, b.maximum) for b in tree.bands.all()),
        bands_note=tree.bands_note,
        stages=tuple(StageSpec(stage["code"], stage["name"]) for stage in tree.stages),
        agencies=tuple(AgencySpec(a.code, a.name) for a in tree.agencies.all()),
        evidence_kinds=tuple(
            EvidenceKindSpec(kind.code, kind.name) for kind in tree.evidence_kinds.all()
        ),
        clusters=tuple(_cluster_spec(cluster) for cluster in tree.clusters.all()),
        measure=tree.measure,
        corrects=tree.corrects.code if tree.corrects else "",
        correction_note=tree.correction_note,
    )


def _cluster_spec(cluster: Cluster) -> ClusterSpec:
    return ClusterSpec(
        **fields_of(cluster, CLUSTER_FIELDS),
        indicators=tuple(_indicator_spec(indicator) for indicator in cluster.indicators.all()),
    )


def _indicator_spec(indicator: Indicator) -> IndicatorSpec:
    return IndicatorSpec(
        **fields_of(indicator, INDICATOR_FIELDS),
        questions=tuple(_question_spec(question) for question in indicator.questions.all()),
    )


def _question_spec(question: Question) -> QuestionSpec:
    return QuestionSpec(
        **fields_of(question, QUESTION_FIELDS),
        options=tuple(question.options),
        usual_fractions=tuple(Decimal(fraction) for fraction in question.usual_fractions),
        evidence=tuple(kind.code for kind in question.evidence_kinds.all()),
        agencies=tuple(link.agency.code for link in question.question_agencies.all()),
    )

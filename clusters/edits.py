"""Edits of a draft as values: which part is changed, and into what."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from clusters import editing
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
from texts.languages import in_indonesian

SpecPart = Callable[[InstrumentSpec], object]

NOTHING = None  # what a person decides by where there is nothing to compare


@dataclass(frozen=True, slots=True)
class Edit:
    """A change of one part; `part` is what of the instrument the person decides by."""

    what: str
    part: SpecPart
    change: Callable[[InstrumentSpec], InstrumentSpec]


def fingerprint(part: SpecPart, spec: InstrumentSpec) -> str:
    """A short text that differs where the part differs; "" where it is gone."""
    try:
        shown = part(spec)
    except LookupError:
        return ""
    return fingerprint_of(shown)


def fingerprint_of(shown: object) -> str:
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:16]


# --- The instrument itself ----------------------------------------------------------------------


def head_edit(fields: Mapping[str, Any]) -> Edit:
    """What the instrument says of itself, field by field; its tree and its lists stay."""
    return Edit(_("keterangan umum diubah"), head_part, lambda spec: replace(spec, **dict(fields)))


def head_part(spec: InstrumentSpec) -> object:
    return replace(spec, clusters=(), agencies=(), evidence_kinds=(), bands=(), stages=())


# --- Rows of the tree ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Level:
    """Clusters, indicators or questions: where they stand and how they are moved."""

    slug: str
    rows: Callable[[InstrumentSpec], Iterable[Any]]
    without: Callable[[InstrumentSpec, str], InstrumentSpec]
    moved: Callable[[InstrumentSpec, str, int], InstrumentSpec]


LEVELS = {
    level.slug: level
    for level in (
        Level(
            "klaster",
            lambda spec: spec.clusters,
            editing.without_cluster,
            editing.moved_cluster,
        ),
        Level(
            "indikator",
            InstrumentSpec.indicators,
            editing.without_indicator,
            editing.moved_indicator,
        ),
        Level(
            "pertanyaan",
            InstrumentSpec.questions,
            editing.without_question,
            editing.moved_question,
        ),
    )
}


@in_indonesian  # it stands in the trail
def cluster_edit(cluster: ClusterSpec, *, was: str) -> Edit:
    """Change the cluster of the code `was`; where that is empty, add one."""
    return Edit(
        _("klaster %(code)s disimpan") % {"code": cluster.code},
        lambda spec: cluster_part(spec, was),
        lambda spec: editing.with_cluster(spec, cluster, was=was),
    )


def cluster_part(spec: InstrumentSpec, code: str) -> object:
    return replace(editing.find(spec.clusters, code), indicators=()) if code else NOTHING


@in_indonesian  # it stands in the trail
def indicator_edit(indicator: IndicatorSpec, *, cluster: str, was: str) -> Edit:
    """Change the indicator of the code `was`; where that is empty, add one to the cluster."""
    return Edit(
        _("indikator %(code)s disimpan") % {"code": indicator.code},
        lambda spec: indicator_part(spec, was),
        lambda spec: editing.with_indicator(spec, indicator, cluster=cluster, was=was),
    )


def indicator_part(spec: InstrumentSpec, code: str) -> object:
    if not code:
        return NOTHING
    row = editing.find(spec.indicators(), code)
    return editing.cluster_of(spec, code).code, replace(row, questions=())


@in_indonesian  # it stands in the trail
def question_edit(question: QuestionSpec, *, indicator: str, was: str) -> Edit:
    """Change the question of the code `was`; where that is empty, add one to the indicator."""
    return Edit(
        _("pertanyaan %(code)s disimpan") % {"code": question.code},
        lambda spec: question_part(spec, was),
        lambda spec: editing.with_question(spec, question, indicator=indicator, was=was),
    )


def question_part(spec: InstrumentSpec, code: str) -> object:
    if not code:
        return NOTHING
    return editing.indicator_of(spec, code).code, editing.find(spec.questions(), code)


@in_indonesian  # it stands in the trail
def removal(level: Level, code: str) -> Edit:
    """Take a row away with everything below it."""
    return Edit(
        _("%(level)s %(code)s dihapus") % {"level": level.slug, "code": code},
        lambda spec: editing.find(level.rows(spec), code),
        lambda spec: level.without(spec, code),
    )


@in_indonesian  # it stands in the trail
def move(level: Level, code: str, step: int) -> Edit:
    """One place up (-1) or down (1) among its neighbours."""
    return Edit(
        _("%(level)s %(code)s dipindahkan") % {"level": level.slug, "code": code},
        _nothing,
        lambda spec: level.moved(spec, code, step),
    )


def _nothing(spec: InstrumentSpec) -> object:
    return NOTHING


# --- Lists of the instrument --------------------------------------------------------------------


def agencies_part(spec: InstrumentSpec) -> object:
    return spec.agencies


def evidence_kinds_part(spec: InstrumentSpec) -> object:
    return spec.evidence_kinds


def stages_part(spec: InstrumentSpec) -> object:
    return spec.stages


def bands_part(spec: InstrumentSpec) -> object:
    return spec.bands


def agencies_edit(agencies: Sequence[tuple[str, AgencySpec]]) -> Edit:
    return Edit(
        _("perangkat daerah diubah"),
        agencies_part,
        lambda spec: editing.with_agencies(spec, agencies),
    )


def evidence_kinds_edit(kinds: Sequence[tuple[str, EvidenceKindSpec]]) -> Edit:
    return Edit(
        _("jenis dokumen diubah"),
        evidence_kinds_part,
        lambda spec: editing.with_evidence_kinds(spec, kinds),
    )


def stages_edit(stages: Sequence[tuple[str, StageSpec]]) -> Edit:
    return Edit(
        _("tahap penilaian diubah"),
        stages_part,
        lambda spec: editing.with_stages(spec, stages),
    )


def bands_edit(bands: Iterable[BandSpec]) -> Edit:
    return Edit(
        _("rentang predikat diubah"),
        bands_part,
        lambda spec: editing.with_bands(spec, bands),
    )

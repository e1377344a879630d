"""Changes of an instrument as plain values: each function returns a new one.

Rows are named by their codes. An order is the order of the tuples, so nothing here counts
positions. What cannot be done raises ValidationError, what does not exist LookupError.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

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


class Coded(Protocol):
    @property
    def code(self) -> str: ...


Row = TypeVar("Row", bound=Coded)
Named = TypeVar("Named", AgencySpec, EvidenceKindSpec, StageSpec)


# --- Finding ----------------------------------------------------------------------------------


def find(rows: Iterable[Row], code: str) -> Row:
    """The row of that code; LookupError if none has it."""
    for row in rows:
        if row.code == code:
            return row
    raise LookupError(code)


def cluster_of(spec: InstrumentSpec, indicator: str) -> ClusterSpec:
    """The cluster in which the indicator of that code stands."""
    for cluster in spec.clusters:
        if any(row.code == indicator for row in cluster.indicators):
            return cluster
    raise LookupError(indicator)


def indicator_of(spec: InstrumentSpec, question: str) -> IndicatorSpec:
    """The indicator in which the question of that code stands."""
    for indicator in spec.indicators():
        if any(row.code == question for row in indicator.questions):
            return indicator
    raise LookupError(question)


# --- Clusters ---------------------------------------------------------------------------------


def with_cluster(spec: InstrumentSpec, cluster: ClusterSpec, *, was: str = "") -> InstrumentSpec:
    """The cluster in the place of the one called `was`, whose indicators it keeps, or at the end.

    Raises ValidationError (`taken`).
    """
    _refuse_taken(spec.clusters, cluster.code, was)
    if was:
        cluster = replace(cluster, indicators=find(spec.clusters, was).indicators)
    return replace(spec, clusters=_put(spec.clusters, cluster, was))


def without_cluster(spec: InstrumentSpec, code: str) -> InstrumentSpec:
    return replace(spec, clusters=_drop(spec.clusters, code))


def moved_cluster(spec: InstrumentSpec, code: str, step: int) -> InstrumentSpec:
    return replace(spec, clusters=_shift(spec.clusters, code, step))


# --- Indicators -------------------------------------------------------------------------------


def with_indicator(
    spec: InstrumentSpec, indicator: IndicatorSpec, *, cluster: str, was: str = ""
) -> InstrumentSpec:
    """The indicator in the named cluster, in its old place if it stood there, else at the end.

    With `was` it keeps the questions of the one of that code. Raises ValidationError (`taken`).
    """
    _refuse_taken(spec.indicators(), indicator.code, was)
    if was:
        indicator = replace(indicator, questions=find(spec.indicators(), was).questions)
        if cluster_of(spec, was).code != cluster:
            spec, was = without_indicator(spec, was), ""
    return _in_cluster(spec, cluster, lambda rows: _put(rows, indicator, was))


def without_indicator(spec: InstrumentSpec, code: str) -> InstrumentSpec:
    return _in_cluster(spec, cluster_of(spec, code).code, lambda rows: _drop(rows, code))


def moved_indicator(spec: InstrumentSpec, code: str, step: int) -> InstrumentSpec:
    return _in_cluster(spec, cluster_of(spec, code).code, lambda rows: _shift(rows, code, step))


def _in_cluster(
    spec: InstrumentSpec,
    code: str,
    change: Callable[[tuple[IndicatorSpec, ...]], tuple[IndicatorSpec, ...]],
) -> InstrumentSpec:
    cluster = find(spec.clusters, code)
    changed = replace(cluster, indicators=change(cluster.indicators))
    return replace(spec, clusters=_put(spec.clusters, changed, code))


# --- Questions --------------------------------------------------------------------------------


def with_question(
    spec: InstrumentSpec, question: QuestionSpec, *, indicator: str, was: str = ""
) -> InstrumentSpec:
    """The question in the named indicator, in its old place if it stood there, else at the end.

    Raises ValidationError (`taken`).
    """
    _refuse_taken(spec.questions(), question.code, was)
    if was and indicator_of(spec, was).code != indicator:
        spec, was = without_question(spec, was), ""
    return _in_indicator(spec, indicator, lambda rows: _put(rows, question, was))


def without_question(spec: InstrumentSpec, code: str) -> InstrumentSpec:
    return _in_indicator(spec, indicator_of(spec, code).code, lambda rows: _drop(rows, code))


def moved_question(spec: InstrumentSpec, code: str, step: int) -> InstrumentSpec:
    return _in_indicator(spec, indicator_of(spec, code).code, lambda rows: _shift(rows, code, step))


def _in_indicator(
    spec: InstrumentSpec,
    code: str,
    change: Callable[[tuple[QuestionSpec, ...]], tuple[QuestionSpec, ...]],
) -> InstrumentSpec:
    indicator = find(spec.indicators(), code)
    changed = replace(indicator, questions=change(indicator.questions))
    cluster = cluster_of(spec, code).code
    return _in_cluster(spec, cluster, lambda rows: _put(rows, changed, code))


# --- Lists that questions refer to --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Renaming:
    """What became of the codes of a list: each old one with its new one, the removed ones."""

    codes: Mapping[str, str]
    removed: frozenset[str]


def with_agencies(
    spec: InstrumentSpec, agencies: Iterable[tuple[str, AgencySpec]]
) -> InstrumentSpec:
    """Another list of agencies, each with the code that it had, or "" where it is new.

    Questions follow a new code. Raises ValidationError (`taken`, `in_use`).
    """
    listed, renaming = _listed(spec.agencies, agencies)
    for question in spec.questions():
        _refuse_in_use(question, renaming.removed.intersection(question.agencies))
    renamed = _each_question(
        spec, lambda one: replace(one, agencies=_renamed(one.agencies, renaming))
    )
    return replace(renamed, agencies=listed)


def with_evidence_kinds(
    spec: InstrumentSpec, kinds: Iterable[tuple[str, EvidenceKindSpec]]
) -> InstrumentSpec:
    """Another list of kinds of documents, each with the code that it had, or "" where it is new.

    Questions follow a new code and name their kinds in the order of the list.
    Raises ValidationError (`taken`, `in_use`).
    """
    listed, renaming = _listed(spec.evidence_kinds, kinds)
    order = {kind.code: index for index, kind in enumerate(listed)}
    for question in spec.questions():
        _refuse_in_use(question, renaming.removed.intersection(question.evidence))

    def follow(question: QuestionSpec) -> QuestionSpec:
        evidence = sorted(_renamed(question.evidence, renaming), key=order.__getitem__)
        return replace(question, evidence=tuple(evidence))

    return replace(_each_question(spec, follow), evidence_kinds=listed)


def with_stages(spec: InstrumentSpec, stages: Iterable[tuple[str, StageSpec]]) -> InstrumentSpec:
    """Raises ValidationError (`taken`)."""
    listed, _renaming = _listed(spec.stages, stages)
    return replace(spec, stages=listed)


def with_bands(spec: InstrumentSpec, bands: Iterable[BandSpec]) -> InstrumentSpec:
    """Raises ValidationError (`taken`, `inverted`)."""
    return replace(spec, bands=ordered_bands(bands))


def ordered_bands(bands: Iterable[BandSpec]) -> tuple[BandSpec, ...]:
    """The bands from the lowest. Raises ValidationError (`taken`, `inverted`)."""
    ordered = tuple(sorted(bands, key=lambda band: band.minimum))
    seen: set[str] = set()
    for band in ordered:
        facts = {"predikat": band.predikat}
        if band.predikat in seen:
            raise ValidationError(
                _("Predikat “%(predikat)s” tertulis dua kali."), code="taken", params=facts
            )
        if band.minimum >= band.maximum:
            raise ValidationError(
                _("Batas bawah predikat “%(predikat)s” harus di bawah batas atasnya."),
                code="inverted",
                params=facts,
            )
        seen.add(band.predikat)
    return ordered


def _listed(
    before: Iterable[Named], after: Iterable[tuple[str, Named]]
) -> tuple[tuple[Named, ...], Renaming]:
    rows = list(after)
    codes = {was: row.code for was, row in rows if was}
    listed: list[Named] = []
    for _was, row in rows:
        _refuse_taken(listed, row.code, was="")
        listed.append(row)
    removed = frozenset(row.code for row in before) - codes.keys()
    return tuple(listed), Renaming(codes, removed)


def _renamed(codes: tuple[str, ...], renaming: Renaming) -> tuple[str, ...]:
    return tuple(renaming.codes[code] for code in codes)


def _each_question(
    spec: InstrumentSpec, change: Callable[[QuestionSpec], QuestionSpec]
) -> InstrumentSpec:
    clusters = tuple(
        replace(
            cluster,
            indicators=tuple(
                replace(row, questions=tuple(change(question) for question in row.questions))
                for row in cluster.indicators
            ),
        )
        for cluster in spec.clusters
    )
    return replace(spec, clusters=clusters)


# --- Rows of any kind ---------------------------------------------------------------------------


def _put(rows: tuple[Row, ...], row: Row, was: str) -> tuple[Row, ...]:
    if not was:
        return (*rows, row)
    find(rows, was)
    return tuple(row if one.code == was else one for one in rows)


def _drop(rows: tuple[Row, ...], code: str) -> tuple[Row, ...]:
    find(rows, code)
    return tuple(row for row in rows if row.code != code)


def _shift(rows: tuple[Row, ...], code: str, step: int) -> tuple[Row, ...]:
    """The row further up or down; at the end of its list it stays."""
    row = find(rows, code)
    index = rows.index(row)
    others = [*rows[:index], *rows[index + 1 :]]
    others.insert(min(max(index + step, 0), len(others)), row)
    return tuple(others)


def _refuse_taken(rows: Iterable[Any], code: str, was: str) -> None:
    if code != was and any(row.code == code for row in rows):
        raise ValidationError(
            _("Kode “%(code)s” sudah dipakai dalam instrumen ini. Pilih kode lain."),
            code="taken",
            params={"code": code},
        )


def _refuse_in_use(question: QuestionSpec, codes: Iterable[str]) -> None:
    for code in sorted(codes):
        raise ValidationError(
            _(
                "“%(code)s” masih disebut pada pertanyaan %(question)s. "
                "Lepaskan dahulu dari pertanyaan itu."
            ),
            code="in_use",
            params={"code": code, "question": question.code},
        )

"""What would count wrongly in a criteria set that can be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from django.utils.translation import gettext as _

from clusters.choices import Direction as QuestionDirection
from clusters.library import packaged, packaged_codes
from clusters.plain_yaml import Fault
from clusters.register_files import packaged_sources
from clusters.spec import InstrumentSpec
from territories.choices import CriterionKind, CriterionLevel, Direction
from territories.criteria import WHOLE, CriteriaSet, Criterion
from texts.folding import folded

REGISTER = "wilayah"


def faults_of(one: CriteriaSet) -> list[Fault]:
    """Everything that is odd in it, with the questions of its instrument that it leaves out."""
    known = {criterion.code for criterion in one.criteria}
    return [
        *counted_wrongly(one),
        *_reversed(one, _reverse(one.instrument)),
        *_unanswered(known, keyed(one.instrument)),
    ]


def set_faults(one: CriteriaSet, instrument: InstrumentSpec, keyed: Iterable[str]) -> list[Fault]:
    """The same beside an instrument at hand. `keyed` are the questions that the set is to answer."""
    known = {criterion.code for criterion in one.criteria}
    reverse = _directions(instrument)
    return [*counted_wrongly(one), *_reversed(one, reverse), *_unanswered(known, keyed)]


def counted_wrongly(one: CriteriaSet) -> list[Fault]:
    """What makes a set unfit, whatever it is for; nobody publishes such a one."""
    faults = [fault for criterion in one.criteria for fault in _own_faults(criterion)]
    return [*faults, *_alike(one), *_counted_twice(one), *_empty_levels(one)]


@cache
def keyed(instrument: str) -> tuple[str, ...]:
    """The questions of that instrument that criteria of units answer, by the packaged files."""
    return tuple(
        source.question
        for spec in packaged_sources()
        if spec.instrument == instrument
        for source in spec.sources
        if source.register == REGISTER
    )


@cache
def _reverse(instrument: str) -> dict[str, bool]:
    return _directions(packaged(instrument)) if instrument in packaged_codes() else {}


def _directions(instrument: InstrumentSpec) -> dict[str, bool]:
    """By question whether less of it is better."""
    lower = QuestionDirection.LOWER_IS_BETTER
    return {question.code: question.direction == lower for question in instrument.questions()}


def _reversed(one: CriteriaSet, reverse: dict[str, bool]) -> Iterator[Fault]:
    for criterion in one.criteria:
        says = {_counts_cases(criterion), criterion.adverse}
        if criterion.code in reverse and says != {reverse[criterion.code]}:
            yield Fault(criterion.code, _("Arahnya terbalik terhadap pertanyaannya."))


def _unanswered(known: set[str], asked: Iterable[str]) -> Iterator[Fault]:
    for code in asked:
        if code not in known:
            yield Fault(code, _("Pertanyaan ini tidak memiliki kriteria."))


def _counted_twice(one: CriteriaSet) -> Iterator[Fault]:
    """The same words asked twice of a unit: thresholds that overlap, or that leave a gap."""
    seen: dict[tuple[str, str], str] = {}
    for criterion in one.criteria:
        place = criterion.level.value, folded(criterion.text)
        if place in seen:
            message = _("Sama dengan kriteria %(code)s; ambangnya bertumpuk atau berlubang.")
            yield Fault(criterion.code, message % {"code": seen[place]})
        seen.setdefault(place, criterion.code)


def _alike(one: CriteriaSet) -> Iterator[Fault]:
    """Codes that forms and sheets could not tell apart, such as 26.4 and 26-4."""
    seen: dict[str, str] = {}
    for criterion in one.criteria:
        code = criterion.code.casefold().replace(".", "-")
        if code in seen:
            message = _("Kodenya terlalu mirip dengan %(code)s.") % {"code": seen[code]}
            yield Fault(criterion.code, message)
        seen.setdefault(code, criterion.code)


def _empty_levels(one: CriteriaSet) -> Iterator[Fault]:
    if not one.criteria:
        yield Fault(one.code, _("Set ini belum memiliki kriteria."))
    if one.instrument:
        for level in CriterionLevel:
            if one.criteria and not one.of(level):
                message = _("Tidak ada kriteria untuk %(level)s.") % {"level": level.label}
                yield Fault(one.code, message)


def _counts_cases(criterion: Criterion) -> bool:
    """Whether the units that meet it are those where something bad was counted."""
    counted = criterion.kind in (CriterionKind.COUNT, CriterionKind.BY_SEX)
    return counted and criterion.direction in (Direction.MORE_THAN, Direction.AT_LEAST)


def _own_faults(criterion: Criterion) -> Iterator[Fault]:
    measured = criterion.kind != CriterionKind.YES_NO
    if measured != (criterion.threshold is not None and criterion.direction is not None):
        yield Fault(
            criterion.code,
            _("Ambang dan arah harus ada pada jumlah dan bagian, dan tidak pada ya atau tidak."),
        )
    threshold = criterion.threshold
    if threshold is None or criterion.direction is None:
        return
    if criterion.kind != CriterionKind.RATIO and threshold != threshold.to_integral_value():
        yield Fault(criterion.code, _("Ambang jumlah harus bilangan bulat."))
    if criterion.adverse and not _counts_cases(criterion) and criterion.kind != CriterionKind.RATIO:
        yield Fault(criterion.code, _("Ditandai merugikan, tetapi terpenuhi bila tidak ada kasus."))
    if criterion.kind == CriterionKind.RATIO and threshold > WHOLE:
        yield Fault(criterion.code, _("Ambang bagian paling tinggi 100 persen."))
    nobody = criterion.kind == CriterionKind.RATIO and (
        criterion.direction == Direction.MORE_THAN and threshold == WHOLE
    )
    if nobody or (criterion.direction == Direction.LESS_THAN and threshold == 0):
        yield Fault(criterion.code, _("Tidak ada wilayah yang dapat memenuhi ambang ini."))
    everybody = criterion.direction == Direction.AT_LEAST and threshold == 0
    if everybody:
        yield Fault(criterion.code, _("Setiap wilayah memenuhi ambang ini."))

"""The registers of this site, by their codes, and what answers a question."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import cast

from django.conf import settings
from django.db.models import Q
from django.utils.module_loading import import_string

from assessments.models import Answer, Assessment
from clusters.choices import AnswerType
from clusters.models import Instrument, Question, QuestionSource
from clusters.register_files import SourceSpec, has_sources, questions_with_source, source_of
from registers.contract import AnswerKind, Register, RegisterAnswer

# What a question of that type takes from a register; the others take either.
FITS = {
    AnswerType.PERCENT.value: AnswerKind.SHARE,
    AnswerType.COUNT.value: AnswerKind.COUNT,
}


@cache
def registers() -> dict[str, Register]:
    """Those that `KLA_REGISTERS` names."""
    found = [cast(Register, import_string(path)) for path in settings.KLA_REGISTERS]
    return {register.code: register for register in found}


@cache
def counted_by(register: str) -> Mapping[str, str]:
    """What that register counts, by its keys; nothing where there is no such register."""
    found = registers().get(register)
    return found.keys() if found else {}


def given(source: SourceSpec) -> AnswerKind | None:
    """What the value is; None where there is no such register, or it does not count that."""
    register = registers().get(source.register)
    return register.gives(source.key) if register else None


def said_of(question: Question, instrument: Instrument) -> SourceSpec | None:
    """What somebody chose for the question, else what holds without that.

    Without a query where the question was fetched with its `changed_source` and the instrument
    corrects none.
    """
    changed = getattr(question, "changed_source", None)
    return default_of(instrument, question.code) if changed is None else _chosen(changed)


def default_of(instrument: Instrument, code: str) -> SourceSpec | None:
    """What the file of the instrument says of that question; a correction without one follows
    the question of the same code in what it corrects.
    """
    before = _followed(instrument)
    if before is None:
        return source_of(instrument.code, code)
    changed = before.changed_sources.get(code)
    return default_of(before, code) if changed is None else _chosen(changed)


def _defaults(instrument: Instrument) -> frozenset[str]:
    """The codes of the questions for which `default_of` names something."""
    before = _followed(instrument)
    if before is None:
        return questions_with_source(instrument.code)
    changed = before.changed_sources
    chosen = {code for code, row in changed.items() if row.register}
    return (_defaults(before) - changed.keys()) | chosen


def _followed(instrument: Instrument) -> Instrument | None:
    """What a correction without a file of its own follows."""
    return None if has_sources(instrument.code) else instrument.corrects


def _chosen(changed: QuestionSource) -> SourceSpec | None:
    if not changed.register:
        return None
    return SourceSpec(changed.question.code, changed.register, changed.key, changed.files_as)


def source_of_question(question: Question, instrument: Instrument) -> SourceSpec | None:
    """What answers the question; None also where the register counts that no longer, or where a
    correction asks for another form of answer.
    """
    said = said_of(question, instrument)
    gives = given(said) if said is not None else None
    return said if gives and gives == FITS.get(question.answer_type, gives) else None


def source_for(answer: Answer, assessment: Assessment) -> SourceSpec | None:
    """What answers the question; without a query where question and instrument are there."""
    return source_of_question(answer.question, assessment.instrument)


def with_source(instrument: Instrument) -> Q:
    """Answers to questions of that instrument that a register answers."""
    of_file = Q(question__changed_source=None, question__code__in=_defaults(instrument))
    return of_file | Q(question__changed_source__register__gt="")


def sight_of(source: SourceSpec, answer: RegisterAnswer) -> str:
    """Changes with what answers, with what it is filed as, and with everything behind the answer."""
    return f"{source.register} {source.key} {source.files_as} {answer.fingerprint}"


def answer_from(source: SourceSpec, assessment: Assessment) -> RegisterAnswer:
    """What the register says now for the year of that assessment."""
    return registers()[source.register].answer(
        city_id=assessment.city_id,
        city_slug=assessment.city.slug,
        year=assessment.year,
        key=source.key,
    )

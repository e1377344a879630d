"""The registers of this site, by their codes, and what answers a question."""

from __future__ import annotations

from functools import cache
from typing import cast

from django.conf import settings
from django.utils.module_loading import import_string

from assessments.models import Answer, Assessment
from clusters.register_files import SourceSpec, source_of
from registers.contract import Register, RegisterAnswer


@cache
def registers() -> dict[str, Register]:
    """Those that `KLA_REGISTERS` names."""
    found = [cast(Register, import_string(path)) for path in settings.KLA_REGISTERS]
    return {register.code: register for register in found}


def source_for(answer: Answer, assessment: Assessment) -> SourceSpec | None:
    """What answers the question; without a query where question and instrument are there."""
    return source_of(assessment.instrument.code, answer.question.code)


def answer_from(source: SourceSpec, assessment: Assessment) -> RegisterAnswer:
    """What the register says now for the year of that assessment."""
    return registers()[source.register].answer(
        city_id=assessment.city_id,
        city_slug=assessment.city.slug,
        year=assessment.year,
        key=source.key,
    )

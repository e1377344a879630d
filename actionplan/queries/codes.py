"""What became of the nomenclature code of an action."""

from __future__ import annotations

from actionplan.models import Action
from nomenclature.codes import CodeAnswer, look_up_in
from nomenclature.models import Nomenclature


def code_answer(action: Action, year: int) -> CodeAnswer | None:
    """For a year of its plan, in one query; None of an action without a code."""
    if not action.code:
        return None
    books = Nomenclature.objects.filter(city=action.plan.city_id).books()
    return look_up_in(action.code, books, year=year)

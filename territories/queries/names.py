"""What units were called on a day."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from territories.choices import ChangeKind
from territories.models import Unit, UnitChange


def named_as_on(units: QuerySet[Unit], day: date) -> list[Unit]:
    """These units, and the kecamatan above them, under the names they bore on the day.

    The first new name that came after the day says what was there before it; found by the query of
    the units itself. Only what is in memory is named so: such units are shown, never saved.
    """
    found: list[Unit] = []
    for unit in with_names_then(units.select_related("parent"), day):
        unit.name = unit.name_then or unit.name
        if unit.parent is not None:
            unit.parent.name = unit.parent_then or unit.parent.name
        found.append(unit)
    return found


def with_names_then(units: QuerySet[Unit], day: date) -> QuerySet[Any]:
    """The units with `name_then` and `parent_then`, None where the name of that day still holds."""
    return units.annotate(name_then=_former("pk", day), parent_then=_former("parent", day))


def _former(unit: str, day: date) -> Subquery:
    """What the unit in that column was called until its first new name after the day."""
    renamed = UnitChange.objects.filter(
        kind=ChangeKind.RENAMED, on__gt=day, before=OuterRef(unit)
    ).order_by("on", "pk")
    return Subquery(renamed.values("former_name")[:1])

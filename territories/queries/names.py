"""What units were called on a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from territories.choices import ChangeKind
from territories.models import Unit, UnitChange


def named_as_on(units: Iterable[Unit], day: date) -> list[Unit]:
    """The same units, and the kecamatan above them, under the names they bore on the day; a query.

    The first new name that came after the day says what was there before it. Only what is in
    memory is named so: such units are shown, never saved.
    """
    units = list(units)
    everyone = [*units, *(unit.parent for unit in units if unit.parent is not None)]
    renamed = UnitChange.objects.filter(
        kind=ChangeKind.RENAMED, on__gt=day, city__in={unit.city_id for unit in units}
    )
    former: dict[int | None, str] = {}
    for pk, name in renamed.order_by("on", "pk").values_list("before", "former_name"):
        former.setdefault(pk, name)
    for unit in everyone:
        unit.name = former.get(unit.pk, unit.name)
    return units

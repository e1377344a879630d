"""What units declared, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from assessments.models import Assessment
from cities.models import Membership
from territories.choices import DeclarationKind
from territories.models import Declaration, DeclarationFile, Unit
from territories.queries.boards import reference_date
from territories.queries.names import named_as_on


@dataclass(frozen=True, slots=True)
class DeclaredUnit:
    """A unit with its declarations, newest first."""

    unit: Unit
    declarations: Sequence[Declaration]

    @property
    def is_declared(self) -> bool:
        """A decree says more than the ceremony: either will do."""
        return bool(self.declarations)

    @property
    def is_decreed(self) -> bool:
        return any(one.kind == DeclarationKind.DECREED for one in self.declarations)


def declarations_of(unit: Unit) -> QuerySet[Declaration]:
    """Those of a unit with their files, newest first; two queries."""
    files = DeclarationFile.objects.select_related("document__rendition")
    return unit.declarations.prefetch_related(Prefetch("files", files))


def declared_units(member: Membership, assessment: Assessment) -> list[DeclaredUnit]:
    """Every active unit that the member may see, with what was declared until the reference date."""
    as_of = reference_date(assessment)
    units = named_as_on(Unit.objects.visible_to(member).active_on(as_of), as_of)
    rows = Declaration.objects.filter(unit__in=units, on__lte=as_of)
    by_unit: dict[int, list[Declaration]] = {unit.pk: [] for unit in units}
    for declaration in rows:
        by_unit[declaration.unit_id].append(declaration)
    return [DeclaredUnit(unit, by_unit[unit.pk]) for unit in units]


def in_state(rows: Iterable[DeclaredUnit], state: str) -> list[DeclaredUnit]:
    """Those without any declaration (`belum`), without a decree (`tanpa-sk`), or all."""
    if state == "belum":
        return [row for row in rows if not row.is_declared]
    if state == "tanpa-sk":
        return [row for row in rows if not row.is_decreed]
    return list(rows)

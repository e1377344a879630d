"""The numbers of a year as they go out of the site, and what Satu Data wants told beside them."""

from __future__ import annotations

from collections.abc import Iterator

from childdata.catalogue import catalogue
from childdata.models import Observation
from childdata.queries.observed import units_below, with_cells
from childdata.queries.producers import is_producer, producers_of
from childdata.sheets import lines_out
from cities.models import Membership


def rows_out(member: Membership, year: int) -> Iterator[list[str | int]]:
    """The sheet of a year: each variable of the city, then of every kecamatan where one told.

    Empty where nothing is known. Four queries.
    """
    city, producers = member.city, producers_of(member.city)
    units = list(units_below(city, None, year))
    rows = with_cells(Observation.objects.filter(city=city, year=year))
    stored = {(one.variable, one.unit_id): one for one in rows}
    for variable in catalogue().variables.values():
        if not is_producer(member, variable, producers):
            continue
        is_divided = any((variable.code, unit.pk) in stored for unit in units)
        for unit in [None, *(units if is_divided else [])]:
            one = stored.get((variable.code, unit.pk if unit else None))
            told = (one.counts, one.source, one.note) if one else ({}, "", "")
            yield from lines_out(variable, year, unit.code if unit else "", *told)

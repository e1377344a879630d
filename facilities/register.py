"""The register of facilities: how many have, or are certified for, something, and which share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.matrices.specs import Years, evaluated_years
from clusters.register_files import packaged_sources
from facilities.choices import NUMBERS
from facilities.queries.standing import Standing, standing_of
from facilities.types import Key, TypesError, catalogue, every_key, key_of
from figures.numbers import format_date
from registers.contract import (
    AnswerKind,
    Count,
    RegisterAnswer,
    RegisterRow,
    YearCount,
    added_up,
)


class FacilityRegister:
    """Counts the facilities that were there on 31 December of the last evaluated year.

    A share: every one of the type is in the denominator; in the numerator are those with a paper
    that held on that day. A number: the same for both evaluated years, and those that were there
    in one of them are rows. A paper that had ended counts no more, and its row says so. Whether an
    office has a nursing room may be unknown: that row counts neither way.
    """

    code = "fasilitas"
    title = gettext_lazy("Fasilitas")

    def gives(self, key: str) -> AnswerKind | None:
        found = key_of(key)
        return found.gives if found else None

    def keys(self) -> dict[str, str]:
        return {text: key.title for text in every_key() if (key := key_of(text)) is not None}

    def answer(self, *, city_id: int, city_slug: str, year: int, key: str) -> RegisterAnswer:
        found = key_of(key)
        if found is None:
            raise LookupError(key)
        years = evaluated_years(year)
        as_of = _last_day(years[1])
        sort = f"{found.type.code}.{found.kind}" if found.kind else found.type.code
        url = reverse("facilities:facility_list", args=[city_slug])
        if found.gives == AnswerKind.COUNT:
            rows = tuple(_counted(city_id, found, years))
        else:
            rows = tuple(_row(one, found) for one in standing_of(city_id, found, [as_of])[as_of])
        return RegisterAnswer(
            title=found.title,
            noun=found.noun,
            as_of=as_of,
            rows=rows,
            url=f"{url}?jenis={sort}",
            silence=_("belum diketahui"),
            kind=found.gives,
            years=added_up(rows),
        )

    def faults(self) -> list[str]:
        """What the file of types has wrong, and the keys that it does not know."""
        try:
            catalogue()
        except TypesError as error:
            return [str(fault) for fault in error.faults]
        return [
            f"{spec.instrument} {source.question}: {source.key}"
            for spec in packaged_sources()
            for source in spec.sources
            if source.register == self.code and self.gives(source.key) is None
        ]


def _row(one: Standing, key: Key) -> RegisterRow:
    unit = one.facility.unit
    district = (unit.parent or unit) if unit else None
    return RegisterRow(
        code=one.facility.code or str(one.facility.pk),
        name=one.facility.name,
        group=district.name if district else "",
        says=one.says(key.measure),
        counts=one.counts(key.measure),
    )


def _last_day(year: int) -> date:
    return date(year, 12, 31)


def _counted(city_id: int, key: Key, years: Years) -> Iterator[RegisterRow]:
    """Those that were there at the end of a year, with what they add to each; by their names."""
    standing: dict[int, dict[int, Standing]] = {}
    for day, there in standing_of(city_id, key, [_last_day(year) for year in years]).items():
        for one in there:
            standing.setdefault(one.facility.pk, {})[day.year] = one
    for found in sorted(standing.values(), key=_place):
        counts = tuple(_year_count(found.get(year), key, year) for year in years)
        now = found.get(years[-1])
        if now is not None:
            yield replace(_row(now, key), years=counts)
        else:
            gone = _row(found[years[0]], key)
            says = _("ada sampai %(day)s") % {
                "day": format_date(found[years[0]].facility.active_to)
            }
            yield replace(gone, says=says, counts=False, years=counts)


def _year_count(one: Standing | None, key: Key, year: int) -> YearCount:
    """What it adds to a year; nothing to a year in which it was not there."""
    has_whole = key.measure not in NUMBERS
    if one is None:
        return YearCount(year, Count(0), Count(0) if has_whole else None)
    return YearCount(year, one.number(key.measure), Count(1) if has_whole else None)


def _place(found: dict[int, Standing]) -> tuple[str, str, int]:
    facility = next(iter(found.values())).facility
    return (facility.unit.code if facility.unit else "", facility.name, facility.pk)


FACILITIES = FacilityRegister()

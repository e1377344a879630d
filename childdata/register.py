"""The register of children's data: how many children, or which share of those they are part of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.matrices.specs import evaluated_years
from childdata.catalogue import CatalogueError, Variable, catalogue
from childdata.papers import profile_pdf
from childdata.queries.answers import CITY, TwoYears, told_of
from childdata.queries.profile import city_profile
from cities.models import City
from clusters.register_files import packaged_sources
from figures.numbers import format_change, format_date
from registers.contract import AnswerKind, Paper, RegisterAnswer, RegisterRow, YearCount
from registers.wording import year_line
from territories.models import Unit

COUNT = "/count"
PROFILE = "profil"  # the share of variables that are known in both years, with the profile as paper


@dataclass(frozen=True, slots=True)
class Key:
    """`akta` is the share of the children who have one, `akta/count` how many they are."""

    variable: Variable
    gives: AnswerKind

    @property
    def has_whole(self) -> bool:
        return self.gives == AnswerKind.SHARE


def key_of(text: str) -> Key | None:
    """None of an unknown variable, and of a share of what is part of nothing."""
    code = text.removesuffix(COUNT)
    variable = catalogue().variables.get(code)
    if variable is None or (code == text and not variable.within):
        return None
    return Key(variable, AnswerKind.SHARE if code == text else AnswerKind.COUNT)


class ChildDataRegister:
    """Counts children of the two evaluated years as the city's OPDs recorded them.

    The city's own number is the answer; where it recorded none, the sum of its kecamatan if every
    one of them told. The rows are the kecamatan as of 31 December, and one that told nothing counts
    neither way; where no kecamatan told anything of the later year, the city is the only row. A
    difference between both, and why it is there, stands in the note.
    """

    code = "data-anak"
    title = gettext_lazy("Data anak")

    def gives(self, key: str) -> AnswerKind | None:
        if key == PROFILE:
            return AnswerKind.SHARE
        found = key_of(key)
        return found.gives if found else None

    def keys(self) -> dict[str, str]:
        known = catalogue().variables.values()
        titles = {f"{one.code}{end}": one.title for one in known for end in ("", COUNT)}
        counted = {key: title for key, title in titles.items() if key_of(key)}
        return {PROFILE: _("Profil anak: variabel yang terisi dua tahun"), **counted}

    def answer(self, *, city_id: int, city_slug: str, year: int, key: str) -> RegisterAnswer:
        if key == PROFILE:
            return _profile(city_id, city_slug, evaluated_years(year)[1])
        found = key_of(key)
        if found is None:
            raise LookupError(key)
        years = evaluated_years(year)
        told = told_of(city_id, found.variable, years)
        place = [city_slug, years[1], found.variable.code]
        return RegisterAnswer(
            title=found.variable.title,
            noun=found.variable.unit,
            as_of=date(years[1], 12, 31),
            rows=tuple(_rows(told, found)),
            url=reverse("childdata:variable_detail", args=place),
            silence=_("belum mengisi"),
            kind=found.gives,
            years=_of_city(told, found),
            note=_note(told),
        )

    def faults(self) -> list[str]:
        """What the catalogue has wrong; keys that it does not know or that name another question."""
        try:
            known = catalogue().variables
        except CatalogueError as error:
            return [str(fault) for fault in error.faults]
        sources = [
            (f"{spec.instrument} {source.question}: {source.key}", source)
            for spec in packaged_sources()
            for source in spec.sources
            if source.register == self.code
        ]
        return [
            where
            for where, source in sources
            if source.key != PROFILE
            and (
                key_of(source.key) is None
                or source.question not in known[source.key.removesuffix(COUNT)].questions
            )
        ]


def _profile(city_id: int, city_slug: str, year: int) -> RegisterAnswer:
    """Every variable as a row: it counts where the city has a number of both years, and is missing
    where it has none.
    """
    profile = city_profile(City.objects.get(pk=city_id), year)
    rows = tuple(
        RegisterRow(
            code=row.variable.code,
            name=row.variable.title,
            group=cluster.name,
            says="; ".join(year_line(one) for one in row.years),
            counts=None if len(row.missing) == len(row.years) else not row.missing,
        )
        for cluster in profile.clusters
        for row in cluster.rows
    )
    moment = format_date(date(year, 12, 31))
    return RegisterAnswer(
        title=profile.title,
        noun=_("variabel"),
        as_of=date(year, 12, 31),
        rows=rows,
        silence=_("belum diisi"),
        url=reverse("childdata:profile_detail", args=[city_slug, year]),
        paper=Paper(profile.title, partial(profile_pdf, profile, moment=moment)),
    )


def _rows(told: TwoYears, key: Key) -> Iterator[RegisterRow]:
    before, now = told.years
    if not any(told.told(unit.pk, now) for unit in told.units[now]):
        whole_city = _row(told, key, CITY, code="", name=_("Seluruh kabupaten/kota"))
        yield replace(whole_city, years=_of_city(told, key))
        return
    units = {unit.pk: unit for year in told.years for unit in told.units[year]}
    there = {unit.pk for unit in told.units[now]}
    for unit in sorted(units.values(), key=lambda one: (one.code, one.pk)):
        if unit.pk in there:
            yield _row(told, key, unit.pk, code=unit.code, name=unit.name)
        elif told.told(unit.pk, before):
            yield _gone(told, key, unit)


def _of_city(told: TwoYears, key: Key) -> tuple[YearCount, ...]:
    return tuple(told.of_city(year, has_whole=key.has_whole) for year in told.years)


def _row(told: TwoYears, key: Key, place: int | None, *, code: str, name: str) -> RegisterRow:
    observation = told.told(place, told.years[1])
    return RegisterRow(
        code=code,
        name=name,
        group="",
        says=observation.source if observation else "",
        counts=True if observation else None,
        years=tuple(told.year_count(place, year, has_whole=key.has_whole) for year in told.years),
    )


def _gone(told: TwoYears, key: Key, unit: Unit) -> RegisterRow:
    """A kecamatan of the earlier year alone."""
    before, _now = told.years
    return RegisterRow(
        code=unit.code,
        name=unit.name,
        group="",
        says=_("ada sampai %(day)s") % {"day": format_date(unit.active_to)},
        counts=False,
        years=(told.year_count(unit.pk, before, has_whole=key.has_whole),),
    )


def _note(told: TwoYears) -> str:
    """By how much the city's number differs from its kecamatan, of each year, and why."""
    found = []
    for year in told.years:
        own = told.told(CITY, year)
        units = told.comparison(year)
        if own is None or units.missing == len(told.units[year]) or not units.difference:
            continue
        why = own.explanation if own.explained == units.difference else ""
        found.append(_difference(year, format_change(units.difference), why, units.missing))
    return " ".join(found)


def _difference(year: int, change: str, why: str, missing: int) -> str:
    facts = {"year": year, "change": change, "why": why.rstrip("."), "missing": missing}
    if missing:
        return (
            _("%(year)d: %(missing)d kecamatan belum mengisi, selisih dengan kota %(change)s.")
            % facts
        )
    if why:
        return _("%(year)d: selisih kota dengan kecamatan %(change)s: %(why)s.") % facts
    return _("%(year)d: selisih kota dengan kecamatan %(change)s belum dijelaskan.") % facts


CHILDREN = ChildDataRegister()

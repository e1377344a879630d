"""All cities with their awards and totals, by predikat and by province.

Awards that were published, with their sources, are everybody's. The totals that a city works on
are not: they come only for cities in which the reader may see them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from django.utils.translation import gettext as _

from assessments.choices import ScoreKind
from assessments.models import Award, TotalScore
from assessments.scoring import ZERO
from cities.models import City, User
from cities.replica import on_primary
from cities.roles import Permission
from clusters.choices import InstrumentStatus, Measure
from clusters.models import Band
from figures.numbers import percent
from figures.values import Chart, ChartColumn, Unit
from texts.folding import folded

# How people shorten the kind of a place, and what stands in its name.
KINDS = {"kab": "kabupaten", "kabupaten": "kabupaten", "kota": "kota"}
UNKNOWN = "belum"  # what the address calls a city of which no award is known


class Move(StrEnum):
    UP = "naik"
    DOWN = "turun"
    SAME = "tetap"


@dataclass(frozen=True, slots=True)
class Rung:
    predikat: str
    minimum: Decimal
    maximum: Decimal


@dataclass(frozen=True, slots=True)
class Rungs:
    """The ladder of the newest published instrument, from the lowest; it may have none."""

    bands: Sequence[Rung]
    maximum: Decimal

    def rank(self, predikat: str) -> int:
        """1 for the lowest; 0 for a predikat that this ladder does not have."""
        names = [band.predikat for band in self.bands]
        return names.index(predikat) + 1 if predikat in names else 0


class Awarded(NamedTuple):  # made by the thousand, which a dataclass is slow at
    year: int
    predikat: str
    source: str


class Live(NamedTuple):
    """What a city has proven in a year, for a reader who may know."""

    year: int
    points: Decimal


@dataclass(frozen=True, slots=True)
class CityRecord:
    """A city with everything that is known of it, years ascending."""

    name: str
    slug: str
    province: str
    province_code: str
    is_open: bool  # whether the reader may open its pages
    awards: Sequence[Awarded]
    lives: Sequence[Live]


@dataclass(frozen=True, slots=True)
class Country:
    places: Sequence[CityRecord]
    rungs: Rungs

    @property
    def years(self) -> list[int]:
        """Those of which anything is known to the reader, newest first."""
        awarded = {award.year for place in self.places for award in place.awards}
        return sorted(awarded | {live.year for p in self.places for live in p.lives}, reverse=True)

    @property
    def provinces(self) -> list[tuple[str, str]]:
        return sorted({(place.province_code, place.province) for place in self.places})


@dataclass(frozen=True, slots=True)
class CityRow:
    """A city in one year, or with the last that is known; `rank` is -1 without an award."""

    place: CityRecord
    award: Awarded | None
    before: Awarded | None  # the last one known of an earlier year
    live: Live | None
    rank: int
    steps: int | None  # rungs climbed since the award before

    @property
    def predikat(self) -> str:
        return self.award.predikat if self.award else ""

    @property
    def move(self) -> Move | None:
        if self.steps is None:
            return None
        return Move.UP if self.steps > 0 else Move.DOWN if self.steps < 0 else Move.SAME


def country(user: User) -> Country:
    """Everything that the reader may know, in four queries however many cities and years."""
    bands = Band.objects.filter(
        instrument__status=InstrumentStatus.PUBLISHED, instrument__measure=Measure.POINTS
    ).order_by("-instrument__published_at", "-instrument", "minimum")
    rows = list(
        bands.values_list("instrument", "instrument__max_points", "predikat", "minimum", "maximum")
    )
    newest = [row for row in rows if row[0] == rows[0][0]]
    rungs = Rungs([Rung(*row[2:]) for row in newest], newest[0][1] if newest else ZERO)
    awards: defaultdict[int, list[Awarded]] = defaultdict(list)
    given = Award.objects.order_by("year").values_list("city", "year", "predikat", "source")
    for city, year, predikat, source in given:
        awards[city].append(Awarded(year, predikat, source))
    lives = _lives(user)
    cities = City.objects.order_by("name", "pk").values_list(
        "pk", "name", "slug", "province__name", "province__code"
    )
    places = [
        CityRecord(name, slug, province, code, pk in lives, awards[pk], lives.get(pk, []))
        for pk, name, slug, province, code in cities
    ]
    return Country(places, rungs)


def _lives(user: User) -> dict[int, list[Live]]:
    """By city, for those whose totals the reader may see; also where there are none yet."""
    seen = City.objects.open_to(user, Permission.VIEW_ASSESSMENT)
    totals = TotalScore.objects.filter(kind=ScoreKind.EVIDENCED)
    with on_primary():
        lives: dict[int, list[Live]] = {pk: [] for pk in seen.values_list("pk", flat=True)}
    rows = totals.filter(assessment__city__in=list(lives)).order_by("assessment__year")
    columns = ("assessment__city", "assessment__year", "points", "answered")
    for city, year, points, answered in rows.values_list(*columns):
        if answered or points:
            lives[city].append(Live(year, points))
    return lives


# --- One year, or the last of each city ---------------------------------------------------------


def lines(shown: Country, *, year: int | None = None, province: str = "") -> list[CityRow]:
    """Every city of the country or of a province, in the order of names."""
    return [
        _line(place, shown.rungs, year)
        for place in shown.places
        if not province or place.province_code == province
    ]


def _line(place: CityRecord, rungs: Rungs, year: int | None) -> CityRow:
    awards = [award for award in place.awards if year is None or award.year <= year]
    award = awards.pop() if awards and year in (None, awards[-1].year) else None
    before = awards[-1] if awards else None
    lives = [live for live in place.lives if year in (None, live.year)]
    rank = rungs.rank(award.predikat) if award else -1
    earlier = rungs.rank(before.predikat) if before else -1
    is_told = rank > 0 and earlier > 0
    return CityRow(
        place=place,
        award=award,
        before=before,
        live=lives[-1] if lives else None,
        rank=rank,
        steps=rank - earlier if is_told else None,
    )


SORTS: Mapping[str, Callable[[CityRow], tuple[int | str | Decimal, ...]]] = {
    "predikat": lambda one: (one.rank, one.live.points if one.live else -1),
    "nama": lambda one: (one.place.name,),
    "provinsi": lambda one: (one.place.province_code, one.place.name),
    "perubahan": lambda one: (-9 if one.steps is None else one.steps, one.rank),
    "terbukti": lambda one: (one.live.points if one.live else -1,),
}
USUAL = "-predikat"


def narrowed(
    rows: Iterable[CityRow],
    *,
    predikat: str = "",
    move: str = "",
    text: str = "",
    order: str = USUAL,
) -> list[CityRow]:
    """The lines that are asked for; an order with a minus goes from the most to the least."""
    wanted = _words(text)
    found = [
        one
        for one in rows
        if (not predikat or predikat == (one.predikat or UNKNOWN))
        and (not move or move == one.move)
        and is_named(one.place.name, wanted)
    ]
    return sorted(found, key=SORTS[order.removeprefix("-")], reverse=order.startswith("-"))


def is_named(name: str, wanted: Sequence[str]) -> bool:
    """Whether every word stands in the name; "kab" and "kota" only where the name begins so."""
    told = _words(name)
    return all(
        told[:1] == [word] if word in KINDS.values() else any(word in one for one in told)
        for word in wanted
    )


def _words(text: str) -> list[str]:
    """As compared: no case, no accents, no full stops, one word for kabupaten."""
    words = folded(text).replace(".", " ").split()
    return [KINDS.get(word, word) for word in words]


# --- What the page tells of them ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Share:
    """How many cities have a predikat; `key` is what the address calls it."""

    key: str
    name: str
    count: int


def distribution(rows: Sequence[CityRow], rungs: Rungs) -> list[Share]:
    """From the highest rung to the lowest, then other names, then cities without."""
    counts = Counter(one.predikat for one in rows)
    ladder = [band.predikat for band in reversed(rungs.bands)]
    others = sorted(counts.keys() - {*ladder, ""})
    named = [Share(name, name, counts[name]) for name in (*ladder, *others)]
    return [*named, Share(UNKNOWN, _("Belum diketahui"), counts[""])]


def moves(rows: Iterable[CityRow]) -> Counter[Move]:
    return Counter(one.move for one in rows if one.move)


def distribution_chart(rows: Sequence[CityRow], shares: Sequence[Share]) -> Chart:
    known = sum(1 for one in rows if one.award)
    words = _("Penghargaan diketahui untuk %(known)d dari %(total)d kabupaten/kota.")
    return Chart(
        key="sebaran",
        title=_("Sebaran predikat"),
        sentence=words % {"known": known, "total": len(rows)},
        columns=(
            ChartColumn(_("Predikat")),
            ChartColumn(_("Kabupaten/kota"), Unit.COUNT),
            ChartColumn(_("Bagian (%)"), Unit.PERCENT),
        ),
        rows=[(one.name, one.count, percent(one.count, len(rows))) for one in shares],
    )


def province_chart(rows: Sequence[CityRow], shares: Sequence[Share]) -> Chart:
    """How the cities of every province spread over the ladder."""
    counts: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for one in rows:
        counts[one.place.province_code, one.place.province][one.predikat or UNKNOWN] += 1
    return Chart(
        key="provinsi",
        title=_("Sebaran per provinsi"),
        sentence=_("%(count)d provinsi.") % {"count": len(counts)},
        columns=(
            ChartColumn(_("Provinsi")),
            *(ChartColumn(share.name, Unit.COUNT) for share in shares),
            ChartColumn(_("Jumlah"), Unit.COUNT),
        ),
        rows=[
            (name, *(found[share.key] for share in shares), found.total())
            for (_code, name), found in sorted(counts.items())
        ],
    )


def line_chart(rows: Sequence[CityRow]) -> Chart:
    """The table itself. Totals have columns only where the reader may see any."""
    live = any(one.place.is_open for one in rows)
    columns = [
        ChartColumn(_("Kabupaten/kota")),
        ChartColumn(_("Provinsi")),
        ChartColumn(_("Predikat")),
        ChartColumn(_("Tahun"), Unit.YEAR),
        ChartColumn(_("Predikat sebelumnya")),
        ChartColumn(_("Tahun sebelumnya"), Unit.YEAR),
        ChartColumn(_("Naik (tingkat)"), Unit.COUNT),
        ChartColumn(_("Sumber")),
    ]
    if live:
        columns += [
            ChartColumn(_("Terbukti"), Unit.POINTS),
            ChartColumn(_("Tahun nilai"), Unit.YEAR),
        ]
    return Chart(
        key="peringkat",
        title=_("Peringkat kabupaten/kota"),
        sentence=_("%(count)d kabupaten/kota.") % {"count": len(rows)},
        columns=columns,
        rows=[[*_told(one), *(_live(one) if live else ())] for one in rows],
    )


def _told(one: CityRow) -> list[str | int | None]:
    award, before = one.award, one.before
    return [
        one.place.name,
        one.place.province,
        award.predikat if award else None,
        award.year if award else None,
        before.predikat if before else None,
        before.year if before else None,
        one.steps,
        award.source if award else None,
    ]


def _live(one: CityRow) -> tuple[Decimal | None, int | None]:
    return (one.live.points, one.live.year) if one.live else (None, None)

"""The public pages, as values. All that they show comes from released copies, in one query."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from figures.numbers import NOTHING, format_number, format_points, format_rupiah
from public.models import Release
from public.sections import SOURCES, Section
from territories.models import Unit

Row = dict[str, Any]
CERTIFIED = "standar"
BOTH_SEXES = "Jumlah"  # as the released rows say it, whatever the reader's language
TEMPLATES = {
    Section.SCORE: "public/_score.html",
    Section.CLUSTERS: "public/_clusters.html",
    Section.DONE: "public/_done.html",
    Section.PLAN: "public/_plan.html",
    Section.CHILDREN: "public/_children.html",
    Section.FACILITIES: "public/_facilities.html",
    Section.COMMITMENTS: "public/_commitments.html",
}


@dataclass(frozen=True, slots=True)
class Group:
    """Rows under one heading, folded on the page: what stands there, and the sum in words."""

    name: str
    summary: str
    rows: Sequence[tuple[str, str]]  # what it is, and what is said of it


@dataclass(frozen=True, slots=True)
class Step:
    """A predikat on the ladder; `points` is what it takes."""

    predikat: str
    points: str
    is_reached: bool


class Part:
    """One released part. Each kind of part is read from its own fields."""

    def __init__(self, release: Release) -> None:
        self.section = Section(release.section)
        self.content: dict[str, Any] = release.content
        self.checksum = release.checksum

    @property
    def title(self) -> str:
        return str(self.section.label)

    @property
    def source(self) -> str:
        return str(SOURCES[self.section])

    @property
    def template(self) -> str:
        return TEMPLATES[self.section]

    @property
    def rows(self) -> list[Row]:
        return self.content["rows"]

    @property
    def facts(self) -> dict[str, Any]:
        return self.content["facts"]

    @property
    def ladder(self) -> list[Step]:
        """From the highest down. An award counts before the city's own points."""
        bands, award = self.facts["bands"], self.facts["award"]
        names = [one["predikat"] for one in bands]
        own = Decimal(self.facts["points"] or 0)
        top = names.index(award) if award in names else None
        found = []
        for place, one in enumerate(bands):
            least = Decimal(one["minimum"])
            is_reached = own >= least if top is None else place <= top
            found.append(Step(one["predikat"], format_points(least), is_reached))
        return found[::-1]

    @property
    def groups(self) -> list[Group]:
        makers = {
            Section.DONE: _done_groups,
            Section.PLAN: _plan_groups,
            Section.FACILITIES: _facility_groups,
            Section.COMMITMENTS: _commitment_groups,
        }
        return list(makers[self.section](self.rows))

    @property
    def types(self) -> list[tuple[str, int, int]]:
        """Kinds of facilities: how many there are, and how many hold a certificate."""
        found: dict[str, list[bool]] = {}
        for row in self.rows:
            found.setdefault(row["jenis"], []).append(row[CERTIFIED])
        return [(name, len(many), sum(many)) for name, many in found.items()]

    @property
    def profile(self) -> list[tuple[str, list[str]]]:
        """Of the whole city: a variable, and its number in each of both years."""
        years = self.facts["years"]
        place, numbers = self.content["city"]["name"], {}
        for row in self.rows:
            if row["wilayah"] == place and row["jenis_kelamin"] == BOTH_SEXES:
                numbers[row["variabel"], row["tahun"]] = _count(row)
        names = dict.fromkeys(name for name, _year in numbers)
        return [(name, [numbers.get((name, year), NOTHING) for year in years]) for name in names]


@dataclass(frozen=True)
class CityPage:
    """All that is released of a city in a year; at least one part."""

    releases: Sequence[Release]

    @cached_property
    def parts(self) -> list[Part]:
        """In the order of the page."""
        order = list(Section)
        found = [Part(one) for one in self.releases]
        return sorted(found, key=lambda part: order.index(part.section))

    @property
    def slug(self) -> str:
        return self.releases[0].assessment.city.slug

    @property
    def year(self) -> int:
        return self.releases[0].assessment.year

    @property
    def name(self) -> str:
        """As the city was called when it released."""
        return str(self.parts[0].content["city"]["name"])

    @property
    def code(self) -> str:
        return str(self.parts[0].content["city"]["code"])

    @property
    def submitted_on(self) -> date:
        return date.fromisoformat(self.parts[0].content["submitted_on"])

    def part(self, section: Section) -> Part | None:
        return next((one for one in self.parts if one.section == section), None)

    @property
    def award(self) -> str:
        """The predikat in words, where one is released."""
        score = self.part(Section.SCORE)
        found = score.facts["award"] if score else ""
        return _("Predikat %(predikat)s") % {"predikat": found} if found else ""

    @property
    def sentence(self) -> str:
        """What a chat group shows below the title."""
        score = self.part(Section.SCORE)
        facts = {"city": self.name, "year": self.year}
        if score is not None and score.facts["award"]:
            facts["predikat"] = score.facts["award"]
            return _("%(city)s meraih predikat %(predikat)s pada %(year)d.") % facts
        return _("Yang dikerjakan %(city)s untuk anak, penilaian %(year)d.") % facts


def city_page(slug: str, year: int) -> CityPage | None:
    """One query; None where nothing is released."""
    standing = Release.objects.standing().select_related("assessment__city")
    found = list(standing.filter(assessment__city__slug=slug, assessment__year=year))
    return CityPage(found) if found else None


def released_pages() -> list[CityPage]:
    """Every city and year of which something is released, the newest first; one query."""
    standing = Release.objects.standing().select_related("assessment__city")
    rows = standing.order_by("-assessment__year", "assessment__city__code", "pk")
    return [CityPage(list(many)) for _key, many in groupby(rows, key=lambda one: one.assessment_id)]


def units_to_choose(city_id: int, today: date) -> list[Unit]:
    """Kelurahan and desa of the city by their name; one query."""
    below = Unit.objects.filter(city=city_id).exclude(parent=None).active_on(today)
    return list(below.order_by("name", "code"))


def _count(row: Row) -> str:
    if row["jumlah"] == "":
        return _("disembunyikan")
    return format_number(Decimal(row["jumlah"]))


def _grouped(rows: Sequence[Row], field: str) -> Iterator[tuple[str, list[Row]]]:
    """By the field, in the order in which its values first come."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row[field], []).append(row)
    yield from found.items()


def _done_groups(rows: Sequence[Row]) -> Iterator[Group]:
    words = _("%(proven)d dari %(count)d pertanyaan terbukti")
    for name, own in _grouped(rows, "klaster"):
        sums = {
            "proven": sum(row["terbukti"] for row in own),
            "count": sum(row["pertanyaan"] for row in own),
        }
        lines = [
            (row["nama"], words % {"proven": row["terbukti"], "count": row["pertanyaan"]})
            for row in own
        ]
        yield Group(name, words % sums, lines)


def _plan_groups(rows: Sequence[Row]) -> Iterator[Group]:
    for name, own in _grouped(rows, "klaster"):
        ceiling = sum(row["pagu"] or 0 for row in own)
        facts = {"count": len(own), "ceiling": format_rupiah(ceiling)}
        summary = _("%(count)d aksi, pagu %(ceiling)s") % facts
        yield Group(name, summary, [(row["aksi"], _of_action(row)) for row in own])


def _of_action(row: Row) -> str:
    parts = []
    if row["ukuran"] and row["target"] is not None:
        target = f"{format_points(row['target'])} {row['satuan']}".strip()
        parts.append(f"{row['ukuran']}: {target}")
    if row["pagu"] is not None:
        facts = {"spent": format_rupiah(row["realisasi"] or 0), "of": format_rupiah(row["pagu"])}
        parts.append(_("%(spent)s dari %(of)s terpakai") % facts)
    if row["fisik"] is not None:
        parts.append(_("terlaksana %(share)s%%") % {"share": format_points(row["fisik"])})
    else:
        parts.append(_("belum dilaporkan"))
    return "; ".join(parts)


def _facility_groups(rows: Sequence[Row]) -> Iterator[Group]:
    ordered = sorted(rows, key=lambda row: (not row["kecamatan"], row["kecamatan"]))
    for name, own in _grouped(ordered, "kecamatan"):
        lines = [(row["nama"], _of_facility(row)) for row in own]
        summary = _("%(count)d fasilitas") % {"count": len(own)}
        yield Group(name or _("Seluruh kota"), summary, lines)


def _of_facility(row: Row) -> str:
    certified = _("bersertifikat standar") if row[CERTIFIED] else ""
    return ", ".join(part for part in (row["jenis"], row["wilayah"], certified) if part)


def _commitment_groups(rows: Sequence[Row]) -> Iterator[Group]:
    for name, own in _grouped(rows, "pihak"):
        lines = [(row["komitmen"], row["lembaga"]) for row in own]
        yield Group(name, _("%(count)d komitmen") % {"count": len(own)}, lines)

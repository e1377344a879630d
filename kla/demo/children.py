"""Numbers of children of the demonstration city for both evaluated years; all of them invented."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from assessments.matrices.specs import evaluated_years
from assessments.models import Assessment
from childdata.catalogue import catalogue
from childdata.services.observations import Place, Told, explain_difference, record_counts
from childdata.tables import Cell, Counts
from cities.models import City, Membership, User
from kla.demo.cast import SECRETARIAT
from kla.demo.diary import Diary
from territories.choices import UnitLevel
from territories.models import Unit

RECORDED = 25  # working days before today
# By variable: boys and girls of the earlier year, then of the later; two numbers where a variable
# is not by sex. A whole comes before its parts. Two variables are left unfilled.
NUMBERS: dict[str, tuple[int, ...]] = {
    "anak": (42_860, 41_150, 43_120, 41_430),
    "anak-terdaftar": (41_900, 40_210, 42_560, 40_870),
    "akta": (40_120, 38_480, 41_370, 39_760),
    "kia": (22_310, 21_690, 27_940, 27_020),
    "forum-anak": (28, 34, 31, 38),
    "pengguna-ila": (3_120, 3_560, 3_480, 4_010),
    "perkawinan": (9, 41, 6, 29),
    "bkb": (2_140, 2_310),
    "bkr": (980, 1_060),
    "anak-lksa": (112, 97, 104, 95),
    "lahir-hidup": (2_310, 2_205, 2_262, 2_174),
    "kematian-bayi": (21, 17, 18, 14),
    "kematian-balita": (25, 20, 22, 17),
    "balita-diukur": (10_420, 9_980, 10_610, 10_150),
    "gizi-kurang": (612, 588, 541, 520),
    "gizi-lebih": (410, 395, 428, 402),
    "baduta-diukur": (4_180, 4_010, 4_230, 4_060),
    "stunting": (602, 561, 518, 470),
    "anak-sekolah": (33_480, 32_310, 33_960, 32_740),
    "putus-sekolah": (61, 38, 47, 30),
    "tidak-sekolah": (214, 171, 183, 150),
    "korban-kekerasan": (22, 47, 26, 53),
    "korban-terlayani": (20, 45, 26, 51),
}
DIVIDED = "anak"  # whose number the kecamatan told too
UNKNOWN = 14  # children of whom the kecamatan is not known


def fill_children(
    assessment: Assessment, *, members: Mapping[str, Membership], at: datetime
) -> None:
    """Two years of nearly every variable, and the kecamatan of one; no answer is touched."""
    city, years = assessment.city, evaluated_years(assessment.year)
    by = members[SECRETARIAT.email].user
    at = Diary(at, city.zone).moment(RECORDED, 0)
    for year, half in zip(years, (0, 1), strict=True):
        for variable, numbers in NUMBERS.items():
            size = len(numbers) // 2
            counts = _counts(variable, numbers[half * size : (half + 1) * size])
            _tell(Place(city, variable, year), counts, by=by, at=at)
    _divide(city, years[1], by=by, at=at)


def _counts(variable: str, numbers: tuple[int, ...]) -> Counts:
    """Without ages: most cities have them only of some variables."""
    sexes = ("L", "P") if "sex" in catalogue().variables[variable].breakdowns else ("",)
    return {Cell(sex): number for sex, number in zip(sexes, numbers, strict=True)}


def _divide(city: City, year: int, *, by: User, at: datetime) -> None:
    """The children of each kecamatan, which are some fewer than the city's own."""
    units = list(Unit.objects.filter(city=city, level=UnitLevel.KECAMATAN))
    male, female = (number // len(units) for number in NUMBERS[DIVIDED][2:])
    for unit in units[1:]:
        counts = {Cell("L"): male, Cell("P"): female}
        _tell(Place(city, DIVIDED, year, unit), counts, by=by, at=at)
    whole, others = sum(NUMBERS[DIVIDED][2:]), (male + female) * (len(units) - 1)
    rest = whole - others - UNKNOWN
    counts = {Cell("L"): rest // 2, Cell("P"): rest - rest // 2}
    _tell(Place(city, DIVIDED, year, units[0]), counts, by=by, at=at)
    why = "Alamat belum dimutakhirkan sehingga kecamatannya belum diketahui"
    place = Place(city, DIVIDED, year)
    explain_difference(place=place, why=why, seen=UNKNOWN, by=by, at=at)


def _tell(place: Place, counts: Counts, *, by: User, at: datetime) -> None:
    told = Told(counts, source=f"Laporan tahunan {place.year}")
    record_counts(place=place, told=told, seen=0, by=by, at=at)

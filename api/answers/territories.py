"""Kecamatan, kelurahan and desa: declarations, history, ratings, criteria and visits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from territories.choices import (
    ChangeKind,
    CriterionKind,
    CriterionLevel,
    DeclarationKind,
    Direction,
    RatingLevel,
    UnitLevel,
)


@dataclass(frozen=True, slots=True)
class DeclarationEntry:
    """A declaration of a unit, or the decree that names it child-friendly."""

    id: int
    kind: DeclarationKind
    on: date
    number: str


@dataclass(frozen=True, slots=True)
class DeclaredUnit:
    """A unit with what was declared of it until the last day of the evaluated years.

    `district` is the code of its kecamatan. Declarations are the newest first.
    """

    code: str
    name: str
    level: UnitLevel
    district: str | None
    is_declared: bool
    is_decreed: bool
    declarations: list[DeclarationEntry]


@dataclass(frozen=True, slots=True)
class DeclarationDocument:
    """A paper or photo of a declaration. Its content is what pages show, never the original."""

    id: UUID
    name: str
    is_ready: bool
    is_openable: bool


@dataclass(frozen=True, slots=True)
class DeclarationDetail:
    declaration: DeclarationEntry
    place: str
    signatories: list[str]
    documents: list[DeclarationDocument]


@dataclass(frozen=True, slots=True)
class UnitName:
    """A unit by its code, under the name that it bore then."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class UnitChangeEntry:
    """Which units became which; nothing is after what came to its end.

    A new name keeps the unit: `former_name` is the one before, empty of other changes.
    """

    kind: ChangeKind
    on: date
    basis: str
    former_name: str
    before: list[UnitName]
    after: list[UnitName]


@dataclass(frozen=True, slots=True)
class UnitHistory:
    """A unit with all its declarations, the newest first, and its changes, the oldest first."""

    unit: str
    name: str
    declarations: list[DeclarationDetail]
    changes: list[UnitChangeEntry]


@dataclass(frozen=True, slots=True)
class RatingRule:
    """From which per cent of its criteria a unit has the level, and which it must meet."""

    level: RatingLevel
    at_least: int
    required: list[str]


@dataclass(frozen=True, slots=True)
class RatingCount:
    """How many units have a rating, by their level; `rating` is `none` below the lowest level and
    `open` while reports that are missing can still change it."""

    rating: str
    rating_name: str
    units: dict[str, int]


@dataclass(frozen=True, slots=True)
class RatedUnit:
    """`surely` is the level by what is accepted, `at_best` with all that is missing; null is below
    the lowest. `missing` are criteria by code."""

    code: str
    name: str
    district: str | None
    rating: str
    rating_name: str
    surely: RatingLevel | None
    at_best: RatingLevel | None
    asked: int
    favourable: int
    missing: list[str]


@dataclass(frozen=True, slots=True)
class UnitRatings:
    """How the units of a year are rated. `units` are kelurahan and desa; kecamatan are counted.

    `unknown` are criteria that the rules require and the year does not ask.
    """

    data_year: int
    as_of: date
    source: str
    rules: list[RatingRule]
    unknown: list[str]
    counts: list[RatingCount]
    units: list[RatedUnit]


@dataclass(frozen=True, slots=True)
class CriteriaSetEntry:
    """A set that units can be asked by; `in_force` is the one of `data_year`.

    Without `number` it comes with the project, else it is a version of the city's own, a draft until
    `published_at`.
    """

    code: str
    title: str
    instrument: str
    source: str
    number: int | None
    published_at: datetime | None
    criteria: int
    data_year: int
    in_force: bool


@dataclass(frozen=True, slots=True)
class CriterionEntry:
    """What units of a level are asked, and when it is met: yes, or by `direction` and `threshold`,
    which is in per cent of a ratio. Who meets an `adverse` one has what no city wants.

    `certainty` is how sure it is that this is asked so: 2+, 1, inf, open; empty as its set.
    """

    code: str
    level: CriterionLevel
    text: str
    kind: CriterionKind
    direction: Direction | None
    threshold: Decimal | None
    adverse: bool
    evidence: str
    required: bool
    certainty: str


@dataclass(frozen=True, slots=True)
class CriteriaFault:
    """What would count wrongly: where, and in a sentence."""

    place: str
    sentence: str


@dataclass(frozen=True, slots=True)
class CriteriaSetDetail:
    criteria_set: CriteriaSetEntry
    criteria: list[CriterionEntry]
    faults: list[CriteriaFault]


@dataclass(frozen=True, slots=True)
class SampleEntry:
    """Which units are visited, by code. Drawn with the key `seed`, so many of each kecamatan from
    `drawn_from` units; chosen by hand, where these three are null, and always with a reason."""

    number: int
    at: datetime
    by: str
    reason: str
    seed: str | None
    per_district: int | None
    drawn_from: int | None
    units: list[str]


@dataclass(frozen=True, slots=True)
class VisitedUnit:
    """A unit to visit; `head` is who leads its office, `contact` that of the office."""

    unit: RatedUnit
    head: str
    contact: str


@dataclass(frozen=True, slots=True)
class VisitSampleDetail:
    """The sample in force, null before the first, and those that it took the place of.

    `fits_its_seed` says whether the lots, drawn again, give the same; null of one chosen by hand.
    """

    data_year: int
    sample: SampleEntry | None
    fits_its_seed: bool | None
    units: list[VisitedUnit]
    earlier: list[SampleEntry]

"""An evaluation instrument as plain values: what scoring, reading and checking work on."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

# How long a text of the instrument may be, in the file as in the database.
MAX_CODE = 50
MAX_NAME = 300


@dataclass(frozen=True, slots=True)
class BandSpec:
    """A predikat and the totals for which it is published, both ends included."""

    predikat: str
    minimum: Decimal
    maximum: Decimal


@dataclass(frozen=True, slots=True)
class StageSpec:
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class AgencySpec:
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class EvidenceKindSpec:
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class QuestionSpec:
    code: str
    text: str
    max_points: Decimal
    answer_type: str
    options: tuple[str, ...] = ()
    usual_fractions: tuple[Decimal, ...] = ()
    direction: str = ""
    note: str = ""
    evidence: tuple[str, ...] = ()  # codes, in the order of the instrument's own list
    agencies: tuple[str, ...] = ()  # codes; the first one leads, the others contribute
    text_en: str = ""


@dataclass(frozen=True, slots=True)
class IndicatorSpec:
    code: str
    number: int  # 21a, 21b and 21c are rows of the one indicator that people count as 21
    name: str
    name_en: str
    max_points: Decimal
    counts_among_24: bool
    note: str = ""
    questions: tuple[QuestionSpec, ...] = ()


@dataclass(frozen=True, slots=True)
class ClusterSpec:
    code: str
    label: str
    name: str
    name_en: str
    kind: str
    max_points: Decimal
    indicators: tuple[IndicatorSpec, ...] = ()


@dataclass(frozen=True, slots=True)
class InstrumentSpec:
    code: str
    title: str
    title_en: str
    legal_basis: tuple[str, ...]
    provenance: str
    max_points: Decimal
    bands: tuple[BandSpec, ...]
    bands_note: str
    stages: tuple[StageSpec, ...]
    agencies: tuple[AgencySpec, ...]
    evidence_kinds: tuple[EvidenceKindSpec, ...]
    clusters: tuple[ClusterSpec, ...]
    measure: str = "points"  # a clusters.choices.Measure
    corrects: str = ""  # the code of the instrument of which this is a corrected version
    correction_note: str = ""

    def indicators(self) -> Iterator[IndicatorSpec]:
        """Every indicator row, in the instrument's order."""
        for cluster in self.clusters:
            yield from cluster.indicators

    def questions(self) -> Iterator[QuestionSpec]:
        """Every question, in the instrument's order."""
        for indicator in self.indicators():
            yield from indicator.questions


# Fields that the plain values, the stored rows and the files call the same, in a file's order.
CLUSTER_FIELDS = ("code", "label", "name", "name_en", "kind", "max_points")
INDICATOR_FIELDS = ("code", "number", "name", "name_en", "max_points", "counts_among_24", "note")
QUESTION_FIELDS = ("code", "text", "text_en", "max_points", "answer_type", "direction", "note")


def fields_of(row: object, names: tuple[str, ...]) -> dict[str, Any]:
    """The values of a plain or a stored row by their names."""
    return {name: getattr(row, name) for name in names}


def plain_number(value: Decimal) -> str:
    """The shortest text of an exact number: 12, 12.0 and 12.000 are all "12"."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text

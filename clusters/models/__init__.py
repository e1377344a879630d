"""The instrument and what is known about it; one subject a file."""

from clusters.models.bands import BandTable, TableBand
from clusters.models.imports import InstrumentImport
from clusters.models.instrument import (
    Agency,
    Band,
    Cluster,
    EvidenceKind,
    Indicator,
    Instrument,
    Question,
    QuestionAgency,
    QuestionQuerySet,
)
from clusters.models.mapping import Mapping, QuestionMatch
from clusters.models.sources import QuestionSource

__all__ = [
    "Agency",
    "Band",
    "BandTable",
    "Cluster",
    "EvidenceKind",
    "Indicator",
    "Instrument",
    "InstrumentImport",
    "Mapping",
    "Question",
    "QuestionAgency",
    "QuestionMatch",
    "QuestionQuerySet",
    "QuestionSource",
    "TableBand",
]

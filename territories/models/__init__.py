"""Units of a city, what they report, how they are rated, and which of them are visited."""

from territories.models.boundaries import UnitBoundary
from territories.models.criteria import CityCriteriaSet, CriteriaChoice, CriteriaOfLevel
from territories.models.ratings import CityRatingRules, VisitSample
from territories.models.units import (
    FIGURES,
    Declaration,
    DeclarationFile,
    Report,
    Unit,
    UnitChange,
    UnitQuerySet,
    UnitSeat,
)

__all__ = [
    "FIGURES",
    "CityCriteriaSet",
    "CityRatingRules",
    "CriteriaChoice",
    "CriteriaOfLevel",
    "Declaration",
    "DeclarationFile",
    "Report",
    "Unit",
    "UnitBoundary",
    "UnitChange",
    "UnitQuerySet",
    "UnitSeat",
    "VisitSample",
]

"""People and places: who answers for a city."""

from cities.models.activity import CHANGED, CityActivity, CityDeed, CityLine
from cities.models.people import City, CityQuerySet, Membership, Opd, OpdKind, Province, User, Zone
from cities.models.regions import District, Village, VillageKind

__all__ = [
    "CHANGED",
    "City",
    "CityActivity",
    "CityDeed",
    "CityLine",
    "CityQuerySet",
    "District",
    "Membership",
    "Opd",
    "OpdKind",
    "Province",
    "User",
    "Village",
    "VillageKind",
    "Zone",
]

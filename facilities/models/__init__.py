from facilities.models.facilities import (
    FIRST_YEAR,
    LAST_YEAR,
    Credential,
    CredentialQuerySet,
    Facility,
    FacilityImport,
    FacilityPhoto,
    FacilityQuerySet,
    FacilityUse,
)
from facilities.models.routes import Route, RouteStop
from facilities.models.visits import Visit

__all__ = [
    "FIRST_YEAR",
    "LAST_YEAR",
    "Credential",
    "CredentialQuerySet",
    "Facility",
    "FacilityImport",
    "FacilityPhoto",
    "FacilityQuerySet",
    "FacilityUse",
    "Route",
    "RouteStop",
    "Visit",
]

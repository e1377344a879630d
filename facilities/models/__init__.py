from facilities.models.facilities import (
    FIRST_YEAR,
    LAST_YEAR,
    Credential,
    CredentialQuerySet,
    Facility,
    FacilityPhoto,
    FacilityQuerySet,
    FacilityUse,
)
from facilities.models.routes import Route, RouteStop
from facilities.models.visits import Finding, FindingQuerySet, Visit

__all__ = [
    "FIRST_YEAR",
    "LAST_YEAR",
    "Credential",
    "CredentialQuerySet",
    "Facility",
    "FacilityPhoto",
    "FacilityQuerySet",
    "FacilityUse",
    "Finding",
    "FindingQuerySet",
    "Route",
    "RouteStop",
    "Visit",
]

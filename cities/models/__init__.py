"""People and places: who answers for a city."""

from cities.models.activity import CityActivity, CityTrailEvent
from cities.models.agencies import AgencyAlias
from cities.models.email_change import EmailChange
from cities.models.invitation import Invitation, InvitationState
from cities.models.people import City, CityQuerySet, Membership, Opd, OpdKind, Province, User, Zone
from cities.models.regions import District, Village, VillageKind
from cities.models.sent_form import SentForm
from cities.models.sessions import UserSession

__all__ = [
    "AgencyAlias",
    "City",
    "CityActivity",
    "CityQuerySet",
    "CityTrailEvent",
    "District",
    "EmailChange",
    "Invitation",
    "InvitationState",
    "Membership",
    "Opd",
    "OpdKind",
    "Province",
    "SentForm",
    "User",
    "UserSession",
    "Village",
    "VillageKind",
    "Zone",
]

"""Facilities with their papers, visits, photos and routes."""

from datetime import date

import factory
from factory.django import DjangoModelFactory

from facilities.choices import CredentialKind
from facilities.models import (
    Credential,
    Facility,
    FacilityPhoto,
    FacilityUse,
    Finding,
    Route,
    RouteStop,
    Visit,
)
from tests.factories.assessments import NOW, SupportingDocumentFactory
from tests.factories.cities import CityFactory, UserFactory


class FacilityFactory(DjangoModelFactory):
    """A puskesmas of no unit and no OPD, unless told."""

    class Meta:
        model = Facility

    class Params:
        school = factory.Trait(type="sra", kind="sd-mi")
        office = factory.Trait(type="ruang-asi", kind="kantor")

    city = factory.SubFactory(CityFactory)
    type = "prap"
    kind = ""
    name = factory.Sequence(lambda n: f"Puskesmas {n:04d}")
    at = NOW
    by = factory.SubFactory(UserFactory)


class CredentialFactory(DjangoModelFactory):
    """A certificate of standard that holds three years, unless told."""

    class Meta:
        model = Credential

    class Params:
        decree = factory.Trait(scheme="sk", kind=CredentialKind.DECREE)

    facility = factory.SubFactory(FacilityFactory)
    scheme = "prap"
    kind = CredentialKind.STANDARD
    number = factory.Sequence(lambda n: f"B-{n}/2024")
    issued_on = date(2024, 3, 1)
    expires_on = date(2027, 3, 1)
    at = NOW
    by = factory.SubFactory(UserFactory)


class FacilityPhotoFactory(DjangoModelFactory):
    class Meta:
        model = FacilityPhoto

    facility = factory.SubFactory(FacilityFactory)
    document = factory.SubFactory(
        SupportingDocumentFactory, city=factory.SelfAttribute("..facility.city")
    )


class FacilityUseFactory(DjangoModelFactory):
    class Meta:
        model = FacilityUse

    facility = factory.SubFactory(FacilityFactory)
    year = factory.Sequence(lambda n: 2001 + n % 90)
    boys, girls, special = 10, 12, 1


class VisitFactory(DjangoModelFactory):
    class Meta:
        model = Visit

    facility = factory.SubFactory(FacilityFactory)
    checklist, version = "prap-data", "diy"
    on = date(2025, 6, 1)
    answers = factory.LazyFunction(dict)
    score, maximum, missing = 12, 15, 0
    at = NOW
    by = factory.SubFactory(UserFactory)


class FindingFactory(DjangoModelFactory):
    """Open, and settled by the facility itself, unless told."""

    class Meta:
        model = Finding

    class Params:
        closed = factory.Trait(
            done="Sudah diganti", closed_at=NOW, closed_by=factory.SubFactory(UserFactory)
        )

    facility = factory.SubFactory(FacilityFactory)
    sentence = factory.Sequence(lambda n: f"Pintu {n} tidak dapat dikunci")
    spot = "Ruang ASI"
    found_on, due_on = date(2026, 2, 20), date(2026, 3, 20)
    at = NOW
    by = factory.SubFactory(UserFactory)


class RouteFactory(DjangoModelFactory):
    class Meta:
        model = Route

    city = factory.SubFactory(CityFactory)
    name = factory.Sequence(lambda n: f"Rute {n}")
    on = date(2026, 5, 20)
    at = NOW
    by = factory.SubFactory(UserFactory)


class RouteStopFactory(DjangoModelFactory):
    class Meta:
        model = RouteStop

    route = factory.SubFactory(RouteFactory)
    position = 1
    facility = factory.SubFactory(FacilityFactory, city=factory.SelfAttribute("..route.city"))

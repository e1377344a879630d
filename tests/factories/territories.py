"""Units, who speaks for them, and what they have reported."""

from datetime import date, timedelta

import factory
from factory.django import DjangoModelFactory

from cities.roles import Role
from registers.models import TakenValue
from territories.choices import (
    ChangeKind,
    CriterionKind,
    CriterionLevel,
    DeclarationKind,
    ReportState,
    UnitLevel,
)
from territories.criteria import Criterion
from territories.models import (
    CityCriteriaSet,
    CriteriaChoice,
    Declaration,
    DeclarationFile,
    Report,
    Unit,
    UnitBoundary,
    UnitChange,
    UnitSeat,
    VisitSample,
)
from territories.models.criteria import criterion_as_json
from tests.factories.assessments import NOW, SupportingDocumentFactory
from tests.factories.cities import CityFactory, MembershipFactory, UserFactory


class UnitFactory(DjangoModelFactory):
    """A kelurahan below a kecamatan of its own, unless told."""

    class Meta:
        model = Unit

    class Params:
        kecamatan = factory.Trait(level=UnitLevel.KECAMATAN, parent=None)

    city = factory.SubFactory(CityFactory)
    code = factory.Sequence(lambda n: f"72.01.{1000 + n}")
    name = factory.Sequence(lambda n: f"Wilayah {n:04d}")
    level = UnitLevel.KELURAHAN
    parent = factory.SubFactory(
        "tests.factories.territories.UnitFactory",
        kecamatan=True,
        city=factory.SelfAttribute("..city"),
    )


class UnitSeatFactory(DjangoModelFactory):
    class Meta:
        model = UnitSeat

    unit = factory.SubFactory(UnitFactory)
    membership = factory.SubFactory(
        MembershipFactory, role=Role.WILAYAH, city=factory.SelfAttribute("..unit.city")
    )


class UnitBoundaryFactory(DjangoModelFactory):
    """A square of a tenth of a degree."""

    class Meta:
        model = UnitBoundary

    unit = factory.SubFactory(UnitFactory)
    stored = [[[[0, 0], [1000, 0], [1000, 1000], [0, 1000]]]]
    source = "batas.geojson"
    by = factory.SubFactory(UserFactory)
    at = NOW


class UnitChangeFactory(DjangoModelFactory):
    class Meta:
        model = UnitChange

    city = factory.SubFactory(CityFactory)
    kind = ChangeKind.RENAMED
    on = NOW.date()
    basis = "Perda 1/2025"
    former_name = "Lama"
    by = factory.SubFactory(UserFactory)
    at = NOW


class DeclarationFactory(DjangoModelFactory):
    """The ceremony of a kelurahan, unless told."""

    class Meta:
        model = Declaration

    class Params:
        decree = factory.Trait(
            kind=DeclarationKind.DECREED, number=factory.Sequence(lambda n: f"400.2/{n}/2024")
        )

    unit = factory.SubFactory(UnitFactory)
    kind = DeclarationKind.DECLARED
    on = factory.Sequence(lambda n: date(2024, 1, 1) + timedelta(days=n % 300))
    by = factory.SubFactory(UserFactory)
    at = NOW


class DeclarationFileFactory(DjangoModelFactory):
    class Meta:
        model = DeclarationFile

    declaration = factory.SubFactory(DeclarationFactory)
    document = factory.SubFactory(
        SupportingDocumentFactory, city=factory.SelfAttribute("..declaration.unit.city")
    )


class CityCriteriaSetFactory(DjangoModelFactory):
    """A draft that asks kelurahan one thing, K1, whether yes or no."""

    class Meta:
        model = CityCriteriaSet

    city = factory.SubFactory(CityFactory)
    number = factory.Sequence(lambda n: n + 1)
    code = factory.Sequence(lambda n: f"00.00-{n + 1}")
    title = "Kriteria kota"
    instrument = "kla-2023"
    based_on = "kla-2023"
    criteria = factory.LazyFunction(
        lambda: [
            criterion_as_json(
                Criterion(
                    code="K1",
                    level=CriterionLevel.KELURAHAN,
                    text="Ada kader yang aktif",
                    kind=CriterionKind.YES_NO,
                    evidence="Keputusan lurah",
                    required=True,
                )
            )
        ]
    )
    made_at = NOW
    made_by = factory.SubFactory(UserFactory)


class CriteriaChoiceFactory(DjangoModelFactory):
    class Meta:
        model = CriteriaChoice

    city = factory.SubFactory(CityFactory)
    year = 2025
    criteria = "kla-2023"
    at = NOW
    by = factory.SubFactory(UserFactory)


class VisitSampleFactory(DjangoModelFactory):
    """Drawn for the data of 2025; its units are set by whoever makes it."""

    class Meta:
        model = VisitSample

    city = factory.SubFactory(CityFactory)
    year = 2025
    number = factory.Sequence(lambda n: n + 1)
    seed = "0123456789abcdef"
    per_district = 2
    reason = "Undian ulang"
    by = factory.SubFactory(UserFactory)
    at = NOW


class ReportFactory(DjangoModelFactory):
    """A yes to 26.4 that the Gugus Tugas has accepted, unless told."""

    class Meta:
        model = Report

    class Params:
        draft = factory.Trait(
            state=ReportState.DRAFT, sent_at=None, sent_by=None, decided_at=None, decided_by=None
        )
        sent = factory.Trait(state=ReportState.SENT, decided_at=None, decided_by=None)

    unit = factory.SubFactory(UnitFactory)
    year = 2025
    criteria = "kla-2023"
    criterion = "26.4"
    state = ReportState.ACCEPTED
    yes = True
    written_at = NOW
    written_by = factory.SubFactory(UserFactory)
    sent_at = NOW
    sent_by = factory.SelfAttribute("written_by")
    decided_at = NOW
    decided_by = factory.SelfAttribute("written_by")


class TakenValueFactory(DjangoModelFactory):
    class Meta:
        model = TakenValue

    register = "wilayah"
    key = "kla-2023/26.4"
    as_of = NOW.date()
    value = 95
    numerator = 38
    denominator = 40
    missing = 2
    rows = factory.LazyFunction(list)
    fingerprint = "0" * 64
    by = factory.SubFactory(UserFactory)
    at = NOW

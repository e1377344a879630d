"""How far a city has been set up, and how its year is shared out."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, Sum

from assessments.choices import Stage
from assessments.models import Answer, Assessment, Assignment, has_lead
from assessments.scoring import ZERO
from cities.models import City, CityActivity, CityTrailEvent, Opd
from cities.roles import Role
from cities.services.agencies import settled_codes
from clusters.models import Agency, Instrument


@dataclass(frozen=True, slots=True)
class Setup:
    """What has been done of setting up a city; read from what there is, never stored."""

    assessment: Assessment | None
    instrument: Instrument | None  # the year's; before there is one, the newest published
    is_city_checked: bool
    opds: int
    unsettled: int  # agencies of the instrument of which nobody said who stands for them
    people: int  # members, and those invited who have not answered yet
    administrators: int  # among them
    invited: int  # among them
    without_people: list[Opd]
    questions: int
    unled: int

    @property
    def has_opds(self) -> bool:
        return self.opds > 0 and self.unsettled == 0

    @property
    def has_people(self) -> bool:
        return self.people > self.administrators

    @property
    def is_assigned(self) -> bool:
        return self.assessment is not None and self.unled == 0

    @property
    def is_started(self) -> bool:
        return self.assessment is not None and self.assessment.stage != Stage.PREPARATION


def setup_of(city: City) -> Setup:
    """In a fixed number of queries."""
    assessment = year_to_set_up(city)
    instrument = assessment.instrument if assessment else newest_instrument()
    codes = set(Agency.objects.filter(instrument=instrument).values_list("code", flat=True))
    invited = list(city.invitations.open().values_list("role", "opd"))
    people = [*city.memberships.values_list("role", "opd"), *invited]
    staffed = {opd for _role, opd in people}
    opds = list(city.opds.active())
    answers = Answer.objects.filter(assessment=assessment) if assessment else Answer.objects.none()
    checked = CityActivity.objects.filter(
        city=city, deed__in=(CityTrailEvent.CITY_CREATED, CityTrailEvent.CITY_CHANGED)
    )
    return Setup(
        assessment=assessment,
        instrument=instrument,
        is_city_checked=assessment is not None or checked.exists(),
        opds=len(opds),
        unsettled=len(codes - settled_codes(city)),
        people=len(people),
        administrators=sum(role == Role.ADMIN_KOTA for role, _opd in people),
        invited=len(invited),
        without_people=[opd for opd in opds if opd.pk not in staffed],
        questions=answers.count(),
        unled=answers.without_lead().count(),
    )


def year_to_set_up(city: City) -> Assessment | None:
    """The newest year in preparation, else the one that the city works on."""
    years = city.assessments.filter(stage=Stage.PREPARATION)
    prepared = years.select_related("instrument", "city", "target").order_by("-year").first()
    return prepared or Assessment.objects.current(city)


def newest_instrument() -> Instrument | None:
    return Instrument.objects.published().first()


# --- The agencies of an instrument ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AgencyLine:
    """A default agency, and how many questions it usually answers."""

    code: str
    name: str
    questions: int
    leading: int


def agency_lines(instrument: Instrument) -> list[AgencyLine]:
    """In the order of the instrument, in one query."""
    rows = instrument.agencies.annotate(
        held=Count("question_agencies"),
        leading=Count("question_agencies", filter=Q(question_agencies__position=0)),
    ).order_by("position")  # a grouped query forgets the usual order
    return [AgencyLine(row.code, row.name, row.held, row.leading) for row in rows]


# --- How a year is shared out -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ClusterLoad:
    code: str
    label: str
    name: str
    questions: int
    unled: int
    points: Decimal


@dataclass(frozen=True, slots=True)
class OpdLoad:
    """What one OPD holds; the points are those of the questions that it leads."""

    opd: Opd
    questions: int
    leading: int
    points: Decimal
    has_people: bool


def cluster_loads(assessment: Assessment) -> list[ClusterLoad]:
    """In one query."""
    cluster = "question__indicator__cluster__"
    rows = (
        Answer.objects.filter(assessment=assessment)
        .annotate(is_led=has_lead())
        .values(f"{cluster}code", f"{cluster}label", f"{cluster}name")
        .annotate(
            questions=Count("pk"),
            unled=Count("pk", filter=Q(is_led=False)),
            points=Sum("question__max_points"),
        )
        .order_by(f"{cluster}position")
    )
    return [
        ClusterLoad(
            code=row[f"{cluster}code"],
            label=row[f"{cluster}label"],
            name=row[f"{cluster}name"],
            questions=row["questions"],
            unled=row["unled"],
            points=row["points"],
        )
        for row in rows
    ]


def opd_loads(assessment: Assessment, *, without_people: list[Opd]) -> list[OpdLoad]:
    """Every active OPD and every other that still holds something, the most laden first."""
    held = {
        row["opd"]: row
        for row in Assignment.objects.filter(answer__assessment=assessment)
        .values("opd")
        .annotate(
            questions=Count("pk"),
            leading=Count("pk", filter=Q(is_lead=True)),
            points=Sum("answer__question__max_points", filter=Q(is_lead=True)),
        )
        .order_by("opd")
    }
    opds = Opd.objects.filter(Q(is_active=True) | Q(pk__in=held), city=assessment.city_id)
    loads = [
        OpdLoad(
            opd=opd,
            questions=held[opd.pk]["questions"] if opd.pk in held else 0,
            leading=held[opd.pk]["leading"] if opd.pk in held else 0,
            points=(held[opd.pk]["points"] if opd.pk in held else None) or ZERO,
            has_people=opd not in without_people,
        )
        for opd in opds
    ]
    return sorted(loads, key=lambda load: (-load.leading, -load.questions, load.opd.name))

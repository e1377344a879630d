"""The demonstration city's year, entered deed by deed as people would."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

from assessments.choices import ScoreKind
from assessments.models import Answer, Assessment, Assignment, SupportingDocument
from assessments.services.answers import import_points
from assessments.services.assignment import assign_in_bulk
from assessments.services.creation import open_assessment
from assessments.sheets import read_sheet
from cities.models import City, Membership, User
from clusters.models import Instrument
from clusters.services import spec_of
from kla.demo.cast import ADMIN, SECRETARIAT
from kla.demo.diary import Diary
from kla.demo.papers import Paper
from kla.demo.reviews import Case, Fate, Team, fate_of

SHEET = Path(__file__).parent / "sheet-kabupaten-a-2024.csv"
YEAR = 2024
TARGET = "Utama"
DEADLINE_IN_DAYS = 24

# Working days before today; the first documents come in after these.
OPENED, DUE_DATES_SET, IMPORTED = 30, 29, 28

# Days from today until an OPD's own date; one in the past makes its open questions late.
DUE_IN_DAYS = MappingProxyType({"DINSOS": -9, "KOMINFO": -4, "DISDIK": 10})

# Papers are collected first for the questions that are worth the effort.
WORTH_A_PAPER = Decimal(2)


def fill_year(
    *,
    city: City,
    instrument: Instrument,
    members: Mapping[str, Membership],
    stored: list[SupportingDocument],
    at: datetime,
) -> Assessment:
    """Open the year, import the sheet, and hand in and review documents.

    `members` are by e-mail. Appends each document whose file is on disk to `stored`,
    for whoever has to undo it.
    """
    team, diary = Team(members), Diary(at, city.zone)
    assessment = open_assessment(
        city=city,
        instrument=instrument,
        year=YEAR,
        target=instrument.bands.get(predikat=TARGET),
        deadline=diary.today + timedelta(days=DEADLINE_IN_DAYS),
        by=team.user(ADMIN),
        at=diary.moment(OPENED, 0),
    )
    set_due_dates(assessment, diary, by=team.user(ADMIN))
    import_claims(
        assessment,
        sheet_points(instrument),
        by=team.user(SECRETARIAT),
        at=diary.moment(IMPORTED, 1),
    )
    hand_in_and_review(assessment, team, diary, stored, worth=WORTH_A_PAPER, fate_of=fate_of)
    return assessment


def set_due_dates(assessment: Assessment, diary: Diary, *, by: User) -> None:
    for number, (code, days) in enumerate(DUE_IN_DAYS.items()):
        held = Assignment.objects.filter(answer__assessment=assessment, opd__code=code)
        assign_in_bulk(
            assessment=assessment,
            answer_ids=held.values_list("answer", flat=True),
            opd=assessment.city.opds.get(code=code),
            is_lead=False,  # whoever leads keeps leading
            due_on=diary.today + timedelta(days=days),
            by=by,
            at=diary.moment(DUE_DATES_SET, number),
        )


def sheet_points(instrument: Instrument) -> Mapping[str, Decimal | None]:
    """The real sheet, by code of the question."""
    return read_sheet(SHEET.read_bytes(), SHEET.name, spec_of(instrument))


def import_claims(
    assessment: Assessment, points: Mapping[str, Decimal | None], *, by: User, at: datetime
) -> None:
    """What got no points stays unanswered, for visitors to try."""
    import_points(
        assessment=assessment,
        kind=ScoreKind.CLAIMED,
        points={code: value for code, value in points.items() if value},
        overwrite=False,
        by=by,
        at=at,
    )


def hand_in_and_review(
    assessment: Assessment,
    team: Team,
    diary: Diary,
    stored: list[SupportingDocument],
    *,
    worth: Decimal,
    fate_of: Callable[[int], Fate],
) -> None:
    """A paper for each question that claims `worth` or more; how it fares goes by its number."""
    answers = (
        Answer.objects.filter(assessment=assessment, claimed_points__gte=worth)
        .select_related("question")
        .prefetch_related("assignments__opd", "question__evidence_kinds")
        .in_order()
    )
    for number, answer in enumerate(answers):
        asked = answer.question.evidence_kinds.all()
        paper = Paper(answer.question, asked[number % len(asked)], assessment.year, number)
        Case(answer, paper, team, diary, stored).run(fate_of(number))

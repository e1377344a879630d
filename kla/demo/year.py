"""The demonstration city's year, entered deed by deed as people would."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum, auto
from pathlib import Path
from types import MappingProxyType

from assessments.choices import ScoreKind
from assessments.models import Answer, Assessment, Assignment, Evidence, SupportingDocument
from assessments.services.answers import import_points
from assessments.services.assignment import assign_in_bulk
from assessments.services.comments import add_comment
from assessments.services.creation import open_assessment
from assessments.services.documents import upload_documents
from assessments.services.review import accept_evidence, return_evidence
from assessments.sheets import read_sheet
from cities.models import City, Membership, User
from clusters.models import EvidenceKind, Instrument
from clusters.services import spec_of
from kla.demo.cast import ADMIN, COMPANION, SECRETARIAT, VERIFIER, Person
from kla.demo.diary import Diary
from kla.demo.papers import Paper, facts_of, file_of

SHEET = Path(__file__).parent / "sheet-kabupaten-a-2024.csv"
YEAR = 2024
TARGET = "Utama"
DEADLINE_IN_DAYS = 24

# Working days before today. Documents come in between the sheet and yesterday.
OPENED, IMPORTED, DUE_DATES_SET = 30, 29, 28
FIRST_UPLOAD, LAST_REVIEWED_UPLOAD, OLDEST_WAITING = 27, 4, 3

# Days from today until an OPD's own date; those in the past make its open questions late.
DUE_IN_DAYS = MappingProxyType({"DINSOS": -9, "KOMINFO": -4, "DISDIK": 10})

# Papers are collected first for the questions that are worth the effort.
WORTH_A_PAPER = Decimal(2)
REDUCED_TO = Decimal("0.75")

PROMISE = "Baik, berkas yang lengkap sedang kami siapkan dan akan kami unggah."
ADVICE = "Bila berkas asli ada di kelurahan, salinan yang dilegalisasi juga dapat diterima."


class Fate(Enum):
    """How a question's first document fares."""

    ACCEPTED = auto()
    ACCEPTED_FOR_LESS = auto()
    WAITING = auto()
    RETURNED = auto()
    RETURNED_AND_MENDED = auto()


def fate_of(number: int) -> Fate:
    """A fixed pattern, so that every installation shows the same year."""
    if number % 11 == 4:
        return Fate.WAITING
    if number % 16 == 6:
        return Fate.RETURNED
    if number % 31 == 9:
        return Fate.RETURNED_AND_MENDED
    if number % 6 == 2:
        return Fate.ACCEPTED_FOR_LESS
    return Fate.ACCEPTED


@dataclass(frozen=True, slots=True)
class Cast:
    """The members of the city by their mailbox, and the staff of each OPD by its code."""

    members: Mapping[str, Membership]
    staff: Mapping[str, Membership]

    def user(self, person: Person) -> User:
        return self.members[person.mailbox].user

    def holder_of(self, answer: Answer) -> Membership:
        """Who hands in for a question: its first OPD with an account, else the secretariat."""
        for assignment in answer.assignments.all():  # the lead comes first
            if assignment.opd.code in self.staff:
                return self.staff[assignment.opd.code]
        return self.members[SECRETARIAT.mailbox]


def cast_of(city: City, members: Mapping[str, Membership]) -> Cast:
    staff = {member.opd.code: member for member in members.values() if member.opd}
    return Cast(members, staff)


def fill_year(
    *,
    city: City,
    instrument: Instrument,
    members: Mapping[str, Membership],
    stored: list[SupportingDocument],
    at: datetime,
) -> Assessment:
    """Open the year, import the sheet and hand in and review documents.

    Appends every document whose file is on disk to `stored`, for whoever has to undo it.
    """
    cast, diary = cast_of(city, members), Diary(at, city.zone)
    assessment = open_assessment(
        city=city,
        instrument=instrument,
        year=YEAR,
        target=instrument.bands.get(predikat=TARGET),
        deadline=diary.today + timedelta(days=DEADLINE_IN_DAYS),
        by=cast.user(ADMIN),
        at=diary.moment(OPENED, 0),
    )
    set_due_dates(assessment, cast, diary)
    import_sheet(assessment, cast, diary)
    kinds = kinds_by_question(instrument)
    for number, answer in enumerate(worth_a_paper(assessment)):
        asked = kinds[answer.question_id]
        paper = Paper(answer.question, asked[number % len(asked)], YEAR, number)
        Course(answer, paper, cast, diary, stored).run(fate_of(number))
    return assessment


def import_sheet(assessment: Assessment, cast: Cast, diary: Diary) -> None:
    """The real sheet. What got no points there is left open, for the visitor to answer."""
    points = read_sheet(SHEET.read_bytes(), SHEET.name, spec_of(assessment.instrument))
    import_points(
        assessment=assessment,
        kind=ScoreKind.CLAIMED,
        points={code: value for code, value in points.items() if value},
        overwrite=False,
        by=cast.user(SECRETARIAT),
        at=diary.moment(IMPORTED, 1),
    )


def set_due_dates(assessment: Assessment, cast: Cast, diary: Diary) -> None:
    for code, days in DUE_IN_DAYS.items():
        held = Assignment.objects.filter(answer__assessment=assessment, opd__code=code)
        assign_in_bulk(
            assessment=assessment,
            answer_ids=held.values_list("answer", flat=True),
            opd=assessment.city.opds.get(code=code),
            is_lead=False,  # whoever leads keeps leading
            due_on=diary.today + timedelta(days=days),
            by=cast.user(ADMIN),
            at=diary.moment(DUE_DATES_SET, 2),
        )


def kinds_by_question(instrument: Instrument) -> dict[int, list[EvidenceKind]]:
    kinds = EvidenceKind.objects.filter(instrument=instrument).in_bulk()
    asked: dict[int, list[EvidenceKind]] = {}
    rows = instrument_links(instrument)
    for question_id, kind_id in rows:
        asked.setdefault(question_id, []).append(kinds[kind_id])
    return asked


def worth_a_paper(assessment: Assessment) -> Sequence[Answer]:
    return list(
        Answer.objects.filter(assessment=assessment, claimed_points__gte=WORTH_A_PAPER)
        .select_related("question")
        .prefetch_related("assignments__opd", "question__evidence_kinds")
        .in_order()
    )

"""The demonstration city's year before: closed, with what every official stage left of it.

History, the fall from stage to stage, the replay of the forecast and the carry-over of documents
have nothing to show without one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from assessments.choices import ScoreKind, Stage
from assessments.models import Assessment, SupportingDocument
from assessments.services.answers import import_points
from assessments.services.creation import open_assessment
from assessments.services.transitions import advance_stage, submit_assessment
from cities.models import City, Membership
from clusters.models import Instrument
from kla.demo.cast import ADMIN, SECRETARIAT
from kla.demo.diary import Diary
from kla.demo.reviews import Fate, Team
from kla.demo.year import (
    IMPORTED,
    OPENED,
    YEAR,
    hand_in_and_review,
    import_claims,
    sheet_points,
)

TARGET = "Nindya"
FILLED_DAYS_AGO = 365
SUBMITTED_DAYS_AGO = 330
STAGE_DAYS = 30  # from one stage to the next

# Papers of last year that are worth carrying over.
WORTH_A_PAPER = Decimal(4)

HUNDREDTH = Decimal("0.01")
THREE_QUARTERS = Decimal("0.75")

Points = dict[str, Decimal]


def fill_last_year(
    *,
    city: City,
    instrument: Instrument,
    members: Mapping[str, Membership],
    stored: list[SupportingDocument],
    at: datetime,
) -> Assessment:
    """Open the year before, claim, prove a part of it, and take it through the official stages.

    Appends each document whose file is on disk to `stored`, for whoever has to undo it.
    """
    team, diary = Team(members), Diary(at - timedelta(days=FILLED_DAYS_AGO), city.zone)
    assessment = open_assessment(
        city=city,
        instrument=instrument,
        year=YEAR - 1,
        target=instrument.bands.get(predikat=TARGET),
        deadline=diary.today + timedelta(days=FILLED_DAYS_AGO - SUBMITTED_DAYS_AGO),
        by=team.user(ADMIN),
        at=diary.moment(OPENED, 0),
    )
    claims = _claims(instrument)
    import_claims(assessment, claims, by=team.user(SECRETARIAT), at=diary.moment(IMPORTED, 1))
    hand_in_and_review(assessment, team, diary, stored, worth=WORTH_A_PAPER, fate_of=_fate_of)
    _go_through_the_stages(assessment, claims, team, at)
    return assessment


def _claims(instrument: Instrument) -> Points:
    """The sheet of the later year, in which the city has improved on every fifth question."""
    return {
        code: _part(points) if number % 5 == 1 else points
        for number, (code, points) in enumerate(sheet_points(instrument).items())
        if points
    }


def _fate_of(number: int) -> Fate:
    return Fate.ACCEPTED_FOR_LESS if number % 6 == 2 else Fate.ACCEPTED


def _go_through_the_stages(
    assessment: Assessment, claims: Points, team: Team, at: datetime
) -> None:
    """Each stage enters its result and leads on; the year ends closed."""
    submit_assessment(
        assessment_id=assessment.pk,
        by=team.user(SECRETARIAT),
        at=at - timedelta(days=SUBMITTED_DAYS_AGO),
    )
    steps: list[tuple[Stage, ScoreKind, Callable[[int, Decimal], Decimal]]] = [
        (Stage.SUBMITTED, ScoreKind.EM, lambda _number, points: points),
        (Stage.ADMINISTRATIVE, ScoreKind.VA, _after_administration),
        (Stage.FIELD, ScoreKind.VL, _after_the_field),
        (Stage.FINAL, ScoreKind.VF, _in_the_end),
    ]
    for number, (stage, kind, given) in enumerate(steps, 1):
        moment = at - timedelta(days=SUBMITTED_DAYS_AGO - number * STAGE_DAYS)
        import_points(
            assessment=assessment,
            kind=kind,
            points={code: given(place, claims[code]) for place, code in enumerate(claims)},
            overwrite=False,
            source=f"berita acara {kind.label.lower()}, data peragaan",
            by=team.user(SECRETARIAT),
            at=moment,
        )
        advance_stage(
            assessment_id=assessment.pk,
            seen=stage,
            by=team.user(SECRETARIAT),
            at=moment + timedelta(hours=1),
        )


def _after_administration(number: int, points: Decimal) -> Decimal:
    """Papers were missing for every eighth question, unclear for every fourth."""
    if number % 8 == 3:
        return Decimal(0)
    return _part(points) if number % 4 == 1 else points


def _after_the_field(number: int, points: Decimal) -> Decimal:
    """What was missing came in for one question in sixteen; the visit found less elsewhere."""
    if number % 16 == 3:
        return points
    left = _after_administration(number, points)
    return _part(left) if number % 12 == 6 else left


def _in_the_end(number: int, points: Decimal) -> Decimal:
    left = _after_the_field(number, points)
    return _part(left) if number % 20 == 0 else left


def _part(points: Decimal) -> Decimal:
    return (points * THREE_QUARTERS).quantize(HUNDREDTH, ROUND_HALF_UP)

"""The decisions that are open to a city's leaders: at most five, the most important first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import islice

from django.utils.translation import gettext as _

from assessments.choices import AnswerState
from assessments.models import Assessment
from assessments.queries.year import YearBoard, YearStanding
from assessments.stages import StageAction
from figures.numbers import format_date, format_number

MOST = 5
AWARDS = 4  # as many of the last ones as a line holds


class Matter(StrEnum):
    """What a decision is about, and so where its page is."""

    TARGET = "target"
    DEADLINE = "deadline"
    PACE = "pace"
    LEAD = "lead"
    REVIEW = "review"
    RETURNED = "returned"
    OPD = "opd"
    CLUSTER = "cluster"


@dataclass(frozen=True, slots=True)
class Decision:
    """One thing to decide and the facts behind it; `subject` names the OPD or the cluster."""

    matter: Matter
    title: str
    fact: str
    subject: str = ""


def decisions(assessment: Assessment, board: YearBoard, *, today: date) -> list[Decision]:
    """Only what the stage of the year still allows to be done; no queries."""
    return list(islice(_decisions(assessment, board, today), MOST))


def _decisions(assessment: Assessment, board: YearBoard, today: date) -> Iterator[Decision]:
    yield from about_goal(assessment, board, today=today)
    yield from _about_pace(assessment, board, today)
    if StageAction.ASSIGN in assessment.actions and board.unled:
        words = _("%(count)d pertanyaan belum dipegang siapa pun.")
        yield Decision(
            Matter.LEAD,
            _("Tunjuk OPD penanggung jawab."),
            words % {"count": board.unled},
        )
    if StageAction.REVIEW in assessment.actions:
        yield from _about_documents(board)
    if StageAction.UPLOAD in assessment.actions:
        yield from _about_points(board)


def about_goal(
    assessment: Assessment, standing: YearStanding, *, today: date
) -> Iterator[Decision]:
    """What is missing to know where the year is going: its target, and a deadline to come."""
    may_aim = StageAction.CHANGE_YEAR in assessment.actions and standing.ladder.bands
    if may_aim and assessment.target_id is None:
        yield Decision(
            Matter.TARGET,
            _("Tetapkan predikat yang dituju."),
            _("Tanpa target tidak terlihat berapa poin yang masih harus dibuktikan."),
        )
    if not assessment.is_open:
        return
    if assessment.deadline is None:
        title, fact = (
            _("Tetapkan tenggat pengisian."),
            _("Tanpa tenggat, laju tidak dapat dinilai."),
        )
        yield Decision(Matter.DEADLINE, title, fact)
    elif assessment.deadline < today:
        words = _("Tenggat %(date)s sudah lewat dan penilaian belum diajukan.")
        title = _("Ajukan penilaian atau perpanjang tenggatnya.")
        facts = {"date": format_date(assessment.deadline)}
        yield Decision(Matter.DEADLINE, title, words % facts)


def _about_pace(assessment: Assessment, board: YearBoard, today: date) -> Iterator[Decision]:
    deadline, forecast = assessment.deadline, board.pace.known
    if not assessment.is_open or deadline is None or deadline < today or forecast is None:
        return
    if forecast.expected < board.questions:
        words = _("Dengan laju sekarang %(expected)d dari %(total)d diterima pada %(date)s.")
        facts = {
            "expected": forecast.expected,
            "total": board.questions,
            "date": format_date(deadline),
        }
        yield Decision(
            Matter.PACE, _("Percepat pengerjaan, atau pilih yang didahulukan."), words % facts
        )


def _about_documents(board: YearBoard) -> Iterator[Decision]:
    if board.waiting.total and board.waiting.oldest is not None:
        words = _(
            "%(count)d dokumen menunggu, terlama %(days)d hari; %(points)s poin bergantung padanya."
        )
        facts = {
            "count": board.waiting.total,
            "days": board.waiting.oldest,
            "points": format_number(board.left[AnswerState.WAITING]),
        }
        yield Decision(Matter.REVIEW, _("Selesaikan pemeriksaan dokumen."), words % facts)
    if board.states[AnswerState.RETURNED]:
        words = _("%(count)d pertanyaan menunggu perbaikan; nilainya %(points)s poin.")
        points = format_number(board.left[AnswerState.RETURNED])
        fact = words % {"count": board.states[AnswerState.RETURNED], "points": points}
        title = _("Minta perbaikan dokumen yang dikembalikan.")
        yield Decision(Matter.RETURNED, title, fact)


def _about_points(board: YearBoard) -> Iterator[Decision]:
    slowest = next(iter(board.opds), None)  # the one that holds most points back
    if slowest and slowest.held:
        words = _("Masih menahan %(points)s poin pada %(led)d pertanyaan yang dipimpinnya.")
        facts = {"points": format_number(slowest.held), "led": slowest.led}
        title = _("Dorong %(opd)s.") % {"opd": slowest.opd.name}
        yield Decision(Matter.OPD, title, words % facts, str(slowest.opd.pk))
    weakest = max(board.clusters, key=lambda row: row.maximum - row.evidenced, default=None)
    if weakest and weakest.evidenced < weakest.maximum:
        words = _("Di sana paling banyak tersisa: %(left)s dari %(maximum)s poin.")
        left = format_number(weakest.maximum - weakest.evidenced)
        facts = {"left": left, "maximum": format_number(weakest.maximum)}
        title = _("Pusatkan upaya pada %(cluster)s.") % {"cluster": weakest.label}
        yield Decision(Matter.CLUSTER, title, words % facts, weakest.code)

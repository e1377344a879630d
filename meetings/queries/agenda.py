"""What a meeting could talk about: decisions that wait, questions that are late, promises due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from assessments.models import Assessment
from assessments.services.owed import owed_by_opd
from cities.models import City
from figures.numbers import format_date
from meetings.models import Decision
from taskforce.choices import CommitmentState
from taskforce.models import Commitment
from taskforce.queries.composition import composition_board, current_decree

MOST_OPDS = 5  # an agenda is one page
AHEAD = timedelta(days=30)


def proposed_agenda(
    city: City, assessment: Assessment | None, *, today: date, at: datetime
) -> list[str]:
    """Items as sentences, the most pressing first, none for what is in order."""
    return [
        *_decisions(city, today),
        *(_questions(assessment, today, at) if assessment is not None else []),
        *_commitments(city, today),
        *_composition(city, today),
    ]


def _decisions(city: City, today: date) -> Iterator[str]:
    waiting = Decision.objects.filter(meeting__city=city, meeting__closed_at__isnull=False)
    waiting = waiting.still_open().late_first()
    for one in waiting.filter(due_on__lt=today).select_related("owner_opd", "owner_member"):
        facts = {"text": one.text, "owner": one.owner, "date": format_date(one.due_on)}
        yield _("Tindak lanjut terlambat sejak %(date)s: %(text)s (%(owner)s)") % facts
    count = waiting.filter(due_on__gte=today).count()
    if count:
        yield _("Laporan %(count)d tindak lanjut rapat yang masih berjalan") % {"count": count}


def _questions(assessment: Assessment, today: date, at: datetime) -> Iterator[str]:
    owing = [one for one in owed_by_opd(assessment, today=today, at=at) if one.late]
    for one in owing[:MOST_OPDS]:
        facts = {"opd": one.opd.name, "late": one.late, "all": len(one.questions)}
        yield _("%(opd)s: %(late)d dari %(all)d pertanyaan terlambat") % facts
    if len(owing) > MOST_OPDS:
        yield _("%(count)d OPD lain dengan pertanyaan terlambat") % {
            "count": len(owing) - MOST_OPDS
        }


def _commitments(city: City, today: date) -> Iterator[str]:
    due = Commitment.objects.filter(
        city=city, state=CommitmentState.RUNNING, due_on__lte=today + AHEAD
    )
    for one in due.order_by("due_on", "pk"):
        facts = {"party": one.party, "text": one.text, "date": format_date(one.due_on)}
        yield _("Komitmen %(party)s, jatuh tempo %(date)s: %(text)s") % facts


def _composition(city: City, today: date) -> Iterator[str]:
    board = composition_board(city, current_decree(city, today), day=today)
    for fault in board.faults:
        yield _("Susunan Gugus Tugas: %(fault)s") % {"fault": fault}

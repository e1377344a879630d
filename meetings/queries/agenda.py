"""What a meeting could talk about: decisions that wait, questions that are late, promises due.

Other packages add what they know: `KLA_AGENDA_SOURCES` names functions of the city and `today=`
that give sentences, the most pressing first, in one query each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from assessments.models import Assessment
from assessments.services.owed import owed_by_opd
from cities.models import City
from figures.numbers import format_date
from meetings.models import Decision
from taskforce.choices import CommitmentState
from taskforce.models import Commitment
from taskforce.queries.composition import Composition

AgendaSource = Callable[..., Iterable[str]]

MOST_OPDS = 5  # an agenda is one page
AHEAD = timedelta(days=30)


def proposed_agenda(
    city: City,
    assessment: Assessment | None,
    composition: Composition,
    *,
    today: date,
    at: datetime,
) -> list[str]:
    """Items as sentences, the most pressing first, none for what is in order."""
    sources: list[AgendaSource] = [import_string(path) for path in settings.KLA_AGENDA_SOURCES]
    return [
        *_decisions(city, today),
        *(_questions(assessment, today, at) if assessment is not None else []),
        *(item for source in sources for item in source(city, today=today)),
        *_commitments(city, today),
        *(_("Susunan Gugus Tugas: %(fault)s") % {"fault": one} for one in composition.faults),
    ]


def _decisions(city: City, today: date) -> Iterator[str]:
    waiting = Decision.objects.filter(meeting__city=city).decided().still_open().late_first()
    waiting = waiting.select_related("owner_opd", "owner_member")
    count = 0
    for one in waiting:
        if one.is_late_on(today):
            facts = {"text": one.text, "owner": one.owner, "date": format_date(one.due_on)}
            yield _("Tindak lanjut terlambat sejak %(date)s: %(text)s (%(owner)s)") % facts
        count += one.due_on is not None and one.due_on >= today
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

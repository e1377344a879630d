"""What a decision may be about, and when that says of itself that the decision was done.

Whatever was done before the meeting began closes nothing: a decision asks for what is still to come.
Where none of this says so, a person does. Packages above add what they know: `KLA_DECISION_SUBJECTS`
names their sources.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from assessments.choices import AnswerState, Verdict
from assessments.models import Answer, Evidence
from cities.models import City, Membership
from facilities.models import Finding
from territories.choices import CriterionLevel, ReportState
from territories.criteria import packaged_sets
from territories.models import CityCriteriaSet, CriteriaOfLevel, Report

BEGAN, CLOSED = OuterRef("meeting__starts_at"), OuterRef("meeting__closed_at")


@dataclass(frozen=True, slots=True)
class Subject:
    """What a decision is about. `url` is empty where the reader may not open its page.

    `outcome` says in words what closes the decision there.
    """

    title: str
    url: str
    outcome: str


class SubjectSource(Protocol):
    """Things of a package above that a decision may be about, each by its number.

    `kind` is stored with the decision; `label` is that of the field on the form.
    """

    kind: str
    label: str | Promise

    def offered(self, city: City) -> Mapping[str, Sequence[tuple[int, str]]]:
        """What the city can choose from, number and words, in named groups."""

    def named(self, ids: Collection[int], member: Membership | None) -> Mapping[int, Subject]:
        """Those that are still there, in one query; without a member none has a page."""

    def is_done(self) -> Exists:
        """Of a decision (`subject_id`, `meeting`), whether what it is about was done since."""


def subject_sources() -> list[SubjectSource]:
    return [import_string(path) for path in settings.KLA_DECISION_SUBJECTS]


def is_done_there() -> Q:
    """Of a row of decisions, whether what it is about says that it was done."""
    done = question_is_accepted() | unit_has_reported() | facility_is_mended()
    for source in subject_sources():
        done |= Q(source.is_done(), subject_kind=source.kind)
    return done


def question_is_accepted() -> Q:
    """The documents of the question are accepted, one since the meeting began, and none waits."""
    answers = Answer.objects.with_state().filter(pk=OuterRef("answer"))
    accepted = Evidence.objects.current().filter(answer=OuterRef("answer"))
    since = accepted.filter(verdict=Verdict.ACCEPTED, decided_at__gte=BEGAN)
    return Q(Exists(answers.filter(Q(state=AnswerState.ACCEPTED)))) & Q(Exists(since))


def unit_has_reported() -> Q:
    """To every criterion of its level a report of the unit is accepted, the last since the meeting.

    Of one year of data: the one that is reported on in the year of the meeting, or a later one.
    Sets that come with the project and published ones of the city count alike.
    """
    own = CityCriteriaSet.objects.filter(
        city=OuterRef("unit__city"), code=OuterRef("criteria"), published_at__isnull=False
    )
    whole = Q()
    for level in CriterionLevel:
        levels = level.unit_levels
        asked = own.annotate(asked=CriteriaOfLevel("criteria", level)).values("asked")
        whole |= Q(unit__level__in=levels, accepted=Subquery(asked))
        for criteria in packaged_sets():
            count = len(criteria.of(level))
            whole |= Q(criteria=criteria.code, unit__level__in=levels, accepted=count)
    accepted = Report.objects.filter(state=ReportState.ACCEPTED).order_by()
    of_year = accepted.filter(**{one: OuterRef(one) for one in ("unit", "year", "criteria")})
    counted = of_year.values("unit").annotate(number=Count("pk")).values("number")
    since = accepted.filter(
        unit=OuterRef("unit"),
        year__gte=OuterRef("meeting__starts_at__year") - 1,
        decided_at__gte=BEGAN,
    )
    return Q(Exists(since.annotate(accepted=Subquery(counted)).filter(whole)))


def facility_is_mended() -> Q:
    """Every finding noted at the facility before the minutes were closed is settled, one since.

    What is found later is another matter; a facility without findings is closed by a person.
    """
    noted = Finding.objects.filter(facility=OuterRef("facility"), at__lte=CLOSED)
    return Q(Exists(noted.filter(closed_at__gte=BEGAN))) & ~Q(Exists(noted.still_open()))

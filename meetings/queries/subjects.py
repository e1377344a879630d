"""What decisions are about, as pages and papers name it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from assessments.models import Assessment
from cities.models import Membership
from cities.roles import Permission
from facilities.models import Facility
from meetings.models import Decision
from meetings.models.meetings import DecisionQuerySet
from meetings.subjects import Subject, subject_sources


def told_decisions(decisions: DecisionQuerySet, member: Membership | None) -> list[Decision]:
    """Each with its progress and its `subject`; a query for them and one for each kind of subject.

    Without a member no subject has a page, as on paper.
    """
    rows = decisions.with_progress().select_related(
        *("meeting__city", "owner_opd", "owner_member", "done_by"),
        *("answer__question", "answer__assessment__city", "facility__city", "unit__city"),
    )
    found = list(rows)
    opened = _opened(found, member)
    above = _above(found, member)
    year = _unit_year(found, member)
    for one in found:
        one.subject = _subject(one, opened, year) or above.get((one.subject_kind, one.subject_id))
    return found


def _subject(one: Decision, opened: set[int], year: int | None) -> Subject | None:
    if one.answer is not None:
        title = _("Pertanyaan %(code)s") % {"code": one.answer.question.code}
        return Subject(title, one.answer.get_absolute_url(), _("dokumen pertanyaannya diterima"))
    if one.facility is not None:
        url = one.facility.get_absolute_url() if one.facility_id in opened else ""
        return Subject(one.facility.name, url, _("temuan di sana sudah diselesaikan"))
    if one.unit is not None:
        url = one.unit.url_in(year) if year else ""
        return Subject(one.unit.full_name, url, _("laporannya diterima lengkap"))
    return None


def _opened(decisions: Iterable[Decision], member: Membership | None) -> set[int]:
    """Of the facilities, those whose page the member may open."""
    ids = {one.facility_id for one in decisions if one.facility_id}
    if not ids or member is None or not member.may(Permission.VIEW_FACILITIES):
        return set()
    seen = Facility.objects.visible_to(member).filter(pk__in=ids)
    return set(seen.values_list("pk", flat=True))


def _unit_year(decisions: Iterable[Decision], member: Membership | None) -> int | None:
    """The year in which the pages of units are opened; None where the member may not."""
    is_asked = any(one.unit_id for one in decisions)
    if not is_asked or member is None or not member.may(Permission.VIEW_UNIT_REPORTS):
        return None
    year = Assessment.objects.current(member.city)
    return year.year if year else None


def _above(
    decisions: Iterable[Decision], member: Membership | None
) -> Mapping[tuple[str, int | None], Subject]:
    """What packages above say of theirs, by kind and number."""
    rows = [(one.subject_kind, one.subject_id) for one in decisions if one.subject_id]
    found: dict[tuple[str, int | None], Subject] = {}
    for source in subject_sources():
        ids = {pk for kind, pk in rows if kind == source.kind and pk}
        if ids:
            named = source.named(ids, member)
            found |= {(source.kind, pk): subject for pk, subject in named.items()}
    return found

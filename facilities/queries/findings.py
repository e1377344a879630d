"""What the pages show of findings, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from cities.models import Membership, Opd
from facilities.models import Facility, Finding, FindingQuerySet, Visit


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A finding with how many days are left of it; fewer than none where it is late."""

    finding: Finding
    days: int

    @property
    def is_late(self) -> bool:
        return self.finding.closed_at is None and self.days < 0

    @property
    def words(self) -> str:
        if self.days < 0:
            return _("terlambat %(days)d hari") % {"days": -self.days}
        return _("%(days)d hari lagi") % {"days": self.days} if self.days else _("hari ini")


def finding_rows(findings: Iterable[Finding], today: date) -> list[FindingRow]:
    return [FindingRow(one, (one.due_on - today).days) for one in findings]


def listed(member: Membership, state: str, opd: Opd | None, today: date) -> FindingQuerySet:
    """Those that the member sees: what is open, by its last day, unless asked for others.

    `state` is `terlambat`, `selesai` (the newest first), `semua`, or empty for the open ones.
    """
    rows = Finding.objects.visible_to(member)
    if state == "terlambat":
        rows = rows.late_on(today)
    elif state == "selesai":
        rows = rows.exclude(closed_at=None).order_by("-closed_at", "-pk")
    elif state != "semua":
        rows = rows.still_open()
    if opd is not None:
        rows = rows.filter(opd=opd)
    return rows.select_related("facility__city", "opd", "closed_by")


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many findings are open, and how many of them late."""

    count: int
    late: int


def waiting(findings: FindingQuerySet, today: date) -> Waiting:
    """One query."""
    late = Count("pk", filter=Q(due_on__lt=today))
    return Waiting(**findings.still_open().aggregate(count=Count("pk"), late=late))


@dataclass(frozen=True, slots=True)
class FindingsOfFacility:
    open: list[FindingRow]
    done: list[FindingRow]


def findings_of(facility: Facility, today: date) -> FindingsOfFacility:
    """One query."""
    found = facility.findings.select_related("facility__city", "opd", "closed_by")
    rows = finding_rows(found, today)
    return FindingsOfFacility(
        open=[row for row in rows if row.finding.closed_at is None],
        done=[row for row in rows if row.finding.closed_at is not None],
    )


def visit_of(finding: Finding) -> Visit | None:
    """On which visit it was found; None where that was no visit, or has not arrived yet."""
    if finding.visit_key is None:
        return None
    return finding.facility.visits.filter(key=finding.visit_key).first()

"""Actions of the RAD as what a meeting decides about, for `KLA_DECISION_SUBJECTS`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from django.db.models import Exists, OuterRef, Subquery
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actionplan.models import Action, ActionYear
from actionplan.models.action import WHOLE
from cities.models import City, Membership
from cities.roles import Permission
from meetings.subjects import Subject
from monitoring.models import Realisation

SHOWN = 100  # characters of an action, which may be as long as a page


class ActionSubjects:
    kind = "aksi"
    label = gettext_lazy("Aksi RAD")

    def offered(self, city: City) -> Mapping[str, Sequence[tuple[int, str]]]:
        """The actions of each plan, the newest plan first; one query."""
        groups: dict[str, list[tuple[int, str]]] = {}
        rows = Action.objects.filter(plan__city=city).select_related("plan")
        for one in rows.order_by("-plan__first_year", "-plan", "number"):
            groups.setdefault(one.plan.title, []).append((one.pk, _words(one)))
        return groups

    def named(self, ids: Collection[int], member: Membership | None) -> Mapping[int, Subject]:
        opened = Action.objects.none()
        if member is not None and member.may(Permission.VIEW_ACTIONS):
            opened = Action.objects.visible_to(member)
        rows = Action.objects.filter(pk__in=ids).select_related("plan__city")
        told = rows.annotate(is_opened=Exists(opened.filter(pk=OuterRef("pk"))))
        return {
            one.pk: Subject(
                title=_("Aksi RAD %(action)s") % {"action": _words(one)},
                url=one.get_absolute_url() if one.is_opened else "",
                outcome=_("aksinya dilaporkan terlaksana seluruhnya"),
            )
            for one in told
        }

    def is_done(self) -> Exists:
        """The last report of a year of the action says 100%, and came since the meeting began.

        Of the year of the meeting or a later one: what is reported in January of the year before
        says nothing of what was decided then.
        """
        reports = Realisation.objects.filter(action_year=OuterRef("pk"))
        last = reports.order_by("-quarter", "-revision")
        years = ActionYear.objects.annotate(
            reached=Subquery(last.values("physical")[:1]), told_at=Subquery(last.values("at")[:1])
        )
        return Exists(
            years.filter(
                action=OuterRef("subject_id"),
                year__gte=OuterRef("meeting__starts_at__year"),
                reached=WHOLE,
                told_at__gte=OuterRef("meeting__starts_at"),
            )
        )


def _words(action: Action) -> str:
    return Truncator(str(action)).chars(SHOWN)


ACTIONS = ActionSubjects()

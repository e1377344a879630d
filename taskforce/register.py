"""The register of the Gugus Tugas: which of its members are trained in the rights of the child."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.matrices.specs import evaluated_years
from figures.numbers import format_date
from registers.contract import AnswerKind, RegisterAnswer, RegisterRow
from taskforce.composition import composition_rules
from taskforce.models import Decree, TaskForceMember

KHA = "kha"
TRAINED = gettext_lazy("Anggota Gugus Tugas dengan sertifikat KHA yang berlaku")


class TaskForceRegister:
    """Members of the Gugus Tugas with a KHA certificate that holds, of all its members.

    Counted under the decree in force on 31 December of the last evaluated year. A post whose
    official nobody has named counts neither way.
    """

    code = "gugus-tugas"
    title = gettext_lazy("Gugus Tugas")

    def gives(self, key: str) -> AnswerKind | None:
        return AnswerKind.SHARE if key == KHA else None

    def keys(self) -> dict[str, str]:
        return {KHA: str(TRAINED)}

    def answer(self, *, city_id: int, city_slug: str, year: int, key: str) -> RegisterAnswer:
        if key != KHA:
            raise LookupError(key)
        as_of = date(evaluated_years(year)[1], 12, 31)
        decrees = (
            Decree.objects.filter(city=city_id).in_force_on(as_of).values_list("pk", flat=True)
        )
        under = TaskForceMember.objects.filter(decree=decrees[:1]).on(as_of)
        members = list(under.prefetch_related("certificates"))
        decree = members[0].decree_id if members else decrees.first()
        url = reverse("meetings:overview", args=[city_slug])
        if decree is not None:
            url = reverse("taskforce:decree_detail", args=[city_slug, decree])
        return RegisterAnswer(
            title=str(TRAINED),
            noun=_("anggota Gugus Tugas"),
            as_of=as_of,
            rows=tuple(kha_row(member, as_of) for member in members),
            url=f"{url}?tanggal={as_of.isoformat()}",
            silence=_("belum terisi nama pejabatnya"),
        )

    def faults(self) -> list[str]:
        composition_rules()  # raises where its file is broken
        return []


def kha_row(member: TaskForceMember, day: date) -> RegisterRow:
    """A member, and whether they are trained on that day."""
    holding = [one for one in member.certificates.all() if one.holds_on(day)]
    past = [one for one in member.certificates.all() if one.valid_to and one.valid_to < day]
    says = _("belum ada sertifikat")
    if not member.name:
        says = _("pejabat belum diisi")
    elif holding:
        says = str(holding[0])
    elif past:
        says = _("sertifikat berakhir %(date)s") % {"date": format_date(past[0].valid_to)}
    return RegisterRow(
        code="",
        name=str(member),
        group=member.institution,
        says=says,
        counts=bool(holding) if member.name else None,
    )


TASKFORCE = TaskForceRegister()

"""The register of territories: the share of units that meet a criterion."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.matrices.specs import evaluated_years
from registers.contract import AnswerKind, RegisterAnswer, RegisterRow
from territories.choices import CriterionLevel
from territories.criteria import criterion_at, packaged_sets
from territories.criteria_faults import REGISTER, faults_of
from territories.models import CriteriaChoice
from territories.queries.standing import standing_of


class TerritoryRegister:
    """Counts the units of the level that were active on 31 December of the last evaluated year.

    Every one of them is in the denominator; in the numerator are those whose accepted report
    meets the criterion, of the set that the city has chosen for the year. Who has no accepted report is a row that counts neither way.
    """

    code = REGISTER
    title = gettext_lazy("Laporan wilayah")

    def gives(self, key: str) -> AnswerKind | None:
        return AnswerKind.SHARE if criterion_at(key) else None

    def keys(self) -> dict[str, str]:
        return {
            f"{one.code}/{criterion.code}": f"{one.title} {criterion.code}: {criterion.text}"
            for one in packaged_sets()
            for criterion in one.criteria
        }

    def answer(self, *, city_id: int, city_slug: str, year: int, key: str) -> RegisterAnswer:
        found = criterion_at(key)
        if found is None:
            raise LookupError(key)
        criteria, criterion = found
        data_year = evaluated_years(year)[1]
        as_of = date(data_year, 12, 31)
        chosen = CriteriaChoice.objects.in_force(city_id, data_year) or criteria
        asked = chosen.get(criterion.code) if chosen.instrument == criteria.instrument else None
        # A city that reports by a set which does not ask this has no units to be counted.
        standing = standing_of(city_id, asked, chosen, year=data_year, as_of=as_of) if asked else []
        criterion = asked or criterion
        url = reverse("territories:unit_list", args=[city_slug, year])
        is_district = criterion.level == CriterionLevel.KECAMATAN
        return RegisterAnswer(
            title=criterion.text,
            noun=_("kecamatan") if is_district else _("kelurahan/desa"),
            as_of=as_of,
            rows=tuple(
                RegisterRow(
                    code=one.unit.code,
                    name=one.unit.name,
                    group=one.unit.parent.name if one.unit.parent else "",
                    says=one.says,
                    counts=one.counts,
                )
                for one in standing
            ),
            url=f"{url}?kriteria={criterion.code}",
        )

    def faults(self) -> list[str]:
        return [f"{one.code}: {fault}" for one in packaged_sets() for fault in faults_of(one)]


TERRITORIES = TerritoryRegister()

"""The register of territories: the share of units that meet a criterion."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.matrices.specs import evaluated_years
from clusters.library import packaged
from clusters.register_files import packaged_sources
from registers.contract import AnswerKind, RegisterAnswer, RegisterRow
from territories.choices import CriterionLevel
from territories.criteria import criterion_at, packaged_sets, set_faults
from territories.queries.standing import standing_of


class TerritoryRegister:
    """Counts the units of the level that were active on 31 December of the last evaluated year.

    Every one of them is in the denominator; in the numerator are those whose accepted report
    meets the criterion. Who has no accepted report is a row that counts neither way.
    """

    code = "wilayah"

    def gives(self, key: str) -> AnswerKind | None:
        return AnswerKind.SHARE if criterion_at(key) else None

    def answer(self, *, city_id: int, city_slug: str, year: int, key: str) -> RegisterAnswer:
        found = criterion_at(key)
        if found is None:
            raise LookupError(key)
        criteria, criterion = found
        data_year = evaluated_years(year)[1]
        as_of = date(data_year, 12, 31)
        standing = standing_of(city_id, criterion, criteria, year=data_year, as_of=as_of)
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
        keyed = [
            source.key.partition("/")[2]
            for spec in packaged_sources()
            for source in spec.sources
            if source.register == self.code
        ]
        return [
            f"{one.code}: {fault}"
            for one in packaged_sets()
            for fault in set_faults(one, packaged(one.instrument), keyed)
        ]


TERRITORIES = TerritoryRegister()

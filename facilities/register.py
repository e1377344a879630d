"""The register of facilities: the share of those that have, or are certified for, something."""

from __future__ import annotations

from datetime import date

from django.urls import reverse

from assessments.matrices.specs import evaluated_years
from clusters.register_files import packaged_sources
from facilities.queries.standing import Standing, standing_of
from facilities.types import Key, TypesError, catalogue, key_of
from registers.contract import RegisterAnswer, RegisterRow


class FacilityRegister:
    """Counts the facilities that were there on 31 December of the last evaluated year.

    Every one of the type is in the denominator; in the numerator are those with a paper that held
    on that day. A paper that had ended counts no more, and its row says so. Whether an office has
    a nursing room may be unknown: that row counts neither way.
    """

    code = "fasilitas"

    def knows(self, key: str) -> bool:
        return key_of(key) is not None

    def answer(self, *, city_id: int, city_slug: str, year: int, key: str) -> RegisterAnswer:
        found = key_of(key)
        if found is None:
            raise LookupError(key)
        as_of = date(evaluated_years(year)[1], 12, 31)
        sort = f"{found.type.code}.{found.kind}" if found.kind else found.type.code
        url = reverse("facilities:facility_list", args=[city_slug])
        return RegisterAnswer(
            title=found.title,
            noun=found.type.noun,
            as_of=as_of,
            rows=tuple(_row(one, found) for one in standing_of(city_id, found, as_of)),
            url=f"{url}?jenis={sort}",
            silence="belum diketahui",
        )

    def faults(self) -> list[str]:
        """What the file of types has wrong, and the keys that it does not know."""
        try:
            catalogue()
        except TypesError as error:
            return [str(fault) for fault in error.faults]
        return [
            f"{spec.instrument} {source.question}: {source.key}"
            for spec in packaged_sources()
            for source in spec.sources
            if source.register == self.code and not self.knows(source.key)
        ]


def _row(one: Standing, key: Key) -> RegisterRow:
    unit = one.facility.unit
    district = (unit.parent or unit) if unit else None
    return RegisterRow(
        code=one.facility.code or str(one.facility.pk),
        name=one.facility.name,
        group=district.name if district else "",
        says=one.says(key.measure),
        counts=one.counts(key.measure),
    )


FACILITIES = FacilityRegister()

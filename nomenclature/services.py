"""The codes of a decree, written. Whoever calls has asked the permission and holds the city."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from cities.models import City, CityTrailEvent, User
from cities.services.activity import NewEntry
from nomenclature.models import Nomenclature, NomenclatureCode
from workbooks.records import Record


def write_codes(
    city: City, decree: str, valid_from: date, rows: Iterable[Record], *, by: User, at: datetime
) -> NewEntry:
    """Add codes to a decree, or give them other names; a known decree keeps its first day."""
    nomenclature, _created = Nomenclature.objects.get_or_create(
        city=city, decree=decree, defaults={"valid_from": valid_from, "at": at, "by": by}
    )
    codes = [
        NomenclatureCode(
            nomenclature=nomenclature,
            code=row.key[0],
            name=row.values["name"],
            previous=row.values.get("previous", ""),
        )
        for row in rows
    ]
    NomenclatureCode.objects.bulk_create(
        codes,
        update_conflicts=True,
        unique_fields=["nomenclature", "code"],
        update_fields=["name", "previous"],
    )
    after = {"count": str(len(codes))}
    return NewEntry(CityTrailEvent.NOMENCLATURE_LOADED, decree, after=after)

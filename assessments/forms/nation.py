"""Filters of the cities on the nation's page, read from the address."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from assessments.queries.nation import UNKNOWN, USUAL, Country, Move
from cities.forms.lists import ListForm, choice_field, search_field


class NationFilterForm(ListForm):
    """Year and province choose what is counted; the rest only narrows the table."""

    orders = {
        "": (_("Predikat tertinggi"), ()),
        "predikat": (_("Predikat terendah"), ()),
        "nama": (_("Nama A–Z"), ()),
        "-nama": (_("Nama Z–A"), ()),
        "provinsi": (_("Provinsi"), ()),
        "-provinsi": (_("Provinsi, kode terakhir dahulu"), ()),
        "-perubahan": (_("Naik terbanyak"), ()),
        "perubahan": (_("Turun terbanyak"), ()),
        "-terbukti": (_("Terbukti tertinggi"), ()),
        "terbukti": (_("Terbukti terendah"), ()),
    }
    MOVES: ClassVar[list[tuple[str, Any]]] = [
        (Move.UP, _("Naik")),
        (Move.DOWN, _("Turun")),
        (Move.SAME, _("Tetap")),
    ]

    q = search_field(_("Cari nama kabupaten/kota"))
    tahun = choice_field(_("Tahun"), _("Terakhir diketahui"), [])
    provinsi = choice_field(_("Provinsi"), _("Semua provinsi"), [])
    predikat = choice_field(_("Predikat"), _("Semua predikat"), [])
    gerak = choice_field(_("Perubahan"), _("Semua"), MOVES)

    def __init__(self, *args: Any, shown: Country, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [band.predikat for band in reversed(shown.rungs.bands)]
        named = {award.predikat for place in shown.places for award in place.awards}
        names += sorted(named - set(names))
        self._offer("tahun", [(str(year), str(year)) for year in shown.years])
        self._offer("provinsi", shown.provinces)
        self._offer("predikat", [*((n, n) for n in names), (UNKNOWN, _("Belum diketahui"))])

    @property
    def year(self) -> int | None:
        return int(self.wanted["tahun"]) if "tahun" in self.wanted else None

    @property
    def is_narrowed(self) -> bool:
        """Whether the table shows only some of what is counted."""
        return bool(self.wanted.keys() & {"q", "predikat", "gerak"})

    @property
    def sort(self) -> str:
        return str(self.wanted.get("urut", USUAL))

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        self.fields[name].choices = [*self.fields[name].choices, *choices]  # type: ignore[attr-defined]

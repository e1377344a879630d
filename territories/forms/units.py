"""What people may enter about a unit, and what narrows the grid. Nothing is saved here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, ClassVar, cast

from crispy_forms.helper import FormHelper
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cities.forms.base import stacked
from cities.forms.lists import ListForm, choice_field, search_field
from cities.models import Membership
from territories.choices import CriterionLevel, ReportState
from territories.criteria import Criterion
from territories.models import Unit
from territories.queries.grid import GridLine
from territories.rating import rating_labels
from texts.folding import folded


class PeopleField(forms.ModelMultipleChoiceField):
    """Members by name and address."""

    def label_from_instance(self, obj: Membership) -> str:
        return f"{obj.user} ({obj.user.email})"


class UnitForm(forms.Form):
    head = forms.CharField(
        label=_("Camat, lurah, atau kepala desa"), max_length=150, required=False
    )
    contact = forms.CharField(
        label=_("Kontak kantor"),
        max_length=100,
        required=False,
        help_text=_("Nomor telepon atau e-mail kantor, bukan nomor pribadi."),
    )
    members = PeopleField(
        Membership.objects.none(),
        label=_("Petugas yang mengisi laporan"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Anggota dengan peran Kecamatan atau kelurahan; undang dulu di menu Anggota."),
    )

    def __init__(self, *args: Any, people: QuerySet[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(PeopleField, self.fields["members"])
        field.queryset = people

    @property
    def helper(self) -> FormHelper:
        return stacked("head", "contact", "members", save=str(_("Simpan")))


class GridFilterForm(ListForm):
    """Which units and criteria the grid shows; all of it stands in the address."""

    STATES = {
        "belum": (_("Belum melapor"), lambda row: not row.states),
        "menunggu": (_("Ada yang menunggu diperiksa"), lambda row: ReportState.SENT in row.states),
        "kembali": (_("Ada yang dikembalikan"), lambda row: ReportState.RETURNED in row.states),
    }

    # By the value in the address: what people read, and by what rows are sorted. Rows alike stay in
    # the order of codes.
    SORTS: ClassVar[dict[str, tuple[Any, Callable[[GridLine], Any]]]] = {
        "": (_("Kode wilayah"), lambda row: row.code),
        "nama": (_("Nama"), lambda row: folded(row.name)),
        "lapor": (_("Paling sedikit melapor"), lambda row: row.reported),
        "penuhi": (_("Paling banyak memenuhi"), lambda row: -row.met),
        "kurang": (_("Paling sedikit memenuhi"), lambda row: row.met),
    }

    q = search_field(_("Cari nama atau kode"))
    kecamatan = forms.ChoiceField(label=_("Kecamatan"), required=False)
    tingkat = forms.ChoiceField(
        label=_("Tingkat"),
        required=False,
        choices=[("", _("Kelurahan/desa")), (CriterionLevel.KECAMATAN.value, _("Kecamatan"))],
    )
    kriteria = forms.ChoiceField(label=_("Kriteria"), required=False)
    keadaan = choice_field(
        _("Keadaan"), _("Semua keadaan"), [(name, label) for name, (label, _q) in STATES.items()]
    )

    peringkat = forms.ChoiceField(label=_("Peringkat"), required=False)

    def __init__(
        self, *args: Any, criteria: Iterable[Criterion], districts: Iterable[Unit], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = {one.code: one for one in criteria}
        kriteria = cast(forms.ChoiceField, self.fields["kriteria"])
        kriteria.choices = [
            ("", _("Semua kriteria")),
            *((one.code, f"{one.code} {one.text}") for one in self.criteria.values()),
        ]
        peringkat = cast(forms.ChoiceField, self.fields["peringkat"])
        peringkat.choices = [("", _("Semua peringkat")), *rating_labels().items()]
        self.fields["urut"] = forms.ChoiceField(
            label=self.order_label,
            required=False,
            choices=[(name, label) for name, (label, _key) in self.SORTS.items()],
        )
        kecamatan = cast(forms.ChoiceField, self.fields["kecamatan"])
        kecamatan.choices = [
            ("", _("Semua kecamatan")),
            *((unit.code, unit.name) for unit in districts),
        ]

    @property
    def criterion(self) -> Criterion | None:
        return self.criteria.get(self.wanted.get("kriteria", ""))

    @property
    def level(self) -> CriterionLevel:
        """That of the criterion asked for, else the one chosen."""
        if self.criterion is not None:
            return self.criterion.level
        return CriterionLevel(self.wanted.get("tingkat") or CriterionLevel.KELURAHAN)

    @property
    def asked(self) -> list[Criterion]:
        if self.criterion is not None:
            return [self.criterion]
        return [one for one in self.criteria.values() if one.level == self.level]

    def narrowed(self, rows: Iterable[GridLine]) -> list[GridLine]:
        text, district = folded(self.wanted.get("q", "")), self.wanted.get("kecamatan", "")
        return [
            row
            for row in rows
            if (text in folded(row.name) or row.code.startswith(text))
            and (not district or district in (row.code, row.district_code))
        ]

    @property
    def wants_ratings(self) -> bool:
        """Whether every criterion of the level is needed; a single one rates nobody."""
        return self.criterion is None or "peringkat" in self.wanted

    def rated(self, rows: Iterable[GridLine]) -> list[GridLine]:
        wanted = self.wanted.get("peringkat", "")
        return [row for row in rows if not wanted or (row.rating and row.rating.code == wanted)]

    def ordered(self, rows: Iterable[GridLine]) -> list[GridLine]:
        return sorted(rows, key=self.SORTS[self.wanted.get("urut", "")][1])

    def in_state(self, rows: Iterable[GridLine]) -> list[GridLine]:
        wanted = self.wanted.get("keadaan", "")
        return [row for row in rows if not wanted or self.STATES[wanted][1](row)]

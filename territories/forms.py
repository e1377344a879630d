"""What people may enter about units and their reports. Nothing is saved here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from crispy_forms.helper import FormHelper
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cities.forms.base import stacked
from cities.forms.lists import ListForm, choice_field, search_field
from cities.models import Membership
from territories.choices import CriterionKind, CriterionLevel, ReportState
from territories.criteria import Criterion, Said
from territories.models import Unit
from territories.queries.boards import GridRow
from territories.queries.standing import Standing
from territories.services.reports import Entry
from texts.folding import folded

MOST = 10_000_000  # no city has more children
YES_NO = [("ya", _("Ya")), ("tidak", _("Tidak"))]
# By kind: the figures asked, with what people read above each.
FIGURES: dict[CriterionKind, dict[str, Any]] = {
    CriterionKind.YES_NO: {},
    CriterionKind.RATIO: {"part": _("Yang memenuhi"), "whole": _("Seluruhnya")},
    CriterionKind.COUNT: {"count": _("Jumlah")},
    CriterionKind.BY_SEX: {"boys": _("Laki-laki"), "girls": _("Perempuan")},
}


@dataclass(frozen=True, slots=True)
class AskedCriterion:
    """A criterion on the form: where it stands, and its fields; none while it waits."""

    standing: Standing
    fields: tuple[forms.BoundField, ...]
    source: forms.BoundField | None

    @property
    def is_open(self) -> bool:
        """Whether somebody has something to do here."""
        settled = self.standing.state in (ReportState.SENT, ReportState.ACCEPTED)
        return not settled or any(field.errors for field in self.fields)


class ReportForm(forms.Form):
    """One unit's answers to the criteria that are not waiting for a verdict."""

    def __init__(self, *args: Any, standings: Sequence[Standing], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.standings = standings
        for standing in self._open():
            self._add(standing)

    def _open(self) -> list[Standing]:
        return [one for one in self.standings if one.state != ReportState.SENT]

    def _add(self, standing: Standing) -> None:
        criterion, latest = standing.criterion, standing.latest
        said = latest.said if latest else Said()
        if criterion.kind == CriterionKind.YES_NO:
            self.fields[_name(criterion, "yes")] = forms.ChoiceField(
                label="",  # the legend around it asks
                choices=YES_NO,
                required=False,
                widget=forms.RadioSelect,
                initial={True: "ya", False: "tidak", None: ""}[said.yes],
            )
        for name, label in FIGURES[criterion.kind].items():
            self.fields[_name(criterion, name)] = forms.IntegerField(
                label=label,
                required=False,
                min_value=0,
                max_value=MOST,
                widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
                initial=getattr(said, name),
                error_messages={"invalid": _("Isi dengan bilangan bulat, misalnya 1250.")},
            )
        if criterion.kind in (CriterionKind.COUNT, CriterionKind.BY_SEX):
            self.fields[_name(criterion, "nil")] = forms.BooleanField(
                label=_("Nihil: tidak ada sama sekali"), required=False, initial=said.nil
            )
        self.fields[_name(criterion, "source")] = forms.CharField(
            label=_("Sumber, misalnya nomor surat; tanpa nama atau NIK anak"),
            required=False,
            max_length=200,
            initial=latest.source if latest else "",
        )

    @property
    def asked(self) -> list[AskedCriterion]:
        return [self._asked(standing) for standing in self.standings]

    def _asked(self, standing: Standing) -> AskedCriterion:
        criterion = standing.criterion
        names = [_name(criterion, name) for name in ("yes", "part", "whole", "count", "boys")]
        names += [_name(criterion, name) for name in ("girls", "nil")]
        source = _name(criterion, "source")
        return AskedCriterion(
            standing=standing,
            fields=tuple(self[name] for name in names if name in self.fields),
            source=self[source] if source in self.fields else None,
        )

    def entries(self) -> dict[str, Entry]:
        """What was written, by criterion code; of a valid form."""
        return {one.criterion.code: self._entry(one.criterion) for one in self._open()}

    def _entry(self, criterion: Criterion) -> Entry:
        def given(name: str) -> Any:
            return self.cleaned_data.get(_name(criterion, name))

        said = Said(
            yes={"ya": True, "tidak": False}.get(given("yes") or ""),
            part=given("part"),
            whole=given("whole"),
            count=given("count"),
            boys=given("boys"),
            girls=given("girls"),
            nil=bool(given("nil")),
        )
        return Entry(said, given("source") or "")


def _name(criterion: Criterion, figure: str) -> str:
    return f"k{criterion.code.replace('.', '-')}-{figure}"


class ReturnForm(forms.Form):
    reason = forms.CharField(
        label=_("Apa yang harus diperbaiki"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


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
        "belum": (_("Belum melapor"), lambda row: row.reported == 0),
        "menunggu": (_("Ada yang menunggu diperiksa"), lambda row: row.waiting > 0),
        "kembali": (_("Ada yang dikembalikan"), lambda row: row.returned > 0),
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

    def narrowed(self, units: Iterable[Unit]) -> list[Unit]:
        text, district = folded(self.wanted.get("q", "")), self.wanted.get("kecamatan", "")
        return [
            unit
            for unit in units
            if (text in folded(unit.name) or unit.code.startswith(text))
            and (not district or district in (unit.code, unit.parent.code if unit.parent else ""))
        ]

    def in_state(self, rows: Iterable[GridRow]) -> list[GridRow]:
        wanted = self.wanted.get("keadaan", "")
        return [row for row in rows if not wanted or self.STATES[wanted][1](row)]

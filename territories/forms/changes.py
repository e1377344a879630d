"""What became of a unit, as people enter it. Nothing is saved here."""

from __future__ import annotations

from typing import Any, cast

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cities.forms.base import stacked
from territories.choices import ChangeKind, UnitLevel
from territories.models import Unit
from territories.services.units import NewUnit
from texts.day_fields import DayField

FOLLOWED = (ChangeKind.SPLIT, ChangeKind.MERGED, ChangeKind.PROMOTED)


class OtherUnitsField(forms.ModelMultipleChoiceField):
    """Units by code and name."""

    def label_from_instance(self, obj: Unit) -> str:
        return f"{obj.code} {obj.name}"


class UnitChangeForm(forms.Form):
    """One change of one unit; `others` are those with which it may merge.

    Only a desa becomes a kelurahan. The units that follow are lines of a code and a name.
    """

    kind = forms.ChoiceField(label=_("Yang berubah"), widget=forms.RadioSelect)
    on = DayField(label=_("Berlaku mulai"))
    basis = forms.CharField(
        label=_("Dasar hukum"),
        max_length=200,
        help_text=_("Misalnya nomor dan tahun peraturan daerah."),
    )
    name = forms.CharField(
        label=_("Nama baru"),
        max_length=100,
        required=False,
        help_text=_("Hanya untuk perubahan nama. Tahun sebelumnya tetap memakai nama lama."),
    )
    after = forms.CharField(
        label=_("Wilayah sesudahnya"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Untuk pemekaran, penggabungan, dan perubahan status: satu baris satu wilayah, kode "
            "lalu nama, misalnya 18.72.01.1006 Mulyosari. Wilayah yang tetap ada ditulis dengan "
            "kode lamanya."
        ),
    )
    others = OtherUnitsField(
        Unit.objects.none(),
        label=_("Bergabung dengan"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Hanya untuk penggabungan."),
    )

    def __init__(self, *args: Any, unit: Unit, others: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit = unit
        cast(OtherUnitsField, self.fields["others"]).queryset = others
        is_desa = unit.level in (UnitLevel.DESA, UnitLevel.DESA_ADAT)
        cast(forms.ChoiceField, self.fields["kind"]).choices = [
            (kind.value, kind.label)
            for kind in ChangeKind
            if is_desa or kind != ChangeKind.PROMOTED
        ]

    @property
    def helper(self) -> FormHelper:
        fields = ("kind", "on", "basis", "name", "after", "others")
        return stacked(*fields, save=str(_("Catat perubahan")))

    def clean_after(self) -> list[tuple[str, str]]:
        """Code and name of each line."""
        found = []
        for number, line in enumerate(self.cleaned_data["after"].splitlines(), 1):
            code, _space, name = line.strip().partition(" ")
            if not code:
                continue
            if len(code) > 13 or not code.replace(".", "").isdecimal() or not name.strip():
                raise ValidationError(
                    _("Baris %(number)d: tulis kode wilayah, spasi, lalu namanya."),
                    code="line",
                    params={"number": number},
                )
            found.append((code, name.strip()[:100]))
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        kind = data.get("kind")
        if kind == ChangeKind.RENAMED and not data.get("name"):
            self.add_error("name", _("Tuliskan nama yang baru."))
        if kind in FOLLOWED and "after" in data and not data["after"]:
            self.add_error("after", _("Tuliskan wilayah sesudah perubahan, satu baris satu."))
        return data

    @property
    def kind_chosen(self) -> ChangeKind:
        return ChangeKind(self.cleaned_data["kind"])

    @property
    def ending(self) -> list[int]:
        """The ids of what ends: this unit, and in a merger the others."""
        others = self.cleaned_data["others"] if self.kind_chosen == ChangeKind.MERGED else []
        return [self.unit.pk, *(unit.pk for unit in others)]

    @property
    def following(self) -> list[NewUnit]:
        """What begins: of the same level, but a kelurahan where a desa became one."""
        promoted = self.kind_chosen == ChangeKind.PROMOTED
        level = UnitLevel.KELURAHAN if promoted else UnitLevel(self.unit.level)
        return [NewUnit(code, name, level) for code, name in self.cleaned_data["after"]]

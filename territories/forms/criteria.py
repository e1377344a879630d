"""What people enter about criteria of units. Nothing is saved here."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from cities.forms.base import stacked
from clusters.checking import CODE, DECIMALS, MAX_POINTS
from clusters.spec import MAX_CODE, MAX_NAME
from territories.choices import CriterionKind, CriterionLevel, Direction
from territories.criteria import Criterion


class CopyForm(forms.Form):
    title = forms.CharField(label=_("Judul versi baru"), max_length=150)


class CriterionForm(forms.Form):
    code = forms.CharField(
        label=_("Kode"),
        max_length=MAX_CODE,
        validators=[RegexValidator(rf"^{CODE.pattern}\Z", _("Pakai huruf, angka, titik, atau -."))],
        help_text=_("Kode pertanyaan yang dijawabnya, misalnya 26.4; selain itu kode sendiri."),
    )
    level = forms.ChoiceField(label=_("Ditanyakan kepada"), choices=CriterionLevel.choices)
    text = forms.CharField(label=_("Yang ditanyakan"), max_length=MAX_NAME)
    kind = forms.ChoiceField(
        label=_("Jenis"), choices=CriterionKind.choices, widget=forms.RadioSelect
    )
    direction = forms.ChoiceField(
        label=_("Terpenuhi bila"),
        choices=[("", _("– (ya atau tidak)")), *Direction.choices],
        required=False,
    )
    threshold = forms.DecimalField(
        label=_("Ambang"),
        min_value=0,
        max_value=MAX_POINTS,
        decimal_places=DECIMALS,
        localize=True,
        required=False,
        help_text=_("Dalam persen untuk bagian dari keseluruhan, dalam jumlah untuk jumlah."),
    )
    adverse = forms.BooleanField(
        label=_("Merugikan: wilayah yang memenuhinya justru bermasalah, misalnya ada gizi buruk"),
        required=False,
    )
    evidence = forms.CharField(label=_("Bukti yang diminta"), max_length=MAX_NAME)
    required = forms.BooleanField(label=_("Wajib diisi"), required=False, initial=True)

    @property
    def helper(self) -> FormHelper:
        return stacked(*self.fields, save=str(_("Simpan")))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        is_measured = data.get("kind") not in (None, CriterionKind.YES_NO)
        for name in ("direction", "threshold"):
            if is_measured and name in data and data[name] in (None, ""):
                self.add_error(name, _("Isi bagi jumlah dan bagian dari keseluruhan."))
        return data

    @property
    def criterion(self) -> Criterion:
        """Of yes or no there is neither threshold nor direction, whatever was typed."""
        data = self.cleaned_data
        kind = CriterionKind(data["kind"])
        is_measured = kind != CriterionKind.YES_NO
        return Criterion(
            code=data["code"],
            level=CriterionLevel(data["level"]),
            text=data["text"],
            kind=kind,
            evidence=data["evidence"],
            required=data["required"],
            threshold=data["threshold"] if is_measured else None,
            direction=Direction(data["direction"]) if is_measured else None,
            adverse=data["adverse"],
        )

    @staticmethod
    def initial_of(criterion: Criterion) -> dict[str, Any]:
        return {name: getattr(criterion, name) for name in CriterionForm.base_fields}

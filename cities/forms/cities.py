"""What people may enter about a city. Nothing is saved here."""

from __future__ import annotations

from typing import Any, cast

from crispy_forms.helper import FormHelper
from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.forms.base import stacked
from cities.models import Province, Zone


class CityForm(forms.Form):
    """A kabupaten or kota that the official list does not have yet."""

    province = forms.ModelChoiceField(Province.objects.all(), label=_("Provinsi"))
    code = forms.CharField(
        label=_("Kode wilayah"),
        max_length=5,
        help_text=_("Kode Kemendagri, misalnya 18.72; dua angka pertama adalah kode provinsi."),
        validators=[
            RegexValidator(
                r"^\d{2}\.\d{2}\Z",
                _("Tulis dua angka, titik, dua angka, misalnya 18.72."),
                code="not_a_code",
            )
        ],
    )
    name = forms.CharField(
        label=_("Nama"), max_length=100, help_text=_("Lengkap, misalnya Kota Metro.")
    )
    zone = forms.ChoiceField(label=_("Zona waktu"), choices=Zone.choices)

    @property
    def helper(self) -> FormHelper:
        return stacked("province", "code", "name", "zone", save=gettext("Tambahkan kota"))

    def clean(self) -> dict[str, Any]:
        cleaned = cast("dict[str, Any]", super().clean())
        province, code = cleaned.get("province"), cleaned.get("code")
        if province and code and not code.startswith(f"{province.code}."):
            self.add_error(
                "code",
                forms.ValidationError(
                    _("Kode wilayah di %(province)s dimulai dengan %(code)s."),
                    code="other_province",
                    params={"province": province.name, "code": province.code},
                ),
            )
        return cleaned


class CityEditForm(forms.Form):
    name = forms.CharField(
        label=_("Nama"), max_length=100, help_text=_("Lengkap, misalnya Kota Metro.")
    )
    zone = forms.ChoiceField(
        label=_("Zona waktu"),
        choices=Zone.choices,
        help_text=_("Waktu di halaman kota ini mengikuti zona ini."),
    )

    @property
    def helper(self) -> FormHelper:
        return stacked("name", "zone", save=gettext("Simpan data kota"))

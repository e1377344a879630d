"""What people may enter about cities, OPDs and members. Nothing is saved here."""

from __future__ import annotations

from typing import Any, cast

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Field, Layout, LayoutObject, Submit
from django import forms
from django.core.validators import RegexValidator
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.emails import EmailField
from cities.models import City, Opd, OpdKind, Province, Zone
from cities.roles import Role


def stacked(*fields: str | LayoutObject, save: str) -> FormHelper:
    """One column, the button that says what it does, and the way back (`cancel_url`)."""
    helper = FormHelper()
    helper.attrs = {"data-once": "", "data-unsaved": ""}
    helper.layout = Layout(
        *fields,
        Div(
            Submit("save", save),
            HTML(
                '{% load i18n %}<a class="btn btn-outline-secondary" href="{{ cancel_url }}">'
                "{% translate 'Batal' %}</a>"
            ),
            css_class="form-actions d-flex flex-wrap gap-2",
        ),
    )
    return helper


# --- Cities -----------------------------------------------------------------------------------


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


# --- OPDs -------------------------------------------------------------------------------------


class OpdForm(forms.Form):
    code = forms.CharField(
        label=_("Kode"),
        max_length=30,
        help_text=_(
            "Kode seperti pada instrumen, misalnya DINKES; dipakai untuk penugasan bawaan."
        ),
        validators=[
            RegexValidator(
                r"^[A-Za-z0-9][A-Za-z0-9_.-]*\Z",
                _("Gunakan huruf, angka, titik, garis bawah, atau tanda hubung, tanpa spasi."),
                code="not_a_code",
            )
        ],
    )
    name = forms.CharField(label=_("Nama"), max_length=150)
    kind = forms.ChoiceField(label=_("Jenis"), choices=OpdKind.choices)

    def __init__(self, *args: Any, save: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.save_label = save

    @property
    def helper(self) -> FormHelper:
        return stacked("code", "name", "kind", save=self.save_label)

    def clean_code(self) -> str:
        return str(self.cleaned_data["code"]).upper()


# --- Members ----------------------------------------------------------------------------------


class MemberEditForm(forms.Form):
    """A member's role; the OPDs offered are the city's own active ones."""

    role = forms.ChoiceField(label=_("Peran"), choices=Role.choices)
    opd = forms.ModelChoiceField(
        Opd.objects.none(),
        label=_("OPD"),
        required=False,
        empty_label=_("Tidak ada"),
        help_text=_("Hanya untuk peran OPD."),
    )

    def __init__(self, *args: Any, city: City, current: Opd | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        opd = cast("forms.ModelChoiceField[Opd]", self.fields["opd"])
        # Whoever sits in an OPD that was deactivated since can stay there.
        kept = Q(pk=current.pk) if current else Q()
        opd.queryset = city.opds.filter(Q(is_active=True) | kept)

    @property
    def helper(self) -> FormHelper:
        return stacked("role", "opd", save=gettext("Simpan peran"))

    def clean(self) -> dict[str, Any]:
        cleaned = cast("dict[str, Any]", super().clean())
        role, opd = cleaned.get("role"), cleaned.get("opd")
        if role == Role.OPD and opd is None and "opd" not in self.errors:
            self.add_error(
                "opd",
                forms.ValidationError(_("Pilih OPD tempat orang ini bekerja."), code="opd_needed"),
            )
        if role and role != Role.OPD and opd is not None:
            self.add_error(
                "opd",
                forms.ValidationError(
                    _("Peran ini tidak memiliki OPD. Pilih “Tidak ada”, atau ubah perannya."),
                    code="opd_not_allowed",
                ),
            )
        return cleaned


class NewcomerForm(forms.Form):
    """A person known by e-mail, who may have an account already."""

    email = EmailField(label=_("E-mail"), max_length=254)
    name = forms.CharField(
        label=_("Nama"),
        max_length=150,
        help_text=_("Dipakai sebagai sapaan dalam surat undangan."),
    )


class MemberReplaceForm(NewcomerForm):
    """Who comes in the place of a member, with the same role and OPD."""

    @property
    def helper(self) -> FormHelper:
        return stacked(Field("email", autocomplete="off"), "name", save=gettext("Ganti petugas"))


# --- Accounts ---------------------------------------------------------------------------------


class AccountForm(forms.Form):
    """What a site administrator may change of an account."""

    name = forms.CharField(label=_("Nama"), max_length=150)
    email = EmailField(
        label=_("E-mail"),
        max_length=254,
        help_text=_("Dengan alamat ini orangnya masuk; alamat yang lama tidak berlaku lagi."),
    )
    is_site_admin = forms.BooleanField(
        label=_("Administrator situs"),
        required=False,
        help_text=_("Dapat membuka setiap kota. Semua kota yang ikut mencatatnya dalam jejak."),
    )

    @property
    def helper(self) -> FormHelper:
        return stacked("name", "email", "is_site_admin", save=gettext("Simpan akun"))

"""What site administrators may enter about an account. Nothing is saved here."""

from __future__ import annotations

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.emails import EmailField
from cities.forms.base import stacked


class NewEmailForm(forms.Form):
    """The address with which somebody wants to sign in from now on."""

    email = EmailField(
        label=_("E-mail baru"),
        max_length=254,
        help_text=_("Tautan konfirmasi dikirim ke alamat ini; alamat lama diberi tahu."),
    )

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.attrs = {"data-once": ""}
        helper.layout = Layout("email", Submit("save", gettext("Kirim tautan")))
        return helper


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

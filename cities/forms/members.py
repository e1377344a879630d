"""What people may enter about members. Nothing is saved here."""

from __future__ import annotations

from typing import Any, cast

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field
from django import forms
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.emails import EmailField
from cities.forms.base import stacked
from cities.models import City, Opd
from cities.roles import Role


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

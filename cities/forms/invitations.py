"""What people may enter to invite somebody and to accept. Nothing is saved here."""

from __future__ import annotations

from typing import Any, cast

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.forms.base import stacked
from cities.forms.members import MemberEditForm, NewcomerForm
from cities.member_sheets import MemberSheet, read_members
from cities.models import City, Invitation, User
from cities.roles import Role
from cities.services.invitations import Guest
from figures.numbers import too_large_facts
from texts.file_fields import FilePicker

MAX_BYTES = 5 * 1024 * 1024
# How long a checked list waits for the click that invites.
PREVIEW_SECONDS = 60 * 60


class InvitationForm(NewcomerForm, MemberEditForm):
    """Somebody to invite, known by e-mail."""

    field_order = ["email", "name", "role", "opd"]

    def __init__(self, *args: Any, city: City, **kwargs: Any) -> None:
        super().__init__(*args, city=city, **kwargs)
        self.initial = {"role": Role.OPD, **self.initial}

    @property
    def helper(self) -> FormHelper:
        return stacked(
            Field("email", autocomplete="off"),
            Field("name", autocomplete="off"),
            "role",
            "opd",
            save=gettext("Kirim undangan"),
        )

    @property
    def guest(self) -> Guest:
        return Guest(**self.cleaned_data)


class CodeForm(forms.Form):
    """The code that belongs to a link which came without a letter."""

    code = forms.CharField(
        label=_("Kode undangan"),
        max_length=30,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        help_text=_("8 huruf dan angka, yang disampaikan terpisah dari tautan ini."),
    )


class AcceptanceForm(CodeForm):
    """The name and the password of somebody who is new here; the code where one is needed."""

    name = forms.CharField(
        label=_("Nama"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    password = forms.CharField(
        label=_("Kata sandi"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_(
            "Sedikitnya 12 tanda: beberapa kata yang tidak berhubungan, tanpa nama Anda dan kota."
        ),
    )
    again = forms.CharField(
        label=_("Kata sandi, sekali lagi"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, invitation: Invitation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"name": invitation.name}
        self.email = invitation.email
        if invitation.handed_over_at is None:
            del self.fields["code"]

    def clean(self) -> dict[str, Any]:
        cleaned = cast("dict[str, Any]", super().clean())
        password, again = cleaned.get("password"), cleaned.get("again")
        if password and again and password != again:
            self.add_error("again", _("Kedua kata sandi berbeda. Ketik ulang."))
        if password:
            owner = User(email=self.email, name=cleaned.get("name", ""))
            try:
                validate_password(password, owner)
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned


class MemberSheetForm(forms.Form):
    """A filled list of people to invite, read and checked against the city."""

    file = forms.FileField(
        label=_("Daftar anggota"),
        help_text=_("XLSX atau CSV dengan kolom nama, e-mail, peran, dan OPD."),
        widget=FilePicker({"accept": ".csv,.xlsx"}),
    )

    def __init__(self, *args: Any, city: City, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.city = city

    def clean_file(self) -> MemberSheet:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MAX_BYTES:
            raise ValidationError(
                _("Berkas ini %(size)s, paling besar %(limit)s. Hapus lembar lain dari berkas."),
                code="too_large",
                params=too_large_facts(file.size or 0, MAX_BYTES),
            )
        return read_members(file.read(), file.name or "", city=self.city)


class CheckedGuestsForm(forms.Form):
    """The people of a checked list, as they were shown: signed for this city and this person."""

    guests = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, city: City, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.city = city
        self.salt = f"cities.guests:{city.pk}:{by.pk}"

    def signed(self, guests: list[Guest]) -> str:
        rows = [(g.email, g.name, g.role, g.opd.pk if g.opd else None) for g in guests]
        return signing.dumps(rows, salt=self.salt, compress=True)

    def clean_guests(self) -> list[Guest]:
        try:
            rows = signing.loads(
                self.cleaned_data["guests"], salt=self.salt, max_age=PREVIEW_SECONDS
            )
        except signing.BadSignature as error:
            raise ValidationError(
                _("Pratinjau ini sudah lewat satu jam. Unggah daftarnya sekali lagi."),
                code="too_old",
            ) from error
        opds = self.city.opds.in_bulk([pk for *_rest, pk in rows if pk])
        return [Guest(email, name, role, opds.get(pk)) for email, name, role, pk in rows]

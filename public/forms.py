"""What the public writes, and how the city's people narrow the list of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cities.forms.lists import ListForm, choice_field, search_field
from public.choices import MessageState
from public.models import MOST_SIGNS, MOST_TITLE
from territories.models import Unit


class PublicMessageForm(forms.Form):
    """Asks for nothing about the sender."""

    unit = forms.ModelChoiceField(
        Unit.objects.none(), label=_("Kelurahan atau desamu"), required=False, empty_label="–"
    )
    text = forms.CharField(
        label=_("Apa yang kurang?"),
        help_text=_("Jangan tulis nama, nomor, atau alamat rumah."),
        max_length=MOST_SIGNS,
        widget=forms.Textarea({"rows": 4}),
    )

    def __init__(self, *args: Any, units: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["unit"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 -- narrows for mypy
        field.queryset = Unit.objects.filter(pk__in=[one.pk for one in units])
        field.choices = [("", "–"), *((one.pk, one.full_name) for one in units)]


class MessageFilterForm(ListForm):
    keadaan = choice_field(_("Keadaan"), _("Semua keadaan"), list(MessageState.choices))


class DocumentFilterForm(ListForm):
    q = search_field(_("Cari judul atau nomor"))


class ReleasedDocumentForm(forms.Form):
    """How the public will know a document, and the word of whoever read it."""

    title = forms.CharField(
        label=_("Judul yang dibaca semua orang"),
        help_text=_("Tanpa nama orang. Nama berkas yang diunduh dibuat dari judul ini."),
        max_length=MOST_TITLE,
    )
    is_read = forms.BooleanField(
        label=_("Saya sudah membaca seluruh isinya; tidak ada data pribadi warga di dalamnya"),
        required=False,
    )

"""What the public writes, and how the city's people narrow the list of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cities.forms.lists import ListForm, choice_field
from public.choices import MessageState
from public.models import MOST_SIGNS
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

"""Which notifications a person gets, on the site and by e-mail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms

from assessments.choices import NotificationKind
from assessments.services.notifications import Channels


class PreferencesForm(forms.Form):
    """A box for each kind of notice and each way: inbox, e-mail."""

    def __init__(
        self, *args: Any, held: Mapping[NotificationKind, Channels], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for kind, channels in held.items():
            self.fields[f"{kind}_in_app"] = _box(is_on=channels.in_app)
            self.fields[f"{kind}_email"] = _box(is_on=channels.email)

    def rows(self) -> Iterator[tuple[NotificationKind, forms.BoundField, forms.BoundField]]:
        for kind in NotificationKind:
            yield kind, self[f"{kind}_in_app"], self[f"{kind}_email"]

    def chosen(self) -> dict[NotificationKind, Channels]:
        data = self.cleaned_data
        return {
            kind: Channels(in_app=data[f"{kind}_in_app"], email=data[f"{kind}_email"])
            for kind in NotificationKind
        }


def _box(*, is_on: bool) -> forms.BooleanField:
    widget = forms.CheckboxInput(attrs={"class": "form-check-input"})
    return forms.BooleanField(required=False, initial=is_on, widget=widget)

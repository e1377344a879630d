"""The control with which people choose files."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.widgets import Script


class FilePicker(forms.FileInput):
    """The browser's own control, whose words follow the browser's language; static/js/pickers.js puts
    Indonesian ones in their place.
    """

    class Media:
        js = [Script("js/pickers.js", type="module")]

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"data-picker": True, **(attrs or {})})

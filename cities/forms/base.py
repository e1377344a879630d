"""The layout that the forms of this package share."""

from __future__ import annotations

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Layout, LayoutObject, Submit
from django import forms
from django.http import QueryDict


def stacked(*fields: str | LayoutObject, save: str, queued: str = "") -> FormHelper:
    """One column, the button that says what it does, and the way back (`cancel_url`).

    `queued` is what the form sends, where it goes through the queue of static/js/field.js.
    """
    helper = FormHelper()
    helper.attrs = {"data-once": "", "data-unsaved": ""}
    if queued:
        helper.attrs["data-field-form"] = queued
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


class SeenForm(forms.Form):
    """A form with a hidden field `seen`: the newest row that whoever fills it knew of."""

    def show_newest(self, seen: object) -> None:
        """Let the form know of a newer one: whoever read the refusal may send all the same."""
        sent = QueryDict(mutable=True)
        sent.update(self.data)
        sent["seen"] = str(seen)
        self.data = sent

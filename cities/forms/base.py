"""The layout that the forms of this package share."""

from __future__ import annotations

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Layout, LayoutObject, Submit


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

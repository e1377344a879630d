"""`{% csrf_token %}` of every template of the site: it brings the form's own token as well."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import defaulttags
from django.utils.html import format_html

from kla.form_tokens import FIELD, new_token

register = template.Library()


class SecretsNode(defaulttags.CsrfTokenNode):
    def render(self, context: Any) -> str:
        forged = super().render(context)
        person = getattr(context.get("csrf_token"), "person", None)
        if person is None:  # nobody is signed in, or the page was made without a request
            return forged
        own = format_html('<input type="hidden" name="{}" value="{}">', FIELD, new_token(person))
        return forged + own


@register.tag
def csrf_token(parser: template.base.Parser, token: template.base.Token) -> SecretsNode:
    return SecretsNode()

"""Whether letters can be sent from here, for the pages that speak of them."""

from __future__ import annotations

from django import template

from outbox.sending import is_set_up

register = template.Library()


@register.simple_tag
def mail_is_set_up() -> bool:
    """Whether letters reach anybody from here."""
    return is_set_up()

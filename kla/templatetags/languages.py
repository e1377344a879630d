"""In which other language a page can be read."""

from __future__ import annotations

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from kla.languages import offered_to

register = template.Library()


@register.simple_tag
def other_languages() -> list[tuple[str, str]]:
    """Code and own name of each language of the site but that of the page."""
    return [(code, name) for code, name in settings.LANGUAGES if code != get_language()]


@register.simple_tag
def offered_language(request: HttpRequest | None) -> str | None:
    """The code of the language that this browser wishes for and that nobody has refused yet."""
    return offered_to(request) if request else None

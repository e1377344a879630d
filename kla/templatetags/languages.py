"""In which other language a page can be read."""

from __future__ import annotations

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.utils.html import json_script
from django.utils.translation import get_language, gettext

from kla.languages import offered_to, words_of_scripts

register = template.Library()


@register.simple_tag
def other_languages() -> list[str]:
    """The code of each language of the site but that of the page."""
    return [code for code, _name in settings.LANGUAGES if code != get_language()]


@register.simple_tag
def offered_language(request: HttpRequest | None) -> str | None:
    """The code of the language that this browser wishes for and that nobody has refused yet."""
    return offered_to(request) if request else None


@register.simple_tag
def script_words() -> str:
    """What the scripts say, in the language of the page; nothing where that is their own (static/js/words.js)."""
    if get_language() == settings.LANGUAGE_CODE:
        return ""
    return json_script({word: gettext(word) for word in words_of_scripts()}, "words")

"""Comments as they are read."""

from __future__ import annotations

from django import template
from django.utils.html import escape, format_html, linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from assessments.mentions import COORDINATOR, mention_pattern
from assessments.models import Comment

register = template.Library()


@register.filter
def with_mentions(comment: Comment) -> SafeString:
    """The text of a comment in paragraphs, with the OPDs that it calls upon marked.

    Needs its `calls`.
    """
    names = {COORDINATOR.lower(): _("Gugus Tugas KLA")}
    names |= {mention.code.lower(): mention.opd.name for mention in comment.calls}
    parts = mention_pattern(names).split(comment.text)
    # Every second part is a code; each part is escaped by itself before they are joined.
    marked = [
        format_html('<span class="mention" title="{}">@{}</span>', names[part.lower()], part)
        if index % 2
        else escape(part)
        for index, part in enumerate(parts)
    ]
    return mark_safe(linebreaks("".join(marked), autoescape=False))

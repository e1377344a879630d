"""The cells of the grid; a template would cost many times as much each."""

from __future__ import annotations

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from territories.queries.grid import GridLine

register = template.Library()


@register.simple_tag
def grid_cells(line: GridLine) -> SafeString:
    """A letter a criterion, with its words for those who point at it."""
    return format_html_join(
        "",
        '<td class="num"><span title="{}">{}</span></td>',
        ((cell.label, cell.mark) for cell in line.cells.values()),
    )

"""The ladder of the nation and its table of some five hundred cities.

Joined here, string by string: a template for each row would cost many times as much.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import urlencode, urlsplit

from django import template
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from assessments.pictures import nation_picture
from assessments.queries.nation import UNKNOWN, USUAL, CityRow, Move, Rungs, Share
from assessments.queries.neighbours import Neighbourhood
from figures.layout.bars import plain_bar
from figures.numbers import NOTHING, format_points
from figures.svg import bar_svg, svg

register = template.Library()

# move: (shape, word); never colour alone
MOVES: dict[Move, tuple[str, Promise]] = {
    Move.UP: ("arrow-up", gettext_lazy("naik")),
    Move.DOWN: ("arrow-down", gettext_lazy("turun")),
    Move.SAME: ("dash", gettext_lazy("tetap")),
}
# column: (heading, the class of its cells); by the name of its order in the address
COLUMNS: dict[str, tuple[Promise, str]] = {
    "nama": (gettext_lazy("Kabupaten/kota"), ""),
    "provinsi": (gettext_lazy("Provinsi"), ""),
    "predikat": (gettext_lazy("Predikat"), ""),
    "perubahan": (gettext_lazy("Perubahan"), ""),
    "terbukti": (gettext_lazy("Terbukti"), "num"),
}


@register.inclusion_tag("components/crowd_ladder.html")
def crowd_ladder(rows: Sequence[CityRow], rungs: Rungs, shares: Sequence[Share]) -> dict[str, Any]:
    """Every city on one ladder: counts of awards on the steps, heaps of totals above them."""
    drawing = svg(nation_picture(rows, rungs, shares))
    return {"drawing": drawing, "totals": sum(1 for one in rows if one.live)}


@register.simple_tag
def distribution_table(request: HttpRequest, shares: Sequence[Share]) -> SafeString:
    """Cities by predikat, each row a bar and the way to its cities.

    Those of which nothing is known are no predikat: they get a figure, and no bar that would
    dwarf all others.
    """
    most = max((share.count for share in shares if share.key != UNKNOWN), default=0) or 1
    rows = "".join(
        f'<tr><th scope="row"><a href="{_address(request, predikat=share.key)}">'
        f"{_escaped(share.name)}</a></th>"
        f'<td class="spread__plot">{_spread_bar(share, most)}</td>'
        f'<td class="num">{share.count}</td></tr>'
        for share in shares
    )
    return format_html(
        '<table class="table spread"><thead><tr><th scope="col">{}</th><th scope="col">'
        '<span class="visually-hidden">{}</span></th><th scope="col" class="num">{}</th></tr>'
        "</thead><tbody>{}</tbody></table>",
        _("Predikat"),
        _("Bagan"),
        _("Kota"),
        mark_safe(rows),
    )


def _spread_bar(share: Share, most: int) -> str:
    if share.key == UNKNOWN:
        return ""
    return bar_svg(plain_bar(share.count, most))


@register.simple_tag
def moves_links(
    request: HttpRequest, moves: Sequence[tuple[Move, str, int]], wanted: str
) -> SafeString:
    """How many rose, fell and stayed, each a way to those cities."""
    items = "".join(
        f'<li><a href="{_address(request, gerak=move)}"'
        f"{' aria-current=true' if wanted == move else ''}>{_moved(move)} "
        f'<strong class="num">{count}</strong></a></li>'
        for move, _label, count in moves
    )
    return format_html('<ul class="moves">{}</ul>', mark_safe(items))


@register.simple_tag
def nation_table(
    request: HttpRequest, rows: Sequence[CityRow], order: str, caption: str, has_live: bool
) -> SafeString:
    """The cities, one a row; a heading sorts by its column, and the other way round again.

    `has_live`: the reader may see totals of some city, perhaps on another page of the table.
    """
    table = _Table(has_live)
    names = [name for name in COLUMNS if table.has_live or name != "terbukti"]
    heads = "".join(_heading(request, name, order) for name in names)
    return format_html(
        '<table class="table rows lines lines--named nation"><caption class="visually-hidden">{}</caption>'
        '<thead><tr>{}<th scope="col">{}</th></tr></thead><tbody>{}</tbody></table>',
        caption,
        mark_safe(heads),
        _("Sumber"),
        mark_safe("".join(map(table.row, rows))),
    )


@register.simple_tag
def neighbours_table(near: Neighbourhood) -> SafeString:
    """A city among its neighbours, itself marked; no heading sorts, for their order is the point."""
    table = _Table(has_live=False, own=near.own.place.slug)
    heads = "".join(
        f'<th scope="col" class="{mark}">{_escaped(str(heading))}</th>'
        for name, (heading, mark) in COLUMNS.items()
        if name != "terbukti"
    )
    return format_html(
        '<table class="table rows lines lines--named nation"><caption class="visually-hidden">{}</caption>'
        '<thead><tr>{}<th scope="col">{}</th></tr></thead><tbody>{}</tbody></table>',
        near.own.place.name,
        mark_safe(heads),
        _("Sumber"),
        mark_safe("".join(map(table.row, near.rows))),
    )


@dataclass(frozen=True)
class _Table:
    """What all rows share is translated, looked up and escaped once."""

    has_live: bool
    own: str = ""  # slug of the city that is marked

    @cached_property
    def city_url(self) -> str:
        return reverse("assessments:city_dashboard", args=["-"])

    @cached_property
    def labels(self) -> dict[str, str]:
        named = {name: _escaped(str(heading)) for name, (heading, _mark) in COLUMNS.items()}
        return {**named, "sumber": _escaped(_("Sumber"))}

    @cached_property
    def moves(self) -> dict[Move, str]:
        return {move: _moved(move) for move in Move}

    @cached_property
    def since(self) -> str:
        return _escaped(pgettext("naik dari", "dari"))

    def row(self, one: CityRow) -> str:
        place = one.place
        name = _escaped(place.name)
        if place.is_open:
            name = f'<a href="{self.city_url.replace("-", place.slug)}">{name}</a>'
        live = self.cell("terbukti", _live(one), "num") if self.has_live else ""
        mark = ' class="rows__own"' if place.slug == self.own else ""
        return (
            f'<tr{mark}><th scope="row">{name}</th>{self.cell("provinsi", _escaped(place.province))}'
            f"{self.cell('predikat', _awarded(one))}{self.cell('perubahan', self.change(one))}"
            f"{live}{self.cell('sumber', source_link(one.award.source) if one.award else NOTHING)}</tr>"
        )

    def cell(self, label: str, content: str, mark: str = "") -> str:
        """A phone leaves out the cells with nothing in them."""
        classes = f"{mark} nation__none" if content == NOTHING else mark
        return f'<td class="{classes}" data-label="{self.labels[label]}">{content}</td>'

    def change(self, one: CityRow) -> str:
        if one.move is None or one.before is None or one.steps is None:
            return NOTHING
        steps = f" {abs(one.steps)}" if one.steps else ""
        before = f"{self.since} {_escaped(one.before.predikat)} {one.before.year}"
        return f'{self.moves[one.move]}{steps} <span class="muted num">{before}</span>'


def _heading(request: HttpRequest, name: str, order: str) -> str:
    heading, mark = COLUMNS[name]
    column, is_down = order.removeprefix("-"), order.startswith("-")
    first = name if name in ("nama", "provinsi") else f"-{name}"  # words up, ranks down
    wanted, sort, icon = first, "", ""
    if column == name:
        sort = f' aria-sort="{"descending" if is_down else "ascending"}"'
        icon = f' <i class="bi bi-caret-{"down" if is_down else "up"}-fill" aria-hidden="true"></i>'
        wanted = name if is_down else f"-{name}"
    url = _address(request, urut="" if wanted == USUAL else wanted)
    return (
        f'<th scope="col" class="{mark}"{sort}><a href="{url}">'
        f"{_escaped(str(heading))}{icon}</a></th>"
    )


def _awarded(one: CityRow) -> str:
    if one.award is None:
        return NOTHING
    return (
        f"<strong>{_escaped(one.award.predikat)}</strong> "
        f'<span class="muted num">{one.award.year}</span>'
    )


def _moved(move: Move) -> str:
    icon, word = MOVES[move]
    return f'<i class="bi bi-{icon}" aria-hidden="true"></i> {_escaped(str(word))}'


def _live(one: CityRow) -> str:
    if one.live is None:
        return NOTHING
    return f'<strong>{format_points(one.live.points)}</strong> <span class="muted">{one.live.year}</span>'


@register.filter
def source_link(source: str) -> SafeString:
    """The site that says so as a link; what is no address of the web stays words."""
    site = _site(source)
    if not site:
        return mark_safe(_escaped(source))
    link = f'<a href="{_escaped(source)}" rel="nofollow noopener">{_escaped(site)}</a>'
    return mark_safe(link)


def _site(source: str) -> str:
    if not source.startswith(("https://", "http://")):
        return ""
    try:
        return (urlsplit(source).hostname or "").removeprefix("www.")
    except ValueError:  # brackets that are no address
        return ""


@lru_cache(maxsize=4096)
def _escaped(text: str) -> str:
    """Names of cities, provinces and sources stand on this page again and again."""
    return str(escape(text))


def _address(request: HttpRequest, **changes: str) -> str:
    """The present filters with some changed, an empty one left out; from the first page, at its table."""
    query = {**request.GET.dict(), "halaman": "", **changes}
    kept = {name: value for name, value in query.items() if value}
    return str(escape(f"?{urlencode(kept)}#kota"))

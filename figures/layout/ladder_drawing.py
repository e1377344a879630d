"""The shapes of a ladder: what stands where its layout says, and how it is styled."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.utils.translation import gettext as _

from figures.layout.ladder import (
    FLAG,
    SMALL,
    WIDE,
    LadderLayout,
    LadderLike,
    LadderMarker,
    LadderStep,
    wide_ladder,
)
from figures.layout.shapes import (
    Circle,
    Drawing,
    Hatch,
    Polygon,
    Polyline,
    Rectangle,
    Shape,
    Words,
)
from figures.numbers import format_points


def ladder_drawing(
    ladder: LadderLike, laid_out: Callable[[LadderLike], LadderLayout] = wide_ladder
) -> Drawing:
    """The shapes of a ladder, `laid_out` in one of its three forms."""
    layout = laid_out(ladder)
    shapes = {"wide": _wide_shapes, "tall": _tall_shapes, "small": _small_shapes}
    name = layout.form.name
    is_small = layout.form is SMALL
    return Drawing(
        style="ladder-small" if is_small else f"ladder__drawing ladder__drawing--{name}",
        width=layout.width,
        height=layout.height,
        shapes=list(shapes[name](layout)),
        title=_("Tangga predikat"),
        description=ladder_sentence(ladder),
    )


def ladder_sentence(ladder: LadderLike) -> str:
    """What a ladder shows, for whoever cannot see it."""
    unit = ladder.unit or _("poin")
    words = _("Terbukti %(evidenced)s dan diklaim %(claimed)s dari %(maximum)s %(unit)s.") % {
        "evidenced": format_points(ladder.evidenced),
        "claimed": format_points(ladder.claimed),
        "maximum": format_points(ladder.maximum),
        "unit": unit,
    }
    if ladder.target_minimum is not None:
        minimum = format_points(ladder.target_minimum)
        facts = {"predikat": ladder.target_predikat, "minimum": minimum, "unit": unit}
        words += " " + _("Target %(predikat)s, mulai %(minimum)s %(unit)s.") % facts
    if ladder.award:
        award = {"predikat": ladder.award.predikat, "year": ladder.award.year}
        words += " " + _("Penghargaan terakhir %(predikat)s, %(year)d.") % award
    return words


def marker_shape(kind: str, x: int, y: int) -> Shape:
    """The sign of a total around its centre: a disc, a ring or a diamond."""
    style = f"marker marker--{kind}"
    if kind == "evidenced":
        return Circle(style, x, y, 8)
    if kind == "claimed":
        return Circle(style, x, y, 11)
    return Polygon(style, ((x, y - 11), (x + 11, y), (x, y + 11), (x - 11, y)))


def _step_shape(step: LadderStep) -> Rectangle:
    style = f"ladder__step tone-{step.tone}"
    return Rectangle(style, step.x, step.y, step.width, step.height)


def _ground_shape(layout: LadderLayout) -> Rectangle:
    ground = layout.ground
    hatch: Hatch = "" if layout.form is SMALL else "ground"
    return Rectangle("ladder__ground", ground.x, ground.y, ground.width, ground.height, hatch)


def _total_words(marker: LadderMarker, *, down: int = 0) -> Words:
    return Words(
        f"ladder__total ladder__total--{marker.kind}",
        marker.text_x,
        marker.text_y + down,
        marker.label,
        marker.anchor,
        marker.figure,
    )


def _wide_shapes(layout: LadderLayout) -> Iterator[Shape]:
    base, ground = layout.base, layout.ground
    yield _ground_shape(layout)
    if layout.steps:
        middle = ground.x + ground.width // 2
        yield Words("ladder__below", middle, base - 10, _("Belum berpredikat"), "middle")
    for step in layout.steps:
        yield _step_shape(step)
        middle = (2 * step.x + step.width) // 2
        words = f"ladder__predikat on-tone-{step.tone}"
        yield Words(words, middle, base - 14, step.predikat, "middle")
    yield Polyline("ladder__axis", ((ground.x, base), (ground.x + WIDE.length, base)))
    for tick in layout.ticks:
        yield Words("ladder__tick", tick.at, base + 22, format_points(tick.value), "middle")
    if layout.target:
        target = layout.target
        yield Polyline("ladder__target", ((target.x, target.y), (target.x, base)))
        yield Polyline("ladder__target", ((target.x, base + 28), (target.x, base + 38)))
        yield Words("ladder__note", target.text_x, target.text_y, target.label, target.anchor)
    for marker in layout.markers:
        yield Polyline("ladder__thread", ((marker.x, marker.text_y - 16), (marker.x, marker.y)))
    if layout.flag:
        yield from _flag_shapes(layout.flag)
    for marker in layout.markers:
        yield marker_shape(marker.kind, marker.x, marker.y)
        yield _total_words(marker)


def _flag_shapes(flag: LadderMarker) -> Iterator[Shape]:
    x, top = flag.x, flag.y - 58
    side = -1 if flag.anchor == "end" else 1
    yield Polyline("ladder__pole", ((x, top), (x, flag.y)))
    cloth = [(x, top), (FLAG, 0), (FLAG - 8, 12), (FLAG, 24), (0, 24)]
    outline = [cloth[0], *((x + side * right, top + down) for right, down in cloth[1:])]
    yield Polygon("ladder__cloth", outline)
    yield Words("ladder__year", x + side * 23, top + 18, flag.figure, "middle")


def _tall_shapes(layout: LadderLayout) -> Iterator[Shape]:
    ground = layout.ground
    yield _ground_shape(layout)
    if layout.steps:
        for row, word in enumerate((_("Belum"), _("berpredikat"))):
            yield Words("ladder__below", ground.x + 8, ground.y + 24 + 16 * row, word)
    for step in layout.steps:
        yield _step_shape(step)
        middle = (2 * step.y + step.height + 1) // 2
        words = f"ladder__predikat on-tone-{step.tone}"
        yield Words(words, step.x + 10, middle + 5, step.predikat)
    for tick in layout.ticks:
        yield Words("ladder__tick", 34, tick.at + 5, format_points(tick.value), "end")
    for marker in layout.markers:
        own = " ladder__thread--target" if marker.kind == "target" else ""
        bend = ((marker.x, marker.y), (202, marker.text_y), (209, marker.text_y))
        yield Polyline(f"ladder__thread{own}", bend)
        if marker.kind not in ("award", "target"):
            yield marker_shape(marker.kind, marker.x, marker.y)
        yield _total_words(marker, down=5)


def _small_shapes(layout: LadderLayout) -> Iterator[Shape]:
    yield _ground_shape(layout)
    for step in layout.steps:
        yield _step_shape(step)
    for marker in layout.markers:
        yield marker_shape(marker.kind, marker.x, marker.y)

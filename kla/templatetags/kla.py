"""How points, dates, states and plots look everywhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape, format_html, format_html_join, linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.charts import NOTHING, grouped, written_points
from assessments.mentions import COORDINATOR, mention_pattern
from assessments.models import Assessment, Comment, Notification
from cities.models import Membership, User
from kla import charts, drawing, ladders
from outbox.sending import is_set_up

register = template.Library()

# state: (shape, word); the colour hangs on the name of the state in badge-state.css
STATES = {
    "empty": ("circle", gettext_lazy("Belum ada")),
    "answered": ("file-earmark-plus", gettext_lazy("Perlu dokumen")),
    "waiting": ("clock", gettext_lazy("Menunggu")),
    "returned": ("arrow-return-left", gettext_lazy("Dikembalikan")),
    "accepted": ("check-circle-fill", gettext_lazy("Diterima")),
    "waived": ("dash-circle", gettext_lazy("Dikecualikan")),
    "late": ("exclamation-triangle-fill", gettext_lazy("Terlambat")),
}
VERDICTS = ("waiting", "returned", "accepted")

ZONES = {7: "WIB", 8: "WITA", 9: "WIT"}
KILO = 1024
BYTE_UNITS = ("byte", "KB", "MB", "GB")


@register.filter
def points(value: Decimal | int | str | None) -> str:
    """Points as people write them: 642,5 and 1.000; a dash where there are none."""
    if value is None or value == "":
        return NOTHING
    return written_points(Decimal(value))


@register.filter
def persen(value: Decimal | float | str | None) -> str:
    """A share from 0 to 1 as a whole percentage: 0.425 as 43%."""
    if value is None or value == "":
        return NOTHING
    share = Decimal(str(value)) * 100
    return f"{grouped(share.quantize(Decimal(1), ROUND_HALF_UP))}%"


@register.filter
def tanggal(value: dt.date | None) -> str:
    """A date with the name of its month: 21 November 2026."""
    if not value:
        return NOTHING
    if isinstance(value, dt.datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return date_format(value, "j F Y", use_l10n=False)


@register.filter
def waktu(value: dt.datetime | None) -> str:
    """A moment in the reader's zone: 21 November 2026 14.05 WIB."""
    if not value:
        return NOTHING
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    day = date_format(local, "j F Y", use_l10n=False)
    return f"{day} {local:%H.%M} {_zone_name(local)}".rstrip()


def _zone_name(moment: dt.datetime) -> str:
    offset = moment.utcoffset()
    if offset is None:
        return ""
    hours = offset.total_seconds() / 3600
    return ZONES.get(int(hours), f"UTC{hours:+g}") if hours == int(hours) else f"UTC{hours:+g}"


@register.filter
def ukuran(value: int | str | None) -> str:
    """The size of a file: 2,4 MB."""
    if value is None or value == "":
        return NOTHING
    size = Decimal(value)
    unit = BYTE_UNITS[0]
    for unit in BYTE_UNITS:
        if size < KILO or unit == BYTE_UNITS[-1]:
            break
        size /= KILO
    return f"{grouped(size.quantize(Decimal('0.1'), ROUND_HALF_UP))} {unit}"


@register.filter
def state_words(state: str, is_late: bool = False) -> SafeString:
    """What `state_badge` and `verdict_badge` show, joined here: for the rows of a long table."""
    names = [str(state)]
    if is_late and names[0] not in ("accepted", "late"):
        names.append("late")
    return format_html_join(
        " ",
        '<span class="badge-state badge-state--{}"><i class="bi bi-{}" aria-hidden="true"></i>{}</span>',
        ((name, *STATES[name]) for name in names),
    )


def _badge(state: str, *, is_late: bool) -> dict[str, Any]:
    name = str(state)
    icon, word = STATES[name]
    return {"state": name, "icon": icon, "word": word, "is_late": is_late, "late": STATES["late"]}


@register.inclusion_tag("components/state_badge.html")
def state_badge(state: str, is_late: bool = False) -> dict[str, Any]:
    """What has become of an answer, as shape, word and colour; late is told besides."""
    return _badge(state, is_late=is_late and str(state) not in ("accepted", "late"))


@register.inclusion_tag("components/state_badge.html")
def verdict_badge(verdict: str) -> dict[str, Any]:
    """What was decided on a document: waiting, returned or accepted."""
    if str(verdict) not in VERDICTS:
        raise template.TemplateSyntaxError(f"verdict_badge knows {VERDICTS}, not {verdict!r}")
    return _badge(verdict, is_late=False)


@register.inclusion_tag("components/ladder.html")
def ladder(standing: ladders.LadderLike, size: str = "large") -> dict[str, Any]:
    """The five bands to scale with our markers on them; `small` has no words, for lists."""
    if size not in ("large", "small"):
        raise template.TemplateSyntaxError(f"ladder is large or small, not {size!r}")
    if size == "small":
        return {"size": size, "ladder": standing, "small": ladders.small_ladder(standing)}
    return {
        "size": size,
        "ladder": standing,
        "wide": ladders.wide_ladder(standing),
        "tall": ladders.tall_ladder(standing),
    }


@register.inclusion_tag("components/bar_table.html")
def cluster_bars(rows: Iterable[charts.BarRow]) -> dict[str, Any]:
    """Every cluster's claimed and evidenced points against its maximum, on one scale."""
    bars = charts.bars(rows, shared_scale=True)
    return {"bars": bars, "heading": _("Klaster"), "kind": "clusters"}


@register.inclusion_tag("components/bar_table.html")
def indicator_bars(rows: Iterable[charts.BarRow]) -> dict[str, Any]:
    """Every indicator's share of its own maximum, as a compact table."""
    bars = charts.bars(rows, shared_scale=False)
    return {"bars": bars, "heading": _("Indikator"), "kind": "indicators"}


@register.inclusion_tag("components/radar.html")
def radar(rows: Iterable[charts.BarRow]) -> dict[str, Any]:
    """The shape of a city: each cluster's share of its own maximum."""
    bars = charts.bars(rows, shared_scale=False)
    return {"bars": bars, "radar": charts.radar([bar.row for bar in bars if bar.row])}


@register.filter
def with_mentions(comment: Comment) -> SafeString:
    """The text of a comment in paragraphs, with the OPDs that it calls upon marked."""
    names = {COORDINATOR.lower(): _("Gugus Tugas KLA")}
    names |= {mention.code.lower(): mention.opd.name for mention in comment.mentions.all()}
    parts = mention_pattern(names).split(comment.text)
    # Every second part is a code; each part is escaped by itself before they are joined.
    marked = [
        format_html('<span class="mention" title="{}">@{}</span>', names[part.lower()], part)
        if index % 2
        else escape(part)
        for index, part in enumerate(parts)
    ]
    return mark_safe(linebreaks("".join(marked), autoescape=False))


@register.simple_tag
def unread_count(user: User) -> int:
    """How many notices a person has not read; for the header of every page."""
    return Notification.objects.of(user).unread().count()


@register.simple_tag
def current_year(member: Membership, assessment: Assessment | None) -> Assessment | None:
    """The year a city page is about, else the one the city works on; for the navigation."""
    return assessment or Assessment.objects.current(member.city)


@register.simple_tag
def opd_bar(
    done: int = 0, waiting: int = 0, returned: int = 0, late: int = 0, untouched: int = 0
) -> SafeString:
    """An agency's questions by state, as one stacked bar; the counts stand beside it."""
    return drawing.stacked_bar(
        {
            "done": done,
            "waiting": waiting,
            "returned": returned,
            "late": late,
            "untouched": untouched,
        }
    )


@register.filter
def spread_bar(row: drawing.Spread) -> SafeString:
    """A forecast with its range; its figures stand beside it."""
    return drawing.spread_bar(row)


@register.filter
def meter(bar: charts.Bar) -> SafeString:
    """A row of a bar table as its bar."""
    return drawing.meter(bar)


@register.simple_tag
def mail_is_set_up() -> bool:
    """Whether letters reach anybody from here."""
    return is_set_up()

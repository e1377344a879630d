"""Forecast every finished year from the years before it, and compare."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from cities.models import City
from figures.numbers import format_number
from plans.queries.forecast import Replay, finished_replays


class Command(BaseCommand):
    help = (
        "Forecast every finished year of every city from its own earlier years and print what "
        "verification left of it. At the end, in how many of them the range of 80 % held."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--city", metavar="SLUG", help="Only this city.")

    def handle(self, *, city: str | None, **options: Any) -> None:
        cities = City.objects.filter(assessments__isnull=False).distinct().order_by("slug")
        if city:
            cities = cities.filter(slug=city)
            if not cities:
                raise CommandError(_("Tidak ada kota dengan alamat %(slug)s.") % {"slug": city})
        today = timezone.localdate()
        found = [(one, replay) for one in cities for replay in finished_replays(one, today=today)]
        for one, replay in found:
            self.stdout.write(_line(one, replay))
        self.stdout.write(_calibration([replay for _city, replay in found]))


def _line(city: City, replay: Replay) -> str:
    words = _(
        "%(city)s %(year)d: klaim %(claimed)s, perkiraan %(low)s–%(high)s, "
        "terverifikasi %(verified)s, %(verdict)s"
    )
    return words % {
        "city": city.slug,
        "year": replay.year.assessment.year,
        "claimed": format_number(replay.claimed),
        "low": format_number(replay.low),
        "high": format_number(replay.high),
        "verified": format_number(replay.verified),
        "verdict": _("di dalam rentang") if replay.holds else _("di luar rentang"),
    }


def _calibration(replays: list[Replay]) -> str:
    if not replays:
        return _("Belum ada tahun selesai yang dapat diuji.")
    return _("%(held)d dari %(total)d tahun di dalam rentang 80%%.") % {
        "held": sum(replay.holds for replay in replays),
        "total": len(replays),
    }

"""Recompute the chain of hashes of the trail of every year and every city."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from assessments.models import Assessment
from assessments.services.trail_verification import verify_city, verify_year
from cities.models import City
from trail.verifying import Head, Verified, read_heads


class Command(BaseCommand):
    help = (
        "Recompute the trail of every year and every city and name the first line that was "
        "altered, removed, moved or pushed in. Prints the head of each trail; kept somewhere else and given back "
        "with --against or --head, they show whether the end of a trail was cut off or the whole "
        "was written anew. Any break ends in exit status 1."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--city", metavar="SLUG", help="Only this city.")
        parser.add_argument(
            "--head", nargs="+", default=[], metavar="HASH", help="Hashes that must still be there."
        )
        parser.add_argument(
            "--against",
            "--heads",
            dest="heads",
            type=Path,
            metavar="FILE",
            help="What an earlier run printed, or a folder of such files.",
        )

    def handle(
        self, *, city: str | None, head: list[str], heads: Path | None, **options: Any
    ) -> None:
        assessments = Assessment.objects.select_related("city").order_by("city__slug", "year")
        cities = City.objects.order_by("slug")
        if city:
            assessments, cities = assessments.filter(city__slug=city), cities.filter(slug=city)
            if not cities:
                raise CommandError(_("Tidak ada kota dengan alamat %(slug)s.") % {"slug": city})
        kept = [known for known in _heads_in(heads) if city in (None, known.owner)]

        found = [verify_year(assessment) for assessment in assessments]
        found += [verify_city(one) for one in cities.filter(activities__isnull=False).distinct()]
        breaks = [str(verified.broken) for verified in found if verified.broken]
        breaks += _lost(kept, head, found)
        for verified in found:
            if verified.head and not verified.broken:
                self.stdout.write(str(verified.head))
        for line in breaks:
            self.stderr.write(line)
        if breaks:
            raise CommandError(
                _("%(count)d kerusakan pada jejak.") % {"count": len(breaks)}, returncode=1
            )


def _heads_in(path: Path | None) -> list[Head]:
    if path is None:
        return []
    try:
        files = sorted(path.iterdir()) if path.is_dir() else [path]
        lines = [line for file in files for line in file.read_text("utf-8").splitlines()]
        return list(dict.fromkeys(read_heads(lines)))
    except (OSError, ValueError) as error:
        sentence = _("%(path)s tidak terbaca sebagai daftar kode keaslian terakhir: %(error)s")
        raise CommandError(sentence % {"path": path, "error": error}) from error


def _lost(kept: Iterable[Head], hashes: Iterable[str], found: Iterable[Verified]) -> list[str]:
    """What was kept outside and is no longer in a sound part of any trail."""
    there = frozenset().union(*(verified.hashes for verified in found))
    sentence = _("%(head)s: tidak ada lagi; ujung jejak dipotong atau ditulis ulang")
    known = [(str(head), head.hash) for head in kept] + [(digest, digest) for digest in hashes]
    return [sentence % {"head": name} for name, digest in known if digest not in there]

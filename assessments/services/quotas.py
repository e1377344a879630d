"""How much a person may hand in within an hour, and a city altogether.

Counted from the stored files and from what uploads that are on their way will become. What was
taken back, or removed when its time was over, counts no longer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Count, DateTimeField, Min, QuerySet, Sum, Value
from django.utils.translation import gettext_lazy as _

from assessments.models import SupportingDocument, Upload
from cities.models import City, User
from figures.numbers import format_size_limit, format_zoned_moment

HOUR = timedelta(hours=1)
NEAR = 80  # percent of a limit, from where on people are told


@dataclass(frozen=True, slots=True)
class Quota:
    """What is used of one limit: files and bytes. A limit of 0 is none.

    `frees_at` is when the oldest of the files counts no longer; None where no time helps.
    """

    code: ClassVar[str]
    near: ClassVar[Any]  # sentences
    full: ClassVar[Any]
    refusal: ClassVar[Any]

    files: int
    size: int
    most_files: int
    most_size: int
    frees_at: datetime | None = None

    def has_room(self, *, files: int, size: int) -> bool:
        return _fits(self.files + files, self.most_files) and _fits(
            self.size + size, self.most_size
        )

    @property
    def percent(self) -> int:
        """The part that is used of whichever limit is nearer, rounded down."""
        shares = ((self.files, self.most_files), (self.size, self.most_size))
        return max((used * 100 // most for used, most in shares if most), default=0)

    @property
    def is_near(self) -> bool:
        return self.percent >= NEAR

    @property
    def facts(self) -> dict[str, Any]:
        """For sentences. A limit that is not set says so."""
        return {
            "files": self.files,
            "most_files": self.most_files or _("tanpa batas"),
            "size": format_size_limit(self.size),
            "most_size": format_size_limit(self.most_size) if self.most_size else _("tanpa batas"),
            "frees_at": format_zoned_moment(self.frees_at),
        }

    @property
    def warning(self) -> str:
        """What whoever hands in reads before a file is refused."""
        has_room = self.has_room(files=1, size=1)
        return str((self.near if has_room else self.full) % self.facts)

    def refused(self) -> ValidationError:
        return ValidationError(self.refusal, code=self.code, params=self.facts)


class HourlyQuota(Quota):
    """What one person handed in within the last hour, in all cities together."""

    __slots__ = ()
    code = "quota_person"
    near = _(
        "Dalam satu jam terakhir Anda mengunggah %(files)s dari %(most_files)s berkas "
        "(%(size)s dari %(most_size)s). Jumlah itu mulai berkurang pada %(frees_at)s."
    )
    full = _(
        "Dalam satu jam terakhir Anda mengunggah %(files)s dari %(most_files)s berkas "
        "(%(size)s dari %(most_size)s). Berkas berikutnya diterima mulai %(frees_at)s."
    )
    refusal = _(
        "Anda sudah mengunggah %(files)s dari %(most_files)s berkas (%(size)s dari %(most_size)s) "
        "yang boleh diunggah seorang dalam satu jam, jadi berkas ini belum disimpan. Unggah lagi "
        "mulai %(frees_at)s."
    )


class CityQuota(Quota):
    """What a city has stored, of all its years."""

    __slots__ = ()
    code = "quota_city"
    near = _(
        "Kota ini menyimpan %(files)s dari %(most_files)s berkas (%(size)s dari %(most_size)s). "
        "Mintalah administrator situs menambah batasnya sebelum penuh."
    )
    full = _(
        "Kota ini sudah menyimpan %(files)s dari %(most_files)s berkas (%(size)s dari "
        "%(most_size)s), jadi berkas baru tidak diterima. Tarik dokumen yang tidak dipakai, atau "
        "mintalah administrator situs menambah batasnya."
    )
    refusal = _(
        "Kota ini sudah menyimpan %(files)s dari %(most_files)s berkas (%(size)s dari "
        "%(most_size)s), jadi berkas ini tidak disimpan. Tarik dokumen yang tidak dipakai, atau "
        "mintalah administrator situs menambah batasnya."
    )


@dataclass(frozen=True, slots=True)
class Quotas:
    person: HourlyQuota
    city: CityQuota
    on_the_way: int  # uploads of the person, to whatever question

    @property
    def warnings(self) -> list[str]:
        return [quota.warning for quota in (self.person, self.city) if quota.is_near]


def quotas_of(user: User, city: City | int, *, at: datetime, besides: Iterable[Any] = ()) -> Quotas:
    """What is used of both limits, in one query; `besides` are uploads that do not count."""
    uploads = Upload.objects.exclude(pk__in=list(besides))
    files = SupportingDocument.objects.filter(removed_at=None, size__gt=0)
    recent = files.filter(uploaded_by=user, uploaded_at__gt=at - HOUR)
    counted = _counted("person", recent, "size", since="uploaded_at").union(
        _counted("on_the_way", uploads.filter(user=user), "length"),
        _counted("city", files.filter(city=city), "size"),
        _counted("city", uploads.filter(answer__assessment__city=city), "length"),
        all=True,
    )
    used = {"person": [0, 0], "on_the_way": [0, 0], "city": [0, 0]}
    first = None
    for whose, count, size, oldest in counted:
        used[whose][0] += count
        used[whose][1] += size or 0
        first = oldest or first
    return Quotas(
        HourlyQuota(
            used["person"][0] + used["on_the_way"][0],
            used["person"][1] + used["on_the_way"][1],
            settings.KLA_PERSON_HOURLY_FILES,
            settings.KLA_PERSON_HOURLY_BYTES,
            (first or at) + HOUR,
        ),
        CityQuota(
            used["city"][0], used["city"][1], settings.KLA_CITY_FILES, settings.KLA_CITY_BYTES
        ),
        used["on_the_way"][0],
    )


def city_quota(city: City) -> CityQuota:
    """What a city has stored, in one query."""
    files = SupportingDocument.objects.filter(removed_at=None, size__gt=0, city=city)
    used = files.aggregate(count=Count("pk"), size=Sum("size"))
    return CityQuota(
        used["count"], used["size"] or 0, settings.KLA_CITY_FILES, settings.KLA_CITY_BYTES
    )


def hold_room(
    city_id: int, *, size: int, by: User, at: datetime, besides: Iterable[Any] = ()
) -> None:
    """Refuse a file of `size` bytes for which either limit leaves no room.

    Holds the city and the person until the transaction ends, so that of many at once no more get
    in than there is room for. Comes after holding the year. Raises ValidationError
    (`quota_person`, `quota_city`).
    """
    City.objects.select_for_update(no_key=True).get(pk=city_id)
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    quotas = quotas_of(by, city_id, at=at, besides=besides)
    for quota in (quotas.person, quotas.city):
        if not quota.has_room(files=1, size=size):
            raise quota.refused()


def _counted(
    whose: str, rows: QuerySet[Any], size: str, *, since: str = ""
) -> QuerySet[Any, tuple[str, int, int | None, Any]]:
    oldest = Min(since) if since else Value(None, output_field=DateTimeField())
    found = rows.order_by().values(whose=Value(whose))
    return found.annotate(n=Count("pk"), total=Sum(size), oldest=oldest).values_list(
        "whose", "n", "total", "oldest"
    )


def _fits(used: int, most: int) -> bool:
    return not most or used <= most

"""Tables of bands of other sources than an instrument.

A table that a year has chosen is never changed: its source, printed anew, is a new version.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.admin.models import ADDITION, DELETION
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS
from django.db.models.deletion import Collector, ProtectedError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from clusters.band_files import BandTableSpec
from clusters.editing import ordered_bands
from clusters.edits import fingerprint_of
from clusters.models import BandTable, TableBand
from clusters.permissions import require_site_admin
from clusters.services.diary import note
from clusters.spec import BandSpec
from texts.languages import deed


@dataclass(frozen=True, slots=True)
class LoadedTable:
    table: BandTable
    created: bool


@deed
def load_band_table(*, spec: BandTableSpec, at: datetime) -> LoadedTable:
    """Store a table that comes with the project; the same one a second time changes nothing.

    Raises ValidationError (`other`) where the code stands for something else.
    """
    existing = BandTable.objects.filter(code=spec.code).first()
    if existing is None:
        return LoadedTable(_store(BandTable(created_at=at), spec), created=True)
    if table_spec(existing) != spec:
        raise ValidationError(
            _lazy(
                "Tabel predikat “%(code)s” sudah ada dengan isi lain dan tidak ditimpa. "
                "Beri versi yang baru kode lain."
            ),
            code="other",
            params={"code": spec.code},
        )
    return LoadedTable(existing, created=False)


@deed
def create_band_table(*, spec: BandTableSpec, by: AbstractBaseUser, at: datetime) -> BandTable:
    """Raises ValidationError if code or version are taken, (`taken`, `inverted`)."""
    require_site_admin(by)
    table = _store(BandTable(created_at=at), spec)
    note(table, _("tabel predikat dicatat"), by=by, at=at, flag=ADDITION)
    return table


@deed
def edit_band_table(
    *,
    table: BandTable,
    spec: BandTableSpec,
    seen: str,
    by: AbstractBaseUser,
    at: datetime,
) -> BandTable:
    """Change a table that no year uses; `seen` is the fingerprint of what was shown.

    Raises ValidationError (`gone`, `in_use`, `stale`, `taken`, `inverted`).
    """
    require_site_admin(by)
    held = _hold_unused(table)
    if fingerprint_of(table_spec(held)) != seen:
        raise ValidationError(
            _lazy(
                "Tabel ini sudah diubah orang lain sejak halaman dibuka. Periksa, lalu simpan lagi."
            ),
            code="stale",
        )
    held.bands.all().delete()
    _store(held, spec)
    note(held, _("tabel predikat diubah"), by=by, at=at)
    return held


@deed
def delete_band_table(*, table: BandTable, by: AbstractBaseUser, at: datetime) -> None:
    """Raises ValidationError (`gone`, `in_use`)."""
    require_site_admin(by)
    held = _hold_unused(table)
    note(held, _("tabel predikat dihapus"), by=by, at=at, flag=DELETION)
    held.delete()


def table_spec(table: BandTable) -> BandTableSpec:
    """The stored table as plain values."""
    return BandTableSpec(
        code=table.code,
        title=table.title,
        version=table.version,
        source=table.source,
        bands=tuple(BandSpec(b.predikat, b.minimum, b.maximum) for b in table.bands.all()),
    )


def is_in_use(table: BandTable) -> bool:
    """Whether something outside protects the table; what that is, is not known down here."""
    try:
        Collector(using=DEFAULT_DB_ALIAS).collect([table])
    except ProtectedError:
        return True
    return False


def _hold_unused(table: BandTable) -> BandTable:
    held = BandTable.objects.select_for_update().filter(pk=table.pk).first()
    if held is None:
        raise ValidationError(_lazy("Tabel predikat ini sudah dihapus."), code="gone")
    if is_in_use(held):
        raise ValidationError(
            _lazy(
                "“%(table)s” sudah dipakai sebuah penilaian dan tidak diubah lagi. "
                "Catat sebagai versi baru."
            ),
            code="in_use",
            params={"table": held},
        )
    return held


def _store(table: BandTable, spec: BandTableSpec) -> BandTable:
    bands = ordered_bands(spec.bands)
    for name in ("code", "title", "version", "source"):
        setattr(table, name, getattr(spec, name))
    table.full_clean()
    table.save()
    TableBand.objects.bulk_create(
        TableBand(table=table, predikat=b.predikat, minimum=b.minimum, maximum=b.maximum)
        for b in bands
    )
    return table

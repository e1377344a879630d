"""An uploaded table in two steps: kept for its person to look at, then taken over as shown, once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cities.models import City, Membership, User
from cities.permissions import lock_city, require_permission
from cities.roles import Permission
from imports.lines import Line, Standing, seen_of
from imports.models import StagedImport
from texts.languages import deed, in_indonesian


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of a file: lines as JSON, and a sentence for each that was left out."""

    rows: Sequence[Mapping[str, Any]]
    faults: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What a person confirmed: the lines that are taken. The city is held."""

    staged: StagedImport
    lines: Sequence[Line]
    city: City
    member: Membership
    by: User
    at: datetime
    option: str = ""  # which of several buttons was pressed


def _nothing(_city: City, _member: Membership) -> None:
    return None


@dataclass(frozen=True, slots=True)
class ImportKind:
    """What a package says of its tables; all else is the same for everyone.

    `lines` works out how each line stands now, `take` stores them and writes the trail, `hold` locks
    what is to be locked beside the city.
    """

    code: str
    permission: Permission
    lines: Callable[[StagedImport, Membership], Iterable[Line]]
    take: Callable[[Confirmed], None]
    hold: Callable[[City, Membership], object] = _nothing


@dataclass(frozen=True, slots=True)
class Outcome:
    added: int
    changed: int


def gone() -> ValidationError:
    return ValidationError(
        _(
            "Pratinjau ini sudah disimpan, diganti, atau tidak berlaku lagi; "
            "yang belum disimpan tidak mengubah apa pun. Unggah lembarnya lagi."
        ),
        code="gone",
    )


@deed
def keep(
    *,
    city: City,
    kind: ImportKind,
    reading: Reading,
    name: str,
    about: Mapping[str, Any] | None = None,
    by: User,
    at: datetime,
) -> StagedImport:
    """Keep what a table says until its person has seen what it would change.

    It takes the place of the one of its kind that the person had in this city. Raises
    PermissionDenied.
    """
    require_permission(by, city, kind.permission)
    StagedImport.objects.filter(city=city, by=by, kind=kind.code).delete()
    return StagedImport.objects.create(
        city=city,
        kind=kind.code,
        name=name[:150],
        about=dict(about or {}),
        rows=[dict(row) for row in reading.rows],
        faults=list(reading.faults),
        at=at,
        by=by,
    )


@in_indonesian
def standing_lines(kind: ImportKind, staged: StagedImport, member: Membership) -> list[Line]:
    """How each line stands now; in the words of the sheet, so that `seen_of` says the same to all."""
    return list(kind.lines(staged, member))


@deed
def confirm(
    *,
    staged_id: int,
    city: City,
    kind: ImportKind,
    ticked: Collection[str],
    seen: str,
    option: str = "",
    by: User,
    at: datetime,
) -> Outcome:
    """Take what is new or changed, and the conflicts in `ticked` (keys). All of it or nothing.

    `seen` is `seen_of` the preview that the person looked at. Raises PermissionDenied,
    ValidationError (`gone`, `moved`, `nothing`, and what `take` refuses).
    """
    member = require_permission(by, city, kind.permission)
    city = lock_city(city.pk)
    kind.hold(city, member)
    waiting = StagedImport.objects.of(by, city, at=at).filter(kind=kind.code)
    staged = waiting.filter(pk=staged_id).first()
    if staged is None:
        raise gone()
    lines = standing_lines(kind, staged, member)
    if seen_of(lines) != seen:
        raise ValidationError(
            _(
                "Isi situs berubah sejak pratinjau ini dibuat, jadi belum ada yang disimpan. "
                "Periksa pratinjau terbaru di bawah ini, lalu simpan."
            ),
            code="moved",
        )
    taken = [one for one in lines if one.is_taken(ticked)]
    if not taken:
        raise ValidationError(
            _("Tidak ada yang berubah: centang setidaknya satu baris dari berkas."), code="nothing"
        )
    kind.take(Confirmed(staged, taken, city, member, by, at, option))
    staged.delete()
    added = sum(one.standing == Standing.NEW for one in taken)
    return Outcome(added, len(taken) - added)


def discard(*, staged_id: int, by: User) -> None:
    StagedImport.objects.filter(pk=staged_id, by=by).delete()


def sweep(*, at: datetime) -> int:
    """Remove what nobody confirmed within a day; returns how many."""
    removed, _by_model = StagedImport.objects.expired(at).delete()
    return removed

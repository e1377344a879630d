"""Releasing a part of a year to the public, and taking it back."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assessments.models import Assessment
from cities.models import CityTrailEvent, User
from cities.permissions import held_city, require_permission
from cities.roles import Permission
from cities.services.activity import NewEntry, record
from public.models import Release
from public.queries.contents import Draft, Frozen, draft_of, frozen_year
from public.sections import Section
from texts.languages import deed


@deed
def release_section(
    *, assessment: Assessment, section: Section, seen: str, by: User, at: datetime
) -> Release:
    """Make the copy that the public reads from now on. `seen` is the checksum of the preview.

    Raises ValidationError (`standing`, `not_submitted`, `empty`, `personal`, `moved`) and changes
    nothing.
    """
    city = held_city(assessment.city, by=by, permission=Permission.RELEASE_PUBLIC)
    year = Assessment.objects.select_related("city", "instrument", "band_table").get(
        pk=assessment.pk
    )
    if Release.objects.standing().filter(assessment=year, section=section).exists():
        raise ValidationError(
            _("Bagian ini sudah dirilis. Tarik dahulu bila isinya perlu diganti."), code="standing"
        )
    draft = draft_of(section, require_submitted(year, by=by))
    _require_fit(draft, seen)
    release = Release.objects.create(
        assessment=year,
        section=section,
        content=draft.content,
        checksum=draft.checksum,
        at=at,
        by=by,
    )
    after = {"year": str(year.year), "checksum": release.checksum}
    entry = NewEntry(CityTrailEvent.PUBLIC_RELEASED, str(section.label), after=after)
    record(entry, city=city, by=by, at=at)
    return release


def require_submitted(assessment: Assessment, *, by: User) -> Frozen:
    """The year as it was submitted, for whoever may release. Raises ValidationError (`not_submitted`)."""
    member = require_permission(by, assessment.city, Permission.RELEASE_PUBLIC)
    frozen = frozen_year(member, assessment)
    if frozen is None:
        raise ValidationError(
            _("Penilaian tahun %(year)d belum diajukan, jadi belum ada yang dapat dirilis."),
            code="not_submitted",
            params={"year": assessment.year},
        )
    return frozen


def _require_fit(draft: Draft, seen: str) -> None:
    if draft.is_empty:
        raise ValidationError(_("Bagian ini tidak memuat data untuk dirilis."), code="empty")
    if draft.faults:
        raise ValidationError(
            _("Belum dirilis karena memuat data pribadi. %(faults)s Perbaiki di sumbernya."),
            code="personal",
            params={"faults": " ".join(draft.faults[:5])},
        )
    if draft.checksum != seen:
        raise ValidationError(
            _("Isinya berubah sejak pratinjau dibuka. Periksa pratinjau terbaru, lalu rilis."),
            code="moved",
        )


@deed
def withdraw_section(*, assessment: Assessment, section: Section, by: User, at: datetime) -> None:
    """Take a part off the public page; what was released stays recorded.

    Raises ValidationError (`not_standing`).
    """
    city = held_city(assessment.city, by=by, permission=Permission.RELEASE_PUBLIC)
    release = Release.objects.standing().filter(assessment=assessment, section=section).first()
    if release is None:
        raise ValidationError(_("Bagian ini tidak sedang dirilis."), code="not_standing")
    release.withdraw(by=by, at=at)
    before = {"year": str(assessment.year), "checksum": release.checksum}
    entry = NewEntry(CityTrailEvent.PUBLIC_WITHDRAWN, str(section.label), before=before)
    record(entry, city=city, by=by, at=at)

"""Imports an instrument from a file in two steps: a preview, then exactly what was previewed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from clusters.choices import ImportConflict
from clusters.comparing import Difference, compare
from clusters.library import DRAFT_FAULTS, checksum, read
from clusters.linter import Finding, lint
from clusters.models import Instrument, InstrumentImport
from clusters.permissions import require_site_admin
from clusters.services.diary import note
from clusters.services.life import create_draft, hold_draft, require_free_code
from clusters.services.loading import head_of, replace_content, spec_of, spec_of_tree
from clusters.sheets import Reading
from clusters.spec import InstrumentSpec
from clusters.writing import mark_of, write
from texts.languages import deed

KEPT_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would do: to which draft (None makes a new one), changing what.

    `seen` is the checksum of that draft as it is shown, "" for a new one.
    """

    spec: InstrumentSpec
    draft: Instrument | None
    seen: str
    differences: list[Difference]
    conflict: ImportConflict | None
    findings: list[Finding]


@deed
def prepare_import(
    *, reading: Reading, file_name: str, by: AbstractBaseUser, at: datetime
) -> InstrumentImport:
    """Keep what a file says until the person has looked at it; changes no instrument.

    Raises ValidationError (`published`, `unchanged`, `reserved`, `corrected_missing`).
    """
    require_site_admin(by)
    spec = reading.spec
    draft = _draft(spec)
    if draft is None:
        require_free_code(spec.code)
    head_of(spec)  # raises while the instrument that it corrects is not here
    InstrumentImport.objects.filter(created_at__lt=at - KEPT_FOR).delete()
    return InstrumentImport.objects.create(
        code=spec.code,
        file_name=file_name[:255],
        content=write(spec),
        exported=reading.exported[:64],
        created_at=at,
        created_by_id=by.pk,
    )


def preview_import(pending: InstrumentImport) -> Preview:
    """What confirming would change now. Raises ValidationError (`published`, `unchanged`)."""
    spec = _spec(pending)
    draft = _draft(spec)
    before = spec_of_tree(draft) if draft else None
    differences = compare(before, spec) if before else []
    return Preview(
        spec=spec,
        draft=draft,
        seen=checksum(before) if before else "",
        differences=differences,
        conflict=_conflict(pending, before) if differences else None,
        findings=lint(spec),
    )


@deed
def apply_import(
    *, pending: InstrumentImport, seen: str, overwrite: bool, by: AbstractBaseUser, at: datetime
) -> Instrument:
    """Do what the preview showed, wholly or not at all.

    `seen` is that of the preview. Raises ValidationError: `gone` (applied already or too old),
    `published`, `moved` (the draft is no longer the one that was shown) or `conflict` (somebody
    may have changed the draft after the file was exported, and `overwrite` does not say that
    this may be lost).
    """
    require_site_admin(by)
    held = InstrumentImport.objects.select_for_update().filter(pk=pending.pk).first()
    if held is None:
        raise ValidationError(
            _lazy("Pratinjau ini sudah dipakai atau kedaluwarsa. Unggah berkasnya kembali."),
            code="gone",
        )
    spec = _spec(held)
    draft = _draft(spec)
    if draft is not None:
        draft = hold_draft(draft)
    before = spec_of(draft) if draft else None
    _refuse_unseen(before, seen)
    if draft is None:
        draft = create_draft(spec=spec, by=by, at=at)
    else:
        _refuse_conflict(held, before, overwrite=overwrite)
        replace_content(draft, spec)
    note(draft, _("diimpor dari “%(file)s”") % {"file": held.file_name}, by=by, at=at)
    held.delete()
    return draft


def _spec(pending: InstrumentImport) -> InstrumentSpec:
    return read(pending.content, leaving=DRAFT_FAULTS)


def _draft(spec: InstrumentSpec) -> Instrument | None:
    """The draft of that code, None if the code is free; what is published takes no import."""
    instrument = Instrument.objects.with_tree().filter(code=spec.code).first()
    if instrument is None or instrument.is_draft:
        return instrument
    if instrument.checksum == checksum(spec):
        raise ValidationError(
            _lazy(
                "Instrumen “%(code)s” sudah terbit dengan isi yang sama; tidak ada yang diimpor."
            ),
            code="unchanged",
            params={"code": spec.code},
        )
    raise ValidationError(
        _lazy(
            "Instrumen “%(code)s” sudah terbit dan tidak pernah diubah. "
            "Tulis kode lain di dalam berkas, lalu unggah kembali sebagai rancangan baru."
        ),
        code="published",
        params={"code": spec.code},
    )


def _conflict(pending: InstrumentImport, before: InstrumentSpec | None) -> ImportConflict | None:
    if before is None or pending.exported == mark_of(before):
        return None
    return ImportConflict.CHANGED if pending.exported else ImportConflict.UNKNOWN


def _refuse_unseen(before: InstrumentSpec | None, seen: str) -> None:
    if seen != (checksum(before) if before else ""):
        raise ValidationError(
            _lazy(
                "Rancangan berubah sejak pratinjau. Periksa pratinjau baru, lalu terapkan kembali."
            ),
            code="moved",
        )


def _refuse_conflict(
    pending: InstrumentImport, before: InstrumentSpec | None, *, overwrite: bool
) -> None:
    if not overwrite and _conflict(pending, before):
        raise ValidationError(
            _lazy(
                "Centang bahwa perubahan di situs boleh tertimpa, atau ekspor rancangan itu kembali."
            ),
            code="conflict",
        )

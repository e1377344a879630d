"""The life of an instrument: draft, published, retired.

A draft may be changed and deleted. Publishing freezes it for ever; what is wrong with a
published one is put right in a new version that says what it corrects.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.contrib.admin.models import ADDITION, DELETION
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from clusters.choices import InstrumentStatus
from clusters.library import checksum
from clusters.linter import errors, lint
from clusters.models import Instrument
from clusters.permissions import require_site_admin
from clusters.services.diary import note
from clusters.services.loading import head_of, spec_of, store_tree
from clusters.spec import InstrumentSpec
from clusters.writing import faults_of
from texts.languages import deed

# Addresses under /instrumen/ that are pages and can therefore not be an instrument.
RESERVED_CODES = frozenset({"impor", "pemetaan", "tabel-predikat", "tambah"})


# --- Beginning --------------------------------------------------------------------------------


@deed
def create_draft(*, spec: InstrumentSpec, by: AbstractBaseUser, at: datetime) -> Instrument:
    """A new draft that says what `spec` says; it need not be complete.

    Raises ValidationError (`taken`, `reserved`).
    """
    require_site_admin(by)
    require_free_code(spec.code)
    instrument, is_new = Instrument.objects.get_or_create(code=spec.code, defaults=head_of(spec))
    if not is_new:  # somebody was quicker by a moment
        raise _taken(spec.code)
    store_tree(instrument, spec)
    note(instrument, _("rancangan dibuat"), by=by, at=at, flag=ADDITION)
    return instrument


@deed
def clone_instrument(
    *, instrument: Instrument, code: str, title: str, by: AbstractBaseUser, at: datetime
) -> Instrument:
    """A draft with the same content under another code; its provenance says where it is from.

    Raises ValidationError (`taken`, `reserved`).
    """
    require_site_admin(by)
    spec = replace(spec_of(instrument), corrects="", correction_note="")
    return create_draft(spec=_copied(spec, code=code, title=title), by=by, at=at)


@deed
def start_correction(
    *, instrument: Instrument, code: str, correction_note: str, by: AbstractBaseUser, at: datetime
) -> Instrument:
    """A draft of the version that is to put right what is wrong with a published instrument.

    Raises ValidationError (`taken`, `reserved`, `draft`: a draft itself can still be changed).
    """
    require_site_admin(by)
    if instrument.is_draft:
        raise ValidationError(
            _lazy("“%(code)s” masih rancangan. Ubah rancangan itu sendiri."),
            code="draft",
            params={"code": instrument.code},
        )
    spec = replace(spec_of(instrument), corrects=instrument.code, correction_note=correction_note)
    return create_draft(spec=_copied(spec, code=code, title=spec.title), by=by, at=at)


def _copied(spec: InstrumentSpec, *, code: str, title: str) -> InstrumentSpec:
    origin = _("Disalin dari “%(code)s” (kode keaslian %(checksum)s).") % {
        "code": spec.code,
        "checksum": checksum(spec)[:12],
    }
    provenance = f"{spec.provenance}\n\n{origin}".strip()
    return replace(spec, code=code, title=title, provenance=provenance)


def require_free_code(code: str) -> None:
    """Raises ValidationError (`taken`, `reserved`)."""
    if code in RESERVED_CODES:
        raise ValidationError(
            _lazy("“%(code)s” adalah alamat halaman lain. Pilih kode lain."),
            code="reserved",
            params={"code": code},
        )
    if Instrument.objects.filter(code=code).exists():
        raise _taken(code)


def _taken(code: str) -> ValidationError:
    return ValidationError(
        _lazy("Instrumen “%(code)s” sudah ada. Pilih kode lain, misalnya dengan tahunnya."),
        code="taken",
        params={"code": code},
    )


# --- Holding ----------------------------------------------------------------------------------


def hold_draft(instrument: Instrument) -> Instrument:
    """The draft as it is now that nobody else changes it. Must be called inside a transaction.

    Raises ValidationError (`not_draft`) once it was published, (`gone`) once it was deleted.
    """
    held = Instrument.objects.select_for_update(of=("self",)).filter(pk=instrument.pk).first()
    if held is None:
        raise ValidationError(_lazy("Rancangan ini sudah dihapus."), code="gone")
    if not held.is_draft:
        raise ValidationError(
            _lazy(
                "Instrumen “%(code)s” sudah terbit dan tidak pernah diubah. "
                "Buat pembetulan sebagai versi baru."
            ),
            code="not_draft",
            params={"code": held.code},
        )
    return held


# --- Ending -----------------------------------------------------------------------------------


@deed
def publish_draft(
    *, instrument: Instrument, seen: str, by: AbstractBaseUser, at: datetime
) -> Instrument:
    """Freeze a draft; from now on years may be opened with it.

    `seen` is the checksum of the content that the person looked at. Raises ValidationError
    (`not_draft`, `gone`, `stale`, `unsound`) and changes nothing.
    """
    require_site_admin(by)
    draft = hold_draft(instrument)
    spec = spec_of(draft)
    content = checksum(spec)
    if seen != content:
        raise ValidationError(
            _lazy(
                "Rancangan ini berubah sejak halaman dibuka. Periksa kembali sebelum menerbitkan."
            ),
            code="stale",
        )
    _require_sound(spec)
    draft.status = InstrumentStatus.PUBLISHED
    draft.published_at = at
    draft.checksum = content
    draft.save(update_fields=["status", "published_at", "checksum"])
    note(draft, _("terbit dengan kode keaslian %(checksum)s") % {"checksum": content}, by=by, at=at)
    return draft


def _require_sound(spec: InstrumentSpec) -> None:
    """No errors, and a file of it can be read back; raises ValidationError (`unsound`)."""
    found = [(finding.place, finding.sentence) for finding in errors(lint(spec))]
    faults = found or [(fault.place, fault.message) for fault in faults_of(spec)]
    if faults:
        place, sentence = faults[0]
        raise ValidationError(
            _lazy(
                "Masih ada %(count)d kesalahan dalam rancangan. Yang pertama: %(place)s: %(first)s"
            ),
            code="unsound",
            params={"count": len(faults), "place": place, "first": sentence},
        )


@deed
def retire_instrument(*, instrument: Instrument, by: AbstractBaseUser, at: datetime) -> Instrument:
    """Let no new year be opened with it; the years that it has keep it.

    Raises ValidationError (`not_published`).
    """
    require_site_admin(by)
    held = Instrument.objects.select_for_update(of=("self",)).get(pk=instrument.pk)
    if not held.is_published:
        raise ValidationError(
            _lazy("Hanya instrumen yang terbit dapat ditarik; yang ini %(status)s."),
            code="not_published",
            params={"status": held.get_status_display()},
        )
    held.status = InstrumentStatus.RETIRED
    held.retired_at = at
    held.save(update_fields=["status", "retired_at"])
    note(held, _("ditarik"), by=by, at=at)
    return held


@deed
def delete_draft(*, instrument: Instrument, by: AbstractBaseUser, at: datetime) -> None:
    """Raises ValidationError (`not_draft`, `gone`)."""
    require_site_admin(by)
    draft = hold_draft(instrument)
    note(draft, _("rancangan dihapus"), by=by, at=at, flag=DELETION)
    draft.delete()

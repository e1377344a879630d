"""Changing a draft, one part at a time."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from clusters.edits import Edit, fingerprint
from clusters.models import Instrument
from clusters.permissions import require_site_admin
from clusters.services.diary import note
from clusters.services.life import hold_draft, require_free_code
from clusters.services.loading import replace_content, spec_of
from texts.languages import deed


@deed
def edit_draft(
    *, instrument: Instrument, edit: Edit, seen: str | None, by: AbstractBaseUser, at: datetime
) -> Instrument:
    """Change a draft as the edit says.

    `seen` is the fingerprint of the part as the person was shown it: what somebody else
    changed meanwhile is never overwritten unseen. Without it nothing is compared. Raises
    ValidationError (`not_draft`, `gone`, `stale`, `row_gone`, `reserved`, `taken` and those of
    the edit) and changes nothing.
    """
    require_site_admin(by)
    draft = hold_draft(instrument)
    before = spec_of(draft)
    if seen is not None and fingerprint(edit.part, before) != seen:
        raise ValidationError(
            _(
                "Bagian ini sudah diubah orang lain sejak halaman dibuka. Isian Anda masih ada; "
                "bandingkan dengan isi terbaru, lalu simpan kembali."
            ),
            code="stale",
        )
    try:
        after = edit.change(before)
    except LookupError as error:  # where the edit leads was not part of what was compared
        raise ValidationError(
            _("Baris ini sudah tidak ada dalam rancangan."), code="row_gone"
        ) from error
    if after.code != before.code:
        require_free_code(after.code)
    replace_content(draft, after)
    note(draft, edit.what, by=by, at=at)
    return draft

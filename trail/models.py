"""What the entries of every trail have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from trail import hash_chain
from trail.address import plain_address
from trail.changes import FieldChange, field_changes

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


# What `after` tells under this key was done by another system, with the token of that name.
TOKEN = "api_token"  # noqa: S105 -- a key


class TrailEntry(models.Model):
    """Who did what, when, from where, and what it changed.

    Entries are only ever added, by `trail.writing.append`, in the transaction of what they tell
    of; a trigger of the table itself (in the migrations of its package) refuses to change or
    delete one. `position` counts from 1 within a trail, and `hash` covers the entry together with
    the hash of the entry before it. Each package has a table of its own, with the row whose
    trail it is, a unique `position` for it, and what its entries are about.
    """

    # Fields of the package's own that the hash covers too; their names tell the trails apart.
    HASHED: ClassVar[tuple[str, ...]]
    # By the keys of `before` and `after`: how people call what was changed.
    LABELS: ClassVar[Mapping[str, StrOrPromise]]
    # The columns of an export that say what an entry is about; `subject` fills them.
    SUBJECT_COLUMNS: ClassVar[tuple[StrOrPromise, ...]]

    deed = models.CharField(_("aktivitas"), max_length=30)  # each package gives its own choices
    before = models.JSONField(_("sebelum"), default=dict, blank=True)
    after = models.JSONField(_("sesudah"), default=dict, blank=True)
    at = models.DateTimeField(_("pada"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.RESTRICT,  # history keeps its people
        related_name="+",
        verbose_name=_("oleh"),
    )
    address = models.GenericIPAddressField(_("alamat"), null=True, blank=True)
    position = models.PositiveIntegerField(_("urutan"))
    previous_hash = models.CharField(_("kode keaslian sebelumnya"), max_length=64, blank=True)
    hash = models.CharField(_("kode keaslian"), max_length=64)

    class Meta:
        abstract = True

    if TYPE_CHECKING:

        def get_deed_display(self) -> str: ...

    @property
    def changes(self) -> list[FieldChange]:
        """What was changed, for reading."""
        labels = {**self.LABELS, TOKEN: _("Token")}
        return field_changes(self.before, self.after, labels)

    @property
    def subject(self) -> tuple[str, ...]:
        """What the entry is about, one text for each of the `SUBJECT_COLUMNS`."""
        raise NotImplementedError

    def compute_hash(self, *, position: int | None = None) -> str:
        """The hash that the entry has to have where it stands, or would have at a position."""
        names = (*self.HASHED, "position", "deed", "before", "after", "by", "previous_hash")
        values = {name: self.serializable_value(name) for name in names}
        values["address"] = plain_address(self.address) if self.address else None
        if position is not None:
            values["position"] = position
        return hash_chain.digest(values, at=self.at)

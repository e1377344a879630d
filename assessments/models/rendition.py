"""What pages show of a document, and whether it has been made."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.models.document import SupportingDocument


def rendition_name(rendition: Rendition, filename: str) -> str:
    """The path of a rendition below MEDIA_ROOT, in a folder apart from the originals."""
    key = rendition.document_id.hex
    return f"renditions/{key[:2]}/{key}"


# What was changed on the way from the original, in words for people.
CHANGES = {
    "repaired": _("struktur diperbaiki"),
    "script": _("skrip dibuang"),
    "action": _("perintah otomatis dibuang"),
    "opening": _("halaman awal disetel ulang"),
    "attachment": _("lampiran %(count)d berkas tidak ikut"),
    "signature": _("tanda tangan elektronik hanya berlaku pada berkas asli"),
    "position": _("posisi pengambilan foto dibuang"),
    "turned": _("foto ditegakkan"),
    "reduced": _("ukuran gambar diperkecil"),
    "first_of": _("hanya gambar pertama dari %(count)d"),
    "cut": _("hanya bagian awal"),
    "printed": _("dicetak ke PDF"),
}


class RenditionState(models.TextChoices):
    PENDING = "pending", _("sedang dibuat")
    READY = "ready", _("siap")
    NONE = "none", _("tanpa pratinjau")
    FAILED = "failed", _("tidak dapat dibuat")
    REMOVED = "removed", _("dihapus menurut masa simpan")


class Rendition(models.Model):
    """What people see of a document inside our pages, made from its original.

    The original is kept as it came and is never shown inline. `changes` maps what was changed
    on the way to how often ({"script": 2}); `source_sha256` is the original that it was made
    from, `rules` the version of the rules that made it; `size` is in bytes.
    """

    document = models.OneToOneField(
        SupportingDocument,
        models.CASCADE,  # made from the document, gone with it
        related_name="rendition",
        verbose_name=_("dokumen"),
    )
    state = models.CharField(
        _("keadaan"),
        max_length=10,
        choices=RenditionState.choices,
        default=RenditionState.PENDING,
    )
    file = models.FileField(_("berkas"), upload_to=rendition_name, max_length=100, blank=True)
    media_type = models.CharField(_("jenis berkas"), max_length=100, blank=True)
    size = models.PositiveBigIntegerField(_("ukuran"), default=0)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)
    source_sha256 = models.CharField(_("SHA-256 berkas asli"), max_length=64, blank=True)
    changes = models.JSONField(_("yang diubah"), default=dict, blank=True)
    attachments = models.JSONField(_("lampiran dalam berkas"), default=list, blank=True)
    rules = models.PositiveSmallIntegerField(_("versi aturan"), default=0)
    made_at = models.DateTimeField(_("dibuat pada"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("percobaan"), default=0)
    held_until = models.DateTimeField(_("sedang dibuat sampai"), null=True, blank=True)
    fault = models.TextField(_("gangguan"), blank=True)  # for operators

    class Meta:
        verbose_name = _("pratinjau")
        verbose_name_plural = _("pratinjau")
        indexes = [
            models.Index(
                fields=["held_until"],
                condition=Q(state="pending"),
                name="assessments_rendition_pending",
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="assessments_rendition_ready_has_file",
                condition=Q(state="ready") & ~Q(file="") & ~Q(sha256="") & Q(made_at__isnull=False)
                | ~Q(state="ready") & Q(file=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} {self.state}"

    @property
    def is_ready(self) -> bool:
        return self.state == RenditionState.READY

    @property
    def said_changes(self) -> list[str]:
        """What was changed on the way from the original, each in a few words."""
        return [
            str(CHANGES[change]) % {"count": count}
            for change, count in self.changes.items()
            if change in CHANGES
        ]

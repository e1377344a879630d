"""A supporting document: a stored file, a link, or a link with a stored copy."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assessments.addresses import host_of
from assessments.choices import QUARANTINED, ScanState, Sensitivity, Stage
from assessments.filetypes.findings import LOCKING, FileFinding
from assessments.filetypes.kinds import ALL_EXTENSIONS, EXTENSIONS, EXTENSIONS_OF, PREVIEW_TASKS
from assessments.models.evidence import Evidence
from cities.models import City, Membership, Opd
from cities.roles import Permission

if TYPE_CHECKING:
    from assessments.models.rendition import Rendition


def stored_name(document: SupportingDocument, filename: str) -> str:
    """A random path below MEDIA_ROOT. The person's file name never reaches the disk."""
    return f"documents/{document.pk.hex[:2]}/{document.pk.hex}"


def _openable(member: Membership, *, in_bulk: bool) -> Q:
    """The documents whose content a member may have.

    Nobody has one that is quarantined. Of the others one that is not sensitive: whoever sees it. A sensitive one: Gugus Tugas, the OPD that handed it
    in, and, one by one, a verifikator while it is offered in a year that is not closed.
    """
    sound = ~Q(scan_state__in=QUARANTINED)
    if member.may(Permission.READ_SENSITIVE):
        return sound
    openable = Q(sensitivity="")
    if member.opd_id is not None:
        openable |= Q(opd=member.opd_id)
    if member.may(Permission.REVIEW_SENSITIVE) and not in_bulk:
        offered = Evidence.objects.filter(document=OuterRef("pk"))
        openable |= Q(Exists(offered.exclude(answer__assessment__stage=Stage.CLOSED)))
    return sound & openable


class SupportingDocumentQuerySet(models.QuerySet["SupportingDocument"]):
    def visible_to(self, member: Membership) -> Self:
        """Documents offered for an answer that the member may see."""
        offered = Evidence.objects.visible_to(member).filter(document=OuterRef("pk"))
        return self.filter(Exists(offered), city=member.city)

    def openable_by(self, member: Membership, *, in_bulk: bool = False) -> Self:
        """What the member may have the content of: the one gate of sensitive and quarantined documents.

        `in_bulk` is for packages: they leave the site, so reviewers open sensitive ones singly.
        Says nothing of whether the member sees the row.
        """
        return self.filter(_openable(member, in_bulk=in_bulk), city=member.city_id)

    def readable_by(self, member: Membership) -> Self:
        """What the member both sees and may open; of the others only the title is seen."""
        return self.visible_to(member).openable_by(member)

    def openable_keys(
        self,
        documents: Iterable[SupportingDocument],
        member: Membership,
        *,
        in_bulk: bool = False,
    ) -> set[uuid.UUID]:
        """Which of these, all seen by the member, it may open; asks only about sensitive ones."""
        rows = [row for row in documents if not row.is_quarantined]
        sensitive = [row.pk for row in rows if row.is_sensitive]
        openable = {row.pk for row in rows} - set(sensitive)
        if sensitive:
            found = self.filter(pk__in=sensitive).openable_by(member, in_bulk=in_bulk)
            openable |= set(found.values_list("pk", flat=True))
        return openable

    def offerable_by(self, member: Membership) -> Self:
        """Newest revisions that the member may offer for a question.

        What it may see and open, and for an OPD also whatever it has handed in itself.
        """
        offered = Evidence.objects.visible_to(member).filter(document=OuterRef("pk"))
        known = Q(Exists(offered))
        if member.opd_id is not None:
            known |= Q(opd=member.opd_id)
        return self.newest().openable_by(member).filter(known)

    def newest(self) -> Self:
        """Without the documents that have been revised."""
        later = SupportingDocument.objects.filter(revision_of=OuterRef("pk"))
        return self.filter(~Exists(later))


class SupportingDocument(models.Model):
    """A document with its facts. `size` is in bytes, `sha256` in hexadecimal.

    The file is the original, kept as it came. A link (`address`) is a document too; its file,
    if it has one, is the copy of the page that was kept beside it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    city = models.ForeignKey(
        City, models.PROTECT, related_name="documents", verbose_name=_("kabupaten/kota")
    )
    opd = models.ForeignKey(
        Opd,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("OPD"),
        help_text=_("OPD yang menyerahkan; kosong bila diunggah sekretariat."),
    )
    file = models.FileField(_("berkas"), upload_to=stored_name, max_length=100, blank=True)
    original_name = models.CharField(_("nama berkas"), max_length=150)
    media_type = models.CharField(_("jenis berkas"), max_length=100, blank=True)
    size = models.PositiveBigIntegerField(_("ukuran"), default=0)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)
    # Since when its stored file is known to be another than the one handed in; empty while whole.
    damaged_since = models.DateTimeField(_("rusak sejak"), null=True, blank=True, editable=False)
    scan_state = models.CharField(
        _("pemindaian virus"), max_length=10, choices=ScanState.choices, blank=True, editable=False
    )
    scan_finding = models.CharField(
        _("temuan pemindai"), max_length=100, blank=True, editable=False
    )
    scanned_at = models.DateTimeField(_("dipindai pada"), null=True, blank=True, editable=False)
    findings = models.JSONField(_("temuan dalam berkas"), default=dict, blank=True)
    cleared_at = models.DateTimeField(_("berkas asli dibuka pada"), null=True, blank=True)
    cleared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.RESTRICT,  # whoever let a risky file through stays named
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("berkas asli dibuka oleh"),
    )
    sensitivity = models.CharField(
        _("sensitif karena"), max_length=10, choices=Sensitivity.choices, blank=True
    )
    removed_at = models.DateTimeField(_("berkas dihapus pada"), null=True, blank=True)
    address = models.URLField(_("alamat tautan"), max_length=2000, blank=True)
    seen_on = models.DateField(_("dilihat pada"), null=True, blank=True)
    shows = models.TextField(_("yang ditunjukkan"), max_length=2000, blank=True)
    title = models.CharField(_("judul"), max_length=200)
    number = models.CharField(_("nomor"), max_length=100, blank=True)
    issued_on = models.DateField(_("tanggal terbit"), null=True, blank=True)
    period_start = models.DateField(_("awal periode"), null=True, blank=True)
    period_end = models.DateField(_("akhir periode"), null=True, blank=True)
    valid_until = models.DateField(_("berlaku sampai"), null=True, blank=True)
    revision_of = models.ForeignKey(
        "self",
        models.PROTECT,  # an earlier revision stays readable
        null=True,
        blank=True,
        related_name="revisions",
        verbose_name=_("perbaikan dari"),
    )
    revision = models.PositiveSmallIntegerField(_("versi"), default=1)
    changes = models.TextField(_("yang berubah"), max_length=2000, blank=True)
    uploaded_at = models.DateTimeField(_("diunggah pada"))
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.RESTRICT,  # a document keeps the name of who brought it
        related_name="+",
        verbose_name=_("diunggah oleh"),
    )

    objects = SupportingDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("dokumen pendukung")
        verbose_name_plural = _("dokumen pendukung")
        indexes = [
            models.Index(fields=["city", "sha256"], name="assessments_document_hash"),
            models.Index(  # the quota of a city reads nothing else
                fields=["city", "size"],
                condition=Q(removed_at=None),
                name="assessments_document_quota",
            ),
            models.Index(fields=["scan_state"], name="assessments_document_scan"),
            models.Index(fields=["city", "uploaded_at"], name="assessments_document_newest"),
            models.Index(fields=["uploaded_by", "uploaded_at"], name="assessments_document_hour"),
        ]
        constraints = [
            models.CheckConstraint(
                name="assessments_document_file_or_link",
                condition=~Q(file="") & ~Q(sha256="")
                | ~Q(address="") & Q(file="", sha256="")
                | Q(removed_at__isnull=False, file=""),  # its time was over; the rest of it stays
                violation_error_message=_("Dokumen harus berupa berkas atau tautan."),
            ),
            models.CheckConstraint(
                name="assessments_document_link_was_seen",
                condition=Q(address="") | Q(seen_on__isnull=False),
                violation_error_message=_("Tuliskan kapan tautan itu dilihat."),
            ),
            models.CheckConstraint(
                name="assessments_document_clearing_is_signed",
                condition=Q(cleared_at=None, cleared_by=None)
                | Q(cleared_at__isnull=False, cleared_by__isnull=False),
            ),
            models.CheckConstraint(
                name="assessments_document_period_in_order",
                condition=Q(period_start=None)
                | Q(period_end=None)
                | Q(period_end__gte=models.F("period_start")),
                violation_error_message=_("Akhir periode tidak boleh sebelum awal periode."),
            ),
            models.UniqueConstraint(
                fields=["revision_of"],
                name="assessments_document_one_next_revision",
                violation_error_message=_(
                    "Dokumen ini sudah diganti dengan versi yang lebih baru."
                ),
            ),
            models.CheckConstraint(
                name="assessments_document_revision_says_what_changed",
                condition=Q(revision=1, revision_of=None)
                | (Q(revision__gt=1, revision_of__isnull=False) & ~Q(changes="")),
                violation_error_message=_("Tuliskan apa yang berubah pada versi ini."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        if self.is_link:
            return reverse("assessments:link_detail", args=[self.city.slug, self.pk])
        return reverse("assessments:document_download", args=[self.city.slug, self.pk])

    @property
    def family(self) -> list[SupportingDocument]:
        """All revisions of this document, newest first, in two queries however many there are."""
        revised = SupportingDocument.objects.filter(city=self.city_id, revision__gt=1)
        links = revised.values_list("pk", "revision_of")
        earlier = {after: before for after, before in links if before is not None}
        later = {before: after for after, before in earlier.items()}
        newest = self.pk
        while newest in later:
            newest = later[newest]
        keys = [newest]
        while keys[-1] in earlier:
            keys.append(earlier[keys[-1]])
        found = {self.pk: self} if keys == [self.pk] else SupportingDocument.objects.in_bulk(keys)
        return [found[key] for key in keys]

    @property
    def is_link(self) -> bool:
        return bool(self.address)

    @property
    def is_quarantined(self) -> bool:
        """Whether nobody may open it: it waits for the scanner, or was refused by it."""
        return self.scan_state in QUARANTINED

    @property
    def is_infected(self) -> bool:
        return self.scan_state == ScanState.INFECTED

    @property
    def is_sensitive(self) -> bool:
        return bool(self.sensitivity)

    @property
    def host(self) -> str:
        """The site that a link leads to; empty for a file."""
        return host_of(self.address)

    @property
    def is_locked(self) -> bool:
        """Whether its original stays shut: something in it could act, and nobody cleared it."""
        return self.cleared_at is None and not LOCKING.isdisjoint(self.findings)

    @property
    def download_name(self) -> str:
        """The name that people gave the file, with the ending that its content asks for."""
        extension = EXTENSIONS.get(self.media_type, "")
        stem, dot, ending = self.original_name.rpartition(".")
        if not extension or ending.lower() in EXTENSIONS_OF[self.media_type]:
            return self.original_name
        known = dot and ending.lower() in ALL_EXTENSIONS
        return f"{stem if known else self.original_name}.{extension}"

    @property
    def is_picture(self) -> bool:
        return self.media_type.startswith("image/")

    @property
    def said_findings(self) -> list[str]:
        """What was found inside the original, each in a few words."""
        return [
            f"{FileFinding(finding).label} ({count})"
            if count > 1
            else str(FileFinding(finding).label)
            for finding, count in self.findings.items()
        ]

    @property
    def preview_state(self) -> str:
        """What has become of its rendition; pending where none was ever planned."""
        rendition = getattr(self, "rendition", None)
        return rendition.state if rendition is not None else "pending"

    @property
    def preview_family(self) -> str:
        """How a page shows the rendition: as picture, pdf or text; empty without one."""
        shown = self.preview
        return PREVIEW_TASKS[shown.media_type] if shown is not None else ""

    @property
    def preview(self) -> Rendition | None:
        """What pages may show; None while it is being made, or where there is nothing."""
        rendition = getattr(self, "rendition", None)
        return rendition if rendition is not None and rendition.is_ready else None

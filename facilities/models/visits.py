"""What was found at facilities on visits, and what is to be mended there."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assessments.models import SupportingDocument
from cities.models import Membership, Opd
from facilities.models.facilities import Facility, signature


class Visit(models.Model):
    """What somebody found with a checklist on a day; never changed, a later visit follows it.

    `answers` maps the code of an item to a `choices.Said`; empty where only the official result
    was entered. `missing` counts the required items that are not met. `latitude` and `longitude`
    are where the phone was, in degrees with four places: some 10 metres; never asked without a tap.
    """

    facility = models.ForeignKey(
        Facility, models.CASCADE, related_name="visits", verbose_name=_("fasilitas")
    )
    checklist = models.CharField(_("daftar periksa"), max_length=50)
    version = models.CharField(_("versi"), max_length=50)
    on = models.DateField(_("tanggal"))
    answers = models.JSONField(_("jawaban"), default=dict, blank=True)
    score = models.DecimalField(_("nilai"), max_digits=7, decimal_places=2)
    maximum = models.DecimalField(
        _("nilai tertinggi"), max_digits=7, decimal_places=2, null=True, blank=True
    )
    missing = models.PositiveSmallIntegerField(_("butir wajib belum terpenuhi"), default=0)
    note = models.TextField(_("catatan"), max_length=1000, blank=True)
    latitude = models.DecimalField(
        _("lintang"), max_digits=6, decimal_places=4, null=True, blank=True
    )
    longitude = models.DecimalField(
        _("bujur"), max_digits=7, decimal_places=4, null=True, blank=True
    )
    # Made by a phone that sends again when it got no answer; it stands once.
    key = models.UUIDField(_("kunci kiriman"), null=True, blank=True, editable=False)
    at = models.DateTimeField(_("dicatat pada"))
    by = signature()

    class Meta:
        verbose_name = _("kunjungan fasilitas")
        verbose_name_plural = _("kunjungan fasilitas")
        ordering = ["-on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "key"],
                name="facilities_visit_once",
                violation_error_message=_("Kunjungan ini sudah tercatat."),
            ),
            models.CheckConstraint(
                name="facilities_visit_has_both_degrees_or_none",
                condition=Q(latitude=None, longitude=None)
                | Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__range=(-180, 180),
                ),
                violation_error_message=_("Posisi memerlukan lintang dan bujur yang ada di bumi."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.facility_id} {self.on}"


class FindingQuerySet(models.QuerySet["Finding"]):
    def visible_to(self, member: Membership) -> Self:
        """Those of the facilities that the member sees, and those that the member's OPD settles."""
        theirs = Q(facility__in=Facility.objects.visible_to(member))
        if member.opd_id is not None:
            theirs |= Q(facility__city=member.city_id, opd=member.opd_id)
        return self.filter(theirs)

    def still_open(self) -> Self:
        return self.filter(closed_at=None)

    def late_on(self, day: date) -> Self:
        """Open though their last day has passed; the twin of `Finding.is_late`."""
        return self.still_open().filter(due_on__lt=day)


class Finding(models.Model):
    """Something at a facility that is to be mended by a day: a sentence, a spot, a photo.

    `opd` settles it; None where the facility does so itself. `visit_key` is the key of the visit on
    which it was found: the finding may arrive before the visit does. Once closed it says what was
    done and never changes; what comes back is another finding.
    """

    facility = models.ForeignKey(
        Facility, models.CASCADE, related_name="findings", verbose_name=_("fasilitas")
    )
    sentence = models.CharField(_("temuan"), max_length=300)
    spot = models.CharField(_("di bagian mana"), max_length=100, blank=True)
    # One photo may show several things.
    document = models.ForeignKey(
        SupportingDocument,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("foto"),
    )
    found_on = models.DateField(_("ditemukan"))
    due_on = models.DateField(_("tenggat"))
    opd = models.ForeignKey(
        Opd,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("OPD yang menyelesaikan"),
    )
    done = models.CharField(_("yang dilakukan"), max_length=300, blank=True)
    closed_at = models.DateTimeField(_("selesai pada"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("diselesaikan oleh"),
    )
    visit_key = models.UUIDField(_("kunci kunjungan"), null=True, blank=True, editable=False)
    key = models.UUIDField(_("kunci kiriman"), null=True, blank=True, editable=False)
    at = models.DateTimeField(_("dicatat pada"))
    by = signature()

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = _("temuan")
        verbose_name_plural = _("temuan")
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["due_on"], name="facilities_finding_due")]
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "key"],
                name="facilities_finding_once",
                violation_error_message=_("Temuan ini sudah tercatat."),
            ),
            models.CheckConstraint(
                name="facilities_finding_due_after_found",
                condition=Q(due_on__gte=models.F("found_on")),
                violation_error_message=_("Tenggat tidak boleh sebelum hari temuan."),
            ),
            models.CheckConstraint(
                name="facilities_finding_closed_with_what_was_done",
                condition=Q(closed_at=None, closed_by=None, done="")
                | (Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(done="")),
                violation_error_message=_(
                    "Temuan selesai dengan apa yang dilakukan dan oleh siapa."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.sentence

    def get_absolute_url(self) -> str:
        return reverse("facilities:finding_detail", args=[self.facility.city.slug, self.pk])

    @property
    def settled_by(self) -> str:
        """Who is to settle it, in words."""
        return self.opd.name if self.opd else str(_("Fasilitas sendiri"))

    def is_late(self, day: date) -> bool:
        """The twin of `FindingQuerySet.late_on`."""
        return self.closed_at is None and self.due_on < day

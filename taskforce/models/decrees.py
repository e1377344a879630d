"""Decrees of the Gugus Tugas, who is in it by which post, and who is trained."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assessments.models import SupportingDocument
from cities.models import City, Membership, Opd
from taskforce.choices import Element, Field, TaskForceRole


class DecreeQuerySet(models.QuerySet["Decree"]):
    def visible_to(self, member: Membership) -> Self:
        return self.filter(city=member.city_id)

    def in_force_on(self, day: date) -> Self:
        """Those whose time holds that day, the latest first: that one replaces the others.

        Twin of `Decree.is_in_force_on`.
        """
        holding = Q(valid_to=None) | Q(valid_to__gte=day)
        return self.filter(holding, valid_from__lte=day).order_by("-valid_from", "-pk")


class Decree(models.Model):
    """A decree (SK) that forms the Gugus Tugas. `valid_to` is its last day; without one it holds
    until a later decree begins."""

    city = models.ForeignKey(
        City, models.PROTECT, related_name="taskforce_decrees", verbose_name=_("kabupaten/kota")
    )
    number = models.CharField(_("nomor"), max_length=100)
    signed_on = models.DateField(_("ditetapkan"))
    valid_from = models.DateField(_("berlaku mulai"))
    valid_to = models.DateField(_("berlaku sampai"), null=True, blank=True)
    signatory = models.CharField(_("penanda tangan"), max_length=150, blank=True)
    document = models.ForeignKey(
        SupportingDocument,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("berkas"),
    )
    at = models.DateTimeField(_("dicatat pada"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name=_("dicatat oleh")
    )

    objects = DecreeQuerySet.as_manager()

    class Meta:
        verbose_name = _("SK Gugus Tugas")
        verbose_name_plural = _("SK Gugus Tugas")
        ordering = ["-valid_from", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["city", "number"],
                name="taskforce_decree_number_once",
                violation_error_message=_("SK dengan nomor itu sudah tercatat."),
            ),
            models.CheckConstraint(
                name="taskforce_decree_ends_after_start",
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                violation_error_message=_("Akhir masa berlaku tidak boleh sebelum mulai berlaku."),
            ),
        ]

    def __str__(self) -> str:
        return f"SK Nomor {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("taskforce:decree_detail", args=[self.city.slug, self.pk])

    def is_in_force_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or self.valid_to >= day)


class TaskForceMemberQuerySet(models.QuerySet["TaskForceMember"]):
    def visible_to(self, member: Membership) -> Self:
        return self.filter(decree__city=member.city_id)

    def on(self, day: date) -> Self:
        """Who is in it that day; the first and the last day count."""
        holding = Q(until=None) | Q(until__gte=day)
        return self.filter(holding, since__lte=day)


class TaskForceMember(models.Model):
    """Somebody in the Gugus Tugas under a decree, from `since` to the day `until`.

    The post is what the decree names; the person may still be unknown. When an official leaves,
    the row ends and another begins for the same post: nothing is overwritten.
    """

    decree = models.ForeignKey(
        Decree, models.PROTECT, related_name="members", verbose_name=_("SK Gugus Tugas")
    )
    post = models.CharField(_("jabatan"), max_length=150)
    institution = models.CharField(_("instansi"), max_length=150)
    opd = models.ForeignKey(
        Opd, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("OPD")
    )
    element = models.CharField(_("unsur"), max_length=20, choices=Element.choices)
    role = models.CharField(_("kedudukan"), max_length=20, choices=TaskForceRole.choices)
    field = models.CharField(_("bidang"), max_length=20, choices=Field.choices, blank=True)
    name = models.CharField(_("nama"), max_length=150, blank=True)
    since = models.DateField(_("sejak"))
    until = models.DateField(_("sampai"), null=True, blank=True)

    objects = TaskForceMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("anggota Gugus Tugas")
        verbose_name_plural = _("anggota Gugus Tugas")
        ordering = ["decree", "pk"]
        constraints = [
            models.CheckConstraint(
                name="taskforce_member_ends_after_start",
                condition=Q(until=None) | Q(until__gte=F("since")),
                violation_error_message=_("Hari terakhir tidak boleh sebelum hari pertama."),
            ),
            models.CheckConstraint(
                name="taskforce_member_known_element", condition=Q(element__in=Element.values)
            ),
            models.CheckConstraint(
                name="taskforce_member_known_role", condition=Q(role__in=TaskForceRole.values)
            ),
            models.CheckConstraint(
                name="taskforce_member_known_field", condition=Q(field__in=["", *Field.values])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.post})" if self.name else self.post


class Certificate(models.Model):
    """A training in the Convention on the Rights of the Child (KHA); `valid_to` is its last day."""

    member = models.ForeignKey(
        TaskForceMember,
        models.CASCADE,
        related_name="certificates",
        verbose_name=_("anggota Gugus Tugas"),
    )
    training = models.CharField(_("pelatihan"), max_length=200)
    number = models.CharField(_("nomor sertifikat"), max_length=100, blank=True)
    issued_on = models.DateField(_("tanggal sertifikat"))
    valid_to = models.DateField(_("berlaku sampai"), null=True, blank=True)

    class Meta:
        verbose_name = _("sertifikat KHA")
        verbose_name_plural = _("sertifikat KHA")
        ordering = ["-issued_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="taskforce_certificate_ends_after_start",
                condition=Q(valid_to=None) | Q(valid_to__gte=F("issued_on")),
                violation_error_message=_("Sertifikat tidak dapat berakhir sebelum terbit."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.training} {self.number}".strip()

    def holds_on(self, day: date) -> bool:
        return self.issued_on <= day and (self.valid_to is None or self.valid_to >= day)

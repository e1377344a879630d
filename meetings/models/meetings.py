"""Meetings of the Gugus Tugas: who came, what was said, what was decided, and what became of it.

Tables and constraints keep the names they had when meetings were part of `taskforce`: nothing in
a database of a city moved when the package was parted (decision 0052).
"""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import UTC, date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assessments.models import Answer
from cities.models import City, Membership, Opd
from cities.roles import Permission
from facilities.models import Facility
from meetings.choices import MeetingKind
from meetings.subjects import Subject, is_done_there
from taskforce.models import TaskForceMember
from territories.models import Unit


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, member: Membership) -> Self:
        return self.filter(city=member.city_id)


class Meeting(models.Model):
    """A meeting. Agenda and invited are lines of text. Closed, it never changes again.

    `revision` counts what was stored of the minutes, so that nobody stores over words unseen.
    `attendance_round` is part of the address behind the QR code: raising it ends the old ones.
    """

    city = models.ForeignKey(
        City, models.PROTECT, related_name="meetings", verbose_name=_("kabupaten/kota")
    )
    kind = models.CharField(_("jenis"), max_length=20, choices=MeetingKind.choices)
    title = models.CharField(_("perihal"), max_length=200)
    starts_at = models.DateTimeField(_("mulai"))
    ends_at = models.DateTimeField(_("selesai"), null=True, blank=True)
    place = models.CharField(_("tempat"), max_length=200)
    chair = models.CharField(_("pemimpin rapat"), max_length=150)
    letter_number = models.CharField(_("nomor surat undangan"), max_length=100, blank=True)
    invited = models.TextField(_("yang diundang"), max_length=10_000, blank=True)
    agenda = models.TextField(_("agenda"), max_length=5_000, blank=True)
    minutes = models.TextField(_("notula"), max_length=40_000, blank=True)
    revision = models.PositiveIntegerField(_("revisi notula"), default=0)
    # SHA-256 as they were when the minutes were closed; see `minutes_checksum`, `attendance_seal`.
    checksum = models.CharField(
        _("kode keaslian notula"), max_length=64, blank=True, default="", db_default=""
    )
    attendance_checksum = models.CharField(
        _("kode keaslian daftar hadir"), max_length=64, blank=True, default="", db_default=""
    )
    # When names and signatures of the list went, as `KLA_KEEP_ATTENDANCES_YEARS` says.
    names_removed_at = models.DateTimeField(_("nama dihapus pada"), null=True, blank=True)
    attendance_round = models.PositiveIntegerField(_("putaran daftar hadir"), default=1)
    minutes_at = models.DateTimeField(_("notula disimpan pada"), null=True, blank=True)
    minutes_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("notula disimpan oleh"),
    )
    closed_at = models.DateTimeField(_("ditutup pada"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("ditutup oleh"),
    )
    at = models.DateTimeField(_("dicatat pada"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name=_("dicatat oleh")
    )

    objects = MeetingQuerySet.as_manager()

    class Meta:
        db_table = "taskforce_meeting"
        verbose_name = _("rapat")
        verbose_name_plural = _("rapat")
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="taskforce_meeting_known_kind", condition=Q(kind__in=MeetingKind.values)
            ),
            models.CheckConstraint(
                name="taskforce_meeting_ends_after_start",
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("Rapat selesai sesudah dimulai."),
            ),
            models.CheckConstraint(
                name="taskforce_meeting_closed_by_somebody",
                condition=Q(closed_at=None, closed_by=None)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="meetings_names_go_with_seals",
                condition=Q(names_removed_at=None)
                | (~Q(checksum="") & ~Q(attendance_checksum="") & Q(closed_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("meetings:meeting_detail", args=[self.city.slug, self.pk])

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    @property
    def agenda_items(self) -> list[str]:
        return _lines(self.agenda)

    @property
    def invited_lines(self) -> list[str]:
        return _lines(self.invited)

    @property
    def minutes_url(self) -> str:
        """Where the minutes are written, from the revision that is stored."""
        return reverse("meetings:minutes_edit", args=[self.city.slug, self.pk, self.revision])

    def minutes_checksum(self) -> str:
        """SHA-256 over minutes, attendance and decisions, in hexadecimal; the same once closed.

        Reckoned anew, so that a change shows, as long as the names of the list are there.
        """
        if self.names_removed_at is not None:
            return self.checksum
        told = [self.title, self.starts_at.astimezone(UTC).isoformat(), self.minutes]
        told += [f"{one.key}|{one.signature}" for one in self.attendances.order_by("pk")]
        told += [
            f"{one.text}|{one.owner_opd_id}|{one.owner_member_id}|{one.due_on}{one.sealed_place}"
            for one in self.decisions.order_by("pk")
        ]
        return hashlib.sha256("\n".join(told).encode()).hexdigest()

    def attendance_seal(self) -> str:
        """SHA-256 over the list alone, in hexadecimal: a kept copy can be held against it.

        Of JSON in UTF-8 without spaces: a row for each person in the order they came, with name,
        institution, post, whom they stood for, the signature in base64, and the moment in UTC.
        """
        if self.names_removed_at is not None:
            return self.attendance_checksum
        rows = [
            [
                *(one.name, one.institution, one.post, one.deputy_for, one.signature),
                one.at.astimezone(UTC).isoformat(),
            ]
            for one in self.attendances.order_by("pk")
        ]
        told = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(told.encode()).hexdigest()


class Attendance(models.Model):
    """Somebody who was there. `deputy_for` is the person or post that they stand in for.

    `key` is the folded name and institution, so that nobody signs twice. `signature` is a small
    PNG in base64, or empty where the name was typed. `by` wrote it by hand; nobody did where the
    person signed on a phone of their own. Once the time of the list is over, institution and post
    stay of a row: `forget_person` takes the rest.
    """

    meeting = models.ForeignKey(
        Meeting, models.PROTECT, related_name="attendances", verbose_name=_("rapat")
    )
    name = models.CharField(_("nama"), max_length=150)
    institution = models.CharField(_("instansi"), max_length=150)
    post = models.CharField(_("jabatan"), max_length=150, blank=True)
    deputy_for = models.CharField(_("mewakili"), max_length=150, blank=True)
    key = models.CharField(_("kunci"), max_length=310)
    signature = models.TextField(_("tanda tangan"), blank=True)
    at = models.DateTimeField(_("pada"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("dicatat oleh"),
    )

    class Meta:
        db_table = "taskforce_attendance"
        verbose_name = _("kehadiran")
        verbose_name_plural = _("kehadiran")
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "key"], name="taskforce_attends_once")
        ]

    def __str__(self) -> str:
        if self.name:
            return f"{self.name} ({self.institution})"
        return f"{self.institution}, {self.post}" if self.post else self.institution

    def forget_person(self) -> None:
        """Leave nothing by which the person is known; the row still counts."""
        self.name, self.deputy_for, self.signature = "", "", ""
        self.key = f"#{self.pk}"

    @property
    def signature_url(self) -> str:
        """The picture as an address that holds it; empty without one."""
        return f"data:image/png;base64,{self.signature}" if self.signature else ""


class Photo(models.Model):
    """A picture of a meeting, made small: a JPEG in base64 without what its camera wrote."""

    meeting = models.ForeignKey(
        Meeting, models.PROTECT, related_name="photos", verbose_name=_("rapat")
    )
    caption = models.CharField(_("keterangan"), max_length=200, blank=True)
    content = models.TextField(_("isi"))
    sha256 = models.CharField(_("kode keaslian"), max_length=64)
    at = models.DateTimeField(_("pada"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name=_("oleh")
    )

    class Meta:
        db_table = "taskforce_photo"
        verbose_name = _("foto rapat")
        verbose_name_plural = _("foto rapat")
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "sha256"], name="taskforce_photo_once")
        ]

    def __str__(self) -> str:
        return self.caption or self.sha256[:8]

    @property
    def jpeg(self) -> bytes:
        return base64.b64decode(self.content)


class Addendum(models.Model):
    """A correction of a closed meeting, said beside it."""

    meeting = models.ForeignKey(
        Meeting, models.PROTECT, related_name="addenda", verbose_name=_("rapat")
    )
    text = models.TextField(_("isi"), max_length=5_000)
    at = models.DateTimeField(_("pada"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name=_("oleh")
    )

    class Meta:
        db_table = "taskforce_addendum"
        verbose_name = _("tambahan notula")
        verbose_name_plural = _("tambahan notula")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.text[:50]


def _at_most_one(*names: str) -> Q:
    """Of these columns none or one is filled."""
    condition = Q()
    for name in names:
        condition |= Q(**dict.fromkeys([one for one in names if one != name]))
    return condition


class DecisionQuerySet(models.QuerySet["Decision"]):
    def visible_to(self, member: Membership) -> Self:
        """Every decision of a closed meeting; those being written only for who writes them."""
        of_city = self.filter(meeting__city=member.city_id)
        if member.may(Permission.MANAGE_TASKFORCE):
            return of_city
        return of_city.decided()

    def decided(self) -> Self:
        """Of closed meetings: only they have decided."""
        return self.filter(meeting__closed_at__isnull=False)

    def with_progress(self) -> Self:
        """Each with `is_done_there`: whether what it is about says that it was done."""
        done = models.ExpressionWrapper(is_done_there(), output_field=models.BooleanField())
        return self.annotate(is_done_there=done)

    def still_open(self, done_there: models.Q | None = None) -> Self:
        """Neither closed here nor by what it is about. Twin of `Decision.is_done`.

        Where all of them are about one kind of thing, `done_there` is the rule of that kind: the
        rules of all kinds together are a query of some length.
        """
        rule = is_done_there() if done_there is None else done_there
        return self.filter(~rule, done_at=None).annotate(
            is_done_there=models.Value(False, models.BooleanField())
        )

    def of_opd(self, opd: Opd) -> Self:
        return self.filter(Q(owner_opd=opd) | Q(owner_member__opd=opd))

    def late_first(self) -> Self:
        return self.order_by(F("due_on").asc(nulls_last=True), "pk")


class Decision(models.Model):
    """What a meeting decided, who does it and until which day; `done_at` says that it was done.

    Its owner is an OPD or a member of the Gugus Tugas, never both. It may be about one thing: a
    question of a year, a facility, a unit, or by kind and number something of a package above.
    Once that says that it was done, so is the decision; `meetings.subjects` has the rules.
    """

    is_done_there: bool  # of `with_progress`
    subject: Subject | None  # of `queries.subjects.told_decisions`

    meeting = models.ForeignKey(
        Meeting, models.PROTECT, related_name="decisions", verbose_name=_("rapat")
    )
    text = models.TextField(_("keputusan"), max_length=1_000)
    owner_opd = models.ForeignKey(
        Opd,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("OPD penanggung jawab"),
    )
    owner_member = models.ForeignKey(
        TaskForceMember,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("anggota penanggung jawab"),
    )
    due_on = models.DateField(_("tenggat"), null=True, blank=True)
    answer = models.ForeignKey(
        Answer,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("pertanyaan"),
    )
    # What the minutes were sealed with stays, so neither goes while a decision is about it.
    facility = models.ForeignKey(
        Facility,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("fasilitas"),
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("wilayah")
    )
    subject_kind = models.CharField(
        _("jenis hal"), max_length=20, blank=True, default="", db_default=""
    )
    subject_id = models.PositiveBigIntegerField(_("nomor hal"), null=True, blank=True)
    address = models.URLField(_("tautan"), max_length=2_000, blank=True)
    done_at = models.DateTimeField(_("selesai pada"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("diselesaikan oleh"),
    )
    done_note = models.TextField(_("catatan penyelesaian"), max_length=1_000, blank=True)
    done_address = models.URLField(_("tautan bukti"), max_length=2_000, blank=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        db_table = "taskforce_decision"
        verbose_name = _("keputusan rapat")
        verbose_name_plural = _("keputusan rapat")
        ordering = ["meeting", "pk"]
        constraints = [
            models.CheckConstraint(
                name="taskforce_decision_one_owner",
                condition=Q(owner_opd=None) | Q(owner_member=None),
                violation_error_message=_("Pilih satu penanggung jawab: OPD atau anggota."),
            ),
            models.CheckConstraint(
                name="meetings_decision_about_one_thing",
                condition=_at_most_one("answer", "facility", "unit", "subject_id"),
                violation_error_message=_("Pilih satu hal saja yang dituju keputusan ini."),
            ),
            models.CheckConstraint(
                name="meetings_decision_kind_with_number",
                condition=Q(subject_kind="", subject_id=None)
                | (~Q(subject_kind="") & Q(subject_id__isnull=False)),
            ),
            models.CheckConstraint(
                name="taskforce_decision_done_with_note",
                condition=Q(done_at=None, done_by=None)
                | (Q(done_at__isnull=False, done_by__isnull=False) & ~Q(done_note="")),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def owner(self) -> str:
        """As people read it; empty without one."""
        return str(self.owner_opd or self.owner_member or "")

    @property
    def is_done(self) -> bool:
        """The row comes from `with_progress`."""
        return self.done_at is not None or self.is_done_there

    @property
    def sealed_place(self) -> str:
        """What of its subject the minutes are sealed with; nothing of a question, which may go."""
        if self.facility_id:
            return f"|facility {self.facility_id}"
        if self.unit_id:
            return f"|unit {self.unit_id}"
        return f"|{self.subject_kind} {self.subject_id}" if self.subject_id else ""

    def is_late_on(self, today: date) -> bool:
        return not self.is_done and self.due_on is not None and self.due_on < today


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]

"""What the site stores about one person, for that person.

Every table that refers to a person is either in `SECTIONS` or in `LEFT_OUT` with its reason; a test
holds that against the models.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.db.models import Count, IntegerField, Model, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from api.models import ApiToken
from assessments.models import (
    Activity,
    Answer,
    Comment,
    Evidence,
    Notification,
    NotificationPreference,
    SupportingDocument,
    Upload,
    WhatsappConsent,
)
from cities.models import CityActivity, EmailChange, Invitation, Membership, User, UserSession
from territories.models import Report


@dataclass(frozen=True, slots=True)
class Section:
    """The rows of one table that refer to the person by `person`, and what is told of each."""

    key: str
    label: str | Promise
    model: type[Model]
    person: str
    fields: Mapping[str, str]  # the name in the file: the path in the database


@dataclass(frozen=True, slots=True)
class Counted:
    label: str | Promise
    count: int


SECTIONS: Sequence[Section] = (
    Section("keanggotaan", _("Keanggotaan dan peran"), Membership, "user", {
        "kota": "city__name", "peran": "role", "opd": "opd__name",
    }),
    Section("alamat", _("Alamat e-mail"), EmailAddress, "user", {
        "e-mail": "email", "terbukti": "verified",
    }),
    Section("perubahan alamat", _("Perubahan alamat e-mail"), EmailChange, "user", {
        "lama": "before", "baru": "after", "diminta": "asked_at", "diganti": "done_at",
    }),
    Section("undangan", _("Undangan yang Anda terima"), Invitation, "accepted_by", {
        "kota": "city__name", "e-mail": "email", "nama": "name", "peran": "role",
        "diundang": "invited_at", "diterima": "accepted_at",
    }),
    Section("pilihan", _("Pilihan pemberitahuan"), NotificationPreference, "user", {
        "jenis": "kind", "kotak masuk": "in_app", "e-mail": "email",
    }),
    Section("whatsapp", _("Nomor WhatsApp"), WhatsappConsent, "user", {
        "nomor": "number", "paling banyak sehari": "most_a_day", "disetujui": "agreed_at",
    }),
    Section("pemberitahuan", _("Pemberitahuan kepada Anda"), Notification, "user", {
        "jenis": "kind", "isi": "text", "dibuat": "created_at", "dibaca": "read_at",
        "dikirim": "emailed_at", "dikirim lewat WhatsApp": "messaged_at",
    }),
    Section("diskusi", _("Pesan dalam diskusi"), Comment, "by", {
        "kota": "answer__assessment__city__name", "tahun": "answer__assessment__year",
        "pertanyaan": "answer__question__code", "pesan": "text", "pada": "at",
    }),
    Section("dokumen", _("Dokumen yang Anda unggah"), SupportingDocument, "uploaded_by", {
        "kota": "city__name", "judul": "title", "berkas": "original_name",
        "SHA-256": "sha256", "pada": "uploaded_at",
    }),
    Section("unggahan", _("Unggahan yang belum selesai"), Upload, "user", {
        "berkas": "name", "dimulai": "created_at",
    }),
    Section("keputusan", _("Keputusan atas dokumen"), Evidence, "decided_by", {
        "kota": "answer__assessment__city__name", "tahun": "answer__assessment__year",
        "pertanyaan": "answer__question__code", "dokumen": "document__title",
        "keputusan": "verdict", "alasan": "reason", "pada": "decided_at",
    }),
    Section("klaim", _("Klaim yang Anda isi"), Answer, "claimed_by", {
        "kota": "assessment__city__name", "tahun": "assessment__year",
        "pertanyaan": "question__code", "nilai": "claimed_points", "catatan": "note",
        "pada": "claimed_at",
    }),
    Section("sesi", _("Perangkat tempat Anda masuk"), UserSession, "user", {
        "peramban": "user_agent", "alamat jaringan": "network", "masuk": "signed_in_at",
        "terakhir dipakai": "last_used_at",
    }),
    Section("token", _("Token bagi sistem lain, tanpa rahasianya"), ApiToken, "user", {
        "nama": "name", "kewenangan": "scope", "dibuat": "created_at",
        "berlaku sampai": "expires_at", "terakhir dipakai": "last_used_at", "dicabut": "revoked_at",
    }),
    Section("faktor kedua", _("Faktor kedua, tanpa kuncinya"), Authenticator, "user", {
        "jenis": "type", "dibuat": "created_at", "terakhir dipakai": "last_used_at",
    }),
    Section("laporan wilayah", _("Laporan wilayah yang Anda kirim"), Report, "sent_by", {
        "tahun": "year", "kriteria": "criterion", "dikirim": "sent_at",
    }),
    Section("jejak", _("Aktivitas Anda dalam jejak tahun"), Activity, "by", {
        "kota": "assessment__city__name", "tahun": "assessment__year", "aktivitas": "deed",
        "rincian": "detail", "alamat jaringan": "address", "pada": "at",
    }),
    Section("jejak kota", _("Aktivitas Anda dalam jejak anggota dan OPD"), CityActivity, "by", {
        "kota": "city__name", "aktivitas": "deed", "mengenai": "target",
        "alamat jaringan": "address", "pada": "at",
    }),
    Section("administrasi", _("Perubahan di halaman administrasi"), LogEntry, "user", {
        "mengenai": "object_repr", "pada": "action_time",
    }),
)  # fmt: skip

# Who signed what of the city: the deed itself stands in a trail, which is told above.
_SIGNED = "the signature under a row of the city's; the deed stands in the trail"
LEFT_OUT: Mapping[str, str] = {
    "actionplan.Action.by": _SIGNED,
    "actionplan.ActionPlan.by": _SIGNED,
    "monitoring.CityRules.by": _SIGNED,
    "monitoring.Realisation.by": _SIGNED,
    "monitoring.YearGoal.by": _SIGNED,
    "api.ApiToken.made_by": _SIGNED,
    "api.Webhook.made_by": _SIGNED,
    "assessments.Answer.granted_by": _SIGNED,
    "assessments.Assessment.opened_by": _SIGNED,
    "assessments.Evidence.offered_by": _SIGNED,
    "assessments.Evidence.reviewer": _SIGNED,
    "assessments.OfficialIndicatorScore.by": _SIGNED,
    "assessments.PointsRecord.by": _SIGNED,
    "assessments.ProducedFile.user": "gone after a day",
    "assessments.RescueWindow.by": _SIGNED,
    "assessments.SensitiveKind.by": _SIGNED,
    "assessments.SheetImport.user": "gone after a day",
    "assessments.Snapshot.by": _SIGNED,
    "assessments.StageScore.entered_by": _SIGNED,
    "assessments.SupportingDocument.cleared_by": _SIGNED,
    "assessments.Waiver.by": _SIGNED,
    "cities.Invitation.invited_by": _SIGNED,
    "cities.SentForm.user": "which forms were sent; gone after a week",
    "cities.User_groups.user": "rights come from roles alone; always empty",
    "cities.User_user_permissions.user": "rights come from roles alone; always empty",
    "childdata.Observation.by": _SIGNED,
    "clusters.InstrumentImport.created_by": "gone once it is decided",
    "clusters.Mapping.created_by": _SIGNED,
    "clusters.QuestionMatch.confirmed_by": _SIGNED,
    "clusters.QuestionSource.by": _SIGNED,
    "facilities.Credential.by": _SIGNED,
    "facilities.Facility.by": _SIGNED,
    "facilities.Finding.by": _SIGNED,
    "facilities.Finding.closed_by": _SIGNED,
    "facilities.Route.by": _SIGNED,
    "facilities.Visit.by": _SIGNED,
    "imports.StagedImport.by": "gone after a day",
    "nomenclature.Nomenclature.by": _SIGNED,
    "plans.Effort.by": _SIGNED,
    "plans.Plan.by": _SIGNED,
    "plans.Scenario.by": _SIGNED,
    "registers.TakenValue.by": _SIGNED,
    "regulations.Regulation.by": _SIGNED,
    "socialaccount.SocialAccount.user": "nothing is stored of the city's own accounts; always empty",
    "meetings.Addendum.by": _SIGNED,
    "meetings.Attendance.by": _SIGNED,
    "public.PublicMessage.settled_by": _SIGNED,
    "public.Release.by": _SIGNED,
    "public.ReleasedDocument.by": _SIGNED,
    "public.ReleasedDocument.withdrawn_by": _SIGNED,
    "public.Release.withdrawn_by": _SIGNED,
    "taskforce.Commitment.by": _SIGNED,
    "meetings.Decision.done_by": _SIGNED,
    "taskforce.Decree.by": _SIGNED,
    "meetings.Meeting.by": _SIGNED,
    "meetings.Meeting.closed_by": _SIGNED,
    "meetings.Meeting.minutes_by": _SIGNED,
    "meetings.Photo.by": _SIGNED,
    "territories.CityCriteriaSet.made_by": _SIGNED,
    "territories.CityCriteriaSet.published_by": _SIGNED,
    "territories.CityRatingRules.by": _SIGNED,
    "territories.CriteriaChoice.by": _SIGNED,
    "territories.Declaration.by": _SIGNED,
    "territories.Report.decided_by": _SIGNED,
    "territories.Report.written_by": "whoever sends it signs it",
    "territories.UnitBoundary.by": _SIGNED,
    "territories.UnitChange.by": _SIGNED,
    "territories.VisitSample.by": _SIGNED,
}


def counted(user: User) -> list[Counted]:
    """How much of each kind there is, in one query."""
    counts = User.objects.filter(pk=user.pk).values_list(*(_count(section) for section in SECTIONS))
    return [
        Counted(section.label, count) for section, count in zip(SECTIONS, counts.get(), strict=True)
    ]


def _count(section: Section) -> Coalesce:
    rows = section.model._base_manager.filter(**{section.person: OuterRef("pk")}).order_by()
    total = rows.values(section.person).annotate(total=Count("pk")).values("total")
    return Coalesce(Subquery(total, output_field=IntegerField()), 0)


def own_data(user: User, *, at: datetime) -> dict[str, object]:
    """All of it, as plain values that JSON can hold; moments in UTC."""
    return {
        "dibuat": at,
        "akun": {
            "nama": user.name,
            "e-mail": user.email,
            "terdaftar": user.date_joined,
            "masuk terakhir": user.last_login,
            "administrator situs": user.is_superuser,
        },
        **{section.key: _rows(section, user) for section in SECTIONS},
    }


def _rows(section: Section, user: User) -> list[dict[str, object]]:
    mine = section.model._base_manager.filter(**{section.person: user}).order_by("pk")
    values = mine.values_list(*section.fields.values())
    return [dict(zip(section.fields, row, strict=True)) for row in values]

"""The fixed vocabularies of an assessment."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Stage(models.TextChoices):
    """Where a year stands. Only an open year can be answered and reviewed."""

    OPEN = "open", _("Evaluasi mandiri")
    CLOSED = "closed", _("Ditutup")


class Verdict(models.TextChoices):
    WAITING = "waiting", _("Menunggu pemeriksaan")
    ACCEPTED = "accepted", _("Diterima")
    RETURNED = "returned", _("Dikembalikan")


class AnswerState(models.TextChoices):
    """What a question needs next. Derived from its claim and documents, never stored."""

    RETURNED = "returned", _("Dikembalikan")
    WAITING = "waiting", _("Menunggu pemeriksaan")
    ACCEPTED = "accepted", _("Diterima")
    ANSWERED = "answered", _("Perlu dokumen")
    EMPTY = "empty", _("Belum dijawab")


class ScoreKind(models.TextChoices):
    """Whose points are added up.

    CLAIMED is what the city says, EVIDENCED what our own review has found proven;
    the other four are the official stages of the evaluation (Kepmen PPPA 21/2023).
    """

    CLAIMED = "claimed", _("Diklaim")
    EVIDENCED = "evidenced", _("Terbukti")
    EM = "EM", _("Evaluasi mandiri")
    VA = "VA", _("Verifikasi administrasi")
    VL = "VL", _("Verifikasi lapangan")
    VF = "VF", _("Verifikasi final")


OFFICIAL_KINDS = (ScoreKind.EM, ScoreKind.VA, ScoreKind.VL, ScoreKind.VF)


class Deed(models.TextChoices):
    """What the history of a year records."""

    ASSESSMENT_OPENED = "assessment_opened", _("membuka penilaian")
    ASSESSMENT_CHANGED = "assessment_changed", _("mengubah target atau tenggat")
    ASSESSMENT_CLOSED = "assessment_closed", _("menutup penilaian")
    ASSESSMENT_REOPENED = "assessment_reopened", _("membuka kembali penilaian")
    QUESTIONS_ASSIGNED = "questions_assigned", _("mengubah penugasan")
    SHEET_IMPORTED = "sheet_imported", _("mengimpor lembar nilai")
    CLAIM_SAVED = "claim_saved", _("mengisi klaim")
    DOCUMENT_UPLOADED = "document_uploaded", _("mengunggah dokumen")
    DOCUMENT_OFFERED = "document_offered", _("memakai dokumen tersimpan")
    DOCUMENT_REVISED = "document_revised", _("mengunggah perbaikan")
    DOCUMENT_CARRIED = "document_carried", _("memakai dokumen tahun lalu")
    KIND_WAIVED = "kind_waived", _("mengecualikan jenis dokumen")
    WAIVER_REMOVED = "waiver_removed", _("mencabut pengecualian")
    WINDOW_CHANGED = "window_changed", _("mengubah masa dokumen")
    DOCUMENT_WITHDRAWN = "document_withdrawn", _("menarik dokumen")
    EVIDENCE_ACCEPTED = "evidence_accepted", _("menerima dokumen")
    EVIDENCE_RETURNED = "evidence_returned", _("mengembalikan dokumen")
    VERDICT_UNDONE = "verdict_undone", _("membatalkan keputusan atas dokumen")
    POINTS_GRANTED = "points_granted", _("menetapkan nilai")

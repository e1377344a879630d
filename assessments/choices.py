"""The fixed vocabularies of an assessment."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Stage(models.TextChoices):
    """Where a year stands, in order. What each stage allows is the table in `stages`."""

    PREPARATION = "preparation", _("Persiapan")
    SELF_ASSESSMENT = "self_assessment", _("Evaluasi mandiri")
    SUBMITTED = "submitted", _("Diajukan")
    ADMINISTRATIVE = "administrative", _("Verifikasi administrasi")
    FIELD = "field", _("Verifikasi lapangan")
    FINAL = "final", _("Verifikasi final")
    CLOSED = "closed", _("Ditutup")


class Verdict(models.TextChoices):
    WAITING = "waiting", _("Menunggu pemeriksaan")
    ACCEPTED = "accepted", _("Diterima")
    RETURNED = "returned", _("Dikembalikan")


class Sensitivity(models.TextChoices):
    """Why few people may open a document (UU 27/2022 art. 4: specific personal data)."""

    CASE = "case", _("Kasus kekerasan atau perlindungan khusus")
    CHILD = "child", _("Foto atau data pribadi anak")
    HEALTH = "health", _("Data kesehatan")


class ScanState(models.TextChoices):
    """What the virus scanner said of a file; empty where the site had none when it came."""

    WAITING = "waiting", _("Menunggu pemindaian")
    CLEAN = "clean", _("Bersih")
    INFECTED = "infected", _("Ditolak pemindai")


# Nobody opens these, and nobody decides on them.
QUARANTINED = (ScanState.WAITING, ScanState.INFECTED)


class DocumentState(models.TextChoices):
    """What became of a document in force: its verdict, and of the undecided what the scanner said."""

    WAITING = "waiting", _("Menunggu pemeriksaan")
    ACCEPTED = "accepted", _("Diterima")
    RETURNED = "returned", _("Dikembalikan")
    UNSCANNED = "unscanned", _("Menunggu pemindaian")
    REFUSED = "refused", _("Ditolak pemindai")


class AnswerState(models.TextChoices):
    """What a question needs next. Derived from its claim and documents, never stored."""

    RETURNED = "returned", _("Dikembalikan")
    WAITING = "waiting", _("Menunggu pemeriksaan")
    ACCEPTED = "accepted", _("Diterima")
    ANSWERED = "answered", _("Perlu dokumen")
    EMPTY = "empty", _("Belum dijawab")


# The OPD has done its part, and no date makes it late: the rest is up to the reviewers.
HANDED_IN = (AnswerState.ACCEPTED, AnswerState.WAITING)


class TaskStep(models.TextChoices):
    """Whose turn it is at a question of an OPD, as the address of its tasks says it."""

    TO_DO = "kerjakan", _("Perlu dikerjakan")
    WAITING = "menunggu", _("Menunggu")
    DONE = "selesai", _("Selesai")


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
# What a sheet may bring; proof comes from the review of documents alone.
IMPORTED_KINDS = (ScoreKind.CLAIMED, *OFFICIAL_KINDS)


class TrailEvent(models.TextChoices):
    """What the history of a year records."""

    ASSESSMENT_OPENED = "assessment_opened", _("membuka penilaian")
    ASSESSMENT_CHANGED = "assessment_changed", _("mengubah target atau tenggat")
    ASSESSMENT_SUBMITTED = "assessment_submitted", _("mengajukan penilaian")
    STAGE_ADVANCED = "stage_advanced", _("melanjutkan tahap penilaian")
    STAGE_REOPENED = "stage_reopened", _("membuka kembali tahap penilaian")
    RESCUE_OPENED = "rescue_opened", _("membuka masa melengkapi dokumen")
    RESCUE_CANCELLED = "rescue_cancelled", _("membatalkan masa melengkapi dokumen")
    QUESTIONS_ASSIGNED = "questions_assigned", _("mengubah penugasan")
    SHEET_IMPORTED = "sheet_imported", _("mengimpor lembar nilai")
    CLAIM_SAVED = "claim_saved", _("mengisi klaim")
    DOCUMENT_UPLOADED = "document_uploaded", _("mengunggah dokumen")
    DOCUMENT_OFFERED = "document_offered", _("memakai dokumen tersimpan")
    DOCUMENT_REVISED = "document_revised", _("mengunggah perbaikan")
    DOCUMENT_CARRIED = "document_carried", _("memakai dokumen tahun lalu")
    KIND_WAIVED = "kind_waived", _("mengecualikan jenis dokumen")
    WAIVER_REMOVED = "waiver_removed", _("mencabut pengecualian")
    BANDS_CHOSEN = "bands_chosen", _("memilih tabel predikat")
    WINDOW_CHANGED = "window_changed", _("mengubah masa dokumen")
    LINK_OFFERED = "link_offered", _("mengajukan tautan")
    ATTACHMENT_TAKEN = "attachment_taken", _("mengambil lampiran sebagai dokumen")
    ORIGINAL_CLEARED = "original_cleared", _("membuka kunci berkas asli")
    SENSITIVITY_CHANGED = "sensitivity_changed", _("mengubah tanda sensitif dokumen")
    SENSITIVE_OPENED = "sensitive_opened", _("membuka dokumen sensitif")
    DATA_REMOVED = "data_removed", _("menghapus data menurut masa simpan")
    DOCUMENT_INFECTED = "document_infected", _("menyerahkan berkas yang ditolak pemindai")
    DOCUMENT_RELEASED = "document_released", _("menyerahkan berkas yang ternyata bersih")
    DOCUMENT_WITHDRAWN = "document_withdrawn", _("menarik dokumen")
    EVIDENCE_ACCEPTED = "evidence_accepted", _("menerima dokumen")
    EVIDENCE_RETURNED = "evidence_returned", _("mengembalikan dokumen")
    VERDICT_UNDONE = "verdict_undone", _("membatalkan keputusan atas dokumen")
    ATTEMPT_OVERTAKEN = "attempt_overtaken", _("didahului orang lain saat")
    POINTS_GRANTED = "points_granted", _("menetapkan nilai")
    COMMENT_ADDED = "comment_added", _("menulis pesan")
    OPD_REMINDED = "opd_reminded", _("mengingatkan OPD")
    OFFICIAL_ENTERED = "official_entered", _("mencatat nilai resmi")
    EFFORT_SET = "effort_set", _("menetapkan upaya pertanyaan")
    PLAN_SAVED = "plan_saved", _("menyimpan rencana")
    PLAN_REMOVED = "plan_removed", _("menghapus rencana")
    SCENARIO_SAVED = "scenario_saved", _("menyimpan skenario")
    SCENARIO_REMOVED = "scenario_removed", _("menghapus skenario")


class UsualReason(models.TextChoices):
    """Why papers are sent back most often; the label is the sentence that the OPD reads."""

    UNSIGNED = "unsigned", _("Dokumen belum ditandatangani atau belum dibubuhi stempel.")
    PHOTO = "photo", _("Foto tidak jelas, atau tidak menunjukkan tanggal dan keterangan kegiatan.")
    PERIOD = "period", _("Isi dokumen di luar tahun yang dinilai.")
    NO_DECREE = "no_decree", _("Belum ada dasar hukum: lampirkan SK atau peraturannya.")
    FIGURES = "figures", _("Data belum terpilah laki-laki dan perempuan, atau hanya satu tahun.")
    OTHER_QUESTION = "other_question", _("Dokumen tidak menjawab pertanyaan ini.")
    PAGES = "pages", _("Halaman dokumen tidak lengkap.")
    SAME_PHOTO = "same_photo", _("Foto yang sama dipakai untuk beberapa pertanyaan.")


class NotificationKind(models.TextChoices):
    """What a person can be told of; preferences, inbox and letters take each kind from here.

    A new kind is a name here (and its migration), a `tell_…` in services/notifications.py or, for
    what nobody does, an `Occasion` in services/reminders.py, and the service that calls it.
    """

    ASSIGNED = "assigned", _("Pertanyaan ditugaskan kepada OPD saya")
    RETURNED = "returned", _("Dokumen dikembalikan")
    ACCEPTED = "accepted", _("Dokumen diterima")
    INFECTED = "infected", _("Dokumen ditolak pemindai virus")
    MENTIONED = "mentioned", _("OPD atau Gugus Tugas saya disebut dalam diskusi")
    ASKED = "asked", _("Pesan OPD untuk Gugus Tugas")
    REPLIED = "replied", _("Pesan OPD saya dijawab")
    DUE_SOON = "due_soon", _("Tenggat 7, 3, atau 1 hari lagi")
    OVERDUE = "overdue", _("Tenggat terlewat")
    WEEKLY_DIGEST = "weekly_digest", _("Ringkasan setiap Senin")
    REMINDED = "reminded", _("Gugus Tugas mengingatkan OPD saya")
    EXPIRING = "expiring", _("Surat atau sertifikat fasilitas berakhir")
    FILE_READY = "file_ready", _("Berkas yang saya minta siap diunduh")


# What people hear by e-mail until they choose otherwise: all that asks them to do something.
EMAILED_BY_DEFAULT = frozenset(
    set(NotificationKind) - {NotificationKind.ACCEPTED, NotificationKind.FILE_READY}
)


class FileKind(models.TextChoices):
    """What is made outside of the request where it takes long."""

    PACKAGE = "package", _("Paket dokumen")
    REPORT_PDF = "report_pdf", _("Laporan PDF")
    REPORT_XLSX = "report_xlsx", _("Semua tabel (XLSX)")

"""Who may do what in a city, as one table."""

from __future__ import annotations

from enum import StrEnum

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Permission(StrEnum):
    """One right inside one city. A page names exactly one of them on its gate."""

    VIEW_CITY = "view_city"  # what lies in it: kecamatan, kelurahan and desa
    VIEW_ASSESSMENT = "view_assessment"  # totals, every question and its documents
    VIEW_QUESTION = "view_question"  # single questions; for an OPD only its own
    OWN_TASKS = "own_tasks"  # the list of what one's OPD has to hand in
    ANSWER_QUESTIONS = "answer_questions"  # claim points, upload and withdraw documents
    REVIEW_EVIDENCE = "review_evidence"  # accept, return, grant points
    COMMENT = "comment"
    ASSIGN_QUESTIONS = "assign_questions"
    MANAGE_ASSESSMENT = "manage_assessment"  # open a year, set target and deadline
    SUBMIT_ASSESSMENT = "submit_assessment"  # submit a year, take it on to its next stage
    REOPEN_ASSESSMENT = "reopen_assessment"  # take a year back to an earlier stage, with a reason
    MANAGE_RESCUE = "manage_rescue"  # open and cancel the 2 x 24 hours of chosen questions
    IMPORT_SHEET = "import_sheet"
    MANAGE_MEMBERS = "manage_members"  # OPDs, members, roles, the city's own data
    ENTER_OFFICIAL = "enter_official"  # points that an official stage gave
    MANAGE_PLANS = "manage_plans"  # efforts, plans and scenarios
    CLEAR_ORIGINALS = "clear_originals"  # let a file be fetched in which something could act
    REMIND_OPDS = "remind_opds"  # messages to an OPD about what it owes
    MANAGE_REGULATIONS = "manage_regulations"  # the legal register of the city
    DRAFT_REGULATIONS = "draft_regulations"  # draft a regulation for a topic of one's own OPD
    VIEW_ACTIONS = "view_actions"  # the regional action plan (RAD); an OPD its own actions
    MANAGE_ACTIONS = "manage_actions"  # plans, actions, ceilings, nomenclature, targets of years
    REPORT_ACTIONS = "report_actions"  # what came of an action; an OPD of its own
    READ_SENSITIVE = "read_sensitive"  # open sensitive documents of every OPD
    REVIEW_SENSITIVE = (
        "review_sensitive"  # the same, until the year that they are offered in closes
    )
    MARK_SENSITIVE = "mark_sensitive"  # say which kinds of documents are sensitive
    VIEW_TRAIL = "view_trail"  # every deed of a year with its address, and its export
    VIEW_UNIT_REPORTS = "view_unit_reports"  # what kecamatan and kelurahan report; a unit its own
    FILL_UNIT_REPORTS = "fill_unit_reports"  # report for one's own kecamatan or kelurahan
    IMPORT_UNIT_REPORTS = "import_unit_reports"  # the same from a sheet; the secretariat of any
    REVIEW_UNIT_REPORTS = "review_unit_reports"  # accept and return what units have sent
    MANAGE_UNIT_PAPERS = "manage_unit_papers"  # declarations and decrees; a unit its own
    MANAGE_CRITERIA = "manage_criteria"  # what units are asked, and by which rules they are rated
    VIEW_TASKFORCE = "view_taskforce"  # the Gugus Tugas: decrees, meetings, commitments
    MANAGE_TASKFORCE = "manage_taskforce"  # record all of it, write minutes, close meetings
    SETTLE_DECISIONS = "settle_decisions"  # say that a decision was done; an OPD only its own
    VIEW_FACILITIES = "view_facilities"  # an OPD its own, a unit what lies in it
    MANAGE_FACILITIES = "manage_facilities"  # the same ones: data, papers, photos, visits
    VIEW_CHILD_DATA = "view_child_data"  # numbers of children; an OPD those that it produces
    MANAGE_CHILD_DATA = "manage_child_data"  # write the same ones
    PLAN_ROUTES = "plan_routes"  # the stops of a verification
    RELEASE_PUBLIC = "release_public"  # what of a submitted year everybody may read
    READ_PUBLIC_MESSAGES = "read_public_messages"  # what the public says is missing
    READ_PASSED_MESSAGES = "read_passed_messages"  # of that, what was read first and passed on


class Role(models.TextChoices):
    ADMIN_KOTA = "admin_kota", _("Admin kota")
    GUGUS_TUGAS = "gugus_tugas", _("Gugus Tugas KLA")
    VERIFIKATOR = "verifikator", _("Verifikator")
    OPD = "opd", _("OPD")
    PIMPINAN = "pimpinan", _("Pimpinan")
    PENDAMPING = "pendamping", _("Pendamping")
    # Of which kecamatan or kelurahan, the register of territories says.
    WILAYAH = "wilayah", _("Kecamatan atau kelurahan")
    # Whoever accompanies the city's Forum Anak, or one of its members; often children themselves.
    FORUM_ANAK = "forum_anak", _("Forum Anak")


# Rights are listed, never subtracted: a new one belongs to nobody until it is written here.
GRANTS: dict[Role, frozenset[Permission]] = {
    Role.ADMIN_KOTA: frozenset(
        {
            Permission.VIEW_CITY,
            Permission.VIEW_ASSESSMENT,
            Permission.VIEW_QUESTION,
            Permission.COMMENT,
            Permission.ASSIGN_QUESTIONS,
            Permission.MANAGE_ASSESSMENT,
            Permission.SUBMIT_ASSESSMENT,
            Permission.REOPEN_ASSESSMENT,
            Permission.IMPORT_SHEET,
            Permission.MANAGE_MEMBERS,
            Permission.ENTER_OFFICIAL,
            Permission.MANAGE_PLANS,
            Permission.MANAGE_REGULATIONS,
            Permission.CLEAR_ORIGINALS,
            Permission.MARK_SENSITIVE,
            Permission.VIEW_TRAIL,
            Permission.VIEW_UNIT_REPORTS,
            Permission.MANAGE_UNIT_PAPERS,
            Permission.MANAGE_CRITERIA,
            Permission.VIEW_TASKFORCE,
            Permission.MANAGE_TASKFORCE,
            Permission.SETTLE_DECISIONS,
            Permission.VIEW_ACTIONS,
            Permission.MANAGE_ACTIONS,
            Permission.VIEW_FACILITIES,
            Permission.MANAGE_FACILITIES,
            Permission.VIEW_CHILD_DATA,
            Permission.MANAGE_CHILD_DATA,
            Permission.PLAN_ROUTES,
            Permission.RELEASE_PUBLIC,
            Permission.READ_PUBLIC_MESSAGES,
        }
    ),
    # The secretariat uploads what an agency hands over on paper; a colleague then reviews it.
    Role.GUGUS_TUGAS: frozenset(
        {
            Permission.VIEW_CITY,
            Permission.VIEW_ASSESSMENT,
            Permission.VIEW_QUESTION,
            Permission.ANSWER_QUESTIONS,
            Permission.REVIEW_EVIDENCE,
            Permission.COMMENT,
            Permission.ASSIGN_QUESTIONS,
            Permission.SUBMIT_ASSESSMENT,
            Permission.MANAGE_RESCUE,
            Permission.IMPORT_SHEET,
            Permission.ENTER_OFFICIAL,
            Permission.MANAGE_PLANS,
            Permission.MANAGE_REGULATIONS,
            Permission.REMIND_OPDS,
            Permission.VIEW_UNIT_REPORTS,
            Permission.MANAGE_UNIT_PAPERS,
            Permission.MANAGE_CRITERIA,
            Permission.IMPORT_UNIT_REPORTS,
            Permission.REVIEW_UNIT_REPORTS,
            Permission.READ_SENSITIVE,
            Permission.MARK_SENSITIVE,
            Permission.VIEW_TASKFORCE,
            Permission.MANAGE_TASKFORCE,
            Permission.SETTLE_DECISIONS,
            Permission.VIEW_ACTIONS,
            Permission.MANAGE_ACTIONS,
            Permission.REPORT_ACTIONS,
            Permission.VIEW_FACILITIES,
            Permission.MANAGE_FACILITIES,
            Permission.VIEW_CHILD_DATA,
            Permission.MANAGE_CHILD_DATA,
            Permission.PLAN_ROUTES,
            Permission.RELEASE_PUBLIC,
            Permission.READ_PUBLIC_MESSAGES,
        }
    ),
    Role.VERIFIKATOR: frozenset(
        {
            Permission.VIEW_CITY,
            Permission.VIEW_ASSESSMENT,
            Permission.VIEW_QUESTION,
            Permission.REVIEW_EVIDENCE,
            Permission.REVIEW_SENSITIVE,
            Permission.COMMENT,
            Permission.VIEW_UNIT_REPORTS,
            Permission.VIEW_ACTIONS,
            Permission.VIEW_FACILITIES,
            Permission.VIEW_CHILD_DATA,
        }
    ),
    Role.OPD: frozenset(
        {
            Permission.VIEW_CITY,
            Permission.OWN_TASKS,
            Permission.VIEW_QUESTION,
            Permission.ANSWER_QUESTIONS,
            Permission.COMMENT,
            Permission.DRAFT_REGULATIONS,
            Permission.VIEW_TASKFORCE,
            Permission.SETTLE_DECISIONS,
            Permission.VIEW_ACTIONS,
            Permission.REPORT_ACTIONS,
            Permission.VIEW_FACILITIES,
            Permission.MANAGE_FACILITIES,
            Permission.VIEW_CHILD_DATA,
            Permission.MANAGE_CHILD_DATA,
        }
    ),
    Role.PIMPINAN: frozenset(
        {
            Permission.VIEW_CITY,
            Permission.VIEW_ASSESSMENT,
            Permission.VIEW_QUESTION,
            Permission.VIEW_UNIT_REPORTS,
            Permission.VIEW_TASKFORCE,
            Permission.VIEW_ACTIONS,
            Permission.VIEW_FACILITIES,
            Permission.VIEW_CHILD_DATA,
        }
    ),
    Role.PENDAMPING: frozenset(
        {
            Permission.VIEW_CITY,
            Permission.VIEW_ASSESSMENT,
            Permission.VIEW_QUESTION,
            Permission.COMMENT,
            Permission.VIEW_UNIT_REPORTS,
            Permission.VIEW_ACTIONS,
            Permission.VIEW_FACILITIES,
            Permission.VIEW_CHILD_DATA,
        }
    ),
    # Its own unit and nothing else: neither the city's search nor its list of regions.
    Role.WILAYAH: frozenset(
        {
            Permission.VIEW_UNIT_REPORTS,
            Permission.MANAGE_UNIT_PAPERS,
            Permission.FILL_UNIT_REPORTS,
            Permission.IMPORT_UNIT_REPORTS,
            Permission.VIEW_FACILITIES,
            Permission.MANAGE_FACILITIES,
        }
    ),
    # Only what the Gugus Tugas has read and passed on: nothing of people, documents or points.
    Role.FORUM_ANAK: frozenset({Permission.READ_PASSED_MESSAGES}),
}

# What somebody of a role does first; the start page says it until the person puts it away.
FIRST_STEPS: dict[Role, tuple[Promise, Promise, Promise]] = {
    Role.ADMIN_KOTA: (
        _("Catat OPD dan undang anggota, masing-masing dengan perannya."),
        _("Buka penilaian tahun ini; tetapkan target dan tenggatnya."),
        _("Bagikan pertanyaan kepada OPD, lalu lanjutkan tahap bila waktunya tiba."),
    ),
    Role.GUGUS_TUGAS: (
        _("Tetapkan OPD penanggung jawab untuk setiap pertanyaan."),
        _("Periksa dokumen yang menunggu: terima, atau kembalikan dengan alasan."),
        _("Ikuti langkah menuju predikat, dan ingatkan OPD sebelum tenggat."),
    ),
    Role.VERIFIKATOR: (
        _("Buka Periksa; dokumen yang menunggu tampil satu per satu di samping pertanyaannya."),
        _("Terima, atau kembalikan dengan alasan yang dapat dikerjakan OPD."),
        _("Tetapkan nilai bila dokumennya membuktikan klaim."),
    ),
    Role.OPD: (
        _("Kerjakan dari atas: yang dikembalikan, yang mendekati tenggat, lalu yang lain."),
        _("Pada setiap pertanyaan, unggah dokumen atau foto yang diminta dan isi klaim."),
        _("Bila dokumen dikembalikan, baca alasannya dan unggah perbaikan."),
    ),
    Role.PIMPINAN: (
        _("Lihat predikat yang sudah terbukti dan berapa lagi menuju target."),
        _("Buka Pimpinan: satu lembar berisi apa yang perlu diputuskan."),
        _("Minta tindak lanjut kepada OPD yang tertinggal."),
    ),
    Role.PENDAMPING: (
        _("Lihat indikator yang paling banyak menyisakan poin."),
        _("Baca klaim dan dokumen pada pertanyaannya."),
        _("Beri saran lewat diskusi; OPD dan Gugus Tugas diberi tahu bila disebut."),
    ),
    Role.WILAYAH: (
        _("Buka laporan wilayah Anda dan isi setiap kriteria; simpan kapan saja."),
        _("Bila tidak ada kejadian, centang nihil: yang kosong belum dianggap nol."),
        _("Kirim; Gugus Tugas menerima, atau mengembalikan dengan alasan."),
    ),
    Role.FORUM_ANAK: (
        _("Baca pesan warga yang diteruskan Gugus Tugas; nama pengirimnya tidak disimpan."),
        _("Bahas di Forum Anak apa yang kurang, dan di kelurahan atau desa mana."),
        _("Bawa hasilnya ke rapat Gugus Tugas atau OPD; jangan mencari siapa pengirimnya."),
    ),
}

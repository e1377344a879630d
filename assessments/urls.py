from django.urls import URLPattern, URLResolver, include, path, register_converter
from django.urls.converters import StringConverter

from assessments.views import (
    assignments,
    band_tables,
    carry_over,
    cities,
    dashboard,
    deadlines,
    documents,
    evidence_window,
    history,
    inbox,
    indicators,
    leadership,
    links,
    matrices,
    nation,
    official,
    opds,
    packages,
    produced_files,
    question,
    question_rest,
    questions,
    reminders,
    reports,
    rescue,
    reuse,
    review,
    revisions,
    search,
    sensitive_kinds,
    setup,
    sheets,
    stages,
    trail,
    uploads,
    waivers,
    year_tabs,
    years,
)

app_name = "assessments"


class QuestionCode(StringConverter):
    """Any text but the one character that PostgreSQL cannot even be asked about."""

    regex = "[^/\\x00]+"


register_converter(QuestionCode, "question")

year_urls = [
    path("", dashboard.assessment_detail, name="assessment_detail"),
    path("klaster/", year_tabs.year_clusters, name="year_clusters"),
    path("indikator/", year_tabs.year_indicators, name="year_indicators"),
    path("opd/", year_tabs.year_opds, name="year_opds"),
    path("laju/", year_tabs.year_pace, name="year_pace"),
    path("sisa/", year_tabs.year_remaining, name="year_remaining"),
    path("atur/", years.assessment_edit, name="assessment_edit"),
    path("ajukan/", stages.assessment_submit, name="assessment_submit"),
    path("tahap/", stages.stage_list, name="stage_list"),
    path("tahap/lanjut/", stages.stage_advance, name="stage_advance"),
    path("tahap/kembali/", stages.stage_reopen, name="stage_reopen"),
    path("rekaman/<int:number>/", stages.snapshot_detail, name="snapshot_detail"),
    path("rekaman/<int:number>/pdf/", stages.snapshot_pdf, name="snapshot_pdf"),
    path("laporan/pdf/", reports.report_pdf, name="report_pdf"),
    path("laporan/xlsx/", reports.report_xlsx, name="report_xlsx"),
    path("berkas/<uuid:pk>/", produced_files.file_detail, name="file_detail"),
    path("berkas/<uuid:pk>/unduh/", produced_files.file_download, name="file_download"),
    path("berkas/<uuid:pk>/buang/", produced_files.file_discard, name="file_discard"),
    path("masa-melengkapi/", rescue.rescue_list, name="rescue_list"),
    path("masa-melengkapi/buka/", rescue.rescue_open, name="rescue_open"),
    path("masa-melengkapi/<int:pk>/batal/", rescue.rescue_cancel, name="rescue_cancel"),
    path("atur/klaster/", deadlines.cluster_deadlines, name="cluster_deadlines"),
    path("lembar/", sheets.worksheet_download, name="worksheet_download"),
    path("impor/", sheets.sheet_import, name="sheet_import"),
    path("indikator/<question:code>/", indicators.indicator_detail, name="indicator_detail"),
    path("opd/<int:pk>/", opds.opd_detail, name="opd_detail"),
    path("opd/<int:pk>/ingatkan/", reminders.reminder_opd, name="reminder_opd"),
    path("ingatkan/", reminders.reminder_list, name="reminder_list"),
    path("impor/<uuid:pk>/", sheets.sheet_preview, name="sheet_preview"),
    path("impor/<uuid:pk>/buang/", sheets.sheet_discard, name="sheet_discard"),
    path("pertanyaan/", questions.question_list, name="question_list"),
    path("pertanyaan/<question:code>/", question.question_detail, name="question_detail"),
    path(
        "pertanyaan/<question:code>/ingatkan/",
        reminders.reminder_question,
        name="reminder_question",
    ),
    path(
        "pertanyaan/<question:code>/semua-dokumen/",
        question_rest.question_documents,
        name="question_documents",
    ),
    path(
        "pertanyaan/<question:code>/riwayat/",
        question_rest.question_history,
        name="question_history",
    ),
    path("pertanyaan/<question:code>/klaim/", question.claim_save, name="claim_save"),
    path("pertanyaan/<question:code>/dokumen/", question.document_upload, name="document_upload"),
    path("pertanyaan/<question:code>/tautan/", question.link_offer, name="link_offer"),
    path("pertanyaan/<question:code>/matriks/", matrices.matrix_template, name="matrix_template"),
    path("pertanyaan/<question:code>/unggahan/", uploads.upload_create, name="upload_create"),
    path(
        "pertanyaan/<question:code>/unggahan/<uuid:pk>/",
        uploads.upload_part,
        name="upload_part",
    ),
    path(
        "pertanyaan/<question:code>/unggahan/<uuid:pk>/usulan/",
        uploads.upload_proposals,
        name="upload_proposals",
    ),
    path(
        "pertanyaan/<question:code>/unggahan/<uuid:pk>/buang/",
        uploads.upload_discard,
        name="upload_discard",
    ),
    path("pertanyaan/<question:code>/nilai/", question.points_grant, name="points_grant"),
    path("pertanyaan/<question:code>/resmi/", official.official_edit, name="official_edit"),
    path("resmi/", official.official_indicators, name="official_indicators"),
    path("jejak/", trail.trail_list, name="trail_list"),
    path("jejak/csv/", trail.trail_csv, name="trail_csv"),
    path("jejak/xlsx/", trail.trail_xlsx, name="trail_xlsx"),
    path("pertanyaan/<question:code>/pesan/", question.comment_add, name="comment_add"),
    path("atur/predikat/", band_tables.band_table_choose, name="band_table_choose"),
    path("atur/masa/", evidence_window.evidence_window_edit, name="evidence_window_edit"),
    path("pertanyaan/<question:code>/pakai/", reuse.document_offer, name="document_offer"),
    path("pertanyaan/<question:code>/kecualikan/", waivers.kind_waive, name="kind_waive"),
    path("pengecualian/<int:pk>/cabut/", waivers.waiver_remove, name="waiver_remove"),
    path("bawaan/", carry_over.documents_carry_over, name="documents_carry_over"),
    path("bukti/<int:pk>/perbaiki/", revisions.document_revise, name="document_revise"),
    path("bukti/<int:pk>/buka-kunci/", documents.document_clear, name="document_clear"),
    path("bukti/<int:pk>/sensitif/", documents.document_mark, name="document_mark"),
    path("atur/sensitif/", sensitive_kinds.sensitive_kinds_edit, name="sensitive_kinds_edit"),
    path(
        "bukti/<int:pk>/lampiran/<int:position>/",
        documents.attachment_take,
        name="attachment_take",
    ),
    path("bukti/<int:pk>/tarik/", documents.document_withdraw, name="document_withdraw"),
    path("paket/", packages.package_download, name="package_download"),
    path("periksa/", review.review_queue, name="review_queue"),
    path("periksa/<int:pk>/", review.evidence_review, name="evidence_review"),
    path("periksa/<int:pk>/batal/", review.verdict_undo, name="verdict_undo"),
    path("penugasan/", assignments.assignment_list, name="assignment_list"),
    path("penugasan/bawaan/", assignments.assignment_defaults, name="assignment_defaults"),
    path("penugasan/opd/", assignments.opds_take_over, name="opds_take_over"),
    path("penugasan/<question:code>/", assignments.assignment_edit, name="assignment_edit"),
]

setup_urls = [
    path("", setup.setup_overview, name="setup_overview"),
    path("kota/", setup.setup_city, name="setup_city"),
    path("opd/", setup.setup_opds, name="setup_opds"),
    path("anggota/", setup.setup_members, name="setup_members"),
    path("tahun/", setup.setup_year, name="setup_year"),
    path("penugasan/", setup.setup_assignments, name="setup_assignments"),
    path("mulai/", setup.setup_start, name="setup_start"),
]

city_urls: list[URLPattern | URLResolver] = [
    path("", dashboard.city_dashboard, name="city_dashboard"),
    path("siapkan/", include(setup_urls)),
    path("cari/", search.city_search, name="city_search"),
    path("tugas/", questions.my_tasks, name="task_list"),
    path("dokumen/<uuid:pk>/", documents.document_download, name="document_download"),
    path("dokumen/<uuid:pk>/tautan/", links.link_detail, name="link_detail"),
    path("dokumen/<uuid:pk>/lihat/", documents.document_view, name="document_view"),
    path("pimpinan/", leadership.city_leadership, name="city_leadership"),
    path("riwayat/", history.city_history, name="city_history"),
    path("penilaian/", years.assessment_list, name="assessment_list"),
    path("penilaian/baru/", years.assessment_open, name="assessment_open"),
    path("penilaian/<int:year>/", include(year_urls)),
]

inbox_urls = [
    path("", inbox.inbox, name="inbox"),
    path("dibaca/", inbox.notifications_read, name="notifications_read"),
    path("pengaturan/", inbox.notification_preferences, name="notification_preferences"),
    path("whatsapp/", inbox.whatsapp_consent, name="whatsapp_consent"),
    path("<int:pk>/buka/", inbox.notification_open, name="notification_open"),
    path("<int:pk>/dibaca/", inbox.notification_read, name="notification_read"),
]

urlpatterns = [
    path("cari/", search.search_home, name="search_home"),
    path("peringkat/", nation.nation, name="nation"),
    path("kota/", cities.city_list, name="city_list"),
    # Before the cities themselves; RESERVED_SLUGS of cities.services.cities keeps them off this address.
    path("kota/siapkan/", setup.setup_begin, name="setup_begin"),
    path("kota/<slug:city_slug>/", include(city_urls)),
    path("kotak-masuk/", include(inbox_urls)),
]

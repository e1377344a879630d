from django.urls import include, path

from assessments.views import (
    assignments,
    carry_over,
    dashboard,
    documents,
    evidence_window,
    questions,
    reuse,
    review,
    revisions,
    sheets,
    waivers,
    years,
)

app_name = "assessments"

year_urls = [
    path("", dashboard.assessment_detail, name="assessment_detail"),
    path("atur/", years.assessment_edit, name="assessment_edit"),
    path("atur/masa/", evidence_window.evidence_window_edit, name="evidence_window_edit"),
    path("tutup/", years.assessment_close, name="assessment_close"),
    path("buka-kembali/", years.assessment_reopen, name="assessment_reopen"),
    path("impor/", sheets.sheet_import, name="sheet_import"),
    path("pertanyaan/", questions.question_list, name="question_list"),
    path("pertanyaan/<str:code>/", questions.question_detail, name="question_detail"),
    path("pertanyaan/<str:code>/klaim/", questions.claim_save, name="claim_save"),
    path("pertanyaan/<str:code>/dokumen/", questions.document_upload, name="document_upload"),
    path("pertanyaan/<str:code>/nilai/", questions.points_grant, name="points_grant"),
    path("pertanyaan/<str:code>/pesan/", questions.comment_add, name="comment_add"),
    path("pertanyaan/<str:code>/pakai/", reuse.document_offer, name="document_offer"),
    path("pertanyaan/<str:code>/kecualikan/", waivers.kind_waive, name="kind_waive"),
    path("pengecualian/<int:pk>/cabut/", waivers.waiver_remove, name="waiver_remove"),
    path("bawaan/", carry_over.documents_carry_over, name="documents_carry_over"),
    path("bukti/<int:pk>/perbaiki/", revisions.document_revise, name="document_revise"),
    path("bukti/<int:pk>/tarik/", documents.document_withdraw, name="document_withdraw"),
    path("periksa/", review.review_queue, name="review_queue"),
    path("periksa/<int:pk>/", review.evidence_review, name="evidence_review"),
    path("periksa/<int:pk>/batal/", review.verdict_undo, name="verdict_undo"),
    path("penugasan/", assignments.assignment_list, name="assignment_list"),
    path("penugasan/bawaan/", assignments.assignment_defaults, name="assignment_defaults"),
    path("penugasan/opd/", assignments.opds_take_over, name="opds_take_over"),
    path("penugasan/<str:code>/", assignments.assignment_edit, name="assignment_edit"),
]

city_urls = [
    path("", dashboard.city_dashboard, name="city_dashboard"),
    path("tugas/", questions.my_tasks, name="task_list"),
    path("dokumen/<uuid:pk>/", documents.document_download, name="document_download"),
    path("dokumen/<uuid:pk>/lihat/", documents.document_view, name="document_view"),
    path("penilaian/", years.assessment_list, name="assessment_list"),
    path("penilaian/baru/", years.assessment_open, name="assessment_open"),
    path("penilaian/<int:year>/", include(year_urls)),
]

urlpatterns = [path("kota/<slug:city_slug>/", include(city_urls))]

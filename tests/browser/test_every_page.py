"""Every page, as everybody who may open it, on a phone and on a desk.

None scrolls sideways, none makes the browser complain, and axe finds nothing serious, with
the longest names that people have and with nothing entered yet.
"""

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.management import call_command
from django.urls import get_resolver, resolve
from django.utils import timezone

from assessments.choices import ScoreKind, Stage
from assessments.services.comments import add_comment
from assessments.services.documents import DocumentFacts
from assessments.services.official import enter_official
from assessments.services.rescue import open_rescue_window
from assessments.services.review import accept_evidence, return_evidence
from assessments.services.revisions import revise_document
from assessments.services.sheet_imports import keep_import
from assessments.services.waivers import waive_kind
from assessments.worksheets.rows import FileRow, Held
from childdata.tables import Cell
from cities.access import SIGNED_IN
from cities.models import Opd
from cities.roles import GRANTS, Permission, Role
from clusters.library import packaged
from clusters.mapping_files import packaged as packaged_mappings
from clusters.models import Question
from clusters.services.importing import prepare_import
from clusters.services.life import create_draft
from clusters.services.mappings import load_mapping
from clusters.sheets import Reading
from imports.services.staged import keep as keep_table
from meetings.attendance_address import AttendanceAddress, new_token
from public.choices import MessageState
from regulations.services.feeds import FEED, read_entries
from territories.models import Declaration
from tests.assessments.situations import (
    checked,
    city_with_opds,
    claim,
    hand_in,
    later,
    secretary_of,
    set_stage,
    staff_of,
)
from tests.browser.papers import paper
from tests.factories.actionplan import (
    ActionFactory,
    ActionPlanFactory,
    ActionYearFactory,
    PlanLinkFactory,
)
from tests.factories.api import ApiTokenFactory, WebhookFactory, delivery_of
from tests.factories.assessments import (
    AwardFactory,
    SupportingDocumentFactory,
    answer_of,
    open_year,
)
from tests.factories.childdata import ObservationFactory
from tests.factories.cities import (
    CityFactory,
    InvitationFactory,
    MembershipFactory,
    OpdFactory,
    SiteAdminFactory,
    UserFactory,
    VillageFactory,
)
from tests.factories.clusters import make_instrument
from tests.factories.facilities import (
    CredentialFactory,
    FacilityFactory,
    FacilityPhotoFactory,
    FacilityUseFactory,
    FindingFactory,
    RouteStopFactory,
    VisitFactory,
)
from tests.factories.meetings import (
    AddendumFactory,
    AttendanceFactory,
    DecisionFactory,
    MeetingFactory,
    PhotoFactory,
)
from tests.factories.monitoring import RealisationFactory
from tests.factories.plans import (
    PlanFactory,
    PlanStepFactory,
    ScenarioFactory,
    ScenarioOutcomeFactory,
)
from tests.factories.public import (
    PublicMessageFactory,
    ReleasedDocumentFactory,
    ReleaseFactory,
)
from tests.factories.regulations import CoverageFactory, RegulationFactory, RelationFactory
from tests.factories.taskforce import (
    CertificateFactory,
    CommitmentFactory,
    DecreeFactory,
    TaskForceMemberFactory,
)
from tests.factories.territories import (
    CityCriteriaSetFactory,
    DeclarationFactory,
    DeclarationFileFactory,
    ReportFactory,
    UnitFactory,
    UnitSeatFactory,
    VisitSampleFactory,
)
from tests.regulations.test_jdih import ROW

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AXE = (Path(settings.NPM_ROOT) / "axe-core" / "axe.min.js").read_text()
SERIOUS = """async (rules) => {
  const runOnly = rules.length ? { runOnly: rules } : {};
  const found = await axe.run({ resultTypes: ["violations"], iframes: false, ...runOnly });
  return found.violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id} (${nodes.length}): ${nodes[0].html.slice(0, 160)}`);
}"""
# Each part of a page as axe judges it: what holds of the whole page, the elements and what they are,
# and whether there are words.
SHAPES = """() => {
  const told = /^(aria-|class$|for$|id$|lang$|name$|role$|style$|tabindex$|type$)/;
  const attribute = ({ name, value }) =>
    `${name}=${told.test(name) ? value.replace(/[0-9]+/g, "0") : value !== ""}`;
  const shape = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return node.data.trim() && "text";
    if (node.nodeType !== Node.ELEMENT_NODE) return "";
    return `<${node.tagName} ${[...node.attributes].map(attribute)}>${[...node.childNodes].map(shape).join("")}</>`;
  };
  const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
  const page = [document.documentElement.lang, document.title !== "", new Set(ids).size === ids.length];
  const sheets = [...document.styleSheets].map(({ href }) => href);
  const dress = [...page, document.body.className, ...sheets].join(" ");
  return [...document.body.children].map((part) => `${dress} ${shape(part)}`);
}"""
SOUND = set()  # shapes that axe found nothing in, of whatever page and role
SIDEWAYS = """() => {
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth <= clientWidth) return [];
  const wide = [...document.querySelectorAll("main *, header *, footer *")]
    .filter((element) => element.getBoundingClientRect().right > clientWidth + 1)
    .map((element) => `${element.tagName}.${element.className}`);
  return [`${scrollWidth} px wide: ${wide.slice(0, 3).join(" ")}`];
}"""
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1440, "height": 900}
# A desk of 1280 by 1024 enlarged to 400%, as WCAG 2.2 (1.4.10) has it.
ENLARGED = {"width": 320, "height": 256}
# What axe may judge otherwise where the same page is laid out for a phone.
LAYOUT = ["scrollable-region-focusable", "target-size"]

LONG_NAME = "Dinas Pemberdayaan Perempuan, Perlindungan Anak, Keluarga B."
UNIT = "71.01.01.1001"
OWN_SET = "71.01-1"
LONG_QUESTION = (
    "Ada kebijakan daerah tentang pemenuhan hak anak, dipertanggungjawabkan tahunan. " * 3
)
LONG_QUESTION += "Disertai matriks rencana, anggaran, capaian, foto bertanggal."
LONG_EMAIL = "sekretariat.gugus.tugas.kota.layak.anak.tahun.2026@kepulauan-siau-tagulandang.example"
DEAD_LINKS = {"/undangan/basi/": 410, "/undangan/karangan/": 404}
LONG_FILE = "SK_Gugus_Tugas_Kota_Layak_Anak_Tahun_2026_final_revisi_3_ditandatangani_lengkap.pdf"

CITY = (
    "",
    "penilaian/",
    "penilaian/baru/",
    "riwayat/",
    "pimpinan/",
    "ubah/",
    "opd/",
    "opd/tambah/",
    "anggota/",
    "layanan/",
    "layanan/tambah/",
    "webhook/",
    "webhook/tambah/",
    "anggota/undang/",
    "anggota/undangan/",
    "anggota/impor/",
    "siapkan/",
    "siapkan/kota/",
    "siapkan/opd/",
    "siapkan/anggota/",
    "siapkan/tahun/",
    "siapkan/penugasan/",
    "siapkan/mulai/",
    "jejak/",
    "tugas/",
    "cari/",
    "cari/?q=kebijakan",
    "wilayah/",
    "wilayah-saya/",
    "wilayah-saya/petunjuk/",
    "produk-hukum/petunjuk/",
    "gugus-tugas/petunjuk/",
    "rad/petunjuk/",
    "data-anak/",
    "data-anak/?tahun=2025",
    "data-anak/profil/2025/",
    "data-anak/lembar/",
    "fasilitas/",
    "fasilitas/?jenis=prap",
    "fasilitas/tambah/",
    "fasilitas/tambah/?jenis=ruang-asi.kantor",
    "fasilitas/berakhir/",
    "fasilitas/impor/",
    "fasilitas/rute/",
)
YEAR = (
    "wilayah/",
    "wilayah/?kriteria=26.4",
    "wilayah/lembar/",
    "",
    "klaster/",
    "indikator/",
    "opd/",
    "laju/",
    "sisa/",
    "atur/",
    "impor/",
    "pertanyaan/",
    "pertanyaan/1.1/",
    "periksa/",
    "penugasan/",
    "penugasan/1.1/",
    "ajukan/",
    "tahap/",
    "masa-melengkapi/",
    "masa-melengkapi/buka/",
    "atur/klaster/",
    "atur/masa/",
    "atur/sensitif/",
    "atur/predikat/",
    "bawaan/",
    "resmi/",
    "pertanyaan/1.1/resmi/",
    "pertanyaan/1.1/semua-dokumen/",
    "pertanyaan/1.1/riwayat/",
    "jejak/",
    "indikator/1/",
    "jalan/",
    "jalan/?tujuan=total&total=60&kunci=1.1&kecuali=2.1",
    "pertanyaan/1.1/upaya/",
    "rencana/",
    "andai/",
    "andai/?h=1.1-t&klaster=kelembagaan",
    "andai/banding/",
    "perkiraan/",
    "perkiraan/?risiko=semua",
    "pemeriksaan-data/",
    "ingatkan/",
    "pertanyaan/1.1/ingatkan/",
)
YEAR_IN_THE_FIELD = (
    "tahap/",
    "masa-melengkapi/",
    "masa-melengkapi/buka/",
    "ajukan/",
    "pertanyaan/1.1/",
)
LETTERS = ("/kotak-masuk/", "/kotak-masuk/pengaturan/", "/kotak-masuk/whatsapp/")
OPEN_TO_ALL = (
    "/masuk/",
    "/sandi/lupa/",
    "/sandi/lupa/terkirim/",
    "/sandi/atur/selesai/",
    "/istilah/",
    "/aksesibilitas/",
)
OF_ONESELF = (
    "/kota/",
    "/peringkat/",
    "/instrumen/",
    "/instrumen/kla-2023/",
    "/akun/data/",
    "/sandi/ubah/",
    "/keluar/",
    "/akun/faktor/",
    "/akun/faktor/aplikasi/",
    "/akun/faktor/cadangan/baru/",
    "/akun/faktor/kunci/",
    "/akun/faktor/kunci/tambah/",
    "/akun/email/",
    "/akun/sesi/",
    "/akun/token/",
    "/api/",
    "/akun/token/buat/",
    *LETTERS,
)
ON_MAPPINGS = ("/instrumen/pemetaan/", "/instrumen/pemetaan/1/")
ON_MAPPINGS_FOR_ADMINS = (
    *ON_MAPPINGS,
    "/instrumen/pemetaan/baru/",
    "/instrumen/pemetaan/1/tinjau/",
    "/instrumen/pemetaan/1/pasangan/1/",
)

INSTRUMENTS = (
    "",
    "tambah/",
    "tabel-predikat/",
    "tabel-predikat/tambah/",
    "tabel-predikat/kota-metro-2022/",
    "tabel-predikat/kota-metro-2022/hapus/",
    "kla-2023/",
    "kla-2023/salin/",
    "kla-2023/betulkan/",
    "kla-2023/tarik/",
    "kla-2023/register/",
    "kla-2023/register/?semua",
    "kla-2023/register/26.4/",
)
DRAFT = (
    "",
    "umum/",
    "daftar/perangkat/",
    "daftar/dokumen/",
    "daftar/tahap/",
    "daftar/predikat/",
    "klaster/",
    "klaster/klaster-4/",
    "klaster/klaster-4/indikator/",
    "indikator/19/",
    "indikator/19/pertanyaan/",
    "pertanyaan/19.1/",
    "pertanyaan/19.1/hapus/",
    "terbitkan/",
    "hapus/",
)
MAKING = (
    *(f"/instrumen/{name}" for name in INSTRUMENTS),
    *(f"/instrumen/rancangan-2027/rancangan/{name}" for name in DRAFT),
)

# Answers to POST alone, files, and pages of allauth that nothing leads to while sign-up is closed.
NOT_PAGES = {
    "language",
    "api:openapi",
    "api:claim",
    "api:official",
    "api:document_upload",
    "api:upload_create",
    "api:upload_part",
    "api:verdict",
    "api:reports_send",
    "api:report",
    "api:nowhere",
    "api:token_revoke",
    "api:service_token_revoke",
    "api:webhook_pause",
    "api:webhook_resume",
    "api:delivery_resend",
    # By token: tests/api.
    "api:cities",
    "api:years",
    "api:year_detail",
    "api:indicators",
    "api:nation",
    "api:nation_summary",
    "api:search",
    "api:search_kind",
    "api:pathway",
    "api:saved_plans",
    "api:saved_plan",
    "api:what_if",
    "api:scenarios",
    "api:compared_scenarios",
    "api:forecast",
    "api:leadership",
    "api:pace",
    "api:remaining",
    "api:stages",
    "api:snapshots",
    "api:snapshot",
    "api:year_trail",
    "api:city_trail",
    "api:opds",
    "api:questions",
    "api:question",
    "api:comments",
    "api:offers",
    "api:units",
    "api:unit",
    "api:document",
    "api:content",
    "api:facilities",
    "api:routes",
    "api:route",
    "api:plan_budget",
    "api:notifications",
    "api:history",
    "api:decrees",
    "api:decree",
    "api:commitments",
    "api:year_checks",
    "api:completion_windows",
    "api:plan_links",
    "api:plan_checks",
    "api:facility",
    "api:facility_documents",
    "api:facility_content",
    "api:findings",
    "api:finding_photo",
    "api:regulations",
    "api:regulation",
    "api:regulation_text",
    "api:regulation_coverage",
    "api:unit_history",
    "api:unit_content",
    "api:declarations",
    "api:unit_ratings",
    "api:criteria_sets",
    "api:criteria_set",
    "api:visits",
    "api:child_profile",
    "api:releases",
    "api:released_documents",
    "api:public_messages",
    "api:passed_messages",
    "api:plans",
    "api:actions",
    "api:plan_year",
    "api:child_data",
    "api:child_data_open",
    "api:child_table",
    "api:child_table_unit",
    "api:meetings",
    "home",
    "unsent",  # leads on while nothing is; tests/browser/test_words_survive.py looks at it
    "health",
    "health_live",
    "health_ready",
    "metrics",
    "sso_login",
    "sso_callback",
    "account_signup",
    "account_inactive",
    "account_reauthenticate",
    "account_set_password",
    "cities:email_confirm",  # by its letter: tests/site/test_email_changes.py
    "cities:session_end",
    "cities:session_end_others",
    "mfa_authenticate",  # while somebody signs in: test_passkey.py
    "mfa_deactivate_totp",
    "mfa_download_recovery_codes",
    "mfa_edit_webauthn",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_remove_webauthn",
    "mfa_view_recovery_codes",
    "account_reset_password_from_key",
    "assessments:assignment_defaults",
    "registers:source_reset",
    "registers:taken_book",
    "registers:value_take",
    "territories:declaration_file",  # a picture: tests/territories/test_declarations.py
    "territories:declaration_file_remove",
    "territories:declaration_remove",
    "territories:report_return",
    "territories:reports_discard",
    "territories:reports_download",
    "territories:reports_repeat",
    "territories:reports_preview",  # each person's own
    "territories:report_save",
    "territories:reports_accept",
    "territories:criteria_choose",
    "territories:criteria_copy",
    "territories:criteria_discard",
    "territories:criteria_publish",
    "territories:criterion_remove",
    "territories:sample_draw",
    "territories:units_download",
    "territories:boundaries_review",  # as the preview of a feed
    "territories:units_review",  # as the preview of a feed
    "territories:units_load",
    "childdata:difference_explain",
    "childdata:open_data_download",
    "childdata:profile_paper",
    "childdata:profile_workbook",
    "childdata:sheet_download",
    "childdata:sheet_review",  # looked at as a feed
    "facilities:credential_remove",
    "facilities:document_view",
    "facilities:finding_close",
    "facilities:finding_photo",
    "facilities:finding_plan",
    "facilities:photo_add",
    "facilities:photo_remove",
    "facilities:route_remove",
    "facilities:sheet_download",
    "facilities:sheet_review",  # all of them are one page, looked at as a feed
    "regulations:feed_review",
    "facilities:stop_add",
    "facilities:stop_move",
    "facilities:stop_remove",
    "facilities:use_save",
    "assessments:claim_save",
    "assessments:comment_add",
    "assessments:attachment_take",
    "assessments:document_clear",
    "assessments:document_mark",
    "own_data_download",
    "assessments:document_download",
    "assessments:document_offer",
    "assessments:search_home",
    "cities:guide_close",
    "assessments:upload_proposals",
    "assessments:document_upload",
    "assessments:document_view",
    "assessments:document_withdraw",
    "assessments:file_detail",  # each person's own
    "assessments:file_discard",
    "assessments:file_download",
    "assessments:kind_waive",
    "assessments:link_detail",
    "assessments:link_offer",
    "assessments:matrix_template",
    "assessments:notification_open",
    "assessments:notification_read",
    "assessments:notifications_read",
    "assessments:opds_take_over",
    "assessments:package_download",
    "assessments:points_grant",
    "assessments:rescue_cancel",
    "assessments:sheet_discard",
    "assessments:sheet_preview",  # each person's own; looked at by those who may import
    "assessments:report_pdf",
    "assessments:report_xlsx",
    "assessments:snapshot_pdf",
    "assessments:stage_advance",
    "assessments:stage_reopen",
    "assessments:trail_csv",
    "cities:trail_csv",
    "assessments:trail_xlsx",
    "assessments:upload_create",
    "clusters:instrument_download",
    "assessments:upload_discard",
    "assessments:upload_part",
    "clusters:mapping_confirm",
    "clusters:mapping_csv",
    "clusters:mapping_delete",
    "clusters:mapping_xlsx",
    "clusters:match_unconfirm",
    "assessments:verdict_undo",
    "assessments:waiver_remove",
    "cities:invitation_hand_over",
    "cities:mail_test",
    "cities:invitation_resend",
    "cities:invitation_revoke",
    "cities:member_import_confirm",
    "cities:member_retry",
    "cities:member_template",
    "clusters:draft_move",
    "assessments:worksheet_download",
    "actionplan:action_remove",
    "actionplan:link_create",
    "actionplan:link_remove",
    "actionplan:monitoring_file",
    "actionplan:monitoring_pdf",
    "actionplan:sheet_export",
    "actionplan:sheet_review",  # each person's own, as the sheet of points
    "regulations:feed_export",
    "regulations:regulation_file",
    "regulations:regulation_offer",
    "regulations:regulation_remove",
    "regulations:relation_create",
    "regulations:relation_remove",
    "meetings:addendum_create",
    "meetings:attendance_renew",
    "meetings:attendance_strike",
    "taskforce:certificate_remove",
    "taskforce:commitment_file",
    "meetings:decision_remove",
    "taskforce:decree_file",
    "meetings:meeting_calendar",
    "meetings:meeting_close",
    "meetings:meeting_letter",
    "meetings:minutes_pdf",
    "meetings:photo_add",
    "meetings:photo_remove",
    "meetings:photo_view",
    "public:data_catalogue",
    "public:data_file",
    "public:document_file",
    "public:document_release",
    "public:document_withdraw",
    "public:message_settle",
    "public:nation_catalogue",
    "public:nation_file",
    "public:picture",
    "public:release_do",
    "public:release_undo",
    "plans:plan_assign",
    "plans:plan_create",
    "plans:plan_remove",
    "plans:scenario_create",
    "plans:scenario_remove",
    "cities:opd_activate",
    "cities:opd_deactivate",
    "job_try_again",
    "cities:person_activate",
    "cities:person_deactivate",
    "cities:region_load",
}


def city_paths(city, names=CITY):
    return [f"/kota/{city.slug}/{name}" for name in names]


def year_paths(year, names=YEAR):
    return [f"/kota/{year.city.slug}/penilaian/{year.year}/{name}" for name in names]


def full_city():
    """The real instrument, everything long that can be long, and a document in each state."""
    city = city_with_opds(name="Kabupaten Kepulauan Siau Tagulandang Biaro", slug="penuh")
    Opd.objects.filter(city=city, code="DP3A").update(name=LONG_NAME)
    last_year = open_year(city=city, spec=packaged("kla-2023"), year=2025)
    year = open_year(city=city, spec=packaged("kla-2023"))
    Question.objects.filter(code="1.1").update(text=LONG_QUESTION.strip())
    VillageFactory(district__city=city, district__name=LONG_NAME, name=LONG_NAME)
    InvitationFactory(city=city, name=LONG_NAME, email=LONG_EMAIL)
    for trait in ("waiting", "expired", "accepted", "revoked"):
        InvitationFactory(city=city, **{trait: True})
    units_of(city)
    AwardFactory(city=city, source="https://example.org/" + "berita-kota-layak-anak/" * 5)
    staff, reviewer = staff_of(year, "DP3A"), MembershipFactory(verifikator=True, city=city)
    answer = answer_of(year, "1.1")
    claim(answer, "7.92", by=staff.user, note="Lihat https://example.org/" + "peraturan" * 12)
    offered = [
        hand_in(answer, by=staff.user, opd=staff.opd, files=[file_of(line)], at=later(minutes))[0]
        for minutes, line in enumerate(("Pasal 1", "Pasal 2", "Pasal 3"))
    ]
    accept_evidence(
        evidence_id=offered[0].pk,
        granted_points=Decimal(5),
        by=reviewer.user,
        at=later(),
    )
    reason = "Bagian yang harus diperbaiki: " + "lampiran-lampiran/" * 8
    return_evidence(evidence_id=offered[1].pk, reason=reason, by=reviewer.user, at=later())
    offered.append(revised(offered[2], by=staff.user))
    talk_and_decide(answer, by=secretary_of(year))
    before = answer_of(last_year, "1.1")
    [old] = hand_in(before, by=staff.user, opd=staff.opd, files=[file_of("Pasal 9")])
    accept_evidence(evidence_id=old.pk, granted_points=Decimal(5), by=reviewer.user, at=later())
    return year, offered


def service_of(city):
    """The account of another system, with a token."""
    account = MembershipFactory(
        city=city, verifikator=True, user__name=LONG_NAME, user__service_since=later()
    )
    ApiTokenFactory(user=account.user, name=LONG_NAME[:100])
    return account


def webhook_paths(city):
    """A paused webhook and one with deliveries of every state, behind a long address."""
    long = WebhookFactory(city=city, url="https://example.org/" + "penerima-kabar/" * 20)
    WebhookFactory(city=city, paused_at=later())
    delivery_of(long)
    delivery_of(long, attempts=1, status=500, fault="Sistem itu sedang terganggu.")
    delivery_of(long, attempts=1, status=204, delivered_at=later())
    delivery_of(long, attempts=8, parked_at=later(), fault="Sistem itu tidak dapat dihubungi.")
    return city_paths(
        city,
        [f"webhook/{long.pk}/{page}" for page in ("", "ubah/", "rahasia/", "hapus/")],
    )


def units_of(city):
    """A kecamatan with a kelurahan that has said much, each with a long name."""
    district = UnitFactory(kecamatan=True, city=city, name=LONG_NAME, code="71.01.01")
    unit = UnitFactory(city=city, parent=district, name=LONG_NAME, head=LONG_NAME, code=UNIT)
    declared = DeclarationFactory(unit=unit, decree=True, place=LONG_NAME, signatories=LONG_NAME)
    DeclarationFileFactory(declaration=declared, document__original_name=LONG_FILE)
    CityCriteriaSetFactory(city=city, code=OWN_SET, title=LONG_NAME)
    VisitSampleFactory(city=city, reason=LONG_NAME).units.set([unit])
    ReportFactory(unit=unit, year=2025)
    ReportFactory(unit=unit, year=2025, criterion="26.5", sent=True, source=LONG_NAME)
    reason = "Yang harus diperbaiki: " + "lampiran-lampiran/" * 8
    ReportFactory(unit=unit, year=2025, criterion="26.7", state="returned", nil=True, reason=reason)


def declared_at(code):
    return Declaration.objects.get(unit__code=code).pk


def revised(evidence, *, by):
    return revise_document(
        evidence_id=evidence.pk,
        file=file_of("Pasal 3, ditandatangani"),
        said=DocumentFacts(),
        changes="Halaman tanda tangan ditambahkan. " + "lampiran-lampiran/" * 8,
        by=by,
        at=later(5),
    ).evidence


def talk_and_decide(answer, *, by):
    """A call upon an OPD, a kind that is not asked for, and what a stage gave officially."""
    signed = {"by": by, "at": later(6)}
    add_comment(answer=answer, text="@DP3A mohon dilengkapi. " + "lampiran/" * 30, **signed)
    kind = answer.question.evidence_kinds.last()
    waive_kind(answer_id=answer.pk, kind=kind, reason="Tidak berlaku di kota ini.", **signed)
    source = {"kind": ScoreKind.VA, "points": Decimal(3), "why": "https://example.org/" + "ba" * 60}
    enter_official(answer_id=answer.pk, **source, **signed)


def waiting_sheet(year, *, by):
    """A sheet that collides with one claim and brings another, everything in it long."""
    note = "Lihat https://example.org/" + "peraturan" * 12
    rows = [
        FileRow(code, Held(Decimal(1), note), "Kelembagaan", line)
        for line, code in enumerate(("1.1", "1.2a"), 6)
    ]
    facts = {"rows": rows, "name": LONG_FILE, "source": "", "by": by, "at": timezone.now()}
    return keep_import(assessment=year, kind=ScoreKind.CLAIMED, **facts)


def file_of(line):
    made = paper(line=line)
    return checked(made["buffer"], LONG_FILE)


def pages_of_full_city(year, offered):
    city = year.city
    members, opd = city.memberships.order_by("pk"), city.opds.get(code="DP3A")
    return [
        *city_paths(city),
        f"/kota/{city.slug}/opd/{city.opds.first().pk}/ubah/",
        f"/kota/{city.slug}/anggota/{members[0].pk}/ubah/",
        f"/kota/{city.slug}/anggota/{members[0].pk}/hapus/",
        f"/kota/{city.slug}/anggota/{members[0].pk}/ganti/",
        f"/kota/{city.slug}/anggota/{members[0].pk}/faktor/",
        f"/kota/{city.slug}/layanan/{service_of(city).pk}/token/",
        *webhook_paths(city),
        *year_paths(year),
        *year_paths(year, [f"opd/{opd.pk}/", f"opd/{opd.pk}/ingatkan/"]),
        *year_paths(year, [f"periksa/{evidence.pk}/" for evidence in offered]),
        *year_paths(year, plans_of(answer_of(year, "1.1"))),
        *year_paths(
            year,
            [
                f"wilayah/{UNIT}/",
                f"wilayah/{UNIT}/ubah/",
                f"wilayah/{UNIT}/perubahan/",
                f"wilayah/{UNIT}/riwayat/",
                f"wilayah/{UNIT}/pencanangan/",
                f"wilayah/{UNIT}/pencanangan/{declared_at(UNIT)}/",
                "wilayah/pencanangan/",
                "wilayah/batas/",
                "wilayah/data/",
                "wilayah/peringkat/",
                "wilayah/peringkat/aturan/",
                "wilayah/kunjungan/",
                "wilayah/kunjungan/pilih/",
                "wilayah/kriteria/",
                f"wilayah/kriteria/{OWN_SET}/",
                f"wilayah/kriteria/{OWN_SET}/tambah/",
                f"wilayah/kriteria/{OWN_SET}/ubah/K1/",
                "pertanyaan/26.4/",
            ],
        ),
        *regulations_of(year),
        *taskforce_of(year),
        *actions_of(year),
        *facilities_of(year),
        *public_of(year),
        *year_paths(year, [f"bukti/{offered[1].pk}/perbaiki/", "pertanyaan/1.1/?cari=sk"]),
        *LETTERS,
    ]


def facilities_of(year):
    """A puskesmas with everything, each with a long name, its pages and a route."""
    city = year.city
    staff = city.memberships.get(role=Role.OPD)
    unit = city.units.get(code=UNIT)
    for place in (None, unit.parent):
        told = {"city": city, "unit": place, "variable": "forum-anak"}
        ObservationFactory(**told, note=LONG_NAME, counts={Cell("L"): 9, Cell("P"): 7})
        ObservationFactory(**told, year=2024)
    facility = FacilityFactory(city=city, name=LONG_NAME, opd=staff.opd, unit=unit)
    paper = CredentialFactory(facility=facility, number=LONG_FILE, expires_on=date(2025, 1, 1))
    FacilityPhotoFactory(facility=facility, document__title=LONG_FILE)
    FacilityUseFactory(facility=facility)
    VisitFactory(
        facility=facility, missing=2, note=LONG_QUESTION, latitude="-6.9147", longitude="107.6098"
    )
    finding = FindingFactory(facility=facility, sentence=LONG_QUESTION[:300], spot=LONG_NAME[:100])
    FindingFactory(facility=facility, closed=True)
    stop = RouteStopFactory(route__city=city, facility=facility, receiver=LONG_NAME)
    RouteStopFactory(route=stop.route, position=2, facility=None, unit=unit)
    one = f"/kota/{city.slug}/fasilitas/{facility.pk}/"
    route = stop.route.get_absolute_url()
    names = ("", "ubah/", "surat/", f"surat/{paper.pk}/", "periksa/prap-data/", "temuan/")
    own = [f"{one}{name}" for name in names]
    found = f"/kota/{city.slug}/fasilitas/temuan/"
    own += [found, f"{found}?keadaan=semua", finding.get_absolute_url()]
    counts = f"/kota/{city.slug}/data-anak/2025/forum-anak/"
    own += [counts, f"{counts}?wilayah=71.01.01", f"{counts}isi/"]
    return [*own, route, f"{route}?q=dinas", f"{route}1/", f"{route}2/"]


def public_of(year):
    """What is released and what was written, as the city's own people see it."""
    city = year.city
    released_with_long_words(year)
    place = city.units.get(code=UNIT)
    for state in (MessageState.NEW, MessageState.PASSED_ON):
        PublicMessageFactory(city=city, text=f"{LONG_NAME} " * 4, unit=place, state=state)
    out, kept = SupportingDocumentFactory.create_batch(2, city=city, title=LONG_NAME)
    ReleasedDocumentFactory(assessment=year, document=out, title=LONG_NAME[:150])
    documents = [f"{year.year}/dokumen/{name}" for name in ("", f"{out.pk}/", f"{kept.pk}/")]
    names = ("", f"{year.year}/klaster/", "pesan/", "pesan/diteruskan/", *documents)
    return [f"/kota/{city.slug}/publik/{name}" for name in names]


def released_with_long_words(year):
    """Gives the pages that everybody reads."""
    release = ReleaseFactory(assessment=year)
    release.content["rows"][0]["nama"] = LONG_NAME
    release.save()
    document = SupportingDocumentFactory(city=year.city)
    ReleasedDocumentFactory(assessment=year, document=document, title=LONG_NAME[:150])
    names = ("", "poster/", "anak/", "anak/pesan/", "anak/pesan/terkirim/", "data/")
    page = f"/publik/{year.city.slug}/{year.year}/"
    return ["/publik/", *(f"{page}{name}" for name in names)]


def waiting_feed(year, *, by):
    """A feed with a new rule, one that the register tells otherwise, and a line that is none."""
    rule = year.city.regulations.first()
    known = ROW | {"noPeraturan": rule.number, "tahunPengundangan": f"{rule.year}", "idData": "9"}
    rows = [ROW, known | {"judul": f"Perda tentang {LONG_NAME}"}, ROW | {"judul": ""}]
    reading = read_entries(json.dumps(rows).encode())
    facts = {"city": year.city, "kind": FEED, "name": LONG_FILE, "by": by, "at": timezone.now()}
    staged = keep_table(reading=reading, **facts)
    return f"/kota/{year.city.slug}/produk-hukum/jdih/{staged.pk}/"


def regulations_of(year):
    """A regulation with a long title, revoked by another, and its pages."""
    city = year.city
    new, old = RegulationFactory.create_batch(2, city=city, title=f"{LONG_NAME} " * 4)
    RelationFactory(source=new, target=old)
    CoverageFactory(regulation=old, question=answer_of(year, "1.1").question)
    draft = RegulationFactory(
        city=city,
        title=f"{LONG_NAME} " * 4,
        number="",
        is_draft=True,
        initiator=city.memberships.get(role=Role.OPD).opd,
    )
    CoverageFactory(regulation=draft, question=answer_of(year, "1.1").question)
    pages = ("", "tambah/", "jdih/", f"{old.pk}/", f"{old.pk}/ubah/", "rancangan/")
    pages += (f"{draft.pk}/", f"{draft.pk}/rancangan/")
    return [
        *(f"/kota/{city.slug}/produk-hukum/{page}" for page in (*pages, f"{old.pk}/topik/")),
        *year_paths(year, ["produk-hukum/"]),
    ]


def taskforce_of(year):
    """A decree, an open and a closed meeting, and commitments, everything in them long."""
    city, words = year.city, f"{LONG_NAME} " * 4
    seat = TaskForceMemberFactory(
        decree=DecreeFactory(city=city),
        opd=city.opds.get(code="DP3A"),
        post=LONG_NAME,
        institution=LONG_NAME,
        name=LONG_NAME,
    )
    CertificateFactory(member=seat, valid_to=date(2024, 1, 1))
    facts = {
        "city": city,
        "title": LONG_NAME,
        "place": LONG_NAME,
        "agenda": words,
        "minutes": words,
    }
    meeting, closed = MeetingFactory(**facts), MeetingFactory(closed=True, **facts)
    for one in (meeting, closed):
        AttendanceFactory(meeting=one, name=LONG_NAME, deputy_for=LONG_NAME)
        PhotoFactory(meeting=one, caption=LONG_NAME)
        decision = DecisionFactory(meeting=one, text=words, owner_member=seat)
    AddendumFactory(meeting=closed, text=words)
    promise = CommitmentFactory(city=city, text=words, party=LONG_NAME, outcome=words)
    of = {"sk": seat.decree_id, "anggota": seat.pk, "rapat": meeting.pk}
    token = new_token(AttendanceAddress(meeting.pk, meeting.attendance_round))
    pages = (
        "", "sk/tambah/", "sk/{sk}/", "sk/{sk}/ubah/", "sk/{sk}/anggota/", "anggota/{anggota}/",
        "anggota/{anggota}/ganti/", "anggota/{anggota}/sertifikat/", "rapat/", "rapat/tambah/",
        "rapat/{rapat}/", "rapat/{rapat}/ubah/", "rapat/{rapat}/undangan/",
        "rapat/{rapat}/hadir/", "rapat/{rapat}/notula/0/", "rapat/{rapat}/keputusan/",
        f"rapat/{closed.pk}/", f"rapat/{closed.pk}/ajukan/", "tindak-lanjut/",
        f"tindak-lanjut/{decision.pk}/ubah/", f"tindak-lanjut/{decision.pk}/selesai/",
        "komitmen/", "komitmen/tambah/", f"komitmen/{promise.pk}/",
    )  # fmt: skip
    paths = [f"/kota/{city.slug}/gugus-tugas/{page.format(**of)}" for page in pages]
    return [*paths, f"/hadir/{token}/"]


def actions_of(year):
    """A RAD with a long action, reported, with its pages."""
    city = year.city
    rad = ActionPlanFactory(city=city, instrument=year.instrument, title=LONG_NAME[:200])
    PlanLinkFactory(plan=rad, title=f"{LONG_NAME} " * 2)
    opd = city.memberships.filter(opd__isnull=False).first().opd
    action = ActionFactory(plan=rad, number=1, name=f"{LONG_NAME} " * 3, lead=opd)
    row = ActionYearFactory(action=action, child_share=40, child_reason=LONG_NAME)
    RealisationFactory(action_year=row, obstacle="lampiran-lampiran/" * 8)
    way = PlanFactory(assessment=year, name=f"RAD {LONG_NAME}"[:100])
    PlanStepFactory(plan=way, answer=answer_of(year, "1.1"))
    one = f"/kota/{city.slug}/rad/{rad.pk}/"
    pages = ("", "ubah/", "lembar/", "realisasi/", "aksi/tambah/", "aksi/1/", "aksi/1/ubah/")
    of_year = ("tahun/2026/", "tahun/2026/anggaran/", "tahun/2026/periksa/", "aksi/1/tahun/2026/")
    return [
        *(
            f"/kota/{city.slug}/{page}"
            for page in ("rad/", "rad/tambah/", "rad/aturan/", "rad/nomenklatur/")
        ),
        f"/kota/{city.slug}/target/",
        *(f"{one}{page}" for page in (*pages, *of_year, "aksi/1/tahun/2026/tw/1/")),
        *year_paths(year, [f"rencana/{way.pk}/rad/"]),
    ]


def plans_of(answer):
    """A plan and two scenarios with long names, as pages of the year."""
    year = answer.assessment
    plan = PlanFactory(assessment=year, name=f"{LONG_NAME} {LONG_NAME}"[:100])
    PlanStepFactory(plan=plan, answer=answer)
    scenarios = [ScenarioFactory(assessment=year, name=f"{i} {LONG_NAME}") for i in range(2)]
    for scenario in scenarios:
        ScenarioOutcomeFactory(scenario=scenario, answer=answer)
    columns = "&".join(f"s={scenario.pk}" for scenario in scenarios)
    return [f"rencana/{plan.pk}/", f"andai/banding/?{columns}"]


def is_open_to(path, role):
    asked = getattr(resolve(urlsplit(path).path).func, "permission", SIGNED_IN)
    return asked in {*GRANTS[role], SIGNED_IN}


def in_the_field(year, by):
    """Two stages after submission, with a rescue window for the question that has it all."""
    set_stage(assessment_id=year.pk, stage=Stage.FIELD, by=by, at=later(9))
    now = timezone.now()
    open_rescue_window(
        assessment_id=year.pk,
        answer_ids=[answer_of(year, "1.1").pk],
        closes_at=now + timedelta(hours=48),
        note="Yang diminta: " + "lampiran-lampiran/" * 8,
        by=by,
        at=now,
    )


# What people type over several lines is kept in the browser until the server has it: drafts.js.
# Pages for everybody have no script, and keep nothing on a phone that others may use.
UNKEPT = """() => [...document.querySelectorAll("body:not(:has(.public-head)) textarea:not([readonly])")]
    .filter((field) => !field.form?.dataset.draft)
    .map((field) => `not kept as a draft: ${field.name}`)"""

# The browser's own words on a control follow its language, not ours: pickers.js and days.js stand before them.
UNTOLD = """() => [...document.querySelectorAll("input:is([type=file], [type=date], [type=datetime-local], [type=time], [type=month], [type=week])")]
    .filter((field) => field.checkVisibility() && field.offsetWidth > 1)
    .map((field) => `speaks the browser's language: ${field.name || field.id}`)"""


@pytest.fixture
def faults_on(complaints):
    """Open each page in the window and say what is wrong with it, page by page.

    Axe judges once what several pages or roles have alike; that takes most of the time.
    """

    def look(page, paths):
        faults = {}
        for path in paths:
            page.set_viewport_size(DESK)
            page.goto(path)
            shapes = set(page.evaluate(SHAPES))
            is_new = not shapes <= SOUND
            if is_new:
                page.evaluate(AXE)
            found = []
            for size, rules in ((DESK, []), (PHONE, LAYOUT)):
                page.set_viewport_size(size)
                told = page.evaluate(SIDEWAYS) + (page.evaluate(SERIOUS, rules) if is_new else [])
                found += [f"{size['width']}: {fault}" for fault in told]
            if not found:
                SOUND.update(shapes)
            page.set_viewport_size(ENLARGED)
            found += [f"{ENLARGED['width']}: {fault}" for fault in page.evaluate(SIDEWAYS)]
            found += page.evaluate(UNKEPT) + page.evaluate(UNTOLD)
            found += complaints.taken()
            if found:
                faults[path] = found
        return faults

    return look


@pytest.mark.parametrize("role", Role)
def test_every_page_of_a_full_city_is_sound_for(role, seat, faults_on):
    year, offered = full_city()
    if role == Role.OPD:
        member = year.city.memberships.get(role=Role.OPD)
    elif role == Role.WILAYAH:
        member = UnitSeatFactory(unit=year.city.units.get(code=UNIT)).membership
    else:
        member = MembershipFactory(city=year.city, role=role)
    paths = [path for path in pages_of_full_city(year, offered) if is_open_to(path, role)]
    if Permission.IMPORT_SHEET in GRANTS[role]:
        paths.append(waiting_sheet(year, by=member.user).get_absolute_url())
    if Permission.MANAGE_REGULATIONS in GRANTS[role]:
        paths.append(waiting_feed(year, by=member.user))

    assert faults_on(seat(member.user), paths) == {}


@pytest.mark.parametrize("role", [Role.GUGUS_TUGAS, Role.OPD, Role.ADMIN_KOTA])
def test_every_page_that_tells_of_stages_is_sound_in_the_field_for(role, seat, faults_on):
    year, _offered = full_city()
    coordinator = MembershipFactory(gugus_tugas=True, city=year.city)
    in_the_field(year, coordinator.user)
    member = year.city.memberships.filter(role=role).first() or MembershipFactory(
        city=year.city, role=role
    )
    names = ["", *YEAR_IN_THE_FIELD, "rekaman/1/"]
    paths = [*city_paths(year.city, ["", "tugas/"]), *year_paths(year, names)]

    assert faults_on(seat(member.user), [p for p in paths if is_open_to(p, role)]) == {}


@pytest.mark.parametrize("role", [Role.ADMIN_KOTA, Role.OPD, Role.PIMPINAN])
def test_every_page_of_a_city_with_nothing_in_it_is_sound_for(role, seat, faults_on):
    city = CityFactory()
    opd = OpdFactory(city=city) if role == Role.OPD else None
    member = MembershipFactory(city=city, role=role, opd=opd)
    paths = [path for path in city_paths(city) if is_open_to(path, role)]

    assert faults_on(seat(member.user), paths) == {}


def test_every_page_of_a_year_that_nobody_works_on_is_sound(seat, faults_on):
    year = open_year(city=CityFactory())
    member = MembershipFactory(admin_kota=True, city=year.city)
    reviewer = MembershipFactory(verifikator=True, city=year.city)

    paths = [*city_paths(year.city, [""]), *year_paths(year)]

    open_ones = [path for path in paths if is_open_to(path, Role.ADMIN_KOTA)]
    assert faults_on(seat(member.user), open_ones) == {}
    assert faults_on(seat(reviewer.user), year_paths(year, ["periksa/", "pertanyaan/1.1/"])) == {}


def test_every_page_that_is_the_same_for_all_is_sound(seat, faults_on):
    make_instrument(packaged("kla-2023"))

    assert faults_on(seat(MembershipFactory(pimpinan=True).user), OF_ONESELF) == {}


def test_every_page_about_mappings_is_sound(seat, faults_on):
    admin, reader = SiteAdminFactory(), MembershipFactory(pimpinan=True).user
    assert (
        faults_on(seat(admin), [ON_MAPPINGS[0], ON_MAPPINGS_FOR_ADMINS[2]]) == {}
    )  # with nothing there yet
    for code in ("kla-2011", "kla-2023"):
        make_instrument(packaged(code))
    mapping = load_mapping(spec=packaged_mappings()[0], at=later()).mapping
    unsure = mapping.matches.filter(kind="reworded")
    unsure.update(confirmed_at=None)
    pages = [*paths_of(mapping, ["", "tinjau/", "tinjau/?keadaan=belum", "tinjau/?cari=tiada"])]
    edited = paths_of(mapping, [f"pasangan/{unsure[0].pk}/"])

    assert faults_on(seat(admin), ["/instrumen/pemetaan/", *pages, *edited]) == {}
    assert faults_on(seat(reader), ["/instrumen/pemetaan/", pages[0]]) == {}


def paths_of(mapping, names):
    return [f"/instrumen/pemetaan/{mapping.pk}/{name}" for name in names]


def test_every_page_of_a_site_administrator_is_sound(seat, faults_on):
    reader = SiteAdminFactory()
    paths = ["/kota/", "/kota/?semua=1", "/kota/tambah/", "/kota/siapkan/", "/instrumen/"]
    paths += ["/orang/", "/pekerjaan-latar/", "/peringkat/"]
    paths += [f"/orang/{reader.pk}/ubah/", f"/orang/{reader.pk}/faktor/"]
    assert faults_on(seat(reader), paths) == {}
    full_city()
    some = [*paths[:2], "/peringkat/", "/peringkat/?tahun=2019&gerak=naik"]
    assert faults_on(seat(SiteAdminFactory()), some) == {}


def test_every_page_on_which_instruments_are_made_is_sound(seat, faults_on):
    maker = SiteAdminFactory()
    spec = packaged("kla-2023")
    make_instrument(spec)
    call_command("load_band_tables", stdout=StringIO())
    draft = create_draft(spec=replace(spec, code="rancangan-2027"), by=maker, at=timezone.now())
    Question.objects.filter(indicator__cluster__instrument=draft, code="19.1").update(
        text=LONG_QUESTION.strip()
    )

    assert faults_on(seat(maker), MAKING) == {}


def test_every_page_of_an_import_is_sound(seat, faults_on):
    admin = SiteAdminFactory()
    changed = prepared_import(admin)
    new = prepare_import(
        reading=Reading(packaged("kla-2023"), ""),
        file_name="kla-2023.xlsx",
        by=admin,
        at=timezone.now(),
    )

    paths = ["/instrumen/impor/", *(f"/instrumen/impor/{one.pk}/" for one in (changed, new))]

    assert faults_on(seat(admin), paths) == {}


def prepared_import(admin):
    """A file against a draft: every question of it says something else."""
    spec = replace(packaged("kla-2023"), code="kla-2027")
    create_draft(spec=replace(packaged("kla-2011"), code="kla-2027"), by=admin, at=timezone.now())
    reading = Reading(spec, "0" * 64)
    return prepare_import(reading=reading, file_name="x" * 200, by=admin, at=timezone.now())


def test_every_page_before_signing_in_is_sound(window, faults_on):
    InvitationFactory(token="baru", email=LONG_EMAIL)
    InvitationFactory(token="ada", email=UserFactory().email)
    invitations = ["/undangan/baru/", "/undangan/ada/"]
    released = released_with_long_words(open_year(city=city_with_opds(name=LONG_NAME)))
    paths = [*OPEN_TO_ALL, "/masuk/?next=/kota/", *invitations, *released]
    assert faults_on(window(), paths) == {}


def test_the_pages_of_an_invitation_are_sound_for_whoever_is_signed_in(seat, faults_on):
    InvitationFactory(token="ada", email=LONG_EMAIL)
    InvitationFactory(token="basi", expired=True)
    invited, other = UserFactory(email=LONG_EMAIL), UserFactory()

    for user in (invited, other):
        assert faults_on(seat(user), ["/undangan/ada/"]) == {}
    dead = {path: [f"{status} {path}"] for path, status in DEAD_LINKS.items()}
    assert faults_on(seat(other), list(DEAD_LINKS)) == dead


def test_the_pages_that_tell_of_an_error_are_sound(seat, faults_on):
    member = MembershipFactory(of_opd=True)
    strange, forbidden = "/kota/tidak-ada/", f"/kota/{member.city.slug}/anggota/"

    assert faults_on(seat(member.user), [strange, forbidden]) == {
        strange: [f"404 {strange}"],
        forbidden: [f"403 {forbidden}"],
    }


def test_every_address_of_the_site_is_looked_at_here():
    year, offered = full_city()
    looked_at = {
        resolve(urlsplit(path).path).view_name
        for path in [
            *OPEN_TO_ALL,
            *OF_ONESELF,
            *ON_MAPPINGS_FOR_ADMINS,
            "/kota/tambah/",
            "/kota/siapkan/",
            "/undangan/tautan/",
            *MAKING,
            "/instrumen/impor/",
            "/instrumen/impor/1/",
            "/pekerjaan-latar/",
            "/orang/",
            "/orang/1/ubah/",
            "/orang/1/faktor/",
            *pages_of_full_city(year, offered),
            *released_with_long_words(open_year(city=year.city, year=2024)),
            *year_paths(year, ["rekaman/1/"]),
        ]
    }

    assert set(all_names(get_resolver())) - looked_at - NOT_PAGES == set()


def all_names(resolver, namespace=""):
    for pattern in resolver.url_patterns:
        if not hasattr(pattern, "url_patterns"):
            yield f"{namespace}{pattern.name}"
        elif pattern.namespace != "admin":  # Django's own
            inner = f"{pattern.namespace}:" if pattern.namespace else namespace
            yield from all_names(pattern, inner)

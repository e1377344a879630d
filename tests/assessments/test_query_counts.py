"""A page costs as many queries with thirty of everything on it as with one."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.choices import NotificationKind, ScoreKind, Stage, TrailEvent
from assessments.models import (
    Answer,
    Assessment,
    ClusterDeadline,
    Comment,
    Mention,
    Notification,
    NotificationPreference,
    OfficialIndicatorScore,
    PointsRecord,
    RescueWindow,
    StageScore,
    SupportingDocument,
    Upload,
    Waiver,
)
from assessments.services.activity import record
from assessments.services.sheet_imports import keep_import
from assessments.services.snapshots import freeze
from assessments.worksheets.rows import FileRow, Held
from childdata.sheets import SheetTable
from childdata.tables import Cell
from cities.models import CityTrailEvent
from cities.roles import Role
from cities.services.activity import NewEntry
from cities.services.activity import record as record_of_city
from clusters.models import EvidenceKind, QuestionSource
from clusters.services.importing import prepare_import
from clusters.services.life import create_draft
from clusters.services.mappings import confirm_all_same, suggest_mapping
from clusters.sheets import Reading
from clusters.spec import AgencySpec, EvidenceKindSpec
from public.choices import MessageState
from territories.criteria import Said
from territories.models import Unit
from territories.services.sheets import reading_of
from territories.sheets.rows import FileRow as ReportRow
from tests.assessments.situations import NOW, later
from tests.factories.actionplan import (
    ActionFactory,
    ActionPlanFactory,
    ActionQuestionFactory,
    ActionYearFactory,
    PlanLinkFactory,
)
from tests.factories.api import ApiTokenFactory, WebhookFactory, delivery_of
from tests.factories.assessments import AwardFactory, EvidenceFactory, granted, open_year
from tests.factories.childdata import ObservationFactory
from tests.factories.cities import (
    AgencyAliasFactory,
    CityFactory,
    DistrictFactory,
    InvitationFactory,
    MembershipFactory,
    OpdFactory,
    SiteAdminFactory,
    UserFactory,
    VillageFactory,
)
from tests.factories.clusters import BandTableFactory, TableBandFactory, small_spec
from tests.factories.facilities import (
    CredentialFactory,
    FacilityFactory,
    FacilityPhotoFactory,
    FacilityUseFactory,
    FindingFactory,
    RouteFactory,
    RouteStopFactory,
    VisitFactory,
)
from tests.factories.imports import StagedImportFactory
from tests.factories.meetings import (
    AddendumFactory,
    AttendanceFactory,
    DecisionFactory,
    MeetingFactory,
    PhotoFactory,
)
from tests.factories.monitoring import RealisationFactory, YearGoalFactory
from tests.factories.nomenclature import NomenclatureCodeFactory, NomenclatureFactory
from tests.factories.plans import (
    EffortFactory,
    PlanFactory,
    PlanStepFactory,
    ScenarioFactory,
    ScenarioOutcomeFactory,
)
from tests.factories.public import PublicMessageFactory, ReleasedDocumentFactory, ReleaseFactory
from tests.factories.regulations import (
    CoverageFactory,
    RegulationFactory,
    RelationFactory,
)
from tests.factories.taskforce import (
    CertificateFactory,
    CommitmentFactory,
    DecreeFactory,
    TaskForceMemberFactory,
)
from tests.factories.territories import (
    CityCriteriaSetFactory,
    CriteriaChoiceFactory,
    DeclarationFactory,
    DeclarationFileFactory,
    ReportFactory,
    TakenValueFactory,
    UnitBoundaryFactory,
    UnitChangeFactory,
    UnitFactory,
    UnitSeatFactory,
    VisitSampleFactory,
)
from tests.test_access_matrix import PARTS, TABLE, WRONG_METHOD
from workbooks.records import Record

pytestmark = pytest.mark.django_db

# page: (who opens it, the most queries that it may cost)
PAGES = {
    "assessments:nation": ("pimpinan", 9),
    "assessments:city_list": ("site_admin", 10),
    "assessments:city_dashboard": ("pimpinan", 11),
    "assessments:task_list": ("opd", 12),
    "assessments:assessment_list": ("pimpinan", 9),
    "assessments:city_leadership": ("pimpinan", 12),
    "assessments:city_history": ("pimpinan", 9),
    "assessments:assessment_open": ("admin_kota", 9),
    "assessments:assessment_edit": ("admin_kota", 8),
    "assessments:setup_begin": ("site_admin", 5),
    "assessments:setup_overview": ("admin_kota", 12),
    "assessments:setup_city": ("admin_kota", 12),
    "assessments:setup_opds": ("admin_kota", 12),
    "assessments:setup_members": ("admin_kota", 12),
    "assessments:setup_year": ("admin_kota", 12),
    "assessments:setup_assignments": ("admin_kota", 12),
    "assessments:setup_start": ("admin_kota", 12),
    "assessments:assessment_detail": ("pimpinan", 11),
    "assessments:year_clusters": ("pimpinan", 6),
    "assessments:year_indicators": ("pimpinan", 7),
    "assessments:year_opds": ("pimpinan", 8),
    "assessments:year_pace": ("pimpinan", 9),
    "assessments:year_remaining": ("pimpinan", 7),
    "assessments:worksheet_download": ("pimpinan", 8),
    "assessments:sheet_import": ("gugus_tugas", 12),
    "assessments:indicator_detail": ("pimpinan", 12),
    "assessments:opd_detail": ("pimpinan", 12),
    "assessments:city_search": ("admin_kota", 12),
    "assessments:reminder_list": ("gugus_tugas", 9),
    "assessments:reminder_opd": ("gugus_tugas", 9),
    "assessments:reminder_question": ("gugus_tugas", 9),
    "assessments:sheet_preview": ("gugus_tugas", 7),
    "assessments:question_list": ("gugus_tugas", 12),
    # For somebody with uploads on their way; in the field its windows are one of them.
    "assessments:question_detail": ("opd", 11),
    "assessments:question_documents": ("gugus_tugas", 12),
    "assessments:question_history": ("gugus_tugas", 12),
    "assessments:review_queue": ("verifikator", 11),
    "assessments:evidence_review": ("verifikator", 12),
    "assessments:assignment_list": ("gugus_tugas", 12),
    "assessments:assignment_edit": ("gugus_tugas", 9),
    "assessments:inbox": ("opd", 5),
    "assessments:whatsapp_consent": ("opd", 5),
    "assessments:notification_preferences": ("opd", 4),
    "assessments:cluster_deadlines": ("admin_kota", 10),
    "assessments:sensitive_kinds_edit": ("gugus_tugas", 7),
    "assessments:evidence_window_edit": ("admin_kota", 5),
    "assessments:band_table_choose": ("admin_kota", 9),
    "assessments:documents_carry_over": ("opd", 12),
    "assessments:document_revise": ("opd", 7),
    "assessments:assessment_submit": ("gugus_tugas", 8),
    "assessments:stage_list": ("pimpinan", 8),
    "assessments:snapshot_detail": ("pimpinan", 6),
    "assessments:snapshot_pdf": ("pimpinan", 5),
    "assessments:report_pdf": ("pimpinan", 21),
    "assessments:report_xlsx": ("pimpinan", 20),
    "assessments:rescue_list": ("opd", 12),
    "assessments:rescue_open": ("gugus_tugas", 11),
    "assessments:official_edit": ("gugus_tugas", 7),
    "assessments:official_indicators": ("gugus_tugas", 9),
    "assessments:trail_list": ("admin_kota", 9),
    "assessments:trail_csv": ("admin_kota", 5),
    "assessments:trail_xlsx": ("admin_kota", 5),
    "territories:unit_list": ("pimpinan", 12),
    "territories:unit_detail": ("gugus_tugas", 12),
    "territories:rating_overview": ("pimpinan", 12),
    "territories:rating_rules": ("admin_kota", 10),
    "territories:sample_detail": ("gugus_tugas", 12),
    "territories:sample_choose": ("gugus_tugas", 12),
    "territories:criteria_list": ("pimpinan", 10),
    "territories:criteria_detail": ("gugus_tugas", 10),
    "territories:criterion_add": ("gugus_tugas", 8),
    "territories:criterion_edit": ("gugus_tugas", 8),
    "territories:units_import": ("admin_kota", 9),
    "territories:units_download": ("admin_kota", 9),
    "territories:units_review": ("admin_kota", 12),
    "territories:boundaries_import": ("gugus_tugas", 9),
    "territories:boundaries_review": ("gugus_tugas", 12),
    "territories:unit_edit": ("admin_kota", 10),
    "territories:unit_history": ("gugus_tugas", 12),
    "territories:declaration_list": ("pimpinan", 10),
    "territories:declaration_create": ("gugus_tugas", 10),
    "territories:declaration_edit": ("gugus_tugas", 12),
    "territories:unit_change": ("admin_kota", 10),
    "territories:own_unit": ("wilayah", 8),
    "territories:unit_guide": ("pimpinan", 8),
    "territories:reports_import": ("gugus_tugas", 12),
    "territories:reports_download": ("gugus_tugas", 12),
    "territories:reports_preview": ("gugus_tugas", 12),
    "childdata:overview": ("gugus_tugas", 12),
    "childdata:variable_detail": ("gugus_tugas", 12),
    "childdata:counts_edit": ("gugus_tugas", 12),
    "childdata:profile_detail": ("gugus_tugas", 12),
    "childdata:profile_paper": ("gugus_tugas", 12),
    "childdata:profile_workbook": ("gugus_tugas", 12),
    "childdata:open_data_download": ("gugus_tugas", 12),
    "childdata:sheet_download": ("gugus_tugas", 12),
    "childdata:sheet_upload": ("gugus_tugas", 9),
    "childdata:sheet_review": ("gugus_tugas", 12),
    "facilities:facility_list": ("gugus_tugas", 12),
    "facilities:facility_create": ("gugus_tugas", 9),
    "facilities:facility_detail": ("gugus_tugas", 12),
    "facilities:facility_edit": ("gugus_tugas", 9),
    "facilities:expiring_list": ("gugus_tugas", 9),
    "facilities:sheet_download": ("gugus_tugas", 9),
    "facilities:sheet_upload": ("gugus_tugas", 9),
    "facilities:sheet_review": ("gugus_tugas", 12),
    "facilities:credential_create": ("gugus_tugas", 9),
    "facilities:credential_edit": ("gugus_tugas", 9),
    "facilities:visit_create": ("gugus_tugas", 9),
    "facilities:finding_list": ("gugus_tugas", 12),
    "facilities:finding_create": ("gugus_tugas", 9),
    "facilities:finding_detail": ("gugus_tugas", 12),
    "facilities:route_list": ("gugus_tugas", 9),
    "facilities:route_detail": ("gugus_tugas", 12),
    "facilities:stop_detail": ("gugus_tugas", 12),
    "regulations:regulation_list": ("gugus_tugas", 9),
    "regulations:guide": ("opd", 8),
    "regulations:regulation_create": ("gugus_tugas", 9),
    "regulations:regulation_detail": ("gugus_tugas", 12),
    "regulations:regulation_edit": ("gugus_tugas", 9),
    "regulations:topics_edit": ("gugus_tugas", 12),
    "regulations:feed_upload": ("gugus_tugas", 9),
    "regulations:feed_review": ("gugus_tugas", 9),
    "regulations:feed_export": ("opd", 9),
    "regulations:coverage_detail": ("pimpinan", 12),
    "meetings:overview": ("gugus_tugas", 11),
    "meetings:guide": ("opd", 8),
    "taskforce:decree_create": ("gugus_tugas", 9),
    "taskforce:decree_detail": ("gugus_tugas", 12),
    "taskforce:decree_edit": ("gugus_tugas", 9),
    "taskforce:member_create": ("gugus_tugas", 9),
    "taskforce:member_edit": ("gugus_tugas", 10),
    "taskforce:member_replace": ("gugus_tugas", 9),
    "taskforce:certificate_create": ("gugus_tugas", 9),
    "meetings:meeting_list": ("opd", 9),
    "meetings:meeting_create": ("gugus_tugas", 12),  # a query for each source of its agenda
    "meetings:meeting_detail": ("gugus_tugas", 12),  # with decisions about every kind of thing
    "meetings:meeting_edit": ("gugus_tugas", 9),
    "meetings:meeting_invitation": ("gugus_tugas", 9),
    "meetings:attendance_board": ("gugus_tugas", 9),
    "meetings:minutes_edit": ("gugus_tugas", 9),
    "meetings:minutes_pdf": ("gugus_tugas", 12),
    "meetings:minutes_hand_in": ("gugus_tugas", 10),
    "meetings:decision_create": ("gugus_tugas", 12),
    "meetings:decision_list": ("opd", 11),
    "meetings:decision_edit": ("gugus_tugas", 12),
    "meetings:decision_settle": ("gugus_tugas", 9),
    "taskforce:commitment_list": ("pimpinan", 9),
    "taskforce:commitment_create": ("gugus_tugas", 9),
    "taskforce:commitment_edit": ("gugus_tugas", 10),
    "public:index": ("opd", 1),
    "public:nation_catalogue": ("opd", 1),
    "public:nation_file": ("opd", 1),
    "public:city_page": ("opd", 2),
    "public:poster": ("opd", 1),
    "public:picture": ("opd", 1),
    "public:child_page": ("opd", 1),
    "public:message_send": ("opd", 2),
    "public:message_sent": ("opd", 1),
    "public:data_page": ("opd", 1),
    "public:data_catalogue": ("opd", 1),
    "public:data_file": ("opd", 1),
    "public:document_file": ("opd", 1),
    "public:document_list": ("gugus_tugas", 9),
    "public:document_preview": ("gugus_tugas", 9),
    "public:release_list": ("gugus_tugas", 9),
    "public:release_preview": ("gugus_tugas", 9),
    "public:message_list": ("gugus_tugas", 9),
    "public:passed_list": ("forum_anak", 9),
    "plans:pathway_detail": ("gugus_tugas", 11),
    "actionplan:plan_list": ("gugus_tugas", 9),
    "actionplan:guide": ("opd", 8),
    "actionplan:plan_create": ("gugus_tugas", 9),
    "actionplan:plan_detail": ("gugus_tugas", 12),
    "actionplan:plan_edit": ("gugus_tugas", 9),
    "actionplan:nomenclature": ("gugus_tugas", 9),
    "actionplan:rules_edit": ("gugus_tugas", 9),
    "actionplan:sheet_upload": ("gugus_tugas", 9),
    "actionplan:sheet_review": ("gugus_tugas", 12),
    "actionplan:sheet_export": ("pimpinan", 9),
    "actionplan:realisation_upload": ("opd", 9),
    "actionplan:action_create": ("gugus_tugas", 12),
    "actionplan:action_detail": ("gugus_tugas", 12),
    "actionplan:action_edit": ("gugus_tugas", 12),
    "actionplan:year_edit": ("gugus_tugas", 9),
    "actionplan:realisation_edit": ("opd", 12),
    "actionplan:monitoring": ("gugus_tugas", 12),
    "actionplan:monitoring_pdf": ("gugus_tugas", 9),
    "actionplan:budget": ("pimpinan", 12),
    "actionplan:checks": ("pimpinan", 12),
    "actionplan:targets": ("pimpinan", 10),
    "actionplan:from_plan": ("gugus_tugas", 11),
    "plans:effort_edit": ("gugus_tugas", 12),
    "plans:plan_list": ("pimpinan", 8),
    "plans:plan_detail": ("gugus_tugas", 11),
    "plans:whatif": ("gugus_tugas", 11),
    "plans:scenario_compare": ("pimpinan", 9),
    "plans:forecast_detail": ("pimpinan", 11),
    "plans:check_list": ("gugus_tugas", 12),  # the last of the legal register, see below
    "clusters:instrument_list": ("pimpinan", 4),
    "clusters:instrument_download": ("pimpinan", 12),
    "clusters:import_upload": ("site_admin", 3),
    "clusters:import_preview": ("site_admin", 12),
    "clusters:instrument_detail": ("pimpinan", 12),
    "clusters:instrument_create": ("site_admin", 4),
    "clusters:instrument_clone": ("site_admin", 5),
    "clusters:instrument_correct": ("site_admin", 5),
    "clusters:instrument_retire": ("site_admin", 5),
    "clusters:draft_detail": ("site_admin", 12),
    "clusters:draft_head": ("site_admin", 12),
    "clusters:draft_list_edit": ("site_admin", 12),
    "clusters:draft_cluster_add": ("site_admin", 12),
    "clusters:draft_cluster_edit": ("site_admin", 12),
    "clusters:draft_indicator_add": ("site_admin", 12),
    "clusters:draft_indicator_edit": ("site_admin", 12),
    "clusters:draft_question_add": ("site_admin", 12),
    "clusters:draft_question_edit": ("site_admin", 12),
    "clusters:draft_row_delete": ("site_admin", 12),
    "clusters:draft_publish": ("site_admin", 12),
    "clusters:draft_delete": ("site_admin", 4),
    "clusters:band_table_list": ("site_admin", 5),
    "clusters:band_table_create": ("site_admin", 4),
    "clusters:band_table_edit": ("site_admin", 8),
    "clusters:band_table_delete": ("site_admin", 4),
    "clusters:mapping_list": ("pimpinan", 4),
    "clusters:mapping_report": ("pimpinan", 5),
    "clusters:mapping_csv": ("pimpinan", 4),
    "clusters:mapping_xlsx": ("pimpinan", 4),
    "clusters:mapping_create": ("site_admin", 6),
    "clusters:mapping_review": ("site_admin", 6),
    "clusters:match_edit": ("site_admin", 5),
    "registers:taken_book": ("pimpinan", 6),
    "registers:source_list": ("site_admin", 5),
    "registers:source_edit": ("site_admin", 5),
    "cities:city_create": ("site_admin", 4),
    "cities:city_edit": ("admin_kota", 5),
    "cities:opd_list": ("admin_kota", 8),
    "cities:opd_create": ("admin_kota", 5),
    "cities:opd_edit": ("admin_kota", 6),
    "cities:member_list": ("admin_kota", 11),
    "cities:invitation_list": ("admin_kota", 8),
    "cities:invitation_create": ("admin_kota", 7),
    "cities:member_import": ("admin_kota", 5),
    "cities:member_edit": ("admin_kota", 9),
    "cities:member_remove": ("admin_kota", 6),
    "cities:member_replace": ("admin_kota", 6),
    "cities:member_reset_factor": ("admin_kota", 8),
    "cities:email_change": ("pimpinan", 6),
    "cities:session_list": ("pimpinan", 6),
    "api:docs": ("pimpinan", 4),
    "api:token_list": ("pimpinan", 6),
    "api:token_create": ("pimpinan", 5),
    "api:service_list": ("admin_kota", 7),
    "api:service_create": ("admin_kota", 6),
    "api:service_token_create": ("admin_kota", 6),
    "api:webhook_list": ("admin_kota", 6),
    "api:webhook_create": ("admin_kota", 5),
    "api:webhook_detail": ("admin_kota", 8),
    "api:webhook_edit": ("admin_kota", 6),
    "api:webhook_renew": ("admin_kota", 6),
    "api:webhook_delete": ("admin_kota", 6),
    "cities:person_reset_factor": ("site_admin", 6),
    "cities:region_list": ("opd", 10),
    "cities:person_list": ("site_admin", 9),
    "cities:person_edit": ("site_admin", 9),
    "cities:trail_list": ("admin_kota", 10),
    "cities:trail_csv": ("admin_kota", 5),
}
# These lead elsewhere or send a file; nothing on them grows.
NO_LISTS = {
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
    # By token; what each takes: test_reads.py and test_city_reads.py in tests/api.
    "api:cities",
    "api:years",
    "api:year_detail",
    "api:indicators",
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
    "api:leadership",
    "api:year_trail",
    "api:pace",
    "api:city_trail",
    "api:saved_plans",
    "api:forecast",
    "api:scenarios",
    "api:remaining",
    "api:snapshot",
    "api:saved_plan",
    "api:compared_scenarios",
    "api:pathway",
    "api:stages",
    "api:search",
    "api:what_if",
    "api:nation_summary",
    "api:search_kind",
    "api:nation",
    "api:snapshots",
    "api:plans",
    "api:actions",
    "api:plan_year",
    "api:child_data",
    "api:child_data_open",
    "api:child_table",
    "api:child_table_unit",
    "api:meetings",
    "assessments:claim_save",
    "cities:email_confirm",
    "assessments:comment_add",
    "assessments:document_download",
    "assessments:link_detail",
    "assessments:link_offer",
    "assessments:document_offer",
    "assessments:document_upload",
    "assessments:document_view",
    "assessments:file_detail",
    "assessments:file_download",
    "assessments:kind_waive",
    "assessments:matrix_template",
    "assessments:package_download",
    "assessments:points_grant",
    "assessments:search_home",
    "assessments:stage_reopen",
    "assessments:upload_proposals",
    "meetings:attendance_sign",
    "meetings:meeting_calendar",
    "meetings:meeting_letter",
    "meetings:photo_view",
    "regulations:draft_create",
    "regulations:draft_edit",
    "territories:declaration_file",
    "territories:report_save",
    "facilities:document_view",
    "facilities:finding_photo",
    "cities:invitation_accept",
    "cities:member_template",
}
ADMIN_LISTS = sorted(
    f"{model._meta.app_label}_{model._meta.model_name}"
    for model in admin.site._registry
    if model._meta.app_label
    in {
        "actionplan",
        "assessments",
        "childdata",
        "cities",
        "clusters",
        "facilities",
        "monitoring",
        "nomenclature",
        "api",
        "imports",
        "registers",
        "regulations",
        "taskforce",
        "public",
        "meetings",
        "territories",
    }
)
ADMIN_MOST = 7
OURS = (
    "actionplan:",
    "api:",
    "cities:",
    "clusters:",
    "assessments:",
    "childdata:",
    "facilities:",
    "regulations:",
    "plans:",
    "public:",
    "registers:",
    "taskforce:",
    "meetings:",
    "territories:",
)


def wide_spec(n):
    """An instrument with n clusters; the first question has n neighbours, kinds and agencies."""
    spec = small_spec(code=f"lebar-{n}")
    cluster = spec.clusters[0]
    [indicator] = cluster.indicators
    kinds = tuple(EvidenceKindSpec(f"jenis-{i}", f"Jenis {i}") for i in range(n))
    agencies = tuple(AgencySpec(f"OPD{i}", f"Dinas {i}") for i in range(n))

    def question(code, number):
        return replace(
            indicator.questions[0],
            code=code,
            max_points=Decimal(1),
            evidence=tuple(kind.code for kind in kinds),
            agencies=tuple(dict.fromkeys([agencies[number].code, agencies[0].code])),
        )

    def cluster_of(i):
        questions = tuple(question(f"{i}.{j}", j) for j in range(n if i == 0 else 1))
        row = replace(indicator, code=f"{i}", number=i + 1, questions=questions)
        return replace(cluster, code=f"klaster-{i}", label=f"Klaster {i}", indicators=(row,))

    return replace(
        spec,
        clusters=tuple(cluster_of(i) for i in range(n)),
        evidence_kinds=kinds,
        agencies=agencies,
    )


def earlier_spec(n):
    """The same instrument with a further question in each cluster."""
    spec = wide_spec(n)

    def with_more(cluster):
        [row] = cluster.indicators
        more = replace(row.questions[0], code=f"{row.code}.hilang", text="Tidak ditanyakan lagi")
        return replace(cluster, indicators=(replace(row, questions=(*row.questions, more)),))

    clusters = tuple(with_more(cluster) for cluster in spec.clusters)
    return replace(spec, code=f"lama-{n}", clusters=clusters)


class Crowd:
    """A city with n of everything that a page may list."""

    def __init__(self, n):
        self.city = CityFactory()
        self.opds = [
            OpdFactory(city=self.city, code=f"OPD{i}", name=f"Dinas {i:02d}") for i in range(n)
        ]
        self.people = UserFactory.create_batch(n)
        self.assessment = open_year(city=self.city, spec=wide_spec(n))
        answers = list(Answer.objects.filter(assessment=self.assessment).in_order())
        self._papers(answers)
        for person in self.people:
            told = NewEntry(
                CityTrailEvent.OPD_CHANGED, "OPD0", {"name": "Dinas"}, {"name": "Badan"}
            )
            record_of_city(told, city=self.city, by=person, at=NOW)
        self.revised = self._revisions(answers[0])
        self._talk(answers[0])
        self._official(answers)
        self._stages(answers)
        self._last_year(n)
        for district in DistrictFactory.create_batch(n, city=self.city):
            VillageFactory.create_batch(n, district=district)
        for i in range(2, n + 1):
            open_year(city=self.city, year=2026 - i)
        AwardFactory.create_batch(n, city=self.city)
        for person in self.people:
            MembershipFactory(city=self.city, user=person, of_opd=True, opd=self.opds[0])
        self.members = {
            role: MembershipFactory(city=self.city, **{role: True})
            for role in ("gugus_tugas", "verifikator", "pimpinan", "admin_kota", "forum_anak")
        }
        self.site_admin = SiteAdminFactory()
        self.services = [
            MembershipFactory(city=self.city, verifikator=True, user__service_since=NOW)
            for _person in self.people
        ]
        for account in (*self.services, self.members["pimpinan"]):
            ApiTokenFactory.create_batch(n, user=account.user)
        for webhook in WebhookFactory.create_batch(n, city=self.city):
            for _ in range(n):
                delivery_of(webhook)
        self._regulations(n)
        self._taskforce(answers[0], n)
        InvitationFactory.create_batch(n, city=self.city, invited_by=self.people[0])
        for opd in self.opds:
            AgencyAliasFactory(city=self.city, opd=opd)
        self.members["opd"] = self.city.memberships.filter(opd=self.opds[0]).first()
        self._plans(answers)
        self._actions(answers, n)
        self._letters(answers[0])
        self._unfinished(answers[0], n)
        self._units(answers[0], n)
        self._facilities(n)
        self._decided(answers[0])
        self._public(n)
        self.draft = create_draft(
            spec=replace(wide_spec(n), code=f"rancangan-{n}"), by=self.site_admin, at=NOW
        )
        self.table = BandTableFactory()
        for i in range(n):
            TableBandFactory(table=self.table, predikat=f"Predikat {i}")
        self.pending = self._import(n)
        self.sheet = self._sheet(answers)
        self.report_import = self._report_import()
        _count_for_the_planner()

    def _papers(self, answers):
        """n waiting, returned and accepted at the first question, one at each other."""
        first, *others = answers
        granted(first, "1")
        for opd, person in zip(self.opds, self.people, strict=True):
            for trait in ({}, {"returned": True}, {"accepted": True}):
                EvidenceFactory(
                    answer=first, document__opd=opd, document__uploaded_by=person, **trait
                )
        for answer in others:
            EvidenceFactory(answer=answer, returned=True)
            StageScore.objects.create(
                answer=answer,
                kind=ScoreKind.VA,
                points=1,
                entered_at=NOW,
                entered_by=self.people[0],
            )

    def _revisions(self, answer):
        """One document in n further versions, each of them waiting until the next came."""
        last = None
        for number, person in enumerate(self.people, 2):
            before = last or EvidenceFactory(answer=answer, document__opd=self.opds[0])
            last = EvidenceFactory(
                answer=answer,
                document__opd=self.opds[0],
                document__uploaded_by=person,
                document__revision_of=before.document,
                document__revision=number,
                document__changes="Tanda tangan",
            )
            before.superseded_by = last
            before.save()
        return last

    def _talk(self, answer):
        for person in self.people:
            comment = Comment.objects.create(answer=answer, text="Lihat @OPD0", by=person, at=NOW)
            for opd in self.opds:
                Mention.objects.create(comment=comment, opd=opd, code=opd.code)
            record(
                TrailEvent.CLAIM_SAVED, assessment=self.assessment, answer=answer, by=person, at=NOW
            )

    def _official(self, answers):
        """Points of every kind at the first question, and a total for each indicator."""
        signed = {"why": "Berita acara", "at": NOW, "by": self.people[0]}
        for person in self.people:
            for kind in ScoreKind:
                row = {**signed, "by": person}
                PointsRecord.objects.create(answer=answers[0], kind=kind, points=1, **row)
        for kind in answers[0].question.evidence_kinds.all():
            row = {"reason": "Tidak berlaku", "by": self.people[0], "at": NOW}
            Waiver.objects.create(answer=answers[0], kind=kind, **row)
        for cluster in self.assessment.instrument.clusters.all():
            due = {"cluster": cluster, "due_on": later().date()}
            ClusterDeadline.objects.create(assessment=self.assessment, **due)
            OfficialIndicatorScore.objects.create(
                assessment=self.assessment,
                indicator=cluster.indicators.get(),
                kind=ScoreKind.VF,
                points=1,
                **signed,
            )

    def _stages(self, answers):
        """n frozen states and n open rescue windows, each for every question."""
        here = Stage.SELF_ASSESSMENT
        for person in self.people:
            freeze(self.assessment, left=here, entered=here, by=person, at=NOW)
            deed = TrailEvent.STAGE_ADVANCED
            record(deed, assessment=self.assessment, by=person, at=NOW)
            window = RescueWindow.objects.create(
                assessment=self.assessment,
                opens_at=timezone.now(),
                closes_at=timezone.now() + timedelta(hours=48),
                at=NOW,
                by=person,
            )
            window.answers.set(answers)

    def _last_year(self, n):
        """Last year's accepted documents, under an instrument that asked a little more."""
        before = open_year(city=self.city, spec=earlier_spec(n), year=2025)
        self._mapping(before.instrument)
        Answer.objects.filter(assessment=before).update(
            claimed_points=1, claimed_at=NOW, claimed_by=self.people[0]
        )
        for answer in Answer.objects.filter(assessment=before).in_order():
            for opd in self.opds if answer.question.code == "0.0" else self.opds[:1]:
                EvidenceFactory(answer=answer, document__opd=opd, accepted=True)

    def _mapping(self, before):
        """From the earlier instrument: the same is confirmed, what is gone is a suggestion."""
        signed = {"by": SiteAdminFactory(), "at": NOW}
        self.mapping = suggest_mapping(before=before, after=self.assessment.instrument, **signed)
        confirm_all_same(mapping_id=self.mapping.pk, **signed)

    def _plans(self, answers):
        """n plans and n scenarios, each with every question."""
        for answer in answers:
            EffortFactory(city=self.city, question=answer.question)
        for person in self.people:
            self.plan = PlanFactory(assessment=self.assessment, by=person)
            self.scenario = ScenarioFactory(assessment=self.assessment, by=person)
            for answer in answers:
                PlanStepFactory(plan=self.plan, answer=answer)
                ScenarioOutcomeFactory(scenario=self.scenario, answer=answer)

    def _letters(self, answer):
        """A letter for each of n occasions to everybody, and what all want to hear."""
        for person in {*self.people, *(m.user for m in self.members.values()), self.site_admin}:
            for number in range(len(self.people)):
                Notification.objects.create(
                    user=person,
                    kind=NotificationKind.RETURNED,
                    assessment=self.assessment,
                    answer=answer,
                    text="Dokumen dikembalikan",
                    url=answer.get_absolute_url(),
                    key=f"peristiwa-{number}",
                    created_at=later(number),
                )
            NotificationPreference.objects.create(
                user=person, kind=NotificationKind.ACCEPTED, in_app=True, email=True
            )

    def _unfinished(self, answer, n):
        """n files of one person that stopped on their way."""
        for number in range(n):
            Upload.objects.create(
                answer=answer,
                user=self.members["opd"].user,
                name=f"surat-{number}.pdf",
                length=100,
                offset=10,
                sha256=f"{number:064d}",
                created_at=NOW,
                updated_at=NOW,
            )

    def _units(self, answer, n):
        """A kecamatan with n kelurahan that have reported and changed, and n more without any."""
        CriteriaChoiceFactory(city=self.city)
        self.unit = UnitFactory(kecamatan=True, city=self.city)
        UnitFactory.create_batch(n, kecamatan=True, city=self.city)
        [self.taken, *_] = TakenValueFactory.create_batch(n, answer=answer)
        for person in self.people:
            unit = UnitFactory(city=self.city, parent=self.unit)
            place = {"year": 2025, "written_by": person}
            ReportFactory(unit=unit, **place)
            ReportFactory(unit=unit, **place, criterion="26.5", sent=True)
            change = UnitChangeFactory(city=self.city, by=person)
            change.before.set([self.unit])
            change.after.set([self.unit, unit])
            UnitSeatFactory(unit=unit)
            DeclarationFactory(unit=unit, by=person)
            self.declared = DeclarationFactory(unit=self.unit, by=person)
            DeclarationFileFactory.create_batch(2, declaration=self.declared)
            self.criteria_set = CityCriteriaSetFactory(city=self.city, made_by=person)
            VisitSampleFactory(city=self.city, by=person).units.set([unit, self.unit])
        square = [[[[0, 0], [9, 0], [9, 9], [0, 9]]]]
        for unit in self.city.units.all():
            UnitBoundaryFactory(unit=unit, stored=square, by=person)
        self.boundaries = StagedImportFactory(
            city=self.city,
            kind="territories.boundaries",
            rows=[
                {"number": number, "codes": [], "names": [unit.name], "polygons": square}
                for number, unit in enumerate(self.city.units.all(), 1)
            ],
            by=self.members["gugus_tugas"].user,
        )
        self.unit_sheet = StagedImportFactory(
            city=self.city,
            kind="territories.units",
            rows=[
                Record(line, "", (unit.code,), {"head": "Lurah baru"}).as_json()
                for line, unit in enumerate(self.city.units.all(), 2)
            ],
            by=self.members["admin_kota"].user,
        )
        for number in range(2, n + 2):
            ReportFactory(
                unit=self.unit, year=2025, criterion=f"25.{number % 5 + 2}", state="replaced"
            )
        nobody = MembershipFactory(city=self.city, role=Role.WILAYAH)
        self.members["wilayah"] = nobody

    def _facilities(self, n):
        """n puskesmas with everything, the first with n of it; a route with them, and a sheet."""
        signed = {"by": self.people[0]}
        self.facilities = [
            FacilityFactory(city=self.city, opd=opd, unit=self.unit, **signed) for opd in self.opds
        ]
        self.route = RouteFactory(city=self.city, **signed)
        RouteFactory.create_batch(n, city=self.city, **signed)
        for facility, person in zip(self.facilities, self.people, strict=True):
            ends = {"expires_on": timezone.localdate() + timedelta(days=20)}
            CredentialFactory(facility=facility, **ends)
            CredentialFactory(facility=self.facilities[0], **ends)
            FacilityPhotoFactory(facility=self.facilities[0])
            FacilityUseFactory(facility=self.facilities[0])
            visit = VisitFactory(facility=self.facilities[0], by=person, key=uuid4())
            self.finding = FindingFactory(
                facility=self.facilities[0], by=person, opd=facility.opd, visit_key=visit.key
            )
            FindingFactory(facility=self.facilities[0], closed=True, closed_by=person)
            RouteStopFactory(route=self.route, facility=facility)
            RouteStopFactory(
                route=self.route, facility=None, unit=UnitFactory(city=self.city, parent=self.unit)
            )
        rows = [
            {"line": line, "sort": "prap", "name": facility.name, "address": "Baru"}
            for line, facility in enumerate(self.facilities, 2)
        ]
        secretary = self.members["gugus_tugas"].user
        for unit in [None, *Unit.objects.filter(city=self.city, parent=None)]:
            for year in (2024, 2025):
                place = {"city": self.city, "unit": unit, "year": year, "by": self.people[0]}
                ObservationFactory(variable="anak", **place)
                ObservationFactory(variable="anak-sekolah", opd=self.opds[0], **place)
        tables = [
            SheetTable(line, "anak", 2025, unit.code, {Cell("L"): 1, Cell("P"): 2}).as_json()
            for line, unit in enumerate(Unit.objects.filter(city=self.city, parent=None), 2)
        ]
        self.child_sheet = StagedImportFactory(
            city=self.city, kind="childdata", rows=tables, by=secretary
        )
        self.facility_sheet = StagedImportFactory(
            city=self.city, kind="facilities", rows=rows, by=secretary
        )

    def facility_rows(self, name):
        facility = self.facilities[0]
        subjects = {"sheet": self.facility_sheet.pk, "route": self.route.pk, "stop": self.route.pk}
        if name != "facilities:finding_create":
            subjects["finding"] = self.finding.pk
        return {
            "pk": subjects.get(name.partition(":")[2].partition("_")[0], facility.pk),
            "paper_pk": facility.credentials.first().pk,
            "checklist": "prap-data",
            "position": 1,
        }

    def _regulations(self, n):
        """Each revoked by the first, about the first question, with its text; and a feed of them."""
        question = self.assessment.answers.first().question
        self.regulation, *others = RegulationFactory.create_batch(n + 1, city=self.city)
        for other in others:
            RelationFactory(source=self.regulation, target=other)
            CoverageFactory(regulation=other, question=question)
        CoverageFactory(regulation=self.regulation, question=question)
        entries = [
            {
                "line": i,
                "jdih_id": "",
                "kind": other.kind,
                "number": other.number,
                "year": other.year,
                "title": "Judul lain",
                "promulgated_on": None,
                "address": "",
                "status": "",
            }
            for i, other in enumerate(others)
        ]
        secretary = self.members["gugus_tugas"].user
        self.feed = StagedImportFactory(city=self.city, rows=entries, by=secretary)

    def _taskforce(self, answer, n):
        """n members with certificates, n meetings of which the first has n of everything."""
        self.seat, *_others = TaskForceMemberFactory.create_batch(
            n, decree=DecreeFactory(city=self.city), opd=self.opds[0]
        )
        DecreeFactory.create_batch(n, city=self.city, valid_from=date(2022, 1, 1))
        for one in self.seat.decree.members.all():
            CertificateFactory.create_batch(n, member=one)
        self.meeting, *_others = MeetingFactory.create_batch(n, city=self.city)
        AttendanceFactory.create_batch(n, meeting=self.meeting)
        PhotoFactory.create_batch(n, meeting=self.meeting)
        AddendumFactory.create_batch(n, meeting=self.meeting)
        CommitmentFactory.create_batch(n, city=self.city)
        DecisionFactory.create_batch(n, meeting=self.meeting, owner_opd=self.opds[0])
        for closed in MeetingFactory.create_batch(n, city=self.city, closed=True):
            own = {"meeting": closed, "answer": answer}
            self.decision = DecisionFactory(owner_opd=self.opds[0], **own)
            DecisionFactory(owner_member=self.seat, **own)
            done = {"done_at": NOW, "done_by": self.people[0], "done_note": "Selesai"}
            DecisionFactory(owner_opd=self.opds[0], **own, **done)

    def _decided(self, answer):
        """About n of every kind of thing, in the minutes being written and in closed ones."""
        for meeting in (self.meeting, self.decision.meeting):
            for facility in self.facilities:
                for about in (
                    {"answer": answer},
                    {"facility": facility},
                    {"unit": facility.unit},
                    {"subject_kind": "aksi", "subject_id": self.action.pk},
                ):
                    DecisionFactory(meeting=meeting, owner_opd=facility.opd, **about)

    def _actions(self, answers, n):
        """A plan with links, and n actions with years, reports, questions and codes of two decrees."""
        plan = ActionPlanFactory(city=self.city, instrument=self.assessment.instrument)
        PlanLinkFactory.create_batch(n, plan=plan)
        for i in range(n):
            action = ActionFactory(plan=plan, lead=self.opds[i], code="2.08")
            action.supporting.set(self.opds)
            row = ActionYearFactory(action=action, child_share=40, child_reason="Untuk anak")
            RealisationFactory(action_year=row)
            link = {"question": answers[0].question, "planned_in": self.assessment, "goal": 1}
            ActionQuestionFactory(action=action, **link)
        self.action = plan.actions.first()
        for i in range(n):
            RealisationFactory(action_year=self.action.years.get(), quarter=2, revision=i + 1)
            decree = NomenclatureFactory(city=self.city)
            NomenclatureCodeFactory.create_batch(n, nomenclature=decree)
            YearGoalFactory(city=self.city)
        told = {"indicator": "0", "name": "Aksi lain"}
        lines = [
            {"line": i, "sheet": "", "key": [str(number), "2026"], "values": told}
            for i, number in enumerate(range(1, 2 * n + 1))
        ]
        self.kept_table = StagedImportFactory(
            city=self.city,
            kind="actionplan.actions",
            about={"plan": plan.pk},
            rows=lines,
            by=self.members["gugus_tugas"].user,
        )

    def _import(self, n):
        """A file that changes every question of a draft."""
        spec = replace(wide_spec(n), code=f"impor-{n}")
        create_draft(spec=spec, by=self.site_admin, at=NOW)
        clusters = [
            replace(
                cluster,
                indicators=[
                    replace(row, questions=[replace(q, text="Lain") for q in row.questions])
                    for row in cluster.indicators
                ],
            )
            for cluster in spec.clusters
        ]
        return prepare_import(
            reading=Reading(replace(spec, clusters=clusters), ""),
            file_name="rancangan.yaml",
            by=self.site_admin,
            at=timezone.now(),
        )

    def _sheet(self, answers):
        """A sheet that fills what is empty and collides with what is not."""
        rows = [
            FileRow(answer.question.code, Held(Decimal("0.5"), "Baru"), "Klaster", line)
            for line, answer in enumerate(answers, 5)
        ]
        Answer.objects.filter(pk__in=[a.pk for a in answers[::2]]).update(
            claimed_points=1, claimed_at=NOW, claimed_by=self.people[0]
        )
        return keep_import(
            assessment=self.assessment,
            kind=ScoreKind.CLAIMED,
            rows=rows,
            name="lembar.xlsx",
            source="",
            by=self.members["gugus_tugas"].user,
            at=timezone.now(),
        )

    def _report_import(self):
        """A sheet of what every kelurahan says."""
        rows = [
            ReportRow(unit.code, "26.5", Said(yes=True), "", "Kelurahan", line)
            for line, unit in enumerate(self.city.units.exclude(parent=None), 3)
        ]
        return StagedImportFactory(
            city=self.city,
            kind="territories.reports",
            about={"year": 2025, "criteria": "kla-2023"},
            rows=reading_of(rows).rows,
            by=self.members["gugus_tugas"].user,
        )

    def _public(self, n):
        """What everybody reads of the year, and what they wrote."""
        ReleaseFactory(assessment=self.assessment)
        for document in self.city.documents.exclude(file="").order_by("uploaded_at", "pk")[:n]:
            self.released = ReleasedDocumentFactory(assessment=self.assessment, document=document)
        for state in (MessageState.NEW, MessageState.PASSED_ON):
            PublicMessageFactory.create_batch(n, city=self.city, unit=self.unit, state=state)

    def opener(self, role):
        return self.site_admin if role == "site_admin" else self.members[role].user

    def parts_of(self, package, page):
        """What the addresses of a register or a plan name beside the city."""
        seat, meeting = self.seat, self.meeting
        of_taskforce = {
            "decree_detail": seat.decree_id,
            "decree_edit": seat.decree_id,
            "member_create": seat.decree_id,
            "member_edit": seat.pk,
            "member_replace": seat.pk,
            "certificate_create": seat.pk,
            "decision_edit": self.decision.pk,
            "decision_settle": self.decision.pk,
            "commitment_edit": self.city.commitments.first().pk,
        }
        of_actionplan = {"sheet_review": self.kept_table.pk, "from_plan": self.plan.pk}
        return {
            "childdata": {
                "data_year": 2025,
                "variable": "anak-sekolah",
                "pk": self.child_sheet.pk,
            },
            "facilities": self.facility_rows(f"facilities:{page}"),
            "territories": {
                "code": self.unit.code,
                "set_code": self.criteria_set.code,
                "criterion_code": "K1",
            },
            "public": {
                "section": "klaster",
                "kind": "json",
                "pk": self.released.pk,
                "document_pk": self.released.document_id,
            },
            "regulations": {"pk": self.feed.pk if "feed_" in page else self.regulation.pk},
            "taskforce": {"pk": of_taskforce.get(page)},
            "meetings": {"pk": of_taskforce.get(page, meeting.pk), "revision": 0},
            "actionplan": {
                "pk": of_actionplan.get(page, self.action.plan_id),
                "number": self.action.number,
                "quarter": 1,
            },
        }.get(package, {})

    def address(self, name):
        noun = name.partition(":")[2].partition("_")[0]
        member = self.members["opd"]
        subject = {
            "taken": self.taken.pk,
            "opd": self.opds[0].pk,
            "service": self.services[0].pk,
            "webhook": self.city.webhooks.first().pk,
            "member": member.pk,
            "person": member.user_id,
            "import": self.pending.pk,
            "reminder": self.opds[0].pk,
            "sheet": self.sheet.pk,
            "reports": self.report_import.pk,
            "boundaries": self.boundaries.pk,
            "units": self.unit_sheet.pk,
            "declaration": self.declared.pk,
        }
        rows = {
            "city_slug": self.city.slug,
            "year": 2026,
            "code": "0.0",
            "instrument": self.assessment.instrument.code,
            "pk": subject.get(noun, self.revised.pk),
            "number": 1,
            "kind": "xlsx",
            "name": "predikat",
            "level": "klaster",
            "row": {"indicator_edit": "0", "question_add": "0", "question_edit": "0.0"}.get(
                name.partition("draft_")[2], "klaster-0"
            ),
        }
        rows |= self.parts_of(*name.split(":"))
        if name == "plans:plan_detail":
            rows["pk"] = self.plan.pk
        if name.startswith("clusters:instrument_"):
            rows["code"] = self.assessment.instrument.code
        if name.startswith("clusters:draft_"):
            rows["code"] = self.draft.code
        if name.startswith("clusters:band_table_"):
            rows["code"] = self.table.code
        if name == "assessments:indicator_detail":
            rows["code"] = "0"
        if name.startswith("clusters:m"):
            rows |= {"pk": self.mapping.pk, "match_id": self.mapping.matches.first().pk}
        address = reverse(name, kwargs={part: rows[part] for part in PARTS[name]})
        return f"{address}?q=o" if name == "assessments:city_search" else address


def _count_for_the_planner():
    """As autovacuum does on a server: what it counted between tests, where all is rolled back, is
    a site of empty tables, and joins planned for those take a minute on a full one. Only tables of
    ours: those that databases share stay locked until the other process of a run has ended its test."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {', '.join(connection.introspection.table_names())}")


def queries_of(user, url):
    client = Client()
    client.force_login(user)
    looked_at(client, url)  # content types and the like are looked up once a process
    with CaptureQueriesContext(connection) as queries:
        assert looked_at(client, url).status_code == 200
    return [query["sql"] for query in queries]


def looked_at(client, url):
    answer = client.get(url)
    if answer.streaming:
        answer.getvalue()  # a table is made while it is sent, and its file then closed
    return answer


@pytest.fixture
def one(db):
    return Crowd(1)


@pytest.fixture
def thirty(db):
    return Crowd(30)


def test_every_page_of_our_own_has_its_budget():
    read = {
        name
        for name, (get, _post) in TABLE.items()
        if name.startswith(OURS) and get != WRONG_METHOD
    }

    assert read == PAGES.keys() | NO_LISTS


@pytest.mark.parametrize("stage", [Stage.SELF_ASSESSMENT, Stage.FIELD])
def test_no_page_costs_more_with_thirty_than_with_one(one, thirty, stage):
    Assessment.objects.filter(year=2026).update(stage=stage)  # the windows count in the field
    counted = {}
    for name, (role, _most) in PAGES.items():
        few, many = (queries_of(crowd.opener(role), crowd.address(name)) for crowd in (one, thirty))
        counted[name] = (len(few), len(many))

    assert counted == {name: (many, many) for name, (_few, many) in counted.items()}
    assert {n: many for n, (_few, many) in counted.items() if many > PAGES[n][1]} == {}


# A register and what it counts, and how many queries it costs the page of a question it answers: one
# for what was taken of it, and its own.
SOURCES = {
    ("wilayah", "kla-2023/26.4"): 3,
    ("fasilitas", "prap/recorded/count"): 2,
    ("fasilitas", "prap/standard"): 3,
    ("fasilitas", "prap/standard/count"): 3,
    ("gugus-tugas", "kha"): 3,
    ("data-anak", "anak-sekolah"): 4,
    ("data-anak", "profil"): 4,
}


def test_a_register_costs_the_page_of_its_question_as_much_with_thirty_as_with_one(one, thirty):
    counted = {}
    for source in [("", ""), *SOURCES]:
        counted[source] = [page_answered_by(source, crowd) for crowd in (one, thirty)]

    [few, many] = counted.pop(("", ""))
    assert few == many
    assert counted == {source: [few + own, few + own] for source, own in SOURCES.items()}


def page_answered_by(source, crowd):
    """How many queries the page of the first question costs where that answers it."""
    register, key = source
    answer = Answer.objects.select_related("question").get(
        assessment=crowd.assessment, question__code="0.0"
    )
    chosen = {"register": register, "key": key, "by": crowd.site_admin, "at": NOW}
    QuestionSource.objects.update_or_create(question=answer.question, defaults=chosen)
    return len(queries_of(crowd.opener("opd"), crowd.address("assessments:question_detail")))


DASHBOARDS = (
    "assessments:assessment_detail",
    "assessments:year_clusters",
    "assessments:year_indicators",
    "assessments:year_opds",
    "assessments:year_pace",
    "assessments:year_remaining",
    "assessments:opd_detail",
    "assessments:indicator_detail",
)


def test_no_dashboard_costs_more_with_a_hundred_documents_than_with_ten(one):
    answer = Answer.objects.get(assessment=one.assessment)
    EvidenceFactory.create_batch(10, answer=answer, document__opd=one.opds[0])
    few = {name: len(queries_of(one.opener("pimpinan"), one.address(name))) for name in DASHBOARDS}
    EvidenceFactory.create_batch(90, answer=answer, document__opd=one.opds[0])

    many = {name: len(queries_of(one.opener("pimpinan"), one.address(name))) for name in DASHBOARDS}

    assert many == few


def test_the_checks_keep_to_their_budget_where_the_legal_register_is_asked(one):
    name = "plans:check_list"
    role, most = PAGES[name]
    without = queries_of(one.opener(role), one.address(name))
    EvidenceKind.objects.filter(instrument=one.assessment.instrument).update(code="perda")
    ended = RegulationFactory(city=one.city, kind="perda", ends_on=date(2001, 1, 1))
    SupportingDocument.objects.update(number=f"{ended.number} Tahun {ended.year}")

    asked = queries_of(one.opener(role), one.address(name))

    assert (len(without), len(asked)) == (most - 1, most)


@pytest.mark.parametrize("name", ["city_list", "nation"])
def test_a_list_of_cities_costs_the_same_with_thirty_cities(one, name):
    url = reverse(f"assessments:{name}")
    few = queries_of(one.site_admin, url)
    for number in range(29):
        year = open_year(city=CityFactory(name=f"Kota Ke-{number}"))
        AwardFactory(city=year.city)
        MembershipFactory.create_batch(2, city=year.city)

    assert len(queries_of(one.site_admin, url)) == len(few)


def test_no_list_of_the_administration_costs_more_with_thirty_than_with_one(one):
    counted = {name: admin_list(one, name) for name in ADMIN_LISTS}
    Crowd(30)

    again = {name: admin_list(one, name) for name in ADMIN_LISTS}

    assert again == counted
    assert {name: cost for name, cost in again.items() if cost > ADMIN_MOST} == {}


def admin_list(crowd, name):
    return len(queries_of(crowd.site_admin, reverse(f"admin:{name}_changelist")))

"""Who gets which answer at which address: every address × every role × GET and POST.

The table is the whole rule in one place. An address without a row fails; so does a row
without an address. POST is sent with an empty form: 200 is then the form again, 302 a deed
that needs no more words or was refused with a message.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from http.cookies import SimpleCookie
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from actionplan.models import Action
from api.models import Delivery
from assessments.choices import Stage
from assessments.models import Assessment, Evidence, Rendition, RescueWindow, Snapshot, Waiver
from assessments.models.rendition import RenditionState
from assessments.services.snapshots import freeze
from cities.models import Invitation, Membership, Opd, User
from clusters.models import QuestionMatch
from clusters.services.life import create_draft
from facilities.models import Credential, FacilityPhoto, Finding, RouteStop
from meetings.models import Decision, Meeting
from plans.models import Plan, Scenario
from public.choices import MessageState
from public.models import PublicMessage, ReleasedDocument
from regulations.models import Regulation, Relation
from taskforce.models import TaskForceMember
from territories.models import CityCriteriaSet, DeclarationFile, Report
from tests.assessments.situations import NOW, city_with_opds, everything, later, staff_of
from tests.factories.actionplan import (
    ActionFactory,
    ActionPlanFactory,
    ActionYearFactory,
    PlanLinkFactory,
)
from tests.factories.api import ApiTokenFactory, WebhookFactory, delivery_of
from tests.factories.assessments import (
    EvidenceFactory,
    SupportingDocumentFactory,
    answer_of,
    open_year,
)
from tests.factories.cities import (
    InvitationFactory,
    MembershipFactory,
    SiteAdminFactory,
    UserFactory,
)
from tests.factories.clusters import BandTableFactory, QuestionMatchFactory, small_spec
from tests.factories.facilities import (
    CredentialFactory,
    FacilityFactory,
    FacilityPhotoFactory,
    FindingFactory,
    RouteStopFactory,
)
from tests.factories.meetings import (
    AttendanceFactory,
    DecisionFactory,
    MeetingFactory,
    PhotoFactory,
)
from tests.factories.plans import PlanFactory, ScenarioFactory
from tests.factories.public import PublicMessageFactory, ReleasedDocumentFactory, ReleaseFactory
from tests.factories.regulations import RegulationFactory, RelationFactory
from tests.factories.taskforce import (
    CertificateFactory,
    CommitmentFactory,
    DecreeFactory,
    TaskForceMemberFactory,
)
from tests.factories.territories import (
    CityCriteriaSetFactory,
    DeclarationFileFactory,
    ReportFactory,
    TakenValueFactory,
    UnitSeatFactory,
)

pytestmark = pytest.mark.django_db

ACTORS = (
    "anonymous",
    "stranger",  # a member of another city
    "opd_own",  # of the OPD that holds the question
    "opd_other",  # of another OPD of the same city
    "gugus_tugas",
    "verifikator",
    "pimpinan",
    "pendamping",
    "admin_kota",
    "site_admin",
)
REFUSED = {"401", "403", "404", "405"}
NOBODYS = 2**31 - 1
DRAFT, BAND_TABLE = "rancangan-2027", "tabel-2022"
SIGN_IN = ("/masuk/", "/admin/login/")

# fmt: off
#                     anon  str  own  oth  gug  ver  pim  pen  adm  site
PUBLIC             = "200  200  200  200  200  200  200  200  200  200"
WHEN_SIGNED_OUT    = "200  302  302  302  302  302  302  302  302  302"
SIGNED_IN          = "302  200  200  200  200  200  200  200  200  200"
SIGNED_IN_DEED     = "302  302  302  302  302  302  302  302  302  302"
OWN_IMPORT         = "302  404  404  404  404  404  404  404  404  404"  # of nobody here
OWN_FACTOR         = "302  404  404  404  404  404  404  404  404  404"  # of nobody here
OWN_SESSION        = "302  404  404  404  404  404  404  404  404  404"  # of nobody here
OWN_NOTICE         = "302  404  404  404  404  404  404  404  404  404"  # of nobody here
SITE_ADMIN         = "302  404  404  404  404  404  404  404  404  200"
SITE_ADMIN_DEED    = "302  404  404  404  404  404  404  404  404  302"
NOT_SET_UP         = "404  404  404  404  404  404  404  404  404  404"  # no provider is named
NO_POST_PUBLIC     = "405  405  405  405  405  405  405  405  405  405"
NO_SESSION         = "401  401  401  401  401  401  401  401  401  401"  # by token: tests/api/test_access.py
WRONG_METHOD       = "302  405  405  405  405  405  405  405  405  405"
# of one city
MEMBER_DEED        = "302  404  302  302  302  302  302  302  302  302"
MEMBER             = "302  404  200  200  200  200  200  200  200  200"
VIEW               = "302  404  403  403  200  200  200  200  200  200"
QUESTION           = "302  404  200  404  200  200  200  200  200  200"
PACKAGE            = "302  404  200  200  200  200  200  200  200  200"
ASK_PACKAGE        = "302  404  302  302  302  302  302  302  302  302"
ASK_REPORT         = "302  404  403  403  302  302  302  302  302  302"
OWN_FILE           = "302  404  404  404  404  404  404  404  404  404"  # of nobody here
NO_MATRIX_ASKED    = "302  404  404  404  404  404  404  404  404  404"
TASKS              = "302  404  200  200  403  403  403  403  403  403"
ANSWER_DEED        = "302  404  302  404  302  403  403  403  403  403"
CLEAR_DEED         = "302  404  403  403  403  403  403  403  302  403"  # only of the city
MARK_DEED          = "302  404  403  404  302  403  403  403  403  403"
ANSWER_FORM        = "302  404  200  404  200  403  403  403  403  403"
RESUMABLE_FILE     = "302  404  412  404  412  403  403  403  403  403"  # without the protocol's version
OWN_UPLOAD         = "302  404  404  404  404  403  403  403  403  403"  # of nobody here
REVISE             = "302  404  302  404  200  403  403  403  403  403"  # not handed in by the OPD
CARRY_OVER         = "302  404  200  200  200  403  403  403  403  403"
COMMENT_DEED       = "302  404  302  404  302  302  403  302  302  302"
COMMENT_FORM       = "302  404  200  404  200  200  403  200  200  200"
REVIEW             = "302  404  403  403  200  200  403  403  403  403"
UNDECIDED          = "302  404  403  403  409  409  403  403  403  403"  # nothing to undo
REVIEW_DEED        = "302  404  403  403  302  302  403  403  403  403"
ASSIGN             = "302  404  403  403  200  403  403  403  200  200"
OWN_SHEET          = "302  404  403  403  404  403  403  403  404  404"  # of nobody here
ASSIGN_DEED        = "302  404  403  403  302  403  403  403  302  302"
OWN_UNIT_SHEET     = "302  404  403  403  404  403  403  403  403  403"  # of nobody here
OWN_UNITS_SHEET    = "302  404  403  403  403  403  403  403  404  404"  # of nobody here
RESCUE             = "302  404  403  403  200  403  403  403  403  403"
RESCUE_DEED        = "302  404  403  403  302  403  403  403  403  403"
MANAGE             = "302  404  403  403  403  403  403  403  200  200"
NO_UNITS_PERSON    = "302  404  403  403  403  403  403  403  403  403"  # nobody here is of a unit
NO_FORUM_PERSON    = "302  404  403  403  403  403  403  403  403  403"  # nobody here is of the Forum Anak
DECIDE_UNIT        = "302  404  403  403  302  403  403  403  403  403"
TASKFORCE          = "302  404  200  200  200  403  200  403  200  200"
TASKFORCE_OPEN     = "302  404  302  302  200  403  302  403  200  200"  # not yet closed
SETTLE             = "302  404  200  404  200  403  403  403  200  200"
NO_ORIGIN          = "403  403  403  403  403  403  403  403  403  403"  # not from our own page
NO_SUCH_TOKEN      = "404  404  404  404  404  404  404  404  404  404"
REPORT             = "302  404  200  404  200  403  403  403  403  403"  # DISDIK leads the action
REPORT_SHEET       = "302  404  200  200  200  403  403  403  403  403"
ACTION             = "302  404  200  404  200  200  200  200  200  200"
OWN_TABLE          = "302  404  404  404  404  404  404  404  404  404"  # of nobody here
FACILITY           = "302  404  200  404  200  200  200  200  200  200"
FACILITY_FORM      = "302  404  200  404  200  403  403  403  200  200"
DRAFT_RULE         = "302  404  302  302  403  403  403  403  403  403"  # no topic is with an OPD
OWN_DRAFT          = "302  404  404  404  403  403  403  403  403  403"  # of nobody here
FACILITY_DEED      = "302  404  302  404  302  403  403  403  302  302"
RECORD_FACILITY    = "302  404  200  200  200  403  403  403  200  200"
RECORD_CHILDREN    = "302  404  200  200  200  403  403  403  200  200"
OWN_CHILD_SHEET    = "302  404  404  404  404  403  403  403  404  404"  # of nobody here
OWN_FACILITY_SHEET = "302  404  404  404  404  403  403  403  404  404"  # of nobody here
MANAGE_DEED        = "302  404  403  403  403  403  403  403  302  302"

TABLE = {
    # First the answers to GET, then to POST.
    "home":                                 (SIGNED_IN_DEED, WRONG_METHOD),
    "own_data":                             (SIGNED_IN, WRONG_METHOD),
    "own_data_download":                    (SIGNED_IN, WRONG_METHOD),
    "health":                               (PUBLIC, NO_POST_PUBLIC),
    "health_live":                          (PUBLIC, NO_POST_PUBLIC),
    "health_ready":                         (PUBLIC, NO_POST_PUBLIC),
    "metrics":                              (NOT_SET_UP, NO_POST_PUBLIC),
    "glossary":                             (PUBLIC, NO_POST_PUBLIC),
    "accessibility":                        (PUBLIC, NO_POST_PUBLIC),
    "language":                             (NO_POST_PUBLIC, SIGNED_IN_DEED),
    "unsent":                               (SIGNED_IN_DEED, SIGNED_IN_DEED),
    "admin:index":                          ("302  302  302  302  302  302  302  302  302  200",) * 2,
    "account_login":                        (WHEN_SIGNED_OUT, WHEN_SIGNED_OUT),
    "sso_login":                            (NOT_SET_UP, NO_POST_PUBLIC),
    "sso_callback":                         (NOT_SET_UP, NO_POST_PUBLIC),
    "account_logout":                       (SIGNED_IN, SIGNED_IN_DEED),
    "account_signup":                       (WHEN_SIGNED_OUT, WHEN_SIGNED_OUT),
    "account_inactive":                     (PUBLIC, NO_POST_PUBLIC),
    "account_reauthenticate":               (SIGNED_IN, SIGNED_IN),
    "account_change_password":              (SIGNED_IN, SIGNED_IN),
    "account_set_password":                 (SIGNED_IN_DEED, SIGNED_IN_DEED),
    "mfa_index":                            (SIGNED_IN, WRONG_METHOD),
    "mfa_authenticate":                     ("302  302  302  302  302  302  302  302  302  302",) * 2,
    "mfa_reauthenticate":                   (SIGNED_IN_DEED, SIGNED_IN_DEED),
    "mfa_reauthenticate_webauthn":          (SIGNED_IN_DEED, SIGNED_IN_DEED),
    "mfa_activate_totp":                    (SIGNED_IN, SIGNED_IN),
    "mfa_deactivate_totp":                  (OWN_FACTOR, OWN_FACTOR),
    "mfa_view_recovery_codes":              (OWN_FACTOR, WRONG_METHOD),
    "mfa_generate_recovery_codes":          (SIGNED_IN, SIGNED_IN),
    "mfa_download_recovery_codes":          (OWN_FACTOR, OWN_FACTOR),
    "mfa_list_webauthn":                    (SIGNED_IN, WRONG_METHOD),
    "mfa_add_webauthn":                     (SIGNED_IN, SIGNED_IN),
    "mfa_remove_webauthn":                  (OWN_FACTOR, OWN_FACTOR),
    "mfa_edit_webauthn":                    (OWN_FACTOR, OWN_FACTOR),
    "cities:email_change":                  (SIGNED_IN, SIGNED_IN),
    "cities:email_confirm":                 (OWN_SESSION, OWN_SESSION),
    "cities:session_list":                  (SIGNED_IN, WRONG_METHOD),
    "api:cities":                          (NO_SESSION, NO_SESSION),
    "api:years":                           (NO_SESSION, NO_SESSION),
    "api:year_detail":                     (NO_SESSION, NO_SESSION),
    "api:indicators":                      (NO_SESSION, NO_SESSION),
    "api:opds":                            (NO_SESSION, NO_SESSION),
    "api:leadership":                      (NO_SESSION, NO_SESSION),
    "api:pace":                            (NO_SESSION, NO_SESSION),
    "api:remaining":                       (NO_SESSION, NO_SESSION),
    "api:stages":                          (NO_SESSION, NO_SESSION),
    "api:snapshots":                       (NO_SESSION, NO_SESSION),
    "api:snapshot":                        (NO_SESSION, NO_SESSION),
    "api:year_trail":                      (NO_SESSION, NO_SESSION),
    "api:city_trail":                      (NO_SESSION, NO_SESSION),
    "api:pathway":                         (NO_SESSION, NO_SESSION),
    "api:saved_plans":                     (NO_SESSION, NO_SESSION),
    "api:saved_plan":                      (NO_SESSION, NO_SESSION),
    "api:what_if":                         (NO_SESSION, NO_SESSION),
    "api:scenarios":                       (NO_SESSION, NO_SESSION),
    "api:compared_scenarios":              (NO_SESSION, NO_SESSION),
    "api:forecast":                        (NO_SESSION, NO_SESSION),
    "api:nation":                          (NO_SESSION, NO_SESSION),
    "api:nation_summary":                  (NO_SESSION, NO_SESSION),
    "api:search":                          (NO_SESSION, NO_SESSION),
    "api:search_kind":                     (NO_SESSION, NO_SESSION),
    "api:questions":                       (NO_SESSION, NO_SESSION),
    "api:question":                        (NO_SESSION, NO_SESSION),
    "api:comments":                        (NO_SESSION, NO_SESSION),
    "api:offers":                          (NO_SESSION, NO_SESSION),
    "api:units":                           (NO_SESSION, NO_SESSION),
    "api:unit":                            (NO_SESSION, NO_SESSION),
    "api:document":                        (NO_SESSION, NO_SESSION),
    "api:content":                         (NO_SESSION, NO_SESSION),
    "api:facilities":                      (NO_SESSION, NO_SESSION),
    "api:routes":                          (NO_SESSION, NO_SESSION),
    "api:route":                           (NO_SESSION, NO_SESSION),
    "api:plan_budget":                     (NO_SESSION, NO_SESSION),
    "api:notifications":                   (NO_SESSION, NO_SESSION),
    "api:history":                         (NO_SESSION, NO_SESSION),
    "api:decrees":                         (NO_SESSION, NO_SESSION),
    "api:decree":                          (NO_SESSION, NO_SESSION),
    "api:commitments":                     (NO_SESSION, NO_SESSION),
    "api:year_checks":                     (NO_SESSION, NO_SESSION),
    "api:completion_windows":              (NO_SESSION, NO_SESSION),
    "api:plan_links":                      (NO_SESSION, NO_SESSION),
    "api:plan_checks":                     (NO_SESSION, NO_SESSION),
    "api:facility":                        (NO_SESSION, NO_SESSION),
    "api:facility_documents":              (NO_SESSION, NO_SESSION),
    "api:facility_content":                (NO_SESSION, NO_SESSION),
    "api:findings":                        (NO_SESSION, NO_SESSION),
    "api:finding_photo":                   (NO_SESSION, NO_SESSION),
    "api:regulations":                     (NO_SESSION, NO_SESSION),
    "api:regulation":                      (NO_SESSION, NO_SESSION),
    "api:regulation_text":                 (NO_SESSION, NO_SESSION),
    "api:regulation_coverage":             (NO_SESSION, NO_SESSION),
    "api:unit_history":                    (NO_SESSION, NO_SESSION),
    "api:unit_content":                    (NO_SESSION, NO_SESSION),
    "api:declarations":                    (NO_SESSION, NO_SESSION),
    "api:unit_ratings":                    (NO_SESSION, NO_SESSION),
    "api:criteria_sets":                   (NO_SESSION, NO_SESSION),
    "api:criteria_set":                    (NO_SESSION, NO_SESSION),
    "api:visits":                          (NO_SESSION, NO_SESSION),
    "api:child_profile":                   (NO_SESSION, NO_SESSION),
    "api:releases":                        (NO_SESSION, NO_SESSION),
    "api:released_documents":              (NO_SESSION, NO_SESSION),
    "api:public_messages":                 (NO_SESSION, NO_SESSION),
    "api:passed_messages":                 (NO_SESSION, NO_SESSION),
    "api:plans":                           (NO_SESSION, NO_SESSION),
    "api:actions":                         (NO_SESSION, NO_SESSION),
    "api:plan_year":                       (NO_SESSION, NO_SESSION),
    "api:child_data":                      (NO_SESSION, NO_SESSION),
    "api:child_data_open":                 (NO_SESSION, NO_SESSION),
    "api:child_table":                     (NO_SESSION, NO_SESSION),
    "api:child_table_unit":                (NO_SESSION, NO_SESSION),
    "api:meetings":                        (NO_SESSION, NO_SESSION),
    "api:nowhere":                         (NO_SESSION, NO_SESSION),
    "api:claim":                           (NO_SESSION, NO_SESSION),
    "api:official":                        (NO_SESSION, NO_SESSION),
    "api:document_upload":                 (NO_SESSION, NO_SESSION),
    "api:upload_create":                   (NO_SESSION, NO_SESSION),
    "api:upload_part":                     (NO_SESSION, NO_SESSION),
    "api:verdict":                         (NO_SESSION, NO_SESSION),
    "api:reports_send":                    (NO_SESSION, NO_SESSION),
    "api:report":                          (NO_SESSION, NO_SESSION),
    "api:docs":                             (SIGNED_IN, WRONG_METHOD),
    "api:openapi":                          (PUBLIC, NO_POST_PUBLIC),
    "api:token_list":                       (SIGNED_IN, WRONG_METHOD),
    "api:token_create":                     (SIGNED_IN, SIGNED_IN),
    "api:token_revoke":                     (WRONG_METHOD, OWN_SESSION),
    "api:service_list":                     (MANAGE, WRONG_METHOD),
    "api:service_create":                   (MANAGE, MANAGE),
    "api:service_token_create":             (MANAGE, MANAGE),
    "api:service_token_revoke":             (WRONG_METHOD, MANAGE_DEED),
    "api:webhook_list":                     (MANAGE, WRONG_METHOD),
    "api:webhook_create":                   (MANAGE, MANAGE),
    "api:webhook_detail":                   (MANAGE, WRONG_METHOD),
    "api:webhook_edit":                     (MANAGE, MANAGE),
    "api:webhook_renew":                    (MANAGE, MANAGE),
    "api:webhook_pause":                    (WRONG_METHOD, MANAGE_DEED),
    "api:webhook_resume":                   (WRONG_METHOD, MANAGE_DEED),
    "api:webhook_delete":                   (MANAGE, MANAGE_DEED),
    "api:delivery_resend":                  (WRONG_METHOD, MANAGE_DEED),
    "cities:session_end":                   (WRONG_METHOD, OWN_SESSION),
    "cities:session_end_others":            (WRONG_METHOD, SIGNED_IN_DEED),
    "account_reset_password":               (PUBLIC, PUBLIC),
    "account_reset_password_done":          (PUBLIC, NO_POST_PUBLIC),
    "account_reset_password_from_key":      (PUBLIC, PUBLIC),
    "account_reset_password_from_key_done": (PUBLIC, NO_POST_PUBLIC),

    "clusters:instrument_list":             (SIGNED_IN, WRONG_METHOD),
    "clusters:instrument_detail":           (SIGNED_IN, WRONG_METHOD),
    "clusters:instrument_create":           (SITE_ADMIN, SITE_ADMIN),
    "clusters:instrument_clone":            (SITE_ADMIN, SITE_ADMIN),
    "clusters:instrument_correct":          (SITE_ADMIN, SITE_ADMIN),
    "clusters:instrument_retire":           (SITE_ADMIN, SITE_ADMIN_DEED),
    "clusters:draft_detail":                (SITE_ADMIN, WRONG_METHOD),
    "clusters:draft_head":                  (SITE_ADMIN, SITE_ADMIN),
    "clusters:draft_list_edit":             (SITE_ADMIN, SITE_ADMIN),
    "clusters:draft_move":                  (WRONG_METHOD, SITE_ADMIN_DEED),
    "clusters:draft_cluster_add":           (SITE_ADMIN, SITE_ADMIN),
    "clusters:draft_cluster_edit":          (SITE_ADMIN, SITE_ADMIN),
    "clusters:draft_indicator_add":         (SITE_ADMIN, SITE_ADMIN),
    "clusters:draft_indicator_edit":        (SITE_ADMIN, SITE_ADMIN),
    "clusters:draft_question_add":          (SITE_ADMIN, SITE_ADMIN),
    "clusters:draft_question_edit":         (SITE_ADMIN, SITE_ADMIN),
    "clusters:draft_row_delete":            (SITE_ADMIN, SITE_ADMIN),  # asked again: nothing was seen
    "clusters:draft_publish":               (SITE_ADMIN, SITE_ADMIN),  # the same
    "clusters:draft_delete":                (SITE_ADMIN, SITE_ADMIN_DEED),
    "clusters:band_table_list":             (SITE_ADMIN, WRONG_METHOD),
    "clusters:band_table_create":           (SITE_ADMIN, SITE_ADMIN),
    "clusters:band_table_edit":             (SITE_ADMIN, SITE_ADMIN),
    "clusters:band_table_delete":           (SITE_ADMIN, SITE_ADMIN_DEED),
    "clusters:instrument_download":         (SIGNED_IN, WRONG_METHOD),
    "clusters:import_upload":               (SITE_ADMIN, SITE_ADMIN),
    "clusters:import_preview":              (OWN_IMPORT, OWN_IMPORT),
    "clusters:mapping_list":                (SIGNED_IN, WRONG_METHOD),
    "clusters:mapping_report":              (SIGNED_IN, WRONG_METHOD),
    "clusters:mapping_csv":                 (SIGNED_IN, WRONG_METHOD),
    "clusters:mapping_xlsx":                (SIGNED_IN, WRONG_METHOD),
    "clusters:mapping_create":              (SITE_ADMIN, SITE_ADMIN),
    "clusters:mapping_review":              (SITE_ADMIN, WRONG_METHOD),
    "clusters:mapping_confirm":             (WRONG_METHOD, SITE_ADMIN_DEED),
    "clusters:mapping_delete":              (WRONG_METHOD, SITE_ADMIN_DEED),
    "clusters:match_edit":                  (SITE_ADMIN, SITE_ADMIN),
    "clusters:match_unconfirm":             (WRONG_METHOD, SITE_ADMIN_DEED),

    "cities:city_create":                   (SITE_ADMIN, SITE_ADMIN),
    "cities:city_edit":                     (MANAGE, MANAGE),
    "cities:opd_list":                      (MANAGE, WRONG_METHOD),
    "cities:opd_create":                    (MANAGE, MANAGE),
    "cities:opd_edit":                      (MANAGE, MANAGE),
    "cities:opd_activate":                  (WRONG_METHOD, MANAGE_DEED),
    "cities:opd_deactivate":                (WRONG_METHOD, MANAGE_DEED),
    "cities:member_list":                   (MANAGE, WRONG_METHOD),
    "cities:invitation_accept":             (PUBLIC, PUBLIC),
    "cities:invitation_list":               (MANAGE, WRONG_METHOD),
    "cities:invitation_create":             (MANAGE, MANAGE),
    "cities:invitation_resend":             (WRONG_METHOD, MANAGE_DEED),
    "cities:invitation_hand_over":          (WRONG_METHOD, MANAGE),
    "cities:mail_test":                     (WRONG_METHOD, MANAGE_DEED),
    "cities:invitation_revoke":             (WRONG_METHOD, MANAGE_DEED),
    "cities:member_import":                 (MANAGE, MANAGE),
    "cities:member_import_confirm":         (WRONG_METHOD, MANAGE),
    "cities:member_template":               (MANAGE, WRONG_METHOD),
    "cities:member_edit":                   (MANAGE, MANAGE),
    "cities:member_remove":                 (MANAGE, MANAGE_DEED),
    "cities:member_reset_factor":           (MANAGE, MANAGE),
    "cities:member_retry":                  (WRONG_METHOD, MANAGE_DEED),
    "cities:member_replace":                (MANAGE, MANAGE),
    "cities:guide_close":                   (WRONG_METHOD, MEMBER_DEED),
    "cities:region_list":                   (MEMBER, WRONG_METHOD),
    "cities:region_load":                   (WRONG_METHOD, MANAGE_DEED),
    "job_list":                             (SITE_ADMIN, WRONG_METHOD),
    "job_try_again":                        (WRONG_METHOD, SITE_ADMIN_DEED),
    "cities:person_list":                   (SITE_ADMIN, WRONG_METHOD),
    "cities:person_edit":                   (SITE_ADMIN, SITE_ADMIN),
    "cities:person_reset_factor":           (SITE_ADMIN, SITE_ADMIN),
    "cities:person_activate":               (WRONG_METHOD, SITE_ADMIN_DEED),
    "cities:person_deactivate":             (WRONG_METHOD, SITE_ADMIN_DEED),
    "cities:trail_list":                    (MANAGE, WRONG_METHOD),
    "cities:trail_csv":                     (MANAGE, WRONG_METHOD),

    "assessments:inbox":                    (SIGNED_IN, WRONG_METHOD),
    "assessments:notifications_read":       (WRONG_METHOD, SIGNED_IN_DEED),
    "assessments:whatsapp_consent":         (SIGNED_IN, SIGNED_IN),
    "assessments:notification_preferences": (SIGNED_IN, SIGNED_IN),
    "assessments:notification_open":        (WRONG_METHOD, OWN_NOTICE),
    "assessments:notification_read":        (WRONG_METHOD, OWN_NOTICE),
    "assessments:nation":                   (SIGNED_IN, WRONG_METHOD),
    "assessments:city_list":                (SIGNED_IN, WRONG_METHOD),
    "assessments:setup_begin":              (SITE_ADMIN, SITE_ADMIN),
    "assessments:setup_overview":           (MANAGE, WRONG_METHOD),
    "assessments:setup_city":               (MANAGE, MANAGE),
    "assessments:setup_opds":               (MANAGE, MANAGE),
    "assessments:setup_members":            (MANAGE, MANAGE),
    "assessments:setup_year":               (MANAGE, MANAGE),
    "assessments:setup_assignments":        (ASSIGN, ASSIGN),
    "assessments:setup_start":              (ASSIGN, ASSIGN_DEED),
    "assessments:city_dashboard":           (VIEW, WRONG_METHOD),
    "assessments:task_list":                (TASKS, WRONG_METHOD),
    "assessments:document_download":        (QUESTION, WRONG_METHOD),
    "assessments:document_view":            (QUESTION, WRONG_METHOD),
    "assessments:assessment_list":          (VIEW, WRONG_METHOD),
    "assessments:city_leadership":          (VIEW, WRONG_METHOD),
    "assessments:city_history":             (VIEW, WRONG_METHOD),
    "assessments:assessment_open":          (MANAGE, MANAGE),
    "assessments:assessment_detail":        (VIEW, WRONG_METHOD),
    "assessments:year_clusters":            (VIEW, WRONG_METHOD),
    "assessments:year_indicators":          (VIEW, WRONG_METHOD),
    "assessments:year_opds":                (VIEW, WRONG_METHOD),
    "assessments:year_pace":                (VIEW, WRONG_METHOD),
    "assessments:year_remaining":           (VIEW, WRONG_METHOD),
    "assessments:assessment_edit":          (MANAGE, MANAGE),
    "assessments:cluster_deadlines":        (MANAGE, MANAGE),
    "assessments:evidence_window_edit":     (MANAGE, MANAGE),
    "assessments:band_table_choose":        (MANAGE, MANAGE),
    "assessments:documents_carry_over":     (CARRY_OVER, CARRY_OVER),
    "assessments:document_offer":           (ANSWER_DEED, ANSWER_DEED),
    "assessments:document_revise":          (REVISE, REVISE),
    "assessments:kind_waive":               (REVIEW_DEED, REVIEW),
    "assessments:waiver_remove":            (WRONG_METHOD, REVIEW_DEED),
    "assessments:assessment_submit":        (ASSIGN, ASSIGN),
    "assessments:stage_list":               (VIEW, WRONG_METHOD),
    "assessments:stage_advance":            (WRONG_METHOD, ASSIGN_DEED),
    "assessments:stage_reopen":             (MANAGE_DEED, MANAGE),
    "assessments:snapshot_detail":          (VIEW, WRONG_METHOD),
    "assessments:snapshot_pdf":             (VIEW, WRONG_METHOD),
    "assessments:report_pdf":               (VIEW, ASK_REPORT),
    "assessments:report_xlsx":              (VIEW, ASK_REPORT),
    "assessments:file_detail":              (OWN_FILE, WRONG_METHOD),
    "assessments:file_download":            (OWN_FILE, WRONG_METHOD),
    "assessments:file_discard":             (WRONG_METHOD, OWN_FILE),
    "assessments:rescue_list":              (PACKAGE, WRONG_METHOD),
    "assessments:rescue_open":              (RESCUE, RESCUE),
    "assessments:rescue_cancel":            (WRONG_METHOD, RESCUE_DEED),
    "assessments:official_edit":            (ASSIGN, ASSIGN),
    "assessments:official_indicators":      (ASSIGN, ASSIGN),
    "assessments:trail_list":               (MANAGE, WRONG_METHOD),
    "assessments:trail_csv":                (MANAGE, WRONG_METHOD),
    "assessments:trail_xlsx":               (MANAGE, WRONG_METHOD),
    "assessments:worksheet_download":       (VIEW, WRONG_METHOD),
    "assessments:sheet_import":             (ASSIGN, ASSIGN),
    "assessments:indicator_detail":         (QUESTION, WRONG_METHOD),
    "assessments:opd_detail":               (QUESTION, WRONG_METHOD),
    "assessments:city_search":              (MEMBER, WRONG_METHOD),
    "assessments:search_home":              (SIGNED_IN_DEED, WRONG_METHOD),
    "assessments:reminder_list":            (RESCUE, WRONG_METHOD),
    "assessments:reminder_opd":             (RESCUE, RESCUE_DEED),
    "assessments:reminder_question":        (RESCUE, WRONG_METHOD),
    "assessments:sheet_preview":            (OWN_SHEET, OWN_SHEET),
    "assessments:sheet_discard":            (WRONG_METHOD, OWN_SHEET),
    "assessments:question_list":            (VIEW, WRONG_METHOD),
    "assessments:question_detail":          (QUESTION, WRONG_METHOD),
    "assessments:question_documents":       (QUESTION, WRONG_METHOD),
    "assessments:question_history":         (QUESTION, WRONG_METHOD),
    "assessments:claim_save":               (ANSWER_DEED, ANSWER_DEED),
    "assessments:document_upload":          (ANSWER_DEED, ANSWER_FORM),
    "assessments:link_offer":               (ANSWER_DEED, ANSWER_FORM),
    "assessments:link_detail":              (QUESTION, WRONG_METHOD),
    "assessments:upload_create":            (WRONG_METHOD, RESUMABLE_FILE),
    "assessments:upload_part":              (WRONG_METHOD, WRONG_METHOD),
    "assessments:upload_discard":           (WRONG_METHOD, OWN_UPLOAD),
    "assessments:upload_proposals":         (OWN_UPLOAD, WRONG_METHOD),
    "assessments:points_grant":             (REVIEW_DEED, REVIEW),
    "assessments:comment_add":              (COMMENT_DEED, COMMENT_FORM),
    "assessments:document_withdraw":        (WRONG_METHOD, ANSWER_DEED),
    "assessments:document_mark":            (WRONG_METHOD, MARK_DEED),
    "assessments:sensitive_kinds_edit":     (ASSIGN, ASSIGN),
    "assessments:document_clear":           (WRONG_METHOD, CLEAR_DEED),
    "assessments:attachment_take":          (WRONG_METHOD, ANSWER_DEED),
    "assessments:package_download":         (PACKAGE, ASK_PACKAGE),
    "assessments:matrix_template":          (NO_MATRIX_ASKED, WRONG_METHOD),
    "assessments:review_queue":             (REVIEW, WRONG_METHOD),
    "assessments:evidence_review":          (REVIEW, REVIEW),
    "assessments:verdict_undo":             (WRONG_METHOD, UNDECIDED),
    "assessments:assignment_list":          (ASSIGN, ASSIGN),
    "assessments:assignment_edit":          (ASSIGN, ASSIGN),
    "assessments:assignment_defaults":      (WRONG_METHOD, ASSIGN_DEED),
    "assessments:opds_take_over":           (WRONG_METHOD, MANAGE_DEED),

    "registers:value_take":                 (WRONG_METHOD, ANSWER_DEED),
    "registers:taken_book":                 (QUESTION, WRONG_METHOD),
    "registers:source_list":                (SITE_ADMIN, WRONG_METHOD),
    "registers:source_edit":                (SITE_ADMIN, SITE_ADMIN),
    "registers:source_reset":               (WRONG_METHOD, SITE_ADMIN_DEED),

    "territories:own_unit":                 (NO_UNITS_PERSON, WRONG_METHOD),
    "territories:unit_list":                (VIEW, WRONG_METHOD),
    "territories:units_load":               (WRONG_METHOD, MANAGE_DEED),
    "territories:units_import":             (MANAGE, MANAGE),
    "territories:units_download":           (MANAGE, WRONG_METHOD),
    "territories:units_review":             (OWN_UNITS_SHEET, OWN_UNITS_SHEET),
    "territories:boundaries_import":        (ASSIGN, ASSIGN),
    "territories:boundaries_review":        (OWN_SHEET, OWN_SHEET),
    "territories:unit_detail":              (VIEW, WRONG_METHOD),
    "territories:rating_overview":          (VIEW, WRONG_METHOD),
    "territories:rating_rules":             (ASSIGN, ASSIGN),
    "territories:sample_detail":            (VIEW, WRONG_METHOD),
    "territories:sample_draw":              (WRONG_METHOD, RESCUE),
    "territories:sample_choose":            (RESCUE, RESCUE),
    "territories:unit_history":             (VIEW, WRONG_METHOD),
    "territories:declaration_list":         (VIEW, WRONG_METHOD),
    "territories:declaration_create":       (ASSIGN, ASSIGN),
    "territories:declaration_edit":         (ASSIGN, ASSIGN),
    "territories:declaration_remove":       (WRONG_METHOD, ASSIGN_DEED),
    "territories:declaration_file":         (VIEW, WRONG_METHOD),
    "territories:declaration_file_remove":  (WRONG_METHOD, ASSIGN_DEED),
    "territories:criteria_list":            (VIEW, WRONG_METHOD),
    "territories:criteria_detail":          (VIEW, WRONG_METHOD),
    "territories:criteria_copy":            (WRONG_METHOD, ASSIGN),
    "territories:criteria_choose":          (WRONG_METHOD, ASSIGN_DEED),
    "territories:criteria_publish":         (WRONG_METHOD, ASSIGN_DEED),
    "territories:criteria_discard":         (WRONG_METHOD, ASSIGN_DEED),
    "territories:criterion_add":            (ASSIGN, ASSIGN),
    "territories:criterion_edit":           (ASSIGN, ASSIGN),
    "territories:criterion_remove":         (WRONG_METHOD, ASSIGN_DEED),
    "territories:unit_edit":                (MANAGE, MANAGE),
    "territories:unit_change":              (MANAGE, MANAGE),
    "territories:report_save":              (NO_UNITS_PERSON, NO_UNITS_PERSON),
    "territories:reports_import":           (RESCUE, RESCUE),
    "territories:reports_download":         (RESCUE, WRONG_METHOD),
    "territories:reports_preview":          (OWN_UNIT_SHEET, OWN_UNIT_SHEET),
    "territories:reports_discard":          (WRONG_METHOD, OWN_UNIT_SHEET),
    "territories:reports_repeat":           (WRONG_METHOD, NO_UNITS_PERSON),
    "territories:unit_guide":               (VIEW, WRONG_METHOD),
    "territories:reports_accept":           (WRONG_METHOD, DECIDE_UNIT),
    "territories:report_return":            (WRONG_METHOD, DECIDE_UNIT),

    "childdata:overview":                   (MEMBER, WRONG_METHOD),
    "childdata:variable_detail":            (FACILITY, WRONG_METHOD),
    "childdata:counts_edit":                (FACILITY_FORM, FACILITY_FORM),
    "childdata:difference_explain":         (WRONG_METHOD, FACILITY_DEED),
    "childdata:profile_detail":             (MEMBER, WRONG_METHOD),
    "childdata:profile_paper":              (MEMBER, WRONG_METHOD),
    "childdata:profile_workbook":           (MEMBER, WRONG_METHOD),
    "childdata:open_data_download":         (MEMBER, WRONG_METHOD),
    "childdata:sheet_download":             (MEMBER, WRONG_METHOD),
    "childdata:sheet_upload":               (RECORD_CHILDREN, RECORD_CHILDREN),
    "childdata:sheet_review":               (OWN_CHILD_SHEET, OWN_CHILD_SHEET),
    "facilities:facility_list":             (MEMBER, WRONG_METHOD),
    "facilities:facility_create":           (RECORD_FACILITY, RECORD_FACILITY),
    "facilities:facility_detail":           (FACILITY, WRONG_METHOD),
    "facilities:facility_edit":             (FACILITY_FORM, FACILITY_FORM),
    "facilities:expiring_list":             (MEMBER, WRONG_METHOD),
    "facilities:sheet_download":            (MEMBER, WRONG_METHOD),
    "facilities:sheet_upload":              (RECORD_FACILITY, RECORD_FACILITY),
    "facilities:sheet_review":              (OWN_FACILITY_SHEET, OWN_FACILITY_SHEET),
    "facilities:credential_create":         (FACILITY_FORM, FACILITY_FORM),
    "facilities:credential_edit":           (FACILITY_FORM, FACILITY_FORM),
    "facilities:credential_remove":         (WRONG_METHOD, FACILITY_DEED),
    "facilities:photo_add":                 (WRONG_METHOD, FACILITY_FORM),
    "facilities:photo_remove":              (WRONG_METHOD, FACILITY_DEED),
    "facilities:document_view":             (FACILITY, WRONG_METHOD),
    "facilities:use_save":                  (WRONG_METHOD, FACILITY_FORM),
    "facilities:visit_create":              (FACILITY_FORM, FACILITY_FORM),
    "facilities:finding_list":              (MEMBER, WRONG_METHOD),
    "facilities:finding_create":            (FACILITY_FORM, FACILITY_FORM),
    "facilities:finding_detail":            (FACILITY, WRONG_METHOD),
    "facilities:finding_photo":             (FACILITY, WRONG_METHOD),
    "facilities:finding_close":             (WRONG_METHOD, FACILITY_FORM),
    "facilities:finding_plan":              (WRONG_METHOD, FACILITY_FORM),
    "facilities:route_list":                (VIEW, VIEW),
    "facilities:route_detail":              (VIEW, WRONG_METHOD),
    "facilities:route_remove":              (WRONG_METHOD, ASSIGN_DEED),
    "facilities:stop_add":                  (WRONG_METHOD, ASSIGN_DEED),
    "facilities:stop_move":                 (WRONG_METHOD, ASSIGN_DEED),
    "facilities:stop_remove":               (WRONG_METHOD, ASSIGN_DEED),
    "facilities:stop_detail":               (VIEW, WRONG_METHOD),

    "regulations:regulation_list":          (MEMBER, WRONG_METHOD),
    "regulations:guide":                    (MEMBER, WRONG_METHOD),
    "regulations:regulation_create":        (ASSIGN, ASSIGN),
    "regulations:draft_create":             (DRAFT_RULE, DRAFT_RULE),
    "regulations:draft_edit":               (OWN_DRAFT, OWN_DRAFT),
    "regulations:regulation_detail":        (MEMBER, WRONG_METHOD),
    "regulations:regulation_edit":          (ASSIGN, ASSIGN),
    "regulations:regulation_remove":        (WRONG_METHOD, ASSIGN_DEED),
    "regulations:regulation_file":          (WRONG_METHOD, ASSIGN_DEED),
    "regulations:topics_edit":              (ASSIGN, ASSIGN_DEED),
    "regulations:relation_create":          (WRONG_METHOD, ASSIGN),
    "regulations:relation_remove":          (WRONG_METHOD, ASSIGN_DEED),
    "regulations:feed_upload":              (ASSIGN, ASSIGN),
    "regulations:feed_review":              (OWN_SHEET, OWN_SHEET),
    "regulations:feed_export":              (MEMBER, WRONG_METHOD),
    "regulations:coverage_detail":          (PACKAGE, WRONG_METHOD),
    "regulations:regulation_offer":         (WRONG_METHOD, ANSWER_DEED),

    "meetings:overview":                   (TASKFORCE, WRONG_METHOD),
    "meetings:guide":                      (TASKFORCE, WRONG_METHOD),
    "taskforce:decree_create":              (ASSIGN, ASSIGN),
    "taskforce:decree_detail":              (TASKFORCE, WRONG_METHOD),
    "taskforce:decree_edit":                (ASSIGN, ASSIGN),
    "taskforce:decree_file":                (WRONG_METHOD, ASSIGN_DEED),
    "taskforce:member_create":              (ASSIGN, ASSIGN),
    "taskforce:member_edit":                (ASSIGN, ASSIGN),
    "taskforce:member_replace":             (ASSIGN, ASSIGN),
    "taskforce:certificate_create":         (ASSIGN, ASSIGN),
    "taskforce:certificate_remove":         (WRONG_METHOD, ASSIGN_DEED),
    "meetings:meeting_list":               (TASKFORCE, WRONG_METHOD),
    "meetings:meeting_create":             (ASSIGN, ASSIGN),
    "meetings:meeting_detail":             (TASKFORCE, WRONG_METHOD),
    "meetings:meeting_edit":               (ASSIGN, ASSIGN),
    "meetings:meeting_invitation":         (ASSIGN, WRONG_METHOD),
    "meetings:meeting_letter":             (TASKFORCE, WRONG_METHOD),
    "meetings:meeting_calendar":           (TASKFORCE, WRONG_METHOD),
    "meetings:meeting_close":              (WRONG_METHOD, ASSIGN_DEED),
    "meetings:attendance_board":           (ASSIGN, ASSIGN),
    "meetings:attendance_renew":           (WRONG_METHOD, ASSIGN_DEED),
    "meetings:attendance_strike":          (WRONG_METHOD, ASSIGN_DEED),
    "meetings:attendance_sign":            (NO_SUCH_TOKEN, NO_SUCH_TOKEN),
    "meetings:minutes_edit":               (ASSIGN, ASSIGN_DEED),
    "meetings:minutes_pdf":                (TASKFORCE_OPEN, WRONG_METHOD),
    "meetings:minutes_hand_in":            (ASSIGN, ASSIGN),
    "meetings:addendum_create":            (WRONG_METHOD, ASSIGN),
    "meetings:photo_add":                  (WRONG_METHOD, ASSIGN),
    "meetings:photo_view":                 (TASKFORCE, WRONG_METHOD),
    "meetings:photo_remove":               (WRONG_METHOD, ASSIGN_DEED),
    "meetings:decision_create":            (ASSIGN, ASSIGN),
    "meetings:decision_list":              (TASKFORCE, WRONG_METHOD),
    "meetings:decision_edit":              (ASSIGN, ASSIGN),
    "meetings:decision_remove":            (WRONG_METHOD, ASSIGN_DEED),
    "meetings:decision_settle":            (SETTLE, SETTLE),
    "taskforce:commitment_list":            (TASKFORCE, WRONG_METHOD),
    "taskforce:commitment_create":          (ASSIGN, ASSIGN),
    "taskforce:commitment_edit":            (ASSIGN, ASSIGN),
    "taskforce:commitment_file":            (WRONG_METHOD, ASSIGN_DEED),
    "actionplan:plan_list":                 (MEMBER, WRONG_METHOD),
    "actionplan:guide":                     (MEMBER, WRONG_METHOD),
    "actionplan:plan_create":               (ASSIGN, ASSIGN),
    "actionplan:plan_detail":               (MEMBER, WRONG_METHOD),
    "actionplan:plan_edit":                 (ASSIGN, ASSIGN),
    "actionplan:link_create":               (WRONG_METHOD, ASSIGN),
    "actionplan:link_remove":               (WRONG_METHOD, ASSIGN_DEED),
    "actionplan:nomenclature":              (ASSIGN, ASSIGN),
    "actionplan:rules_edit":                (ASSIGN, ASSIGN),
    "actionplan:sheet_upload":              (ASSIGN, ASSIGN),
    "actionplan:sheet_review":              (OWN_TABLE, OWN_TABLE),
    "actionplan:sheet_export":              (VIEW, WRONG_METHOD),
    "actionplan:realisation_upload":        (REPORT_SHEET, REPORT_SHEET),
    "actionplan:action_create":             (ASSIGN, ASSIGN),
    "actionplan:action_detail":             (ACTION, WRONG_METHOD),
    "actionplan:action_edit":               (ASSIGN, ASSIGN),
    "actionplan:action_remove":             (WRONG_METHOD, ASSIGN_DEED),
    "actionplan:year_edit":                 (ASSIGN, ASSIGN),
    "actionplan:realisation_edit":          (REPORT, REPORT),
    "actionplan:monitoring":                (MEMBER, WRONG_METHOD),
    "actionplan:monitoring_pdf":            (MEMBER, WRONG_METHOD),
    "actionplan:monitoring_file":           (WRONG_METHOD, ASSIGN_DEED),  # refused: nothing asks for it
    "actionplan:budget":                    (VIEW, WRONG_METHOD),
    "actionplan:checks":                    (VIEW, WRONG_METHOD),
    "actionplan:targets":                   (VIEW, ASSIGN),
    "actionplan:from_plan":                 (ASSIGN, ASSIGN_DEED),

    "public:index":                         (PUBLIC, NO_POST_PUBLIC),
    "public:nation_catalogue":              (PUBLIC, NO_POST_PUBLIC),
    "public:nation_file":                   (PUBLIC, NO_POST_PUBLIC),
    "public:city_page":                     (PUBLIC, NO_POST_PUBLIC),
    "public:poster":                        (PUBLIC, NO_POST_PUBLIC),
    "public:picture":                       (PUBLIC, NO_POST_PUBLIC),
    "public:child_page":                    (PUBLIC, NO_POST_PUBLIC),
    "public:message_send":                  (PUBLIC, NO_ORIGIN),
    "public:message_sent":                  (PUBLIC, NO_POST_PUBLIC),
    "public:data_page":                     (PUBLIC, NO_POST_PUBLIC),
    "public:data_catalogue":                (PUBLIC, NO_POST_PUBLIC),
    "public:data_file":                     (PUBLIC, NO_POST_PUBLIC),
    "public:document_file":                 (PUBLIC, NO_POST_PUBLIC),
    "public:document_list":                 (ASSIGN, WRONG_METHOD),
    "public:document_preview":              (ASSIGN, WRONG_METHOD),
    "public:document_release":              (WRONG_METHOD, ASSIGN),  # refused: the year is at work
    "public:document_withdraw":             (WRONG_METHOD, ASSIGN_DEED),
    "public:release_list":                  (ASSIGN, WRONG_METHOD),
    "public:release_preview":               (ASSIGN, WRONG_METHOD),
    "public:release_do":                    (WRONG_METHOD, ASSIGN_DEED),
    "public:release_undo":                  (WRONG_METHOD, ASSIGN_DEED),
    "public:message_list":                  (ASSIGN, WRONG_METHOD),
    "public:passed_list":                   (NO_FORUM_PERSON, WRONG_METHOD),
    "public:message_settle":                (WRONG_METHOD, ASSIGN_DEED),

    "plans:pathway_detail":                 (VIEW, WRONG_METHOD),
    "plans:plan_create":                    (WRONG_METHOD, ASSIGN_DEED),
    "plans:effort_edit":                    (ASSIGN, ASSIGN),
    "plans:plan_list":                      (VIEW, WRONG_METHOD),
    "plans:plan_detail":                    (VIEW, WRONG_METHOD),
    "plans:plan_assign":                    (WRONG_METHOD, ASSIGN),
    "plans:plan_remove":                    (WRONG_METHOD, ASSIGN_DEED),
    "plans:whatif":                         (VIEW, WRONG_METHOD),
    "plans:scenario_create":                (WRONG_METHOD, ASSIGN_DEED),
    "plans:scenario_compare":               (VIEW, WRONG_METHOD),
    "plans:scenario_remove":                (WRONG_METHOD, ASSIGN_DEED),
    "plans:forecast_detail":                (VIEW, WRONG_METHOD),
    "plans:check_list":                     (VIEW, WRONG_METHOD),
}
# fmt: on


@dataclass(frozen=True)
class Place:
    """A city in its year, and the rows that addresses can name."""

    assessment: Assessment
    evidence: Evidence
    link: Evidence
    opd: Opd
    leading: Opd  # of the question that the evidence is for
    member: Membership
    window: RescueWindow
    snapshot: Snapshot
    waiver: Waiver
    match: QuestionMatch
    plan: Plan
    scenario: Scenario
    invitation: Invitation
    report: Report
    regulation: Regulation
    relation: Relation
    seat: TaskForceMember
    meeting: Meeting  # open
    decision: Decision  # of a closed meeting, the OPD's own
    action: Action
    paper: Credential  # of a facility of the OPD that holds the question
    photo: FacilityPhoto
    finding: Finding  # of the same facility, with a photo of its own
    declared: DeclarationFile
    criteria_set: CityCriteriaSet
    stop: RouteStop
    message: PublicMessage
    released: ReleasedDocument  # the one that the evidence brought
    service: Membership  # of another system, with a token
    delivery: Delivery  # of a webhook, parked

    def rows(self, name: str) -> dict[str, Any]:
        """A value for each part that any address of that name may have."""
        return {
            "city_slug": self.assessment.city.slug,
            "year": self.assessment.year,
            "data_year": self.assessment.year - 1,
            "variable": "anak-sekolah",  # what DISDIK produces
            "code": first_fitting(CODES, name)(self),
            "instrument": self.assessment.instrument.code,
            "name": "predikat",
            "level": "klaster",
            "row": draft_row(name),
            "number": self.action.number
            if name.startswith("actionplan:")
            else self.snapshot.number,
            "quarter": 1,
            "link_pk": self.action.plan.links.get().pk,
            "kind": "json" if name.startswith("public:") else "yaml",
            "match_id": self.match.pk,
            "relation_pk": self.relation.pk,
            "paper_pk": self.paper.pk,
            "photo_pk": self.photo.pk,
            "document_pk": (first_fitting(DOCUMENTS, name)(self)),
            "file_pk": self.declared.pk,
            "stop_pk": self.stop.pk,
            "set_code": self.criteria_set.code,
            "criterion_code": "K1",
            "checklist": "prap-data",
            "pk": first_fitting(SUBJECTS, name)(self),
            "uidb36": "1",
            "key": "set-password",
            "revision": 0,
            "unit": self.report.unit.code,
            "criterion": self.report.criterion,
            "facility": self.paper.facility_id,
            "finding": self.finding.pk,
            "decree": self.seat.decree_id,
            "regulation": self.regulation.pk,
            "route": self.stop.route_id,
            "snapshot": self.snapshot.number,
            "saved_plan": self.plan.pk,
            "found": "pertanyaan",
            "plan": self.action.plan_id,
            "plan_year": self.action.plan.first_year,
            "rest": "pohon/",
            "token_pk": self.service.user.api_tokens.get().pk,
            "delivery_pk": self.delivery.pk,
            "position": 1 if name.startswith("facilities:") else 0,
            "provider_id": "pemkot",
            "section": "klaster",
            "state": "dibaca",
            "token": f"tautan-{self.assessment.city.slug}",
        }


# What `pk` and `code` name in an address, by the beginning of the address's name.
SUBJECTS: dict[str, Callable[[Place], Any]] = {
    "api:webhook_": lambda place: place.delivery.webhook_id,
    "api:delivery_": lambda place: place.delivery.webhook_id,
    "api:service_": lambda place: place.service.pk,
    "api:upload_": lambda _place: uuid4(),
    "api:document": lambda place: place.evidence.document_id,
    "api:content": lambda place: place.evidence.document_id,
    "api:facility_content": lambda place: place.photo.document_id,
    "api:unit_content": lambda place: place.declared.document_id,
    "api:token_": lambda _place: NOBODYS,
    "assessments:document_download": lambda place: place.evidence.document_id,
    "assessments:document_view": lambda place: place.evidence.document_id,
    "assessments:file_": lambda _place: uuid4(),
    "assessments:link_detail": lambda place: place.link.document_id,
    "assessments:notification_": lambda _place: NOBODYS,
    "assessments:opd_detail": lambda place: place.leading.pk,
    "assessments:reminder_opd": lambda place: place.leading.pk,
    "assessments:rescue_": lambda place: place.window.pk,
    "assessments:sheet_": lambda _place: uuid4(),
    "assessments:upload_": lambda _place: uuid4(),
    "assessments:waiver_remove": lambda place: place.waiver.pk,
    "cities:invitation_": lambda place: place.invitation.pk,
    "cities:member_": lambda place: place.member.pk,
    "cities:opd_": lambda place: place.opd.pk,
    "cities:person_": lambda place: place.member.user_id,
    "cities:session_": lambda _place: NOBODYS,
    "mfa_": lambda _place: NOBODYS,
    "clusters:m": lambda place: place.match.mapping_id,
    "territories:reports_": lambda _place: uuid4(),
    "territories:boundaries_": lambda _place: NOBODYS,
    "territories:units_": lambda _place: NOBODYS,
    "territories:declaration_": lambda place: place.declared.declaration_id,
    "territories:": lambda place: place.report.pk,
    "childdata:sheet_": lambda _place: NOBODYS,
    "facilities:sheet_": lambda _place: NOBODYS,
    "facilities:finding_create": lambda place: place.paper.facility_id,
    "facilities:finding_": lambda place: place.finding.pk,
    "facilities:route_": lambda place: place.stop.route_id,
    "facilities:stop_": lambda place: place.stop.route_id,
    "facilities:": lambda place: place.paper.facility_id,
    "plans:plan_": lambda place: place.plan.pk,
    "plans:scenario_": lambda place: place.scenario.pk,
    "taskforce:decree_": lambda place: place.seat.decree_id,
    "taskforce:member_create": lambda place: place.seat.decree_id,
    "taskforce:member_": lambda place: place.seat.pk,
    "taskforce:certificate_create": lambda place: place.seat.pk,
    "taskforce:certificate_": lambda place: place.seat.certificates.get().pk,
    "meetings:attendance_strike": lambda place: place.meeting.attendances.get().pk,
    "meetings:photo_add": lambda place: place.meeting.pk,
    "meetings:photo_": lambda place: place.decision.meeting.photos.get().pk,
    "meetings:decision_create": lambda place: place.meeting.pk,
    "meetings:decision_": lambda place: place.decision.pk,
    "taskforce:commitment_": lambda place: place.assessment.city.commitments.get().pk,
    "meetings:": lambda place: place.meeting.pk,
    "public:document_file": lambda place: place.released.pk,
    "public:message_": lambda place: place.message.pk,
    "registers:": lambda place: place.evidence.answer.taken_values.get().pk,
    "regulations:feed_": lambda _place: NOBODYS,
    "regulations:": lambda place: place.regulation.pk,
    "actionplan:from_plan": lambda place: place.plan.pk,
    "actionplan:sheet_review": lambda _place: NOBODYS,
    "actionplan:": lambda place: place.action.plan_id,
    "": lambda place: place.evidence.pk,
}
DOCUMENTS: dict[str, Callable[[Place], Any]] = {
    "territories:": lambda place: place.declared.document_id,
    "public:": lambda place: place.evidence.document_id,
    "": lambda place: place.photo.document_id,
}
CODES: dict[str, Callable[[Place], str]] = {
    "assessments:indicator_detail": lambda place: place.evidence.answer.question.indicator.code,
    "clusters:draft_": lambda _place: DRAFT,
    "territories:": lambda place: place.report.unit.code,
    "clusters:band_table_": lambda _place: BAND_TABLE,
    "clusters:": lambda place: place.assessment.instrument.code,
    "": lambda place: place.evidence.answer.question.code,
}


def first_fitting(table, name):
    return next(value for prefix, value in table.items() if name.startswith(prefix))


def draft_row(name: str) -> str:
    """The row of the draft that an address of that name is about."""
    if name.endswith("question_edit"):
        return "1.1"
    return "1" if "question" in name or name.endswith("indicator_edit") else "kelembagaan"


def place(code="1.2", frozen=1, **fields):
    assessment = open_year(city=city_with_opds(), **fields)
    opd = Opd.objects.get(city=assessment.city, code="DP3A")
    invited = MembershipFactory(pimpinan=True, city=assessment.city, user__password=None)
    author = UserFactory()
    window = RescueWindow.objects.create(
        assessment=assessment, opens_at=NOW, closes_at=later(48), at=NOW, by=author
    )
    # Numbers count within a year; the other city's own must not be found under ours.
    snapshots = [
        freeze(assessment, left=Stage.PREPARATION, entered=assessment.stage, by=author, at=NOW)
        for _ in range(frozen)
    ]
    evidence = EvidenceFactory(answer=answer_of(assessment, code))
    with_rendition(evidence.document, b"pratinjau")
    TakenValueFactory(answer=evidence.answer)
    waiver = Waiver.objects.create(
        answer=evidence.answer, kind=evidence.kind, reason="Tidak berlaku", by=author, at=NOW
    )
    service = MembershipFactory(
        verifikator=True, city=assessment.city, user__password=None, user__service_since=NOW
    )
    ApiTokenFactory(user=service.user)
    delivery = delivery_of(WebhookFactory(city=assessment.city), parked_at=NOW)
    relation = RelationFactory(
        source=RegulationFactory(city=assessment.city),
        target=RegulationFactory(city=assessment.city),
    )
    report = ReportFactory(sent=True, unit__city=assessment.city, year=assessment.year - 1)
    ReleaseFactory(assessment=assessment)
    declared = DeclarationFileFactory(declaration__unit=report.unit)
    with_rendition(declared.document, b"naskah")
    return Place(
        assessment=assessment,
        evidence=evidence,
        link=EvidenceFactory(
            answer=evidence.answer, document__city=evidence.document.city, document__link=True
        ),
        opd=opd,
        leading=Opd.objects.get(city=assessment.city, code="DISDIK"),
        member=invited,
        window=window,
        snapshot=snapshots[-1],
        waiver=waiver,
        match=QuestionMatchFactory(),
        plan=PlanFactory(assessment=assessment),
        scenario=ScenarioFactory(assessment=assessment),
        invitation=InvitationFactory(city=assessment.city, token=f"tautan-{assessment.city.slug}"),
        report=report,
        criteria_set=CityCriteriaSetFactory(city=assessment.city),
        declared=declared,
        regulation=relation.source,
        relation=relation,
        action=action_of(assessment),
        message=PublicMessageFactory(city=assessment.city),
        released=ReleasedDocumentFactory(assessment=assessment, document=evidence.document),
        service=service,
        delivery=delivery,
        **taskforce_of(assessment.city),
        **facility_of(assessment.city),
    )


def facility_of(city):
    """A puskesmas of the OPD that holds the question, with a paper, a photo, and on a route."""
    opd = Opd.objects.get(city=city, code="DISDIK")
    facility = FacilityFactory(city=city, opd=opd)
    photo = FacilityPhotoFactory(facility=facility, document__opd=opd)
    shown = SupportingDocumentFactory(city=city, opd=opd)
    finding = FindingFactory(facility=facility, document=shown)
    for document in (photo.document, finding.document):
        with_rendition(document, b"foto")
    return {
        "paper": CredentialFactory(facility=facility),
        "photo": photo,
        "finding": finding,
        "stop": RouteStopFactory(route__city=city, facility=facility),
    }


def with_rendition(document, content):
    Rendition.objects.create(
        document=document,
        state=RenditionState.READY,
        file=ContentFile(content, "pratinjau"),
        media_type="application/pdf",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        made_at=timezone.now(),
    )


def taskforce_of(city):
    """A member with a certificate, an open meeting and the decision of a closed one."""
    seat = TaskForceMemberFactory(decree=DecreeFactory(city=city))
    CertificateFactory(member=seat)
    meeting = MeetingFactory(city=city)
    AttendanceFactory(meeting=meeting)
    CommitmentFactory(city=city)
    closed = MeetingFactory(city=city, closed=True)
    PhotoFactory(meeting=closed)
    own = DecisionFactory(meeting=closed, owner_opd=Opd.objects.get(city=city, code="DISDIK"))
    return {"seat": seat, "meeting": meeting, "decision": own}


def action_of(assessment):
    """Of a RAD, led by the Dinas Pendidikan, with the year of the assessment."""
    place = {"city": assessment.city, "instrument": assessment.instrument}
    plan = ActionPlanFactory(**place, first_year=assessment.year)
    PlanLinkFactory(plan=plan)
    action = ActionFactory(plan=plan, lead=assessment.city.opds.get(code="DISDIK"))
    ActionYearFactory(action=action, year=assessment.year)
    return action


def other_place():
    """Another city whose year, questions, papers and people have nothing of ours."""
    spec = small_spec(code="lain-2025")
    clusters = [
        replace(
            cluster,
            indicators=tuple(
                replace(
                    row,
                    code=f"B{row.code}",
                    questions=tuple(replace(q, code=f"B{q.code}") for q in row.questions),
                )
                for row in cluster.indicators
            ),
        )
        for cluster in spec.clusters
    ]
    return place(code="B1.2", frozen=2, spec=replace(spec, clusters=tuple(clusters)), year=2025)


@pytest.fixture(scope="module")
def world(rows_of_a_module):
    """Both cities and their people, made once: a thousand tests look at them, none changes them."""
    create_draft(spec=small_spec(DRAFT), by=SiteAdminFactory(), at=NOW)
    BandTableFactory(code=BAND_TABLE)
    ours, theirs = place(), other_place()
    people = {actor: signed_in(user) for actor, user in people_of(ours, theirs).items()}
    return ours, theirs, people, everything()


@pytest.fixture
def media_root(world, rows_of_a_module, settings):
    settings.MEDIA_ROOT = rows_of_a_module
    return rows_of_a_module


@pytest.fixture
def ours(world, db):
    return world[0]


@pytest.fixture
def theirs(world, db):
    return world[1]


@pytest.fixture
def people(world, db):
    """The cookies of each actor's browser."""
    return world[2]


@pytest.fixture
def before(world, db):
    """Every row and every file as they are before a test does anything."""
    return world[3]


def people_of(ours: Place, theirs: Place) -> dict[str, User | None]:
    city = ours.assessment.city
    roles = ("gugus_tugas", "verifikator", "pimpinan", "pendamping", "admin_kota")
    return {
        "anonymous": None,
        "stranger": MembershipFactory(admin_kota=True, city=theirs.assessment.city).user,
        "opd_own": staff_of(ours.assessment, "DISDIK").user,
        "opd_other": staff_of(ours.assessment, "DINKES").user,
        **{role: MembershipFactory(**{role: True}, city=city).user for role in roles},
        "site_admin": SiteAdminFactory(),
    }


def addresses(resolver: URLResolver, namespace: str = "", above: frozenset[str] = frozenset()):
    """Each address below the resolver: its full name and its parts, such as `city_slug`."""
    for pattern in resolver.url_patterns:
        parts = above | set(pattern.pattern.converters) | set(pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}", parts
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from addresses(pattern, inner, parts)


# Below its front page the administration is Django's own; tests of each app look at it.
PARTS = {
    name: parts
    for name, parts in addresses(get_resolver())
    if not name.startswith("admin:") or name == "admin:index"
}


def address(name: str, rows: dict[str, Any]) -> str:
    return reverse(name, kwargs={part: rows[part] for part in PARTS[name]})


def signed_in(user: User | None) -> SimpleCookie:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client.cookies


def ask(cookies: SimpleCookie, method: str, url: str):
    client = Client()
    client.cookies.update(cookies)
    answer = getattr(client, method)(url)
    if answer.streaming:
        answer.getvalue()  # read to its end, a document's file is closed
    return answer


def text_of(cookies: SimpleCookie, url: str, query: dict[str, Any]) -> str:
    """What a page says to somebody, files as far as they are text."""
    client = Client()
    client.cookies.update(cookies)
    answer = client.get(url, query)
    content = answer.getvalue() if answer.streaming else answer.content
    return content.decode(errors="ignore")


def undone(deed):
    """What the deed answered; whatever it did to the database is taken back."""
    with transaction.atomic():
        answer = deed()
        transaction.set_rollback(True)
    return answer


def test_every_address_has_a_row_and_every_row_an_address():
    assert set(PARTS) == set(TABLE)


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", TABLE)
def test_each_role_gets_the_answer_of_the_table(ours, people, name, method):
    expected = dict(zip(ACTORS, TABLE[name][method == "post"].split(), strict=True))
    if connection.vendor != "sqlite":  # no engine refuses otherwise; it may answer otherwise
        expected = {actor: code for actor, code in expected.items() if code not in REFUSED}
    url = address(name, ours.rows(name))

    answers = {actor: undone(lambda a=actor: ask(people[a], method, url)) for actor in expected}

    assert {actor: str(answer.status_code) for actor, answer in answers.items()} == expected
    if expected.get("anonymous") == "302" and name != "language":  # that leads anybody back
        assert answers["anonymous"].url.startswith(SIGN_IN)


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_people_of_a_unit_open_what_is_theirs_and_nothing_else(ours, method):
    """Beside their own unit there is only what anybody signed in may open."""
    cookies = signed_in(UnitSeatFactory(unit=ours.report.unit).membership.user)
    own = {name for name in TABLE if name.startswith(("territories:", "facilities:"))}
    own.add("cities:guide_close")  # what their first page says of their role
    urls = {
        name: address(name, ours.rows(name))
        for name in TABLE
        if "city_slug" in PARTS[name] and name not in own and TABLE[name][0] != PUBLIC
    }

    answers = {name: undone(lambda u=url: ask(cookies, method, u)) for name, url in urls.items()}

    codes = {name: answer.status_code for name, answer in answers.items()}
    assert {name: code for name, code in codes.items() if code not in (401, 403, 404, 405)} == {}


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_forum_anak_opens_what_was_passed_on_and_nothing_else_of_the_city(ours, method):
    cookies = signed_in(MembershipFactory(forum_anak=True, city=ours.assessment.city).user)
    urls = {
        name: address(name, ours.rows(name))
        for name in TABLE
        if "city_slug" in PARTS[name] and TABLE[name][0] != PUBLIC
    }

    answers = {name: undone(lambda u=url: ask(cookies, method, u)) for name, url in urls.items()}

    codes = {name: answer.status_code for name, answer in answers.items()}
    open_ones = {name: code for name, code in codes.items() if code not in (401, 403, 405)}
    own = {"get": ("public:passed_list", 200), "post": ("cities:guide_close", 302)}
    assert open_ones == dict([own[method]])


def test_no_page_at_all_tells_the_forum_anak_what_is_not_for_it(ours, theirs):
    """Neither what nobody has read nor passed on, nor people, documents and meetings."""
    cookies = signed_in(MembershipFactory(forum_anak=True, city=ours.assessment.city).user)
    passed = {"state": MessageState.PASSED_ON}
    told = PublicMessageFactory(city=ours.assessment.city, **passed).text
    kept = [
        ours.message.text,
        PublicMessageFactory(city=ours.assessment.city, state=MessageState.REJECTED).text,
        PublicMessageFactory(city=theirs.assessment.city, **passed).text,
        ours.member.user.name,
        ours.member.user.email,
        ours.link.document.title,
        ours.regulation.title,
        ours.meeting.title,
    ]

    pages = {
        name: undone(lambda n=name: text_of(cookies, address(n, ours.rows(n)), {}))
        for name in TABLE
        if TABLE[name][0] not in (WRONG_METHOD, NO_SESSION)
    }

    found = [(name, word) for name, text in pages.items() for word in (told, *kept) if word in text]
    assert found == [("public:passed_list", told)]


OF_NO_CITY = {
    "kind",
    "section",
    "state",
    "city_slug",
    "checklist",
    "data_year",
    "variable",
    "position",
    "quarter",
    "revision",
    "criterion_code",
}


def foreign_addresses():
    """Addresses with something of another city in them, part by part, under one's own slug."""
    for name in TABLE:
        if "city_slug" in PARTS.get(name, frozenset()):
            for part in sorted(PARTS[name] - OF_NO_CITY):
                yield pytest.param(name, part, id=f"{name}-{part}")


@pytest.mark.once
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(("name", "part"), foreign_addresses())
def test_what_is_another_citys_is_not_found_under_ones_own_address(
    ours, theirs, people, before, name, part, method
):
    url = address(name, ours.rows(name) | {part: theirs.rows(name)[part]})
    allowed = dict(zip(ACTORS, TABLE[name][method == "post"].split(), strict=True))
    insiders = [actor for actor in ACTORS[2:] if allowed[actor] in {"200", "302"}]

    answers = {actor: ask(people[actor], method, url).status_code for actor in insiders}

    assert answers == dict.fromkeys(insiders, 404)
    assert everything() == before


def test_no_page_changes_anything_by_being_opened(ours, people, before):
    for name in PARTS:
        for actor in ("gugus_tugas", "opd_own", "site_admin"):
            ask(people[actor], "get", address(name, ours.rows(name)))

    assert everything() == before


def test_no_deed_is_done_without_the_token_of_its_form(ours):
    client = Client(enforce_csrf_checks=True)
    client.force_login(SiteAdminFactory())
    taking = [name for name in PARTS if TABLE[name][1][-3:] not in ("405", "401")]
    before = everything()

    answers = {
        name: client.post(address(name, ours.rows(name))).status_code
        for name in taking
        if name != "account_login"  # signs a person in; a stranger's form may at most fail there
    }

    assert answers == dict.fromkeys(answers, 403)
    assert everything() == before

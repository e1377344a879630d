"""The main deeds × every role, called as a command, a job or an interface would: past the pages.

Whoever may not do a deed gets PermissionDenied and nothing is any different; whoever may does it.
That no deed was forgotten is the matter of `test_permission_in_services`.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from actionplan.choices import LinkKind
from actionplan.models import Action, ActionYear
from actionplan.services.actions import (
    ActionFacts,
    YearFacts,
    change_action,
    record_action,
    remove_action,
    set_year,
)
from actionplan.services.from_plans import take_steps
from actionplan.services.plans import (
    PlanFacts,
    add_link,
    change_plan,
    record_plan,
    remove_link,
)
from actionsheets.services.actions import ACTIONS
from actionsheets.services.codes import CODES
from actionsheets.services.realisations import REALISATIONS
from assessments.choices import FileKind, ScoreKind, Stage
from assessments.models import Answer, Assessment, Assignment, Evidence
from assessments.services.agencies import settle_agencies_of
from assessments.services.answers import import_points, save_claim
from assessments.services.assignment import assign_defaults, assign_in_bulk, assign_question
from assessments.services.carry_over import ClaimPick, carry_over
from assessments.services.chasing import remind_opd
from assessments.services.comments import add_comment
from assessments.services.creation import change_assessment, open_assessment
from assessments.services.documents import DocumentFacts, upload_documents, withdraw_evidence
from assessments.services.official import enter_official
from assessments.services.produced_files import ask_for_file
from assessments.services.rescue import open_rescue_window
from assessments.services.review import accept_evidence, grant_points, return_evidence, undo_verdict
from assessments.services.revisions import revise_document
from assessments.services.sensitivity import mark_document, set_sensitive_kinds
from assessments.services.snapshots import freeze
from assessments.services.transitions import advance_stage, reopen_stage, submit_assessment
from assessments.services.waivers import waive_kind
from childdata.models import Observation
from childdata.services.observations import (
    Place,
    Told,
    explain_difference,
    record_counts,
    record_sheet,
)
from childdata.tables import Cell
from cities.models import Membership, Opd, User
from cities.permissions import require_permission
from cities.roles import Permission, Role
from cities.services.accounts import set_account_active
from cities.services.agencies import AgencyChoice, AgencyState
from cities.services.cities import create_city
from cities.services.invitations import Guest, invite
from cities.services.members import change_member, remove_member
from cities.services.opds import create_opd
from cities.services.second_factor import reset_second_factor
from clusters.band_files import BandTableSpec
from clusters.library import checksum
from clusters.models import Instrument
from clusters.register_files import SourceSpec
from clusters.services import spec_of
from clusters.services.band_tables import create_band_table
from clusters.services.life import create_draft, publish_draft
from clusters.spec import BandSpec
from facilities.models import Facility
from facilities.services import photos as facility_photos
from facilities.services.facilities import (
    CredentialFacts,
    FacilityFacts,
    change_credential,
    change_facility,
    record_credential,
    record_facility,
    record_use,
    remove_credential,
)
from facilities.services.findings import (
    FindingFacts,
    close_finding,
    plan_finding,
    record_finding,
)
from facilities.services.photos import file_credential
from facilities.services.routes import add_stop, create_route, move_stop, remove_route, remove_stop
from facilities.services.sheet_imports import FACILITIES
from facilities.services.visits import Findings, record_visit
from imports.services.staged import Reading
from imports.services.staged import keep as keep_import
from meetings.choices import MeetingKind
from meetings.models import Meeting
from meetings.pictures import PhotoFile
from meetings.services.attendances import (
    AttendanceFacts,
    record_attendance,
    renew_attendance_address,
    strike_attendance,
)
from meetings.services.decisions import (
    DecisionFacts,
    add_decision,
    change_decision,
    remove_decision,
    settle_decision,
)
from meetings.services.meetings import (
    MeetingFacts,
    add_photo,
    amend_minutes,
    change_meeting,
    close_meeting,
    record_meeting,
    remove_photo,
    save_minutes,
)
from monitoring.services.goals import set_year_goal
from monitoring.services.realisations import QuarterFacts, report_quarter
from monitoring.services.rules import RuleFacts, set_rules
from plans.choices import Basis
from plans.services.efforts import set_effort
from plans.services.plans import PlannedStep, save_plan
from public.choices import MessageState
from public.models import Release, ReleasedDocument
from public.queries import contents
from public.sections import Section
from public.services.documents import release_document, withdraw_document
from public.services.messages import settle_message
from public.services.releases import release_section, withdraw_section
from registers.services.sources import set_source, told_source, use_file_source
from regulations.choices import RelationKind
from regulations.models import Regulation
from regulations.services.drafts import DraftFacts, draft_regulation, redraft_regulation
from regulations.services.feeds import FEED
from regulations.services.offering import offer_regulation
from regulations.services.regulations import (
    RegulationFacts,
    change_regulation,
    cover,
    file_regulation,
    record_regulation,
    relate,
    remove_regulation,
    unrelate,
)
from taskforce.choices import Element, Sector, TaskForceRole
from taskforce.models import TaskForceMember
from taskforce.services.commitments import CommitmentFacts, change_commitment, record_commitment
from taskforce.services.decrees import (
    CertificateFacts,
    DecreeFacts,
    MemberFacts,
    add_certificate,
    add_member,
    change_decree,
    correct_member,
    record_decree,
    remove_certificate,
    replace_official,
)
from taskforce.services.filing import file_paper
from territories.choices import ChangeKind, DeclarationKind, UnitLevel
from territories.criteria import Said, set_for
from territories.models import Report
from territories.rating import packaged_rules
from territories.services.boundaries import BOUNDARIES
from territories.services.criteria import (
    choose_set,
    copy_set,
    discard_set,
    publish_set,
    remove_criterion,
    save_criterion,
)
from territories.services.declarations import (
    DeclarationFacts,
    change_declaration,
    record_declaration,
    remove_declaration,
    remove_declaration_file,
)
from territories.services.ratings import RatingFacts, set_rating_rules
from territories.services.reports import (
    Entry,
    accept_reports,
    repeat_reports,
    return_report,
    save_reports,
    send_reports,
)
from territories.services.samples import choose_sample, draw_sample
from territories.services.sheets import REPORTS
from territories.services.units import (
    NewUnit,
    change_unit,
    end_unit,
    load_units,
    rename_unit,
    succeed_units,
)
from tests.assessments.situations import NOW, checked, later, staff_of, stored_files, working_year
from tests.factories.actionplan import ActionFactory, ActionPlanFactory, ActionYearFactory
from tests.factories.assessments import EvidenceFactory, answer_of, granted, open_year
from tests.factories.childdata import ObservationFactory
from tests.factories.cities import (
    DistrictFactory,
    MembershipFactory,
    ProvinceFactory,
    SiteAdminFactory,
    UserFactory,
)
from tests.factories.clusters import small_spec
from tests.factories.facilities import (
    CredentialFactory,
    FacilityFactory,
    FacilityPhotoFactory,
    FindingFactory,
    RouteFactory,
    RouteStopFactory,
)
from tests.factories.meetings import (
    AttendanceFactory,
    DecisionFactory,
    MeetingFactory,
    PhotoFactory,
)
from tests.factories.plans import PlanFactory, PlanStepFactory
from tests.factories.public import PublicMessageFactory, ReleasedDocumentFactory, ReleaseFactory
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
)

pytestmark = pytest.mark.django_db

INSIDERS = (
    "opd_own",  # of the OPD that leads the question and handed in its documents
    "opd_other",
    "gugus_tugas",
    "verifikator",
    "pimpinan",
    "pendamping",
    "admin_kota",
    "forum_anak",  # does nothing at all
    "site_admin",
)
OUTSIDERS = ("stranger", "foreign_admin", "closed_gugus_tugas", "closed_admin", "closed_site_admin")

FACTS = RegulationFacts(kind="perda", number="4", year=2021, title="Kota Layak Anak")

SITE = frozenset({"site_admin"})
ADMINS = frozenset({"admin_kota", "site_admin"})
ANSWERING = frozenset({"opd_own", "gugus_tugas"})
REVIEWING = frozenset({"gugus_tugas", "verifikator"})
MEMBERS = (
    frozenset(
        {
            "opd_own",
            "opd_other",
            "gugus_tugas",
            "verifikator",
            "pimpinan",
            "pendamping",
            "admin_kota",
        }
    )
    | SITE
)
COORDINATING = frozenset({"gugus_tugas", "admin_kota", "site_admin"})
DECLARED = DeclarationFacts(DeclarationKind.DECLARED, date(2025, 3, 1))
OF_FACILITIES = COORDINATING | {"opd_own"}
OF_CHILD_DATA = OF_FACILITIES  # DISDIK produces what is counted of pupils
PUPILS = {Cell("L"): 5, Cell("P"): 5}
TALKING = COORDINATING | {"opd_own", "verifikator", "pendamping"}


def topic_year(c):
    """A year of the city that asks for a regulation in 1.1, which DISDIK holds too."""
    year = c.year.city.assessments.filter(year=2030).first()
    if year is None:
        year = open_year(city=c.year.city, spec=small_spec("kla-2023"), year=2030)
        Assignment.objects.create(answer=answer_of(year, "1.1"), opd=c.opd)
    return year


def draft_of(c, **fields):
    return CityCriteriaSetFactory(city=c.year.city, **fields)


REPORTING = {"year": 2025, "criteria": set_for("kla-2023")}


@dataclass(frozen=True)
class City:
    """A year in a stage, with one document that waits and one that was accepted."""

    year: Assessment
    answer: Answer
    waiting: Evidence
    accepted: Evidence
    member: Membership
    draft: Instrument
    report: Report  # of a kelurahan, waiting

    @property
    def regulation(self) -> Regulation:
        return RegulationFactory(city=self.year.city)

    @cached_property
    def action(self) -> Action:
        plan = ActionPlanFactory(city=self.year.city, instrument=self.year.instrument)
        return ActionFactory(plan=plan, lead=self.opd)

    @cached_property
    def action_year(self) -> ActionYear:
        return ActionYearFactory(action=self.action)

    @property
    def seat(self) -> TaskForceMember:
        return TaskForceMemberFactory(decree=DecreeFactory(city=self.year.city))

    @property
    def meeting(self) -> Meeting:
        return MeetingFactory(city=self.year.city)

    @property
    def facility(self) -> Facility:
        return FacilityFactory(city=self.year.city, opd=self.opd)

    @cached_property
    def release(self) -> Release:
        return ReleaseFactory(assessment=self.year)

    @cached_property
    def released(self) -> ReleasedDocument:
        return ReleasedDocumentFactory(assessment=self.year, document=self.accepted.document)

    @property
    def opd(self) -> Opd:
        return self.waiting.opd

    @property
    def kind(self):
        return self.answer.question.evidence_kinds.last()


def city_in(stage: Stage) -> City:
    year = working_year()
    answer, other = answer_of(year, "1.2"), answer_of(year, "2b.1")
    opd = year.city.opds.get(code="DISDIK")
    papers = {"opd": opd, "document__opd": opd}
    waiting = EvidenceFactory(answer=answer, **papers)
    accepted = EvidenceFactory(answer=answer, accepted=True, **papers)
    granted(answer, "5")
    assert other.claimed_points is None
    Assessment.objects.filter(pk=year.pk).update(stage=stage)
    draft = create_draft(spec=small_spec("rancangan-2027"), by=SiteAdminFactory(), at=NOW)
    member = MembershipFactory(pendamping=True, city=year.city)
    report = ReportFactory(sent=True, unit__city=year.city)
    return City(
        Assessment.objects.get(pk=year.pk), answer, waiting, accepted, member, draft, report
    )


def people_of(city: City) -> dict[str, User]:
    roles = ("gugus_tugas", "verifikator", "pimpinan", "pendamping", "admin_kota", "forum_anak")
    closed = {"city": city.year.city, "user__is_active": False}
    return {
        "opd_own": staff_of(city.year, "DISDIK").user,
        "opd_other": staff_of(city.year, "DINKES").user,
        **{role: MembershipFactory(**{role: True}, city=city.year.city).user for role in roles},
        "site_admin": SiteAdminFactory(),
        "stranger": UserFactory(),
        "foreign_admin": MembershipFactory(admin_kota=True).user,
        "closed_gugus_tugas": MembershipFactory(gugus_tugas=True, **closed).user,
        "closed_admin": MembershipFactory(admin_kota=True, **closed).user,
        "closed_site_admin": SiteAdminFactory(is_active=False),
    }


def counted_below(city) -> int:
    """The city's ten pupils of which its kecamatan told seven: the difference."""
    told = {"city": city, "variable": "anak-sekolah", "year": 2025}
    if not Observation.objects.filter(**told).exists():
        ObservationFactory(**told, counts=PUPILS)
        below = {Cell("L"): 4, Cell("P"): 3}
        ObservationFactory(**told, unit=UnitFactory(kecamatan=True, city=city), counts=below)
    return 3


@dataclass(frozen=True)
class Deed:
    service: Callable[..., Any]
    may: frozenset[str]
    arguments: Callable[[City], dict[str, Any]]
    stage: Stage = Stage.SELF_ASSESSMENT

    def __str__(self) -> str:
        return self.service.__name__


def rule_with_text(city: City) -> Regulation:
    """About the topic of the answer, which asks for a Perda."""
    elsewhere = EvidenceFactory(answer=answer_of(city.year, "2a.2"), document__opd=city.opd)
    rule = RegulationFactory(city=city.year.city, document=elsewhere.document)
    CoverageFactory(regulation=rule, question=city.answer.question)
    return rule


def to_release(city: City) -> dict[str, Any]:
    """The clusters of the year, frozen at its submission and looked at."""
    by = SiteAdminFactory()
    freeze(city.year, left=Stage.SELF_ASSESSMENT, entered=Stage.SUBMITTED, by=by, at=NOW)
    frozen = contents.frozen_year(
        require_permission(by, city.year.city, Permission.RELEASE_PUBLIC), city.year
    )
    assert frozen is not None
    seen = contents.draft_of(Section.CLUSTERS, frozen).checksum
    return {"assessment": city.year, "section": Section.CLUSTERS, "seen": seen}


def document_to_release(city: City) -> dict[str, Any]:
    """The accepted document of a proven question, frozen at its submission."""
    by = SiteAdminFactory()
    claimed = {"claimed_points": Decimal(1), "claimed_at": NOW, "claimed_by": by}
    Answer.objects.filter(pk=city.answer.pk).update(**claimed)
    granted(Answer.objects.get(pk=city.answer.pk), "1")
    freeze(city.year, left=Stage.SELF_ASSESSMENT, entered=Stage.SUBMITTED, by=by, at=NOW)
    document = city.accepted.document
    return {"assessment": city.year, "document": document, "title": "Perda", "is_read": True}


def draft_of_tables(_city: City) -> dict[str, Any]:
    bands = (BandSpec("Pratama", 500, 600),)
    return {"spec": BandTableSpec("tabel-2027", "Tabel 2027", "2027", "Perka", bands)}


def with_lost_factor(city: City) -> dict[str, Any]:
    known = {"user": city.member.user, "type": "totp"}
    Authenticator.objects.get_or_create(**known, defaults={"data": {"secret": "x"}})
    return {"user": city.member.user}


DAY = date(2026, 2, 2)
SEAT = MemberFacts("Kepala", "Dinas", Element.GOVERNMENT, TaskForceRole.MEMBER, since=DAY)
PROMISE = CommitmentFacts(Sector.MEDIA, "Persatuan Wartawan", "Rubrik anak", DAY)
MEETING = MeetingFacts(MeetingKind.OTHER, "Rapat", NOW, "Aula", "Sekda")


def way_into_plan(city: City) -> dict[str, Any]:
    way = PlanFactory(assessment=city.year)
    step = PlanStepFactory(plan=way, answer=city.answer)
    return {"plan_id": way.pk, "rad_id": city.action.plan_id, "chosen": {step.pk}}


# fmt: off
DEEDS = [
    Deed(save_claim, ANSWERING, lambda c: {
        "answer_id": c.answer.pk, "points": Decimal(7), "value": None, "choice": "", "note": "",
        "seen_at": None}),
    Deed(upload_documents, ANSWERING, lambda c: {
        "answer_id": c.answer.pk, "files": [checked()], "kind": c.kind, "said": DocumentFacts(),
        "opd": None}),
    Deed(revise_document, ANSWERING, lambda c: {
        "evidence_id": c.waiting.pk, "file": checked(), "said": DocumentFacts(),
        "changes": "Tanda tangan"}),
    Deed(withdraw_evidence, ANSWERING, lambda c: {"evidence_id": c.waiting.pk}),
    Deed(carry_over, ANSWERING, lambda c: {
        "assessment_id": c.year.pk, "picks": [], "opd": None,
        "claims": [ClaimPick(c.answer.pk, Decimal(3), None, "", "", "2025 1.2")]}),
    Deed(accept_evidence, REVIEWING, lambda c: {
        "evidence_id": c.waiting.pk, "granted_points": Decimal(9)}),
    Deed(return_evidence, REVIEWING, lambda c: {"evidence_id": c.waiting.pk, "reason": "Buram"}),
    Deed(undo_verdict, REVIEWING, lambda c: {"evidence_id": c.accepted.pk}),
    Deed(grant_points, REVIEWING, lambda c: {
        "answer_id": c.answer.pk, "granted_points": Decimal(9)}),
    Deed(ask_for_file, MEMBERS, lambda c: {
        "assessment": c.year, "kind": FileKind.PACKAGE, "scope": ""}),
    Deed(ask_for_file, MEMBERS - {"opd_own", "opd_other"}, lambda c: {
        "assessment": c.year, "kind": FileKind.REPORT_PDF, "scope": ""}),
    Deed(waive_kind, REVIEWING, lambda c: {
        "answer_id": c.answer.pk, "kind": c.kind, "reason": "Tidak berlaku"}),
    Deed(mark_document, frozenset({"gugus_tugas"}), lambda c: {
        "evidence_id": c.waiting.pk, "sensitivity": ""}),
    Deed(set_sensitive_kinds, COORDINATING, lambda c: {
        "assessment_id": c.year.pk, "chosen": {}}),
    Deed(add_comment, TALKING, lambda c: {"answer": c.answer, "text": "Mohon dilengkapi"}),
    Deed(assign_question, COORDINATING, lambda c: {
        "answer_id": c.answer.pk, "lead": None, "contributors": [], "due_on": None}),
    Deed(assign_in_bulk, COORDINATING, lambda c: {
        "assessment": c.year, "answer_ids": [c.answer.pk], "opd": c.opd, "is_lead": True,
        "due_on": date(2026, 6, 1)}),
    Deed(assign_defaults, COORDINATING, lambda c: {"assessment_id": c.year.pk}),
    Deed(import_points, COORDINATING, lambda c: {
        "assessment": c.year, "kind": ScoreKind.CLAIMED, "points": {"1.1": Decimal(3)},
        "overwrite": True}),
    Deed(enter_official, COORDINATING, lambda c: {
        "answer_id": c.answer.pk, "kind": ScoreKind.VA, "points": Decimal(3), "why": "BA 1"}),
    Deed(submit_assessment, COORDINATING, lambda c: {"assessment_id": c.year.pk}),
    Deed(advance_stage, COORDINATING, lambda c: {
        "assessment_id": c.year.pk, "seen": Stage.SUBMITTED}, Stage.SUBMITTED),
    Deed(reopen_stage, ADMINS, lambda c: {
        "assessment_id": c.year.pk, "seen": Stage.SUBMITTED, "stage": Stage.SELF_ASSESSMENT,
        "reason": "Perbaikan"}, Stage.SUBMITTED),
    Deed(remind_opd, frozenset({"gugus_tugas"}), lambda c: {
        "assessment_id": c.year.pk, "opd": c.year.city.opds.get(code="DINKES")}),
    Deed(open_rescue_window, frozenset({"gugus_tugas"}), lambda c: {
        "assessment_id": c.year.pk, "answer_ids": [c.answer.pk], "closes_at": later(60),
        "note": ""}, Stage.FIELD),
    Deed(open_assessment, ADMINS, lambda c: {
        "city": c.year.city, "instrument": c.year.instrument, "year": 2027, "target": None,
        "deadline": None}),
    Deed(change_assessment, ADMINS, lambda c: {
        "assessment_id": c.year.pk, "target": None, "deadline": date(2026, 6, 1)}),
    Deed(settle_agencies_of, ADMINS, lambda c: {
        "city": c.year.city,
        "choices": [AgencyChoice("DINKES", AgencyState.OWN, "Dinkes", "perangkat_daerah")]}),
    Deed(set_effort, COORDINATING, lambda c: {
        "answer_id": c.answer.pk, "value": 3, "note": ""}),
    Deed(save_plan, COORDINATING, lambda c: {
        "assessment_id": c.year.pk, "name": "Rencana", "basis": Basis.PROVEN, "start": Decimal(0),
        "goal": Decimal(9), "predikat": "", "steps": [
            PlannedStep(c.answer.pk, Decimal(0), Decimal(9), 3)]}),
    Deed(save_reports, frozenset(), lambda c: {
        "unit_id": c.report.unit_id, **REPORTING, "entries": {"26.5": Entry(Said(yes=True))}}),
    Deed(repeat_reports, frozenset(), lambda c: {
        "unit_id": c.report.unit_id, **REPORTING, "codes": ["26.5"]}),
    Deed(keep_import, frozenset({"gugus_tugas"}), lambda c: {
        "city": c.year.city, "kind": REPORTS, "reading": Reading([]), "name": "l.xlsx"}),
    Deed(send_reports, frozenset(), lambda c: {"unit_id": c.report.unit_id, **REPORTING}),
    Deed(accept_reports, frozenset({"gugus_tugas"}), lambda c: {
        "unit_id": c.report.unit_id, **REPORTING, "seen": {c.report.pk}}),
    Deed(return_report, frozenset({"gugus_tugas"}), lambda c: {
        "report_id": c.report.pk, "reason": "Lampirkan keputusan"}),
    Deed(load_units, ADMINS, lambda c: {
        "city": DistrictFactory(city=c.year.city).city}),
    Deed(change_unit, ADMINS, lambda c: {
        "unit_id": c.report.unit_id, "head": "Lurah", "contact": "", "members": []}),
    Deed(rename_unit, ADMINS, lambda c: {
        "unit_id": c.report.unit_id, "name": "Baru", "on": date(2026, 1, 1), "basis": "Perda 1"}),
    Deed(end_unit, ADMINS, lambda c: {
        "unit_id": c.report.unit_id, "on": date(2026, 1, 1), "basis": "Perda 1"}),
    Deed(succeed_units, ADMINS, lambda c: {
        "kind": ChangeKind.PROMOTED, "before": [c.report.unit_id], "on": date(2026, 1, 1),
        "after": [NewUnit("72.01.2001", "Baru", UnitLevel.KELURAHAN)], "basis": "Perda 1"}),
    Deed(record_counts, OF_CHILD_DATA, lambda c: {
        "place": Place(c.year.city, "anak-sekolah", 2025), "told": Told(PUPILS), "seen": 0}),
    Deed(record_sheet, OF_CHILD_DATA, lambda c: {"tables": [
        (2, Place(c.year.city, "anak-sekolah", 2025), Told(PUPILS), 0)]}),
    Deed(explain_difference, OF_CHILD_DATA, lambda c: {
        "place": Place(c.year.city, "anak-sekolah", 2025), "why": "Asrama",
        "seen": counted_below(c.year.city)}),
    Deed(record_declaration, COORDINATING, lambda c: {
        "unit_id": c.report.unit_id, "facts": DECLARED}),
    Deed(change_declaration, COORDINATING, lambda c: {
        "declaration_id": DeclarationFactory(unit=c.report.unit).pk, "facts": DECLARED}),
    Deed(remove_declaration, COORDINATING, lambda c: {
        "declaration_id": DeclarationFactory(unit=c.report.unit).pk}),
    Deed(remove_declaration_file, COORDINATING, lambda c: {
        "file_id": DeclarationFileFactory(declaration__unit=c.report.unit).pk}),
    Deed(set_rating_rules, COORDINATING, lambda c: {
        "city": c.year.city, **REPORTING, "facts": replace(
            RatingFacts.of(packaged_rules()), source="Keputusan 1")}),
    Deed(copy_set, COORDINATING, lambda c: {
        "city": c.year.city, "code": "kla-2023", "title": "Kriteria kota"}),
    Deed(save_criterion, COORDINATING, lambda c: {
        "set_id": draft_of(c).pk, "criterion": replace(draft_of(c).as_set().criteria[0], code="K2")}),
    Deed(remove_criterion, COORDINATING, lambda c: {"set_id": draft_of(c).pk, "code": "K1"}),
    Deed(publish_set, COORDINATING, lambda c: {"set_id": draft_of(c, instrument="").pk}),
    Deed(discard_set, COORDINATING, lambda c: {"set_id": draft_of(c).pk}),
    Deed(choose_set, COORDINATING, lambda c: {
        "city": c.year.city, "year": 2024, "code": "drppa"}),
    Deed(draw_sample, frozenset({"gugus_tugas"}), lambda c: {
        "city": c.year.city, "year": 2025, "per_district": 2}),
    Deed(choose_sample, frozenset({"gugus_tugas"}), lambda c: {
        "city": c.year.city, "year": 2025, "units": {c.report.unit_id}, "reason": "Terpencil"}),
    Deed(record_facility, COORDINATING, lambda c: {  # an OPD none of nobody's
        "city": c.year.city, "facts": FacilityFacts("prap", "", "Puskesmas")}),
    Deed(change_facility, OF_FACILITIES, lambda c: {
        "facility_id": c.facility.pk,
        "facts": FacilityFacts("prap", "", "Puskesmas", opd=c.opd)}),
    Deed(record_credential, OF_FACILITIES, lambda c: {
        "facility_id": c.facility.pk, "facts": CredentialFacts("sk", "1", date(2025, 1, 1))}),
    Deed(change_credential, OF_FACILITIES, lambda c: {
        "credential_id": CredentialFactory(facility=c.facility).pk,
        "facts": CredentialFacts("sk", "1", date(2025, 1, 1))}),
    Deed(remove_credential, OF_FACILITIES, lambda c: {
        "credential_id": CredentialFactory(facility=c.facility).pk}),
    Deed(file_credential, OF_FACILITIES, lambda c: {
        "credential_id": CredentialFactory(facility=c.facility).pk, "file": checked()}),
    Deed(facility_photos.add_photo, OF_FACILITIES, lambda c: {
        "facility_id": c.facility.pk, "caption": "",
        "file": checked(b"foto", "foto.jpg", "image/jpeg")}),
    Deed(facility_photos.remove_photo, OF_FACILITIES, lambda c: {
        "photo_id": FacilityPhotoFactory(facility=c.facility).pk}),
    Deed(record_use, OF_FACILITIES, lambda c: {
        "facility_id": c.facility.pk, "year": 2025, "boys": 1, "girls": 1, "special": 0}),
    Deed(record_visit, OF_FACILITIES, lambda c: {
        "facility_id": c.facility.pk, "checklist": "prap-data", "on": date(2025, 1, 1),
        "found": Findings({str(i): "ya" for i in range(1, 16)}), "note": ""}),
    Deed(record_finding, OF_FACILITIES, lambda c: {
        "facility_id": c.facility.pk, "facts": FindingFacts("Pintu rusak"), "file": None}),
    Deed(close_finding, OF_FACILITIES, lambda c: {
        "finding_id": FindingFactory(facility=c.facility).pk, "done": "Diganti"}),
    Deed(plan_finding, COORDINATING, lambda c: {
        "finding_id": FindingFactory(facility=c.facility).pk, "opd": None,
        "due_on": date(2026, 4, 1)}),
    Deed(keep_import, COORDINATING | {"opd_own", "opd_other"}, lambda c: {
        "city": c.year.city, "kind": FACILITIES, "reading": Reading([]), "name": "a.csv"}),
    Deed(create_route, COORDINATING, lambda c: {
        "city": c.year.city, "name": "Rute", "on": date(2026, 5, 1)}),
    Deed(add_stop, COORDINATING, lambda c: {
        "route_id": RouteFactory(city=c.year.city).pk, "facility": c.facility, "unit": None,
        "receiver": ""}),
    Deed(move_stop, COORDINATING, lambda c: {
        "stop_id": RouteStopFactory(route__city=c.year.city).pk}),
    Deed(remove_stop, COORDINATING, lambda c: {
        "stop_id": RouteStopFactory(route__city=c.year.city).pk}),
    Deed(remove_route, COORDINATING, lambda c: {"route_id": RouteFactory(city=c.year.city).pk}),
    Deed(create_opd, ADMINS, lambda c: {
        "city": c.year.city, "code": "BAPPEDA", "name": "Bappeda"}),
    Deed(invite, ADMINS, lambda c: {
        "city": c.year.city, "guests": [Guest("a@example.id", "A", Role.PIMPINAN, None)]}),
    Deed(change_member, ADMINS, lambda c: {
        "membership": c.member, "role": Role.PIMPINAN, "opd": None}),
    Deed(remove_member, ADMINS, lambda c: {"membership": c.member}),
    Deed(create_city, SITE, lambda _c: {
        "province": ProvinceFactory(), "code": "18.90", "name": "Baru", "zone": "Asia/Jakarta"}),
    Deed(set_account_active, SITE, lambda c: {"user": c.member.user, "is_active": False}),
    Deed(reset_second_factor, ADMINS, with_lost_factor),
    Deed(create_band_table, SITE, draft_of_tables),
    Deed(set_source, SITE, lambda c: {
        "question_id": c.answer.question_id, "source": SourceSpec("1.1", "gugus-tugas", "kha"),
        "seen": told_source(None)}),
    Deed(use_file_source, SITE, lambda c: {"question_id": c.answer.question_id}),
    Deed(record_regulation, COORDINATING, lambda c: {"city": c.year.city, "facts": FACTS}),
    Deed(draft_regulation, {"opd_own"}, lambda c: {
        "assessment": topic_year(c), "facts": DraftFacts("perda", 2026, "Anak", "1.1")}),
    Deed(redraft_regulation, {"opd_own"}, lambda c: {
        "regulation": RegulationFactory(
            city=c.year.city, number="", is_draft=True, initiator=c.opd),
        "assessment": topic_year(c), "facts": DraftFacts("perda", 2026, "Anak", "1.1")}),
    Deed(change_regulation, COORDINATING, lambda c: {"regulation": c.regulation, "facts": FACTS}),
    Deed(remove_regulation, COORDINATING, lambda c: {"regulation": c.regulation}),
    Deed(file_regulation, COORDINATING, lambda c: {
        "regulation": c.regulation, "document_id": c.accepted.document_id}),
    Deed(offer_regulation, ANSWERING, lambda c: {
        "regulation": rule_with_text(c), "answer": c.answer}),
    Deed(cover, COORDINATING, lambda c: {
        "regulation": c.regulation, "instrument": c.year.instrument, "codes": ["1.1"]}),
    Deed(relate, COORDINATING, lambda c: {
        "source": c.regulation, "target": RegulationFactory(city=c.year.city),
        "kind": RelationKind.AMENDS}),
    Deed(unrelate, COORDINATING, lambda c: {"relation": RelationFactory(
        source=c.regulation, target=RegulationFactory(city=c.year.city))}),
    Deed(keep_import, COORDINATING, lambda c: {
        "city": c.year.city, "kind": FEED, "reading": Reading([]), "name": "jdih.json"}),
    Deed(record_decree, COORDINATING, lambda c: {
        "city": c.year.city, "facts": DecreeFacts("1", DAY, DAY), "copy_from": None}),
    Deed(change_decree, COORDINATING, lambda c: {
        "decree": c.seat.decree, "facts": DecreeFacts("2", DAY, DAY)}),
    Deed(add_member, COORDINATING, lambda c: {"decree": c.seat.decree, "facts": SEAT}),
    Deed(correct_member, COORDINATING, lambda c: {"member": c.seat, "facts": SEAT}),
    Deed(replace_official, COORDINATING, lambda c: {"member": c.seat, "name": "Baru", "on": DAY}),
    Deed(add_certificate, COORDINATING, lambda c: {
        "member": c.seat, "facts": CertificateFacts("KHA", DAY)}),
    Deed(remove_certificate, COORDINATING, lambda c: {
        "certificate": CertificateFactory(member=c.seat)}),
    Deed(file_paper, COORDINATING, lambda c: {
        "paper_of": c.seat.decree, "document_id": c.accepted.document_id}),
    Deed(record_commitment, COORDINATING, lambda c: {"city": c.year.city, "facts": PROMISE}),
    Deed(change_commitment, COORDINATING, lambda c: {
        "commitment": CommitmentFactory(city=c.year.city), "facts": PROMISE}),
    Deed(release_section, COORDINATING, to_release, Stage.SUBMITTED),
    Deed(withdraw_section, COORDINATING, lambda c: {
        "assessment": c.year, "section": c.release.section}),
    Deed(release_document, COORDINATING, document_to_release, Stage.SUBMITTED),
    Deed(withdraw_document, COORDINATING, lambda c: {
        "assessment": c.year, "document": c.released.document}),
    Deed(settle_message, COORDINATING, lambda c: {
        "message": PublicMessageFactory(city=c.year.city), "state": MessageState.READ}),
    Deed(record_meeting, COORDINATING, lambda c: {"city": c.year.city, "facts": MEETING}),
    Deed(change_meeting, COORDINATING, lambda c: {"meeting": c.meeting, "facts": MEETING}),
    Deed(save_minutes, COORDINATING, lambda c: {
        "meeting": c.meeting, "text": "Dibuka.", "seen": 0}),
    Deed(close_meeting, COORDINATING, lambda c: {
        "meeting": AttendanceFactory(meeting=MeetingFactory(
            city=c.year.city, minutes="Dibuka.")).meeting, "seen": 0}),
    Deed(amend_minutes, COORDINATING, lambda c: {
        "meeting": MeetingFactory(city=c.year.city, closed=True), "text": "Koreksi"}),
    Deed(add_photo, COORDINATING, lambda c: {
        "meeting": c.meeting, "photo": PhotoFile("YQ==", "0" * 64), "caption": ""}),
    Deed(remove_photo, COORDINATING, lambda c: {"photo": PhotoFactory(meeting=c.meeting)}),
    Deed(record_attendance, COORDINATING, lambda c: {
        "meeting": c.meeting, "facts": AttendanceFacts("Ani", "PKK")}),
    Deed(strike_attendance, COORDINATING, lambda c: {
        "attendance": AttendanceFactory(meeting=c.meeting)}),
    Deed(renew_attendance_address, COORDINATING, lambda c: {"meeting": c.meeting}),
    Deed(add_decision, COORDINATING, lambda c: {
        "meeting": c.meeting, "facts": DecisionFacts("Melengkapi")}),
    Deed(change_decision, COORDINATING, lambda c: {
        "decision": DecisionFactory(meeting=c.meeting), "facts": DecisionFacts("Melengkapi")}),
    Deed(remove_decision, COORDINATING, lambda c: {
        "decision": DecisionFactory(meeting=c.meeting)}),
    Deed(settle_decision, COORDINATING | {"opd_own"}, lambda c: {
        "decision": DecisionFactory(owner_opd=c.opd, meeting=MeetingFactory(
            city=c.year.city, closed=True)), "note": "Selesai", "address": ""}),
    Deed(record_plan, COORDINATING, lambda c: {
        "city": c.year.city, "instrument": c.year.instrument,
        "facts": PlanFacts("RAD", 2025, 2030)}),
    Deed(change_plan, COORDINATING, lambda c: {
        "plan_id": c.action.plan_id, "facts": PlanFacts("RAD baru", 2025, 2030)}),
    Deed(add_link, COORDINATING, lambda c: {
        "plan_id": c.action.plan_id, "kind": LinkKind.RPJMD, "title": "RPJMD", "address": "",
        "document_id": None}),
    Deed(remove_link, COORDINATING, lambda c: {"plan_id": c.action.plan_id, "link_id": 1}),
    Deed(set_year_goal, COORDINATING, lambda c: {
        "city": c.year.city, "year": 2030, "predikat": "Madya", "source": ""}),
    Deed(record_action, COORDINATING, lambda c: {
        "plan_id": c.action.plan_id, "facts": ActionFacts(99, c.action.indicator, "Aksi")}),
    Deed(change_action, COORDINATING, lambda c: {
        "action_id": c.action.pk, "facts": ActionFacts(98, c.action.indicator, "Aksi")}),
    Deed(remove_action, COORDINATING, lambda c: {"action_id": c.action.pk}),
    Deed(set_year, COORDINATING, lambda c: {
        "action_id": c.action.pk, "year": 2026, "facts": YearFacts(ceiling=5)}),
    Deed(set_rules, COORDINATING, lambda c: {
        "city": c.year.city, "facts": RuleFacts(80, 60, 10, 40, 70, source="SK"), "seen": ""}),
    Deed(report_quarter, ANSWERING, lambda c: {
        "year_id": c.action_year.pk, "quarter": 1, "seen": 0,
        "facts": QuarterFacts(Decimal(5), 5)}),
    *(Deed(keep_import, may, lambda c, kind=kind: {
        "city": c.year.city, "kind": kind, "reading": Reading([]), "name": "rad.xlsx"})
      for kind, may in ((ACTIONS, COORDINATING), (CODES, COORDINATING), (BOUNDARIES, COORDINATING),
                        (REALISATIONS, ANSWERING | {"opd_other"}))),
    Deed(take_steps, COORDINATING, way_into_plan),
    Deed(publish_draft, SITE, lambda c: {
        "instrument": c.draft, "seen": checksum(spec_of(c.draft))}),
]
# fmt: on


def everything():
    """Every row of the packages, and every file, to be compared with itself later."""
    rows = {
        model.__name__: list(model.objects.order_by("pk").values())
        for package in (
            "cities",
            "clusters",
            "assessments",
            "regulations",
            "meetings",
            "taskforce",
            "public",
            "registers",
            "territories",
            "facilities",
            "childdata",
            "plans",
            "monitoring",
            "actionplan",
            "nomenclature",
            "api",
            "imports",
        )
        for model in apps.get_app_config(package).get_models()
    }
    return rows, stored_files()


def outcome(deed: Deed, arguments: dict[str, Any], by: User) -> str:
    """What becomes of the deed; whatever it did to the database is taken back."""
    at = timezone.now() if deed.service is invite else NOW
    with transaction.atomic():
        try:
            deed.service(**arguments, by=by, at=at)
        except PermissionDenied:
            return "refused"
        transaction.set_rollback(True)
        return "done"


@pytest.mark.parametrize("deed", DEEDS, ids=str)
def test_only_those_with_the_right_do_a_deed_whoever_calls_it(deed):
    city = city_in(deed.stage)
    people, arguments = people_of(city), deed.arguments(city)
    kept_out = [actor for actor in (*INSIDERS, *OUTSIDERS) if actor not in deed.may]
    before = everything()

    told = {actor: outcome(deed, arguments, people[actor]) for actor in kept_out}

    assert told == dict.fromkeys(kept_out, "refused")
    assert everything() == before
    for actor in deed.may:
        assert (actor, outcome(deed, deed.arguments(city), people[actor])) == (actor, "done")


def test_an_opd_touches_only_its_own_questions_and_only_what_it_handed_in():
    city = city_in(Stage.SELF_ASSESSMENT)
    contributing = staff_of(city.year, "DP3A").user  # holds the question, handed in nothing

    save_claim(
        answer_id=city.answer.pk,
        points=Decimal(7),
        value=None,
        choice="",
        note="",
        seen_at=None,
        by=contributing,
        at=NOW,
    )
    before = everything()
    for deed in (withdraw_evidence, revise_document):
        given = next(one for one in DEEDS if one.service is deed).arguments(city)
        with pytest.raises(PermissionDenied):
            deed(**given, by=contributing, at=NOW)
    assert everything() == before

"""A city at work, the people of it, and one outside, each with a token."""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from actionplan.models import Action
from assessments.choices import Stage
from assessments.models import Answer, Assessment, Evidence, Rendition, Snapshot
from assessments.models.rendition import RenditionState
from assessments.services.snapshots import freeze
from cities.models import User
from facilities.models import Credential, Facility, Finding, Route
from meetings.models import Decision
from plans.models import Plan
from public.choices import MessageState
from regulations.models import Regulation
from taskforce.models import Decree
from territories.models import CityCriteriaSet, DeclarationFile, Report
from tests.assessments.situations import staff_of, working_year
from tests.factories.actionplan import ActionFactory, ActionPlanFactory, ActionYearFactory
from tests.factories.api import key_of
from tests.factories.assessments import NOW, EvidenceFactory, SupportingDocumentFactory, answer_of
from tests.factories.childdata import ObservationFactory
from tests.factories.cities import MembershipFactory, SiteAdminFactory
from tests.factories.facilities import CredentialFactory, FindingFactory, RouteStopFactory
from tests.factories.meetings import DecisionFactory, MeetingFactory
from tests.factories.monitoring import RealisationFactory
from tests.factories.plans import PlanFactory, PlanStepFactory
from tests.factories.public import PublicMessageFactory, ReleaseFactory
from tests.factories.regulations import CoverageFactory, RegulationFactory
from tests.factories.taskforce import (
    CommitmentFactory,
    DecreeFactory,
    TaskForceMemberFactory,
)
from tests.factories.territories import (
    CityCriteriaSetFactory,
    DeclarationFileFactory,
    ReportFactory,
    UnitSeatFactory,
    VisitSampleFactory,
)

SCHOOL = "anak-sekolah"  # a variable of DISDIK
DATA_YEAR = 2025
ROLES = ("gugus_tugas", "verifikator", "pimpinan", "pendamping", "admin_kota")


@dataclass
class World:
    assessment: Assessment
    answer: Answer  # 1.2, of DISDIK
    evidence: Evidence
    report: Report  # sent
    facility: Facility  # of DISDIK in the unit of the report, with a certificate
    paper: Credential  # that certificate, with its file
    finding: Finding  # at the facility, with a photo
    regulation: Regulation  # about 1.2, with the document of the evidence as its text
    declared: DeclarationFile  # of the unit of the report
    criteria_set: CityCriteriaSet  # a draft
    action: Action  # led by DISDIK, reported for the first quarter of 2026
    decision: Decision  # of a closed meeting, for DISDIK
    route: Route  # with the facility as its stop
    snapshot: Snapshot  # of the year as it stands, by nobody of the people below
    saved_plan: Plan  # of the year, to finish 1.2
    decree: Decree  # of the Gugus Tugas, with a member
    people: dict[str, User]
    keys: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def year(self) -> str:
        return f"/api/v1/cities/{self.assessment.city.slug}/years/{self.assessment.year}/"

    @property
    def city(self) -> str:
        return f"/api/v1/cities/{self.assessment.city.slug}/"

    def key(self, who: str) -> dict[str, str]:
        if who not in self.keys:
            self.keys[who] = key_of(self.people[who])
        return self.keys[who]

    def ask(
        self, who: str, path: str, method: str = "get", data: Any = None, **headers: str
    ) -> Any:
        client = Client()
        headers = self.key(who) | headers
        if method == "get":
            return client.get(path, data, headers=headers)
        body = "" if data is None else json.dumps(data)
        return client.generic(method.upper(), path, body, "application/json", headers=headers)


def shown(document, content=b"pratinjau"):
    """The document, once what pages show of it has been made."""
    Rendition.objects.create(
        document=document,
        state=RenditionState.READY,
        file=ContentFile(content, "pratinjau"),
        media_type="application/pdf",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        made_at=NOW,
    )
    return document


def frozen(assessment):
    """The year frozen as if it had just begun."""
    stages = {"left": Stage.PREPARATION, "entered": Stage.SELF_ASSESSMENT}
    return freeze(assessment, by=SiteAdminFactory(name="Pembuka"), at=NOW, **stages)


def known_of(assessment, *, unit, opd, answer, **plan):
    """One of everything else that a city knows."""
    city = assessment.city
    document = shown(SupportingDocumentFactory(city=city, opd=opd))
    paper = CredentialFactory(
        facility__city=city, facility__unit=unit, facility__opd=opd, document=document
    )
    photo = shown(SupportingDocumentFactory(city=city, opd=opd))
    regulation = RegulationFactory(city=city)
    CoverageFactory(regulation=regulation, question=answer.question)
    plan = ActionPlanFactory(city=city, instrument=assessment.instrument, **plan)
    action = ActionFactory(plan=plan, lead=opd)
    year = ActionYearFactory(action=action, year=plan.first_year + 1)
    RealisationFactory(action_year=year)
    for place in (None, unit, unit.parent):
        ObservationFactory(city=city, variable=SCHOOL, unit=place, year=DATA_YEAR)
    meeting = MeetingFactory(city=city, closed=True)
    seat = TaskForceMemberFactory(decree=DecreeFactory(city=city))
    CommitmentFactory(city=city)
    paper_of_unit = shown(SupportingDocumentFactory(city=city))
    VisitSampleFactory(city=city).units.add(unit)
    ReleaseFactory(assessment=assessment)
    PublicMessageFactory(city=city, unit=unit, state=MessageState.PASSED_ON)
    return {
        "facility": paper.facility,
        "paper": paper,
        "finding": FindingFactory(facility=paper.facility, document=photo),
        "regulation": regulation,
        "declared": DeclarationFileFactory(declaration__unit=unit, document=paper_of_unit),
        "criteria_set": CityCriteriaSetFactory(city=city),
        "action": action,
        "decree": seat.decree,
        "route": RouteStopFactory(route__city=city, facility=paper.facility).route,
        "decision": DecisionFactory(meeting=meeting, owner_opd=opd),
    }


@pytest.fixture
def world(db) -> World:
    assessment = working_year()
    city = assessment.city
    answer = answer_of(assessment, "1.2")
    report = ReportFactory(sent=True, unit__city=city, year=assessment.year - 1)
    seat = UnitSeatFactory(unit=report.unit)
    opd = city.opds.get(code="DISDIK")
    known = known_of(assessment, unit=report.unit, opd=opd, answer=answer)
    evidence = EvidenceFactory(answer=answer, document__opd=opd)
    known["regulation"].document = evidence.document
    known["regulation"].save()
    return World(
        assessment=assessment,
        answer=answer,
        evidence=evidence,
        report=report,
        snapshot=frozen(assessment),
        saved_plan=PlanStepFactory(plan=PlanFactory(assessment=assessment), answer=answer).plan,
        **known,
        people={
            "stranger": MembershipFactory(admin_kota=True).user,
            "opd_own": staff_of(assessment, "DISDIK").user,
            "opd_other": staff_of(assessment, "DINKES").user,
            **{role: MembershipFactory(city=city, **{role: True}).user for role in ROLES},
            "wilayah": seat.membership.user,
            "forum_anak": MembershipFactory(city=city, forum_anak=True).user,
            "site_admin": SiteAdminFactory(),
        },
    )

"""A city at work, the people of it, and one outside, each with a token."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client

from assessments.models import Answer, Assessment, Evidence
from cities.models import User
from territories.models import Report
from tests.assessments.situations import staff_of, working_year
from tests.factories.api import key_of
from tests.factories.assessments import EvidenceFactory, answer_of
from tests.factories.cities import MembershipFactory, SiteAdminFactory
from tests.factories.territories import ReportFactory, UnitSeatFactory

ROLES = ("gugus_tugas", "verifikator", "pimpinan", "pendamping", "admin_kota")


@dataclass
class World:
    assessment: Assessment
    answer: Answer  # 1.2, of DISDIK
    evidence: Evidence
    report: Report  # sent
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


@pytest.fixture
def world(db) -> World:
    assessment = working_year()
    city = assessment.city
    answer = answer_of(assessment, "1.2")
    report = ReportFactory(sent=True, unit__city=city, year=assessment.year - 1)
    seat = UnitSeatFactory(unit=report.unit)
    return World(
        assessment=assessment,
        answer=answer,
        evidence=EvidenceFactory(answer=answer, document__opd=city.opds.get(code="DISDIK")),
        report=report,
        people={
            "stranger": MembershipFactory(admin_kota=True).user,
            "opd_own": staff_of(assessment, "DISDIK").user,
            "opd_other": staff_of(assessment, "DINKES").user,
            **{role: MembershipFactory(city=city, **{role: True}).user for role in ROLES},
            "wilayah": seat.membership.user,
            "site_admin": SiteAdminFactory(),
        },
    )

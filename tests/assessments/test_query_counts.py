"""A page costs as many queries with thirty of everything on it as with one."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.choices import Deed, ScoreKind
from assessments.models import Answer, Comment, Evidence, StageScore
from assessments.services.activity import record
from clusters.spec import AgencySpec, EvidenceKindSpec
from tests.assessments.situations import NOW
from tests.factories.assessments import AwardFactory, EvidenceFactory, granted, open_year
from tests.factories.cities import (
    CityFactory,
    MembershipFactory,
    OpdFactory,
    SiteAdminFactory,
    UserFactory,
)
from tests.factories.clusters import small_spec
from tests.test_access_matrix import PARTS, TABLE, WRONG_METHOD

pytestmark = pytest.mark.django_db

# page: (who opens it, the most queries that it may cost)
PAGES = {
    "assessments:city_list": ("site_admin", 10),
    "assessments:city_dashboard": ("pimpinan", 13),
    "assessments:task_list": ("opd", 9),
    "assessments:assessment_list": ("pimpinan", 7),
    "assessments:assessment_open": ("admin_kota", 8),
    "assessments:assessment_detail": ("pimpinan", 13),
    "assessments:assessment_edit": ("admin_kota", 5),
    "assessments:sheet_import": ("gugus_tugas", 14),
    "assessments:question_list": ("gugus_tugas", 11),
    "assessments:question_detail": ("gugus_tugas", 16),
    "assessments:review_queue": ("verifikator", 6),
    "assessments:evidence_review": ("verifikator", 7),
    "assessments:assignment_list": ("gugus_tugas", 10),
    "assessments:assignment_edit": ("gugus_tugas", 8),
    "clusters:instrument_list": ("pimpinan", 3),
    "clusters:instrument_detail": ("pimpinan", 12),
    "cities:city_create": ("site_admin", 3),
    "cities:city_edit": ("admin_kota", 4),
    "cities:opd_list": ("admin_kota", 5),
    "cities:opd_create": ("admin_kota", 4),
    "cities:opd_edit": ("admin_kota", 5),
    "cities:member_list": ("admin_kota", 6),
    "cities:member_create": ("admin_kota", 6),
    "cities:member_edit": ("admin_kota", 6),
    "cities:member_remove": ("admin_kota", 5),
}
# These lead elsewhere or send a file; nothing on them grows.
NO_LISTS = {
    "assessments:claim_save",
    "assessments:comment_add",
    "assessments:document_download",
    "assessments:document_upload",
    "assessments:document_view",
    "assessments:matrix_template",
    "assessments:package_download",
    "assessments:points_grant",
}
ADMIN_LISTS = sorted(
    f"{model._meta.app_label}_{model._meta.model_name}"
    for model in admin.site._registry
    if model._meta.app_label in {"cities", "clusters", "assessments"}
)
ADMIN_MOST = 7


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
        self.evidence = self._papers(answers)
        self._talk(answers[0])
        for i in range(1, n):
            open_year(city=self.city, year=2026 - i)
        AwardFactory.create_batch(n, city=self.city)
        for person in self.people:
            MembershipFactory(city=self.city, user=person, of_opd=True, opd=self.opds[0])
        self.members = {
            role: MembershipFactory(city=self.city, **{role: True})
            for role in ("gugus_tugas", "verifikator", "pimpinan", "admin_kota")
        }
        self.site_admin = SiteAdminFactory()
        self.members["opd"] = self.city.memberships.filter(opd=self.opds[0]).first()

    def _papers(self, answers):
        """n waiting, returned and accepted at the first question, one at each other."""
        first, *others = answers
        granted(first, "1")
        for opd, person in zip(self.opds, self.people, strict=True):
            for trait in ({}, {"returned": True}, {"accepted": True}):
                offered = EvidenceFactory(
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
        return Evidence.objects.waiting().filter(answer=offered.answer).first()

    def _talk(self, answer):
        for person in self.people:
            Comment.objects.create(answer=answer, text="Mohon dilengkapi", by=person, at=NOW)
            record(Deed.CLAIM_SAVED, assessment=self.assessment, answer=answer, by=person, at=NOW)

    def opener(self, role):
        return self.site_admin if role == "site_admin" else self.members[role].user

    def address(self, name):
        noun = name.partition(":")[2].partition("_")[0]
        subject = {"opd": self.opds[0].pk, "member": self.members["opd"].pk}
        rows = {
            "city_slug": self.city.slug,
            "year": 2026,
            "code": "0.0",
            "pk": subject.get(noun, self.evidence.pk),
        }
        if name == "clusters:instrument_detail":
            rows["code"] = self.assessment.instrument.code
        return reverse(name, kwargs={part: rows[part] for part in PARTS[name]})


def queries_of(user, url):
    client = Client()
    client.force_login(user)
    client.get(url)  # content types and the like are looked up once a process
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return [query["sql"] for query in queries]


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
        if name.startswith(("cities:", "clusters:", "assessments:")) and get != WRONG_METHOD
    }

    assert read == PAGES.keys() | NO_LISTS


def test_no_page_costs_more_with_thirty_than_with_one(one, thirty):
    counted = {}
    for name, (role, _most) in PAGES.items():
        few, many = (queries_of(crowd.opener(role), crowd.address(name)) for crowd in (one, thirty))
        counted[name] = (len(few), len(many))

    assert counted == {name: (many, many) for name, (_few, many) in counted.items()}
    assert {n: many for n, (_few, many) in counted.items() if many > PAGES[n][1]} == {}


def test_the_list_of_cities_costs_the_same_with_thirty_cities(one):
    url = reverse("assessments:city_list")
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

"""An OPD drafts a rule for a topic of its own; who manages the register takes it further."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from assessments.models import Assignment
from cities.models import CityActivity
from regulations.choices import Force
from regulations.models import Regulation
from regulations.queries.coverage import coverage_board
from regulations.queries.drafts import agenda_of_drafts
from regulations.services.drafts import DraftFacts, draft_regulation, redraft_regulation
from regulations.services.regulations import change_regulation
from tests.assessments.situations import refused, secretary_of, staff_of, working_year
from tests.factories.assessments import NOW, answer_of
from tests.factories.clusters import small_spec
from tests.factories.regulations import RegulationFactory
from tests.regulations.test_register import FACTS

DRAFT = DraftFacts("perkada", 2027, "Pengasuhan  anak", "1.1", "https://contoh.example/naskah")


@pytest.fixture
def year(db):
    """1.1 is the only topic; DP3A leads it, DISDIK holds 1.2 alone."""
    return working_year(spec=small_spec("kla-2023"))


@pytest.fixture
def staff(year):
    return staff_of(year, "DP3A")


def drafted(year, staff, facts=DRAFT):
    return draft_regulation(assessment=year, facts=facts, by=staff.user, at=NOW)


def test_a_draft_has_no_number_and_never_counts_until_somebody_takes_it_on(year, staff):
    draft = drafted(year, staff)

    rule = Regulation.objects.with_revocation().get()
    assert (rule, str(rule)) == (draft, "Rancangan peraturan kepala daerah 2027")
    assert (rule.title, rule.initiator, rule.is_draft) == ("Pengasuhan anak", staff.opd, True)
    assert [one.question.code for one in rule.coverages.all()] == ["1.1"]
    assert rule.force_on(date(2099, 1, 1)) == Force.DRAFT
    told = CityActivity.objects.order_by("position").values_list("deed", "by", "after__draft")
    assert ("regulation_recorded", staff.user_id, "Rancangan") in list(told)

    change_regulation(regulation=rule, facts=FACTS, by=secretary_of(year), at=NOW)

    rule = Regulation.objects.with_revocation().get()
    assert rule.force_on(date(2099, 1, 1)) == Force.IN_FORCE
    with refused("taken_on"):
        redraft_regulation(regulation=draft, assessment=year, facts=DRAFT, by=staff.user, at=NOW)


def test_a_topic_or_draft_of_others_is_refused(year, staff):
    other, foreign = staff_of(year, "DISDIK"), staff_of(working_year(), "DP3A")
    draft = drafted(year, staff)
    Assignment.objects.create(answer=answer_of(year, "1.1"), opd=staff_of(year, "DINKES").opd)
    beside = staff_of(year, "DINKES")  # holds the topic too, but did not draft it
    before = list(Regulation.objects.values())

    for by in (other.user, foreign.user, secretary_of(year)):
        with pytest.raises(PermissionDenied):
            draft_regulation(assessment=year, facts=DRAFT, by=by, at=NOW)
    for by in (other.user, foreign.user, beside.user):
        with pytest.raises(PermissionDenied):
            redraft_regulation(regulation=draft, assessment=year, facts=DRAFT, by=by, at=NOW)
    with pytest.raises(PermissionDenied):  # 1.2 asks for no regulation
        drafted(year, other, DraftFacts("perda", 2027, "Lain", "1.2"))

    assert list(Regulation.objects.values()) == before


def test_a_second_press_of_the_button_records_nothing_twice(year, staff):
    drafted(year, staff)
    with refused("drafted_already"):
        drafted(year, staff, DraftFacts("perkada", 2027, "pengasuhan anak", "1.1"))
    drafted(year, staff, DraftFacts("perda", 2027, "Anak dan keluarga", "1.1"))

    assert Regulation.objects.count() == 2  # drafts without a number stand beside each other


def test_only_a_draft_may_be_without_a_number(year):
    with pytest.raises(ValidationError, match=r"Hanya rancangan yang boleh belum bernomor\."):
        RegulationFactory.build(city=year.city, number="", by=secretary_of(year)).full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        RegulationFactory(city=year.city, number="")


def test_an_opd_goes_from_the_register_to_its_draft_and_corrects_it(client, year, staff):
    client.force_login(staff.user)
    coverage = reverse("regulations:coverage_detail", args=[year.city.slug, year.year])
    create = reverse("regulations:draft_create", args=[year.city.slug])

    assert f'href="{coverage}"' in client.get(f"/kota/{year.city.slug}/produk-hukum/").text
    assert f'href="{create}?topik=1.1"' in client.get(coverage).text
    form = client.get(f"{create}?topik=1.1").context["form"]
    assert (form.initial["topic"], [code for code, _ in form.fields["topic"].choices]) == (
        "1.1",
        ["1.1"],
    )
    sent = {"topic": "1.1", "kind": "perda", "title": "Pengasuhan", "year": "2027"}
    shown = client.post(create, sent, follow=True)
    assert "Rancangan tersimpan. Gugus Tugas meneruskannya." in shown.text
    edit = reverse("regulations:draft_edit", args=[year.city.slug, Regulation.objects.get().pk])
    assert f'href="{edit}"' in shown.text
    assert client.get(edit).context["form"].initial["topic"] == "1.1"
    client.post(edit, {**sent, "title": "Pengasuhan anak"})
    assert Regulation.objects.get().title == "Pengasuhan anak"
    page = client.get(coverage)
    assert (create in page.text, page.context["board"].missing[0].draft is None) == (False, False)


def test_the_pages_of_a_draft_are_nobody_elses(client, year, staff):
    draft = drafted(year, staff)
    edit = reverse("regulations:draft_edit", args=[year.city.slug, draft.pk])
    answers = {}
    for name, user in [("disdik", staff_of(year, "DISDIK").user), ("gugus", secretary_of(year))]:
        client.force_login(user)
        page = client.get(draft.get_absolute_url())
        answers[name] = (client.post(edit).status_code, edit in page.text, page.status_code)

    assert answers == {"disdik": (404, False, 200), "gugus": (403, False, 200)}


def test_an_opd_sees_the_coverage_of_its_own_topics_only(client, year, staff):
    url = reverse("regulations:coverage_detail", args=[year.city.slug, year.year])
    boards = {}
    for name in ("DP3A", "DISDIK"):
        client.force_login(staff_of(year, name).user)
        context = client.get(url).context
        boards[name] = (
            [row.answer.question.code for row in context["board"].policy],
            context["sentence"],
        )

    assert boards["DP3A"][0] == ["1.1"]
    (row,) = coverage_board(year, staff).policy
    assert (row.lead, row.beside) == (staff.opd, [])
    beside = year.city.opds.get(code="DINKES")
    Assignment.objects.create(answer=answer_of(year, "1.1"), opd=beside)
    assert coverage_board(year, staff).policy[0].beside == [beside]
    assert boards["DISDIK"] == ([], "Tidak ada topik produk hukum pada pertanyaan OPD Anda.")


def test_the_agenda_names_what_opds_have_drafted(year, staff, django_assert_num_queries):
    RegulationFactory(city=year.city, is_draft=True)  # of the legal office itself
    RegulationFactory(city=working_year().city, is_draft=True, number="", initiator=staff.opd)
    for number in range(7):
        RegulationFactory(
            city=year.city, is_draft=True, number="", title=f"Anak {number}", initiator=staff.opd
        )

    with django_assert_num_queries(1):
        agenda = agenda_of_drafts(year.city, today=NOW.date())

    first = f"Rancangan peraturan daerah 2020 tentang Anak 0 ({staff.opd})"
    assert (agenda[0], len(agenda)) == (first, 6)
    assert agenda[-1] == "2 rancangan produk hukum lain dari OPD"

"""What somebody of a role does first, until the person puts it away."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from cities.models import CityActivity
from cities.roles import FIRST_STEPS, Role
from cities.services.members import change_member, close_guide
from tests.assessments.situations import staff_of, working_year
from tests.factories.cities import CityFactory, MembershipFactory, SiteAdminFactory

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 21, 7, 30, tzinfo=UTC)
HEADING = "Tugas Anda sebagai"


@pytest.fixture
def year(db):
    return working_year()


def somebody(year, role):
    if role == Role.OPD:
        return staff_of(year, "DISDIK")
    return MembershipFactory(city=year.city, **{str(role): True})


def start_page(client):
    return client.get(reverse("home"), follow=True)


@pytest.mark.parametrize("role", Role)
def test_every_role_finds_its_three_steps_where_it_begins(client, year, role):
    client.force_login(somebody(year, role).user)

    text = start_page(client).text

    assert f"{HEADING} {role.label}" in " ".join(text.split())
    assert len(FIRST_STEPS[role]) == 3
    assert [str(step) in text for step in FIRST_STEPS[role]] == [True] * 3
    others = {step for other, steps in FIRST_STEPS.items() if other != role for step in steps}
    assert [str(step) for step in others if str(step) in text] == []


@pytest.mark.parametrize("role", Role)
def test_every_role_can_put_them_away(client, year, role):
    client.force_login(somebody(year, role).user)

    client.post(reverse("cities:guide_close", args=[year.city.slug]))

    page = start_page(client)
    assert (page.status_code, HEADING in page.text) == (200, False)


def test_what_was_put_away_stays_away_for_this_person_in_this_city(client, year):
    member, colleague = staff_of(year, "DISDIK"), staff_of(year, "DISDIK")
    client.force_login(member.user)

    response = client.post(reverse("cities:guide_close", args=[year.city.slug]), follow=True)

    assert HEADING not in response.text
    assert response.redirect_chain[-1][0] == reverse("assessments:task_list", args=[year.city.slug])
    client.force_login(colleague.user)
    assert HEADING in start_page(client).text


def test_it_stands_on_no_other_page(client, year):
    client.force_login(somebody(year, Role.VERIFIKATOR).user)

    for name in ("question_list", "assessment_detail", "review_queue"):
        page = client.get(reverse(f"assessments:{name}", args=[year.city.slug, year.year]))
        assert (page.status_code, HEADING in page.text) == (200, False)


def test_putting_it_away_twice_keeps_the_first_moment_and_leaves_no_entry(year):
    member = staff_of(year, "DISDIK")
    entries = CityActivity.objects.count()
    for at in (AT, AT.replace(year=2027)):
        close_guide(city=year.city, by=member.user, at=at)

    member.refresh_from_db()
    assert (member.guide_closed_at, CityActivity.objects.count()) == (AT, entries)


def test_it_is_put_away_in_one_city_only(year):
    member = staff_of(year, "DISDIK")
    there = MembershipFactory(pimpinan=True, user=member.user, city=CityFactory())

    close_guide(city=year.city, by=member.user, at=AT)

    there.refresh_from_db()
    assert there.guide_closed_at is None


def test_a_stranger_puts_nothing_away(year):
    member = staff_of(year, "DISDIK")
    stranger = MembershipFactory(pimpinan=True)

    close_guide(city=year.city, by=stranger.user, at=AT)

    for one in (member, stranger):
        one.refresh_from_db()
        assert one.guide_closed_at is None


@pytest.mark.parametrize(("role", "told"), [(Role.VERIFIKATOR, True), (Role.PIMPINAN, False)])
def test_who_gets_another_role_is_told_what_that_one_does(year, role, told):
    admin = MembershipFactory(admin_kota=True, city=year.city)
    member = MembershipFactory(pimpinan=True, city=year.city)
    close_guide(city=year.city, by=member.user, at=AT)
    member.refresh_from_db()

    changed = change_member(membership=member, role=role, opd=None, by=admin.user, at=AT)

    changed.refresh_from_db()
    assert bool(changed.first_steps) == told


def test_a_site_administrator_is_told_nothing_in_a_city_of_others(client, year):
    client.force_login(SiteAdminFactory())

    page = client.get(reverse("assessments:city_dashboard", args=[year.city.slug]))

    assert (page.status_code, HEADING in page.text) == (200, False)

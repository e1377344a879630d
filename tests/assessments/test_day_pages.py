"""Every page that asks for a date asks in Indonesian and brings its calendar."""

import pytest
from django.urls import reverse

from tests.assessments.situations import admin_of, secretary_of, staff_of
from tests.factories.assessments import EvidenceFactory

pytestmark = pytest.mark.django_db


def address(year, name, *more):
    return reverse(name, args=[year.city.slug, year.year, *more])


@pytest.fixture
def pages(year, answer):
    staff = staff_of(year, "DISDIK")
    returned = EvidenceFactory(answer=answer, returned=True, opd=staff.opd, document__opd=staff.opd)
    a, city = "assessments:", [year.city.slug]
    return {
        (staff.user, answer.get_absolute_url()): 9,
        (staff.user, address(year, f"{a}document_revise", returned.pk)): 4,
        (secretary_of(year), address(year, f"{a}assignment_list")): 1,
        (secretary_of(year), address(year, f"{a}assignment_edit", "1.2")): 1,
        (admin_of(year), address(year, f"{a}evidence_window_edit")): 2,
        (admin_of(year), address(year, f"{a}assessment_edit")): 3,
        (admin_of(year), address(year, f"{a}trail_list")): 2,
        (admin_of(year), reverse("cities:trail_list", args=city)): 2,
        (admin_of(year), reverse(f"{a}assessment_open", args=city)): 3,
    }


def test_a_page_with_a_date_brings_the_calendar_and_never_the_browsers_own_field(client, pages):
    found = {}
    for user, place in pages:
        client.force_login(user)
        page = client.get(place).text
        assert ('type="date"' in page, 'type="datetime-local"' in page) == (False, False), place
        found[user, place] = page.count(" data-day")
        assert "js/days.js" in page, place

    assert found == pages

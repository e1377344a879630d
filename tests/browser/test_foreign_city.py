"""An OPD sees nothing of another city, under whichever city's address it looks."""

import pytest
from playwright.sync_api import expect

from tests.assessments.situations import hand_in, staff_of, working_year
from tests.factories.assessments import answer_of, open_year
from tests.factories.cities import MembershipFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_foreign_citys_question_and_document_are_not_found_under_either_address(
    sign_in, complaints
):
    foreign_year = working_year()
    foreign = answer_of(foreign_year, "1.2")
    [evidence] = hand_in(foreign, by=staff_of(foreign_year, "DISDIK").user)
    member = MembershipFactory(of_opd=True)
    open_year(city=member.city)
    page = sign_in(member.user)

    cities = (member.city.slug, foreign_year.city.slug)
    paths = [f"/kota/{foreign_year.city.slug}/", f"/kota/{foreign_year.city.slug}/tugas/"]
    for slug in cities:
        paths += [
            f"/kota/{slug}/penilaian/{foreign_year.year}/pertanyaan/1.2/",
            f"/kota/{slug}/dokumen/{evidence.document_id}/",
            f"/kota/{slug}/dokumen/{evidence.document_id}/lihat/",
        ]
    for path in paths:
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_have_text("Halaman tidak ditemukan")

    assert complaints.taken() == [f"404 {path}" for path in paths]

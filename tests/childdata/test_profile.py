"""The profile: two years side by side, by cluster and sex, and what is missing."""

from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from childdata.queries.profile import profile_of
from childdata.register import CHILDREN
from childdata.tables import Cell
from registers.contract import Count, YearCount
from registers.registry import sight_of, source_for
from registers.services.taking import take_value
from tests.assessments.situations import NOW, city_with_opds, secretary_of
from tests.factories.assessments import answer_of, open_year
from tests.factories.childdata import ObservationFactory
from tests.factories.cities import CityFactory, MembershipFactory, OpdFactory
from tests.factories.clusters import only
from tests.factories.territories import UnitFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def member():
    """Of a city that knows its children of both years, and those with a certificate of one."""
    city = city_with_opds()
    tell(city)
    return MembershipFactory(gugus_tugas=True, city=city)


def tell(city):
    ObservationFactory(city=city, year=2024, counts={Cell("L"): 400, Cell("P"): 400})
    ObservationFactory(city=city, year=2025)
    ObservationFactory(city=city, variable="akta", counts={Cell("L"): 450, Cell("P"): 300})
    ObservationFactory(city=city, variable="bkb", counts={Cell(""): 20})
    ObservationFactory(city=city, variable="kia", unit=UnitFactory(city=city, kecamatan=True))
    ObservationFactory(variable="kia")  # another city


def address(member, name="profile_detail"):
    return reverse(f"childdata:{name}", args=[member.city.slug, 2025])


def test_each_variable_has_two_years_with_its_share(member):
    first = profile_of(member, 2025).clusters[0]
    known = {row.variable.code: row for row in first.known}
    assert list(known) == ["anak", "akta"]
    assert known["akta"].years == (
        YearCount(2024, None, Count.by_sex(400, 400)),
        YearCount(2025, Count.by_sex(450, 300), Count.by_sex(510, 490)),
    )
    assert (known["anak"].most, known["akta"].missing) == (1000, [2024])
    assert (first.whole, first.lacks[:2]) == (
        1,
        ["Anak terdaftar (2024, 2025)", "Anak berakta kelahiran (2024)"],
    )
    akta = next(row for row in first.chart.rows if row[0] == "Anak berakta kelahiran")
    assert list(akta[1:]) == ["anak", None, None, None, None, 450, 300, 750, Decimal(75)]


def test_an_opd_sees_what_it_produces(member):
    dinas = member.city.opds.get(code="DINKES")
    staff = MembershipFactory(city=member.city, of_opd=True, opd=dinas)
    assert [one.code for one in profile_of(staff, 2025).clusters] == ["III"]


def test_the_page_shows_it_in_few_queries(client, member, django_assert_max_num_queries):
    client.force_login(member.user)
    with django_assert_max_num_queries(12):
        text = " ".join(client.get(address(member)).text.split())
    assert "1 dari 6 variabel terisi untuk 2024 dan 2025." in text
    assert "2025: 75%" in text
    assert "Anak terdaftar (2024, 2025); Anak berakta kelahiran (2024)" in text


@pytest.mark.parametrize("year", [2000, 2099])
def test_a_year_without_numbers_is_no_page(client, member, year):
    client.force_login(member.user)
    url = reverse("childdata:profile_detail", args=[member.city.slug, year])
    assert client.get(url).status_code == 404


@pytest.mark.parametrize(("form", "begins"), [("svg", b"<svg"), ("csv", b"\xef\xbb\xbfVariabel")])
def test_a_plot_goes_out_with_its_figures(client, member, form, begins):
    client.force_login(member.user)
    answer = client.get(f"{address(member)}?data=klaster-i&format={form}")
    assert answer.content.lstrip().startswith(begins)


def test_paper_and_workbook_hold_every_cluster(client, member):
    client.force_login(member.user)
    paper = client.get(address(member, "profile_paper"))
    assert paper.content.startswith(b"%PDF")
    content = b"".join(client.get(address(member, "profile_workbook")).streaming_content)
    book = load_workbook(BytesIO(content))
    assert book.sheetnames == [
        *(f"Klaster {code}" for code in ("I", "II", "III", "IV", "V")),
        "Belum ada",
    ]
    assert [row[0] for row in book["Klaster II"].values][1:3] == [
        "Perkawinan anak",
        "Keluarga peserta BKB",
    ]


def test_the_question_takes_the_profile_as_its_document():
    city = CityFactory()
    OpdFactory(city=city, code="DP3A")
    year = open_year(city=city, spec=only(2))
    answer = answer_of(year, "2.6")

    def offer():
        return CHILDREN.answer(city_id=city.pk, city_slug=city.slug, year=year.year, key="profil")

    assert offer().is_empty
    tell(city)
    assert (offer().numerator, offer().denominator) == (1, 26)

    seen = sight_of(source_for(answer, year), offer())
    taken = take_value(answer_id=answer.pk, seen=seen, by=secretary_of(year), at=NOW)

    assert taken.document.title == "Profil anak 2024–2025"
    with taken.document.file.open() as file:
        assert file.read(4) == b"%PDF"

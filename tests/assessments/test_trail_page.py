"""The trail as a page and as a file."""

import csv
import io
from datetime import UTC, datetime

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from assessments.choices import TrailEvent
from assessments.models import Activity
from assessments.services.activity import record
from tests.assessments.situations import (
    NOW,
    claim,
    secretary_of,
    working_year,
)
from tests.factories.assessments import answer_of
from tests.factories.cities import CityFactory, MembershipFactory, SiteAdminFactory, UserFactory
from trail.address import coming_from
from workbooks.writing import csv_lines, inert, xlsx_file

pytestmark = pytest.mark.django_db

PAGES = ("trail_list", "trail_csv", "trail_xlsx")


@pytest.fixture
def admin(year, client):
    member = MembershipFactory(admin_kota=True, city=year.city)
    client.force_login(member.user)
    return member


def url_of(name, assessment):
    return reverse(f"assessments:{name}", args=[assessment.city.slug, assessment.year])


def read(response):
    """The answer, received to its end: its file is closed then."""
    if response.streaming:
        b"".join(response.streaming_content)
    return response


def positions(response):
    return [row.position for row in response.context["page_obj"]]


def csv_of(response):
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    rows = csv.reader(io.StringIO(text), delimiter=";")
    # Figures that are no number, such as an address, are kept a text.
    return [[cell.removeprefix('="').removesuffix('"') for cell in row] for row in rows]


def xlsx_of(response):
    sheet = load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def last_position(assessment):
    return assessment.activities.order_by("-position").first().position


# --- Who may ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("admin_kota", 200),
        ("gugus_tugas", 403),
        ("verifikator", 403),
        ("of_opd", 403),
        ("pimpinan", 403),
        ("pendamping", 403),
    ],
)
def test_only_the_citys_administrators_read_the_trail(client, year, name, role, status):
    client.force_login(MembershipFactory(city=year.city, **{role: True}).user)

    assert read(client.get(url_of(name, year))).status_code == status


@pytest.mark.parametrize("name", PAGES)
def test_the_administrator_of_another_city_learns_nothing(client, year, name):
    stranger = MembershipFactory(admin_kota=True, city=CityFactory())
    client.force_login(stranger.user)
    own_city = reverse(f"assessments:{name}", args=[stranger.city.slug, year.year])

    assert client.get(url_of(name, year)).status_code == 404
    assert client.get(own_city).status_code == 404


def test_a_site_administrator_reads_every_trail(client, year):
    client.force_login(SiteAdminFactory())

    assert client.get(url_of("trail_list", year)).status_code == 200


def test_nobody_can_post_to_the_trail(client, year, admin):
    assert [client.post(url_of(name, year)).status_code for name in PAGES] == [405] * 3


# --- What it shows ----------------------------------------------------------------------------


def test_the_newest_deed_comes_first_with_person_address_and_change(client, year, admin, rf):
    by = secretary_of(year, name="Ani Wijaya")
    with coming_from(rf.get("/", REMOTE_ADDR="203.0.113.9")):
        claim(answer_of(year, "1.2"), "13.2", by=by)

    response = client.get(url_of("trail_list", year))

    last = last_position(year)
    assert positions(response) == list(range(last, 0, -1))
    row = response.context["page_obj"][0]
    assert (str(row.by), row.address, row.answer.question.code) == (
        "Ani Wijaya",
        "203.0.113.9",
        "1.2",
    )
    assert [(c.label, c.before, c.after) for c in row.changes] == [("Nilai", "–", "13,2")]
    page = response.content.decode()
    assert page.count("203.0.113.9") == page.count("13,2</li>") == 1
    assert row.hash in page  # the head, to be kept outside


def test_what_people_typed_is_never_markup(client, year, admin):
    claim(answer_of(year, "1.2"), "5", note="<script>x</script>")

    assert "<script>x" not in client.get(url_of("trail_list", year)).content.decode()


def test_another_citys_or_years_deeds_are_not_shown(client, year, admin):
    other = working_year(year=2027)
    claim(answer_of(other, "1.2"), "5")
    claim(answer_of(working_year(year=2025, city=year.city), "1.1"), "5")

    response = client.get(url_of("trail_list", year))

    shown = {row.assessment_id for row in response.context["page_obj"]}
    assert shown == {year.pk}


@pytest.fixture
def busy(year):
    """Two people, three deeds around midnight of the city's 3 March (WIB is UTC+7)."""
    ani, budi = secretary_of(year, name="Ani"), secretary_of(year, name="Budi")
    before_midnight = datetime(2026, 3, 2, 16, 59, 59, tzinfo=UTC)
    midnight = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
    claim(answer_of(year, "1.1"), "5", by=ani, at=before_midnight)
    claim(answer_of(year, "1.2"), "5", by=budi, at=midnight)
    record(TrailEvent.SHEET_IMPORTED, assessment=year, by=ani, at=midnight, detail="Diklaim")
    return ani, budi


@pytest.mark.parametrize(
    ("query", "back"),
    [
        ({"aktivitas": "claim_saved"}, [2, 1]),
        ({"aktivitas": "claim_saved", "pertanyaan": "1.2"}, [1]),
        ({"pertanyaan": "1.1"}, [2]),
        ({"pertanyaan": "1"}, []),
        ({"dari": "2026-03-03"}, [1, 0]),
        ({"dari": "2026-03-03", "sampai": "2026-03-03"}, [1, 0]),
        ({"dari": "2026-03-04"}, []),
        ({"sampai": "2026-03-01"}, []),
        ({"orang": "ani", "dari": "2026-03-02"}, [2, 0]),
        ({"q": "TIDAK ADA YANG BEGINI"}, []),
        ({"orang": "ani", "urut": "lama"}, [2, 0]),
    ],
)
def test_filters_narrow_the_page_and_both_exports_alike(client, year, admin, busy, query, back):
    """`back` counts from the last line; days are the city's own."""
    if "orang" in query:
        query = query | {"orang": busy[0].pk}
    last = last_position(year)
    wanted = sorted((last - number for number in back), reverse="urut" not in query)

    page = positions(client.get(url_of("trail_list", year), query))
    assert page == wanted
    exported = csv_of(client.get(url_of("trail_csv", year), query))
    assert [int(row[0]) for row in exported[1:]] == wanted
    book = xlsx_of(client.get(url_of("trail_xlsx", year), query))
    assert [row[0] for row in book[1:]] == wanted


def test_a_filter_that_makes_no_sense_narrows_nothing_and_says_so(client, year, admin):
    response = client.get(url_of("trail_list", year), {"dari": "kemarin", "orang": "abc"})

    assert len(positions(response)) == last_position(year)
    assert set(response.context["form"].errors) == {"dari", "orang"}


def test_a_line_is_found_by_a_word_of_its_detail(client, year, admin):
    by = secretary_of(year)
    for detail in ("Matriks.pdf", "Peraturan.pdf"):
        record(TrailEvent.CLAIM_SAVED, assessment=year, detail=detail, by=by, at=NOW)

    found = client.get(url_of("trail_list", year), {"q": "matriks"})

    assert positions(found) == [last_position(year) - 1]


def test_only_people_of_this_trail_can_be_chosen(client, year, admin, busy):
    working_year(year=2027, by=SiteAdminFactory(name="Orang lain"))

    form = client.get(url_of("trail_list", year)).context["form"]

    authors = set(Activity.objects.filter(assessment=year).values_list("by", flat=True))
    assert set(form.fields["orang"].queryset.values_list("pk", flat=True)) == authors


def test_twenty_lines_make_a_page(client, year, admin):
    by = secretary_of(year)
    while last_position(year) < 21:
        record(TrailEvent.CLAIM_SAVED, assessment=year, by=by, at=NOW)

    assert positions(client.get(url_of("trail_list", year))) == list(range(21, 1, -1))
    assert positions(client.get(url_of("trail_list", year), {"halaman": 2})) == [1]


@pytest.mark.parametrize("name", PAGES)
def test_more_lines_need_no_more_queries(client, year, admin, name, django_assert_num_queries):
    url = url_of(name, year)

    claim(answer_of(year, "1.2"), "1")
    queries = 8 if name == "trail_list" else 5
    with django_assert_num_queries(queries):
        read(client.get(url))
    answer = answer_of(year, "2a.1")
    for by in UserFactory.create_batch(30):
        record(TrailEvent.CLAIM_SAVED, assessment=year, answer=answer, by=by, at=NOW)
    with django_assert_num_queries(queries):
        read(client.get(url))


# --- The files --------------------------------------------------------------------------------


def test_both_files_say_the_same_with_the_citys_own_time(client, year, admin, rf):
    by = secretary_of(year, name="Ani", email="ani@example.id")
    with coming_from(rf.get("/", REMOTE_ADDR="203.0.113.9")):
        claim(answer_of(year, "1.2"), "5", by=by, at=NOW)
    row = year.activities.order_by("-position").first()

    sheet = csv_of(client.get(url_of("trail_csv", year)))
    book = xlsx_of(client.get(url_of("trail_xlsx", year)))

    assert sheet[0] == book[0]
    assert sheet[1] == [
        str(row.position),
        "2026-03-02T10:00:00+07:00",
        "Ani",
        "ani@example.id",
        "203.0.113.9",
        "mengisi klaim",
        "1.2",
        "– → 5",
        "Nilai: –",
        "Nilai: 5",
        row.hash,
    ]
    assert [[str(value or "") for value in line] for line in book] == sheet


def test_files_are_named_for_the_city_and_year(client, year, admin):
    name = f"jejak-{year.city.slug}-2026"
    for kind in ("csv", "xlsx"):
        response = read(client.get(url_of(f"trail_{kind}", year)))
        assert response["Content-Disposition"] == f'attachment; filename="{name}.{kind}"'


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1", "|cmd", "%x"]


@pytest.mark.parametrize("text", FORMULAS)
def test_text_that_a_spreadsheet_would_run_gets_an_apostrophe(text):
    assert inert(text) == f"'{text}"


@pytest.mark.parametrize("text", ["– → 5", "Perda 3/2023", "a=b", "", "5"])
def test_other_text_stays_as_it_is(text):
    assert inert(text) == text


def test_characters_that_a_workbook_cannot_hold_are_left_out():
    assert inert("a\x00b\x0bc") == "abc"


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_of_either_file_is_a_formula(text):
    lines = "".join(csv_lines(["Rincian"], [[text]]))
    with xlsx_file("Jejak", ["Rincian"], [[text]]) as file:
        cell = load_workbook(file).active["A2"]

    assert lines.partition("\n")[2].lstrip('"').startswith("'")
    assert (cell.data_type, cell.value[0]) == ("s", "'")


def test_a_formula_in_a_persons_name_or_a_note_reaches_no_spreadsheet(client, year, admin):
    by = UserFactory(name='=HYPERLINK("http://example.org")')
    record(TrailEvent.SHEET_IMPORTED, assessment=year, by=by, at=NOW, detail="@SUM(1)")

    row = csv_of(client.get(url_of("trail_csv", year)))[1]

    assert (row[2], row[7]) == ('\'=HYPERLINK("http://example.org")', "'@SUM(1)")

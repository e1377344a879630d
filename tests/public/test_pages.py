import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from public.models import Release
from public.sections import Section
from tests.factories.cities import MembershipFactory
from tests.factories.public import PublicMessageFactory, ReleaseFactory
from tests.public.situations import change_everything, publisher_of, release


def page_of(year, name="city_page"):
    return reverse(f"public:{name}", args=[year.city.slug, year.year])


ADDRESSES = ["city_page", "poster", "picture"]


@pytest.mark.parametrize("name", ADDRESSES)
def test_nothing_is_read_of_a_year_until_something_is_released(client, year, name):
    assert client.get(page_of(year, name)).status_code == 404


def test_only_what_is_released_is_on_the_page(client, year):
    release(year, Section.SCORE, Section.COMMITMENTS)

    text = client.get(page_of(year)).content.decode()

    assert re.findall(r"<h2 id=\"([a-z-]+)\">", text) == ["predikat", "komitmen"]
    assert "Menyediakan ruang laktasi" in text
    assert "SD Negeri 1" not in text


def test_the_page_is_the_same_after_the_year_has_changed(client, year):
    release(year)
    before = client.get(page_of(year))

    change_everything(year)

    after = client.get(page_of(year))
    assert after.content == before.content
    assert after["ETag"] == before["ETag"]


def test_every_part_is_shown(client, year):
    release(year)

    text = client.get(page_of(year)).content.decode()

    assert re.findall(r"<h2 id=\"([a-z-]+)\">", text) == list(Section.values)
    for said in ("Madya", "Latih anggota Gugus Tugas", "Puskesmas Utara", "disembunyikan"):
        assert said in text


@pytest.mark.parametrize("name", ADDRESSES)
def test_a_page_for_everybody_has_no_cookie_and_may_be_kept(client, year, name):
    release(year, Section.SCORE)
    client.force_login(publisher_of(year).user)

    answer = client.get(page_of(year, name))

    assert answer.cookies == {}
    assert answer["Cache-Control"] == "public, max-age=300"
    assert "Cookie" not in answer.get("Vary", "")
    assert answer.wsgi_request.user.is_anonymous


@pytest.mark.parametrize("name", ADDRESSES)
def test_who_has_the_page_is_told_that_it_has_not_changed(client, year, name):
    release(year, Section.SCORE)
    tag = client.get(page_of(year, name))["ETag"]

    again = client.get(page_of(year, name), headers={"If-None-Match": tag})

    assert (again.status_code, again.content) == (304, b"")


def test_a_first_visit_takes_less_than_fifty_kilobytes(client, year):
    """Page, sheet and icon, as they go over the wire; with six hundred facilities."""
    [one] = release(year, Section.FACILITIES)
    rows = one.content["rows"]
    one.content["rows"] = [
        row | {"nama": f"{row['nama']} nomor {number}"} for number in range(300) for row in rows
    ]
    one.save()
    release(year, *(section for section in Section if section != Section.FACILITIES))

    page = client.get(page_of(year), headers={"Accept-Encoding": "gzip"})

    assert page["Content-Encoding"] == "gzip"
    text = gzip.decompress(page.content).decode()
    assert set(re.findall(r'(?:src|href)="(/static/[^"]+)"', text)) == {
        "/static/css/public.css",
        "/static/img/favicon.svg",
    }
    files = [Path(finders.find(name)) for name in ("css/public.css", "img/favicon.svg")]
    wire = len(page.content) + sum(len(gzip.compress(file.read_bytes())) for file in files)
    assert wire < 50_000


def test_a_chat_group_shows_what_it_is_about(client, year):
    release(year, Section.SCORE)

    text = client.get(page_of(year)).content.decode()

    told = dict(re.findall(r'<meta property="og:([a-z_:]+)" content="([^"]*)">', text))
    base = settings.KLA_BASE_URL
    assert told == {
        "type": "website",
        "locale": "id_ID",
        "site_name": "Kota Layak Anak",
        "title": f"{year.city.name} 2026",
        "description": f"{year.city.name} meraih predikat Madya pada 2026.",
        "url": f"{base}{page_of(year)}",
        "image": f"{base}{page_of(year, 'picture')}",
        "image:width": "1200",
        "image:height": "630",
    }
    assert client.get(page_of(year, "picture")).content.startswith(b"\x89PNG")


def test_the_poster_leads_to_the_page(client, year):
    release(year, Section.SCORE)

    answer = client.get(page_of(year, "poster"))

    assert answer.context["qr"].startswith("data:image/svg+xml")
    assert f"{settings.KLA_BASE_URL}{page_of(year)}" in answer.content.decode()


def test_the_list_names_each_page_once(client, year):
    release(year, Section.SCORE, Section.CLUSTERS)

    answer = client.get(reverse("public:index"))

    assert [(page.slug, page.year) for page in answer.context["pages"]] == [
        (year.city.slug, year.year)
    ]
    assert answer.content.decode().count(page_of(year)) == 1


def test_pages_take_one_query_and_that_with_documents_two(client, year, django_assert_num_queries):
    release(year)

    for address, queries in (
        (page_of(year), 2),
        (page_of(year, "poster"), 1),
        (reverse("public:index"), 1),
    ):
        with django_assert_num_queries(queries):
            client.get(address)


# --- Inside the site ------------------------------------------------------------------------


def part_of(year, section, name="release_preview"):
    return reverse(f"public:{name}", args=[year.city.slug, year.year, section.value])


@pytest.mark.parametrize("section", Section)
def test_the_preview_shows_what_the_public_will_read(client, year, section):
    member = publisher_of(year)
    client.force_login(member.user)

    preview = client.get(part_of(year, section))
    seen = preview.context["draft"].checksum
    client.post(part_of(year, section, "release_do"), {"seen": seen})

    assert Release.objects.get().content == preview.context["draft"].content


def test_a_part_goes_out_and_comes_back(client, year):
    client.force_login(publisher_of(year).user)
    part, place = Section.SCORE, page_of(year)
    seen = client.get(part_of(year, part)).context["draft"].checksum

    client.post(part_of(year, part, "release_do"), {"seen": seen})
    assert client.get(place).status_code == 200

    client.post(part_of(year, part, "release_undo"))
    assert client.get(place).status_code == 404


def test_the_list_says_what_stands(client, year):
    release(year, Section.SCORE)
    client.force_login(publisher_of(year).user)

    answer = client.get(reverse("public:release_list", args=[year.city.slug]))

    [board] = answer.context["boards"]
    assert board.released == 1
    assert [row.section for row in board.rows if row.release] == [Section.SCORE]


def test_a_year_of_another_city_is_not_there(client, year):
    stranger = MembershipFactory(admin_kota=True)
    ReleaseFactory(assessment=year)
    client.force_login(stranger.user)

    address = reverse(
        "public:release_preview", args=[stranger.city.slug, year.year, Section.CLUSTERS.value]
    )

    assert client.get(address).status_code == 404


def test_pages_of_the_office_cost_the_same_with_more_messages_and_years(client, year):
    client.force_login(publisher_of(year).user)
    addresses = [
        reverse("public:release_list", args=[year.city.slug]),
        reverse("public:message_list", args=[year.city.slug]),
        part_of(year, Section.CHILDREN),
    ]

    def cost(address):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    PublicMessageFactory(city=year.city)
    few = [cost(address) for address in addresses]
    PublicMessageFactory.create_batch(9, city=year.city)
    release(year, Section.SCORE, Section.PLAN)

    assert [cost(address) for address in addresses] == few
    assert few == [7, 6, 12]

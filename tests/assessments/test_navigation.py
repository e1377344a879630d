"""What the head of a page leads to, and for whom."""

import re
from html import unescape

import pytest
from django.urls import reverse

from assessments.templatetags.navigation import city_groups, current_item
from tests.assessments.situations import staff_of, working_year
from tests.factories.cities import MembershipFactory, SiteAdminFactory

pytestmark = pytest.mark.django_db

NATIONAL = ("Nasional", ["Daftar kota", "Peringkat", "Instrumen"])
PLANS = [
    "Langkah menuju predikat",
    "Rencana",
    "Andai",
    "Perkiraan verifikasi",
    "Pemeriksaan data",
]


def groups_of(member, assessment, page="", request=None):
    groups = city_groups(member, assessment, page, request)
    return [(group.label, [link.label for link in group.links]) for group in groups]


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (
            "gugus_tugas",
            [
                ("Kerja", ["Periksa", "Pertanyaan", "Penugasan"]),
                ("Pantau", ["Ringkasan", "Pimpinan", "Riwayat", "Target", "Laporan wilayah"]),
                ("Rencana", PLANS),
                (
                    "Kota",
                    [
                        "Penilaian",
                        "Wilayah",
                        "Produk hukum",
                        "Gugus Tugas",
                        "RAD",
                        "Data anak",
                        "Fasilitas",
                        "Halaman publik",
                        "Pesan warga",
                    ],
                ),
                NATIONAL,
            ],
        ),
        (
            "admin_kota",
            [
                ("Kerja", ["Pertanyaan", "Penugasan"]),
                (
                    "Pantau",
                    ["Ringkasan", "Pimpinan", "Riwayat", "Target", "Laporan wilayah", "Jejak"],
                ),
                ("Rencana", PLANS),
                (
                    "Kota",
                    [
                        "Penilaian",
                        "Wilayah",
                        "Produk hukum",
                        "Gugus Tugas",
                        "RAD",
                        "Data anak",
                        "Fasilitas",
                        "Halaman publik",
                        "Pesan warga",
                        "OPD",
                        "Anggota",
                        "Akun layanan",
                        "Webhook",
                    ],
                ),
                NATIONAL,
            ],
        ),
        (
            "pimpinan",
            [
                ("Kerja", ["Pertanyaan"]),
                ("Pantau", ["Ringkasan", "Pimpinan", "Riwayat", "Target", "Laporan wilayah"]),
                ("Rencana", PLANS),
                (
                    "Kota",
                    [
                        "Penilaian",
                        "Wilayah",
                        "Produk hukum",
                        "Gugus Tugas",
                        "RAD",
                        "Data anak",
                        "Fasilitas",
                    ],
                ),
                NATIONAL,
            ],
        ),
    ],
)
def test_the_pages_of_a_city_stand_in_groups(year, role, expected):
    member = MembershipFactory(city=year.city, **{role: True})

    assert groups_of(member, year) == expected


def test_an_opd_finds_its_tasks_and_nothing_that_it_may_not_open(year):
    working_year()

    assert groups_of(staff_of(year, "DINKES"), year) == [
        ("Kerja", ["Tugas"]),
        ("Kota", ["Wilayah", "Produk hukum", "Gugus Tugas", "RAD", "Data anak", "Fasilitas"]),
        NATIONAL,
    ]


def test_the_forum_anak_finds_its_messages_alone(year):
    member = MembershipFactory(forum_anak=True, city=year.city)

    assert groups_of(member, year) == [("Kerja", ["Pesan warga"]), NATIONAL]


def test_without_a_year_the_pages_of_one_are_left_out(year):
    member = MembershipFactory(admin_kota=True, city=year.city)

    assert groups_of(member, None) == [
        ("Pantau", ["Ringkasan", "Pimpinan", "Riwayat", "Target", "Jejak"]),
        (
            "Kota",
            [
                "Penilaian",
                "Wilayah",
                "Produk hukum",
                "Gugus Tugas",
                "RAD",
                "Data anak",
                "Fasilitas",
                "Halaman publik",
                "Pesan warga",
                "OPD",
                "Anggota",
                "Akun layanan",
                "Webhook",
            ],
        ),
        NATIONAL,
    ]


def test_who_administers_the_site_finds_its_people_and_its_tables(year):
    member = MembershipFactory(admin_kota=True, city=year.city, user=SiteAdminFactory())

    label, links = groups_of(member, year)[-1]

    assert (label, links) == (
        "Nasional",
        [*NATIONAL[1], "Orang", "Pekerjaan latar", "Administrasi"],
    )


@pytest.mark.parametrize("role", ["admin_kota", "gugus_tugas", "verifikator", "pimpinan"])
def test_every_link_of_the_navigation_opens(client, year, role):
    member = MembershipFactory(city=year.city, **{role: True})
    client.force_login(member.user)

    answers = {
        link.url: client.get(link.url).status_code
        for group in city_groups(member, year, "", None)
        for link in group.links
    }

    assert set(answers.values()) == {200}


def current_of(text):
    """The words of each link and button that is marked as current, in the head of a page."""
    head = text[: text.index("</header>")]
    marked = re.findall(r'aria-current="(\w+)"[^>]*>(.*?)(?:<i|</a)', head, re.DOTALL)
    return [(kind, unescape(words).strip()) for kind, words in marked]


@pytest.mark.parametrize(
    ("view", "group", "item"),
    [
        ("assessments:review_queue", "Kerja", "Periksa"),
        ("assessments:assessment_detail", "Pantau", "Ringkasan"),
        ("plans:whatif", "Rencana", "Andai"),
        ("plans:plan_list", "Rencana", "Rencana"),
    ],
)
def test_the_page_one_is_on_is_marked_with_its_group(client, year, view, group, item):
    client.force_login(MembershipFactory(gugus_tugas=True, city=year.city).user)

    text = client.get(reverse(view, args=[year.city.slug, year.year])).text

    # In the menu of a phone, then on the bar of a desk.
    assert current_of(text) == [("page", item), ("true", group), ("page", item)]
    assert f"· {item}" in re.sub(r"\s+", " ", text[: text.index("</summary>")])


def test_a_group_of_one_page_is_a_link_and_no_menu(client, year):
    working_year()
    client.force_login(staff_of(year, "DINKES").user)

    text = client.get(reverse("assessments:task_list", args=[year.city.slug])).text
    bar = text[text.index('class="nav-bar"') : text.index("</header>")]

    assert re.findall(r"<summary[^>]*>\s*([^<]*?)\s*<i", bar)[0] == "Kota"
    assert current_of(text)[-1] == ("page", "Tugas")


def test_a_page_above_all_cities_marks_itself(client, year):
    client.force_login(MembershipFactory(pimpinan=True, city=year.city).user)

    text = client.get(reverse("assessments:nation")).text

    assert current_of(text) == [("page", "Peringkat"), ("page", "Peringkat")]


def test_where_nothing_is_current_nothing_is_marked(year):
    member = MembershipFactory(pimpinan=True, city=year.city)

    assert current_item(city_groups(member, year, "", None)) is None

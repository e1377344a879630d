"""The pages of mappings."""

import csv
import io
import re

import openpyxl
import pytest
from django.urls import reverse

from clusters.choices import MatchKind
from clusters.models import Mapping, Question
from clusters.services.mappings import confirm_matches
from tests.clusters.situations import NEW, OLD, instrument_of, line_of, mapping_of_two, shape
from tests.factories.cities import MembershipFactory, SiteAdminFactory
from tests.factories.clusters import PUBLISHED_AT, IndicatorFactory, InstrumentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def mapping(db):
    return mapping_of_two()


@pytest.fixture
def admin(client):
    user = SiteAdminFactory()
    client.force_login(user)
    return user


@pytest.fixture
def reader(client):
    user = MembershipFactory(pimpinan=True).user
    client.force_login(user)
    return user


def url(name, mapping, *args):
    return reverse(f"clusters:{name}", args=[mapping.pk, *args])


def confirm(mapping, code, by=None):
    ids = [line_of(mapping, code)]
    confirm_matches(
        mapping_id=mapping.pk, match_ids=ids, by=by or SiteAdminFactory(), at=PUBLISHED_AT
    )


def told(response):
    return [str(message) for message in response.context["messages"]]


def codes(response):
    """The groups on the page, each as its earlier and later codes."""
    return [
        "".join(item.question.code for item in (*row.before, *row.after))
        for row in response.context["rows"]
    ]


def keys(mapping, wanted):
    instruments = [mapping.before_id, mapping.after_id]
    rows = Question.objects.filter(
        indicator__cluster__instrument__in=instruments, code__in=list(wanted)
    )
    return list(rows.values_list("pk", flat=True))


# --- Reading ----------------------------------------------------------------------------------


def test_a_reader_finds_the_mappings_and_how_far_they_are(client, reader, mapping):
    confirm(mapping, "C")

    page = client.get(reverse("clusters:mapping_list")).content.decode()

    assert "Instrumen lama-2020 → Instrumen baru-2024" in page
    assert "2 dari 7 baris dipastikan" in page
    assert url("mapping_review", mapping) not in page


def test_without_mappings_the_page_says_what_it_is_for(client, reader):
    page = client.get(reverse("clusters:mapping_list")).content.decode()

    assert "Belum ada pemetaan" in page
    assert reverse("clusters:mapping_create") not in page


def test_the_report_names_every_question_of_both_sides_once(client, reader, mapping):
    response = client.get(url("mapping_report", mapping))

    assert sorted("".join(codes(response))) == sorted([*OLD, *NEW])
    page = response.content.decode()
    for text in ("Angka kematian bayi", "Forum Anak dilibatkan", "Dana bantuan keluarga miskin"):
        assert page.count(text) == 1
    assert "0 dari 6 kelompok dipastikan" in page


def test_the_report_folds_by_cluster_and_then_by_that_of_new_questions(client, reader, mapping):
    shown = " ".join(client.get(url("mapping_report", mapping)).text.split())

    folds = re.findall(r'folding__facts">(.*?)<.*?folding__sum num">(.*?)<', shown)
    assert folds == [(mapping.before.title, "5"), (mapping.after.title, "1")]
    assert "data-fold open" not in shown


def test_words_that_differ_are_marked_and_shared_ones_are_not(client, reader, mapping):
    page = " ".join(client.get(url("mapping_report", mapping)).text.split())

    assert '<mark class="match__differs">Persentase</mark> anak berakta' in page
    assert "<mark" not in page.partition("Gugus tugas")[0]
    assert page.count("Gugus tugas terbentuk") == 2


REPORT = [
    ["Kelompok", "Hubungan", "Kode lama", "Pertanyaan lama", "Poin lama", "Kode baru"],
    ["1", "sama", "A", OLD["A"], "10", "1"],
    ["2", "bunyi berubah", "B", OLD["B"], "10", "2"],
    ["3", "dipecah", "C", OLD["C"], "10", "3"],
    ["3", "dipecah", "", "", "", "4"],
    ["4", "tidak ada lagi", "D", OLD["D"], "10", ""],
    ["5", "tidak ada lagi", "E", OLD["E"], "10", ""],
    ["6", "baru", "", "", "", "5"],
]


def test_the_report_comes_as_csv_with_each_question_in_one_row(client, reader, mapping):
    by = SiteAdminFactory(name="Sri Wahyuni")
    confirm(mapping, "A", by=by)

    response = client.get(url("mapping_csv", mapping))

    text = response.getvalue().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    # A code of figures alone is kept a text.
    told = [[cell.removeprefix('="').removesuffix('"') for cell in row[:6]] for row in rows]
    assert told == REPORT
    assert rows[1][6:] == [NEW["1"], "10", "1", "2026-01-05", "Sri Wahyuni"]
    assert rows[2][9:] == ["", ""]
    assert response["Content-Disposition"] == (
        'attachment; filename="pemetaan-lama-2020-baru-2024.csv"'
    )


def test_the_report_comes_as_xlsx_with_the_same_rows(client, reader, mapping):
    content = b"".join(client.get(url("mapping_xlsx", mapping)).streaming_content)

    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert [
        [str(cell if cell is not None else "") for cell in row[:6]]
        for row in sheet.iter_rows(values_only=True)
    ] == REPORT


# --- Making -----------------------------------------------------------------------------------


def test_an_administrator_makes_a_mapping_of_two_instruments(client, admin):
    instrument_of(OLD, "lama-2020")
    instrument_of(NEW, "baru-2024")

    data = {"before": "lama-2020", "after": "baru-2024"}
    response = client.post(reverse("clusters:mapping_create"), data)

    mapping = Mapping.objects.get()
    assert (mapping.created_by, len(shape(mapping))) == (admin, 6)
    assert response.url == url("mapping_review", mapping)


def test_a_draft_cannot_be_chosen_and_a_second_mapping_is_refused(client, admin, mapping):
    InstrumentFactory(code="rancangan")
    address = reverse("clusters:mapping_create")

    drafted = client.post(address, {"before": "rancangan", "after": "baru-2024"})
    again = client.post(address, {"before": "lama-2020", "after": "baru-2024"})

    assert drafted.context["form"].errors.keys() == {"before"}
    assert again.context["form"].non_field_errors() == [
        "Pemetaan dari lama-2020 ke baru-2024 sudah ada. Buka dari daftar pemetaan."
    ]
    assert Mapping.objects.count() == 1


def test_with_one_instrument_there_is_nothing_to_choose(client, admin):
    instrument_of(OLD, "lama-2020")

    page = client.get(reverse("clusters:mapping_create")).content.decode()

    assert "Belum ada dua instrumen" in page


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["A1", "B2", "C34", "D", "E", "5"]),
        ({"jenis": "gone"}, ["D", "E"]),
        ({"jenis": "gone", "cari": "bayi"}, ["D"]),
        ({"cari": "POJOK"}, ["C34"]),
        ({"keadaan": "sudah"}, ["B2"]),
        ({"keadaan": "belum", "jenis": "reworded"}, []),
        ({"klaster": "kelembagaan"}, ["A1", "B2", "C34", "D", "E", "5"]),
        ({"jenis": "apa saja"}, ["A1", "B2", "C34", "D", "E", "5"]),
    ],
)
def test_the_address_narrows_the_list(client, admin, mapping, asked, found):
    confirm(mapping, "B")

    response = client.get(url("mapping_review", mapping), asked)

    assert codes(response) == found
    assert response.context["total"] == 6


def test_a_cluster_shows_its_own_questions_only(client, admin, mapping):
    other = IndicatorFactory(cluster__instrument=mapping.after, cluster__code="klaster-9")
    Question.objects.filter(code="5").update(indicator=other)

    response = client.get(url("mapping_review", mapping), {"klaster": "klaster-9"})

    assert codes(response) == ["5"]


def test_ticked_groups_are_confirmed_and_the_filters_stay(client, admin, mapping):
    picks = [line_of(mapping, "A"), line_of(mapping, "C")]

    response = client.post(url("mapping_confirm", mapping) + "?keadaan=belum", {"picks": picks})

    assert response.url == url("mapping_review", mapping) + "?keadaan=belum"
    assert [row for row in shape(mapping) if row[3]] == [
        ("same", "A", "1", True),
        ("split", "C", "34", True),
    ]


def test_the_button_of_one_group_confirms_that_group_alone(client, admin, mapping):
    data = {"picks": [line_of(mapping, "A")], "only": line_of(mapping, "B")}

    client.post(url("mapping_confirm", mapping), data)

    assert [row for row in shape(mapping) if row[3]] == [("reworded", "B", "2", True)]


def test_all_that_is_the_same_is_confirmed_with_one_button(client, admin, mapping):
    offered = client.get(url("mapping_review", mapping)).content.decode()
    response = client.post(url("mapping_confirm", mapping), {"same": "1"}, follow=True)

    assert "Pastikan 1 yang sama" in offered
    assert "yang sama" not in response.content.decode().partition("<main")[2].partition("<ul")[0]
    assert told(response) == ["1 kelompok dipastikan."]


@pytest.mark.parametrize("picks", [["0"], ["x"], ["²"]])
def test_a_tick_that_means_nothing_confirms_nothing(client, admin, mapping, picks):
    client.post(url("mapping_confirm", mapping), {"picks": picks})

    assert [row for row in shape(mapping) if row[3]] == []


def test_a_confirmation_is_taken_back(client, admin, mapping):
    confirm(mapping, "B")

    address = url("match_unconfirm", mapping, line_of(mapping, "B")) + "?jenis=reworded"
    response = client.post(address)

    assert response.url == url("mapping_review", mapping) + "?jenis=reworded"
    assert [row for row in shape(mapping) if row[3]] == []


def test_a_group_that_is_no_more_says_so(client, admin, mapping):
    response = client.post(url("match_unconfirm", mapping, 0), follow=True)

    assert told(response) == [
        "Orang lain sudah mengubah pasangan ini. Periksa isinya yang terbaru, lalu ulangi."
    ]


def test_a_mapping_is_deleted_while_nothing_is_confirmed(client, admin, mapping):
    confirm(mapping, "A")
    offered = client.get(url("mapping_review", mapping)).content.decode()
    refused = client.post(url("mapping_delete", mapping), follow=True)
    unconfirmed = url("match_unconfirm", mapping, line_of(mapping, "A"))
    client.post(unconfirmed, follow=True)
    done = client.post(url("mapping_delete", mapping), follow=True)

    assert url("mapping_delete", mapping) not in offered
    assert "1 baris pemetaan ini sudah dipastikan" in told(refused)[0]
    assert told(done) == ["Pemetaan dihapus."]
    assert Mapping.objects.count() == 0


# --- One group --------------------------------------------------------------------------------


def edit(client, mapping, code, before="", after="", **data):
    address = url("match_edit", mapping, line_of(mapping, code)) + "?jenis=gone"
    sent = {
        "csrfmiddlewaretoken": "",
        "before": keys(mapping, before),
        "after": keys(mapping, after),
        **data,
    }
    return client.post(address, sent)


def offered(response, side):
    return [(offer.question.code, offer.is_ticked) for offer in response.context[side]]


@pytest.mark.parametrize(
    ("before", "after", "data", "kind"),
    [
        ("D", "5", {}, MatchKind.REWORDED),
        ("D", "5", {"is_same": "on"}, MatchKind.SAME),
        ("D", "25", {}, MatchKind.SPLIT),
        ("DE", "5", {}, MatchKind.MERGED),
        ("D", "", {"is_same": "on"}, MatchKind.GONE),
    ],
)
def test_the_relation_follows_from_what_is_ticked(
    client, admin, mapping, before, after, data, kind
):
    response = edit(client, mapping, "D", before, after, **data)

    assert response.url == url("mapping_review", mapping) + "?jenis=gone"
    assert (kind.value, before, after, True) in shape(mapping)


@pytest.mark.parametrize(("before", "after"), [("DE", "15"), ("DE", ""), ("", "")])
def test_several_against_several_is_refused_on_the_form(client, admin, mapping, before, after):
    rows = shape(mapping)

    response = edit(client, mapping, "D", before, after)

    assert "tidak dapat menjadi satu kelompok" in response.context["form"].non_field_errors()[0]
    assert shape(mapping) == rows
    assert [code for code, ticked in offered(response, "old") if ticked] == list(before)


def test_what_the_deed_refuses_stands_on_the_form(client, admin, mapping):
    confirm(mapping, "B")

    response = edit(client, mapping, "D", "D", "2")

    assert "B, 2 sudah dipastikan" in response.context["form"].non_field_errors()[0]


def test_the_likest_questions_are_offered_beside_those_of_the_group(client, admin, mapping):
    response = client.get(url("match_edit", mapping, line_of(mapping, "B")))

    assert offered(response, "old")[0] == ("B", True)
    assert offered(response, "new")[0] == ("2", True)
    assert {code for code, _ticked in offered(response, "new")} == set(NEW)


def test_a_search_keeps_what_is_ticked_and_saves_nothing(client, admin, mapping):
    rows = shape(mapping)

    response = edit(client, mapping, "D", "D", "3", search="1", cari="forum")

    assert offered(response, "old") == [("D", True)]
    assert offered(response, "new") == [("3", True), ("5", False)]
    assert shape(mapping) == rows


def test_a_group_that_was_changed_meanwhile_leads_back_to_the_list(client, admin, mapping):
    response = client.get(url("match_edit", mapping, 0), follow=True)

    assert told(response) == ["Pasangan ini sudah diubah. Pilih kembali dari daftar."]
    assert response.redirect_chain[-1][0] == url("mapping_review", mapping)

import hashlib
import json
from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from public.sections import COLUMNS, Section
from public.services.releases import withdraw_section
from tests.assessments.situations import later
from tests.public.situations import change_everything, publisher_of, release


def address(year, name, *more):
    return reverse(f"public:{name}", args=[year.city.slug, year.year, *more])


def test_every_file_of_the_catalogue_has_the_checksum_that_it_names(client, year):
    release(year)
    catalogue = client.get(address(year, "data_catalogue")).json()

    files = [file for one in catalogue["dataset"] for file in one["berkas"]]
    assert len(files) == 2 * len(Section)
    for file in files:
        content = client.get(urlsplit(file["alamat"]).path).content
        assert hashlib.sha256(content).hexdigest() == file["sha256"]
        assert len(content) == file["ukuran"]


def test_files_stay_as_they_were_whatever_the_city_does_then(client, year):
    release(year)
    before = client.get(address(year, "data_catalogue")).content

    change_everything(year)

    assert client.get(address(year, "data_catalogue")).content == before


def test_metadata_tell_what_satu_data_asks_for(client, year):
    release(year, Section.SCORE)

    [one] = client.get(address(year, "data_catalogue")).json()["dataset"]

    assert {name: bool(one[name]) for name in one} == dict.fromkeys(
        (
            "judul",
            "konsep",
            "definisi",
            "kolom",
            "produsen",
            "wilayah",
            "periode",
            "lisensi",
            "standar",
            "baris",
            "berkas",
        ),
        True,
    )
    assert one["lisensi"]["alamat"].startswith("https://creativecommons.org/licenses/by/4.0/")


@pytest.mark.parametrize("section", Section)
def test_csv_and_json_tell_the_same_rows(client, year, section):
    [one] = release(year, section)

    told = client.get(address(year, "data_file", section.value, "json")).json()
    text = client.get(address(year, "data_file", section.value, "csv")).content.decode()

    assert told["data"] == one.content["rows"]
    lines = text.removeprefix("\ufeff").splitlines()
    assert lines[0].split(";") == list(COLUMNS[section])
    assert len(lines) == len(told["data"]) + 1


def test_only_what_stands_has_a_file(client, year):
    member = publisher_of(year)
    release(year, Section.SCORE, Section.CLUSTERS, by=member)
    withdraw_section(assessment=year, section=Section.SCORE, by=member.user, at=later(2))

    codes = {
        section: client.get(address(year, "data_file", section, "csv")).status_code
        for section in (*Section.values, "lain")
    }

    assert codes == dict.fromkeys((*Section.values, "lain"), 404) | {Section.CLUSTERS: 200}


def test_a_format_that_there_is_not_is_not_found(client, year):
    release(year, Section.SCORE)

    assert client.get(address(year, "data_file", "predikat", "xlsx")).status_code == 404
    assert client.get(reverse("public:nation_file", args=["xlsx"])).status_code == 404


def test_the_nation_lists_every_page_and_its_award(client, year):
    release(year, Section.SCORE)

    catalogue = client.get(reverse("public:nation_catalogue")).json()
    rows = client.get(reverse("public:nation_file", args=["json"])).json()["data"]

    assert [one["alamat"].endswith("/data.json") for one in catalogue["katalog"]] == [True]
    assert (rows[0]["wilayah"], rows[0]["tahun"], rows[0]["predikat"]) == (
        year.city.name,
        2026,
        "Madya",
    )
    [one] = catalogue["dataset"]
    for file in one["berkas"]:
        content = client.get(urlsplit(file["alamat"]).path).content
        assert hashlib.sha256(content).hexdigest() == file["sha256"]


def test_the_page_for_people_names_every_file(client, year):
    release(year, Section.SCORE)
    catalogue = json.loads(client.get(address(year, "data_catalogue")).content)

    text = client.get(address(year, "data_page")).content.decode()

    for file in catalogue["dataset"][0]["berkas"]:
        assert file["alamat"] in text
        assert file["sha256"] in text

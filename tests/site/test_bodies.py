"""How many bytes each page takes, and from whom, before any of them are read."""

import inspect
from pathlib import Path

import pytest
from django.db import OperationalError
from django.urls import URLPattern, get_resolver

from kla.bodies import (
    CARRIES_FILE,
    CARRIES_FILES,
    CARRIES_SHEET,
    FORM,
    SHEET,
    SMALL,
    Refused,
    admit,
)
from tests.factories.api import key_of
from tests.factories.cities import UserFactory

QUESTION = "/kota/sleman/penilaian/2026/pertanyaan/1.2/"
PIECE = f"{QUESTION}unggahan/6bbc70d0-27a3-43bb-b097-2a72abade0b6/"
MEGABYTE = 1024 * 1024


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    settings.KLA_MAX_UPLOAD_BYTES = 25 * MEGABYTE


@pytest.fixture
def cookies(client, db):
    client.force_login(UserFactory())
    return f"sessionid={client.cookies['sessionid'].value}"


def asked(cookies, path=f"{QUESTION}dokumen/", method="POST", declared=SMALL + 1, **more):
    return admit(method=method, path=path, cookies=cookies, declared=declared, **more)


def open_files():
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def every_page(resolver=None):
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            yield pattern
        else:
            yield from every_page(pattern)


def test_every_page_that_reads_files_takes_more_than_a_form():
    """`question.py` reads them in views with other names; the rest names them in the view."""
    reading = {
        pattern.name
        for pattern in every_page()
        if "request.FILES" in inspect.getsource(inspect.unwrap(pattern.callback))
        and not pattern.callback.__module__.startswith("django.")
    }

    assert reading == CARRIES_FILE | CARRIES_FILES | CARRIES_SHEET


@pytest.mark.parametrize(
    ("method", "path", "limit"),
    [
        ("POST", f"{QUESTION}dokumen/", 20 * 26 * MEGABYTE),
        ("PATCH", PIECE, 25 * MEGABYTE),
        ("PATCH", f"{QUESTION}dokumen/", SMALL),
        ("POST", f"{QUESTION}klaim/", FORM),
        ("POST", "/kota/sleman/penilaian/2026/impor/", SHEET),
        ("POST", "/nowhere/", SMALL),
    ],
)
def test_a_page_takes_what_it_may_carry_and_not_a_byte_more(cookies, method, path, limit):
    admitted = asked(cookies, path, method, declared=limit)
    admitted.release()

    assert admitted.limit == limit
    with pytest.raises(Refused) as refused:
        asked(cookies, path, method, declared=limit + 1)
    assert (refused.value.status, refused.value.retry_after) == (413, 0)


@pytest.mark.django_db
@pytest.mark.parametrize("stranger", ["", "sessionid=", "sessionid=nobodys", "other=1"])
def test_who_is_not_signed_in_sends_a_form_and_no_more(stranger):
    with pytest.raises(Refused) as refused:
        asked(stranger)

    assert refused.value.status == 413
    assert refused.value.sentence == (
        "Kiriman terlalu besar: halaman ini menerima paling banyak 64 KB. "
        "Kurangi isi atau berkasnya, lalu kirim lagi."
    )


def test_a_person_has_places_that_come_back(cookies, settings):
    settings.KLA_BODIES_PER_PERSON = 2
    taken = [asked(cookies) for _ in range(2)]

    with pytest.raises(Refused) as refused:
        asked(cookies)
    taken[0].release()

    assert (refused.value.status, refused.value.retry_after) == (429, 5)
    again = asked(cookies)
    open_ones = open_files()
    again.release()
    assert open_files() == open_ones - 2
    taken[1].release()


def test_where_everybody_sends_the_next_one_waits_and_keeps_no_place(cookies, settings):
    settings.KLA_BODIES = 0

    before = open_files()
    with pytest.raises(Refused) as refused:
        asked(cookies)

    assert (refused.value.status, refused.value.retry_after) == (503, 10)
    assert open_files() == before


def test_a_database_that_is_away_admits_nobody(cookies, monkeypatch):
    def away(_request):
        raise OperationalError

    monkeypatch.setattr("kla.bodies.get_user", away)

    with pytest.raises(Refused) as refused:
        asked(cookies)
    assert refused.value.status == 503


API = "/api/v1/cities/sleman/years/2026/questions/1.2/"


@pytest.mark.parametrize(
    ("path", "method", "limit"),
    [
        (f"{API}documents/", "POST", 20 * 26 * MEGABYTE),
        (f"{API}uploads/6bbc70d0-27a3-43bb-b097-2a72abade0b6/", "PATCH", 25 * MEGABYTE),
        (f"{API}claim/", "PUT", FORM),
    ],
)
def test_a_token_sends_what_a_person_may_at_the_addresses_of_the_interface(
    cookies, path, method, limit
):
    key = key_of(UserFactory())
    facts = {"method": method, "path": path, "declared": SMALL + 1}

    admitted = admit(cookies="", **key, **facts)
    admitted.release()

    assert admitted.limit == limit
    for other in ({"authorization": "Bearer x"}, {"authorization": f"{key['authorization']}x"}, {}):
        with pytest.raises(Refused) as refused:
            admit(cookies=cookies, **other, **facts)
        assert refused.value.status == 413


def test_a_token_sends_nothing_to_a_page(db):
    with pytest.raises(Refused) as refused:
        asked("", declared=SMALL + 1, authorization=key_of(UserFactory())["authorization"])

    assert refused.value.status == 413

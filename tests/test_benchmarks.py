"""What the benchmark measures and when it says no: a page that costs too much must not pass."""

import gzip
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connection, connections
from django.http import HttpResponse
from django.test import RequestFactory, override_settings
from django.urls import get_resolver, path, resolve
from django.utils.datastructures import CaseInsensitiveMapping

from assessments.packaging.stream import stream
from benchmarks import floor, package, pages
from benchmarks.pages import Cost, missed, table
from cities.models import Province
from tests.factories.cities import ProvinceFactory

pytestmark = pytest.mark.django_db

GOOD = Cost(queries=12, raw=90_000, wire=20 * 1024, ratios=[2.0, 3.0, 9.0], bares=[10.0, 11.0, 9.0])

PACKED = ["kla.middleware.CompressedPages"]


def one_query(request):
    return HttpResponse(", ".join(Province.objects.values_list("name", flat=True)))


def query_per_row(request):
    keys = Province.objects.values_list("pk", flat=True)
    return HttpResponse(", ".join(Province.objects.get(pk=pk).name for pk in keys))


def writes(request):
    Province.objects.update(name="Papua")
    return HttpResponse(str(Province.objects.filter(name__startswith="Pap%").count()))


def long(request):
    return HttpResponse(
        "".join(f"<p>Pertanyaan {number}, 1.{number}</p>" for number in range(9000))
    )


urlpatterns = [
    path("one/", one_query),
    path("each/", query_per_row),
    path("writes/", writes),
    path("long/", long),
]


@pytest.fixture
def ask(monkeypatch):
    """Ask the server of the benchmark as HTTP would; gives status, headers and body."""
    monkeypatch.setattr(floor, "KEPT", dict(floor.KEPT))
    signals = (request_started, request_finished)
    for signal in signals:  # the connection is in the middle of the test's transaction
        signal.disconnect(close_old_connections)

    def asked(url, name="", *, middleware=PACKED):
        started = []
        kept = {"X-Benchmark": name} if name else {}
        environ = RequestFactory().get(url, headers={"Accept-Encoding": "gzip", **kept}).environ
        with override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=middleware):
            monkeypatch.setattr(floor, "site", get_wsgi_application())
            body = floor.application(environ, lambda *head: started.append(head))
        ((status, headers, *_rest),) = started
        return status, CaseInsensitiveMapping(headers), b"".join(body)

    yield asked
    for signal in signals:
        signal.connect(close_old_connections)


def costs_of(ask, url, **how):
    """What `weighed` makes of a page, without a network between."""

    class Response:
        def __init__(self, headers):
            self.headers = headers

    def get(port, url, session, name):
        _status, headers, body = ask(url, name, **how)
        return Response(headers), body, 1.0

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pages, "get", get)
        return replace(pages.weighed(0, url, "", "page"), ratios=[1.0], bares=[1.0])


def test_a_floor_repeats_the_queries_and_the_bytes_of_its_page(ask):
    ProvinceFactory(name="Aceh")
    _status, headers, body = ask("/one/", "page")
    executed = []

    class Watched:
        def __init__(self, cursor):
            self.cursor = cursor

        def execute(self, sql, params):
            executed.append(sql)
            return self.cursor.execute(sql, params)

        def fetchall(self):
            return self.cursor.fetchall()

        def close(self):
            self.cursor.close()

    class Driver:
        def cursor(self, real=connection.connection):
            return Watched(real.cursor())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connections["default"], "connection", Driver())
        repeated = ask("/floor/page")

    assert (body, headers["X-Queries"]) == (b"Aceh", "1")
    assert repeated[::2] == ("200 OK", body)
    assert len(executed) == 1
    assert "cities_province" in executed[0]


def test_a_floor_needs_nothing_of_the_site(ask):
    ask("/one/", "page")
    ProvinceFactory(name="Aceh")

    assert ask("/floor/page")[2] == b""  # as it was when it was kept
    assert ask("/floor/")[2] == b"bare"


def test_what_a_page_writes_is_not_repeated(ask):
    ProvinceFactory(name="Aceh")
    ask("/writes/", "page")
    Province.objects.update(name="Bali")

    ask("/floor/page")

    assert Province.objects.get().name == "Bali"
    assert len(floor.KEPT["page"].queries) == 1


def test_a_query_per_row_is_told(ask):
    for number in range(12):
        ProvinceFactory(code=f"{number:02d}")

    cost = costs_of(ask, "/each/")

    assert missed({"1x10": {"each": cost}}) == ["1x10 each: 13 queries"]
    assert missed({"1x10": {"one": costs_of(ask, "/one/")}}) == []


def test_a_page_without_compression_is_told(ask):
    cost = costs_of(ask, "/long/", middleware=[])

    assert cost.wire == cost.raw == len(long(None).content)
    assert missed({"1x10": {"long": cost}}) == [f"1x10 long: {cost.raw / 1024:.0f} KB on the wire"]


def test_a_compressed_page_is_weighed_as_it_goes_out(ask):
    cost = costs_of(ask, "/long/")

    assert cost.raw == len(long(None).content)
    assert cost.wire < cost.raw / 5
    assert gzip.decompress(floor.KEPT["page"].body) == long(None).content


def test_a_page_at_its_goals_is_no_miss():
    assert missed({"1x10": {"page": GOOD}}) == []


@pytest.mark.parametrize(
    ("worse", "sentence"),
    [
        ({"ratios": [2.0, 3.1, 9.0]}, "3.1 times its floor"),
        ({"queries": 13}, "13 queries"),
        ({"wire": 21 * 1024}, "21 KB on the wire"),
    ],
)
def test_each_goal_is_told_by_itself(worse, sentence):
    assert missed({"1x10": {"page": replace(GOOD, **worse)}}) == [f"1x10 page: {sentence}"]


def test_a_page_that_grows_with_its_documents_is_told():
    many = replace(GOOD, bares=[12.6])

    found = {"1x10": {"page": GOOD}, "1x1000": {"page": many}}

    assert missed(found) == ["page: 1.3 times as long with 1,000 documents as with 10"]
    assert missed(found | {"1x1000": {"page": replace(GOOD, bares=[12.5])}}) == []


def test_the_table_has_a_row_a_page_and_a_ratio_a_country():
    found = {"1x10": {"city": GOOD}, "514x10": {"city": replace(GOOD, ratios=[4.26])}}

    assert table(found).splitlines() == [
        "| page | queries | KB | KB sent | 1 × 10 | 514 × 10 |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
        "| city | 12 | 88 | 20.0 | 3.0 | 4.3 |",
    ]


def test_a_page_stands_once_in_the_list():
    names = [what for _who, what, _url in pages.PAGES]

    assert names == list(dict.fromkeys(names))


def test_each_part_of_the_site_has_a_page_that_is_measured():
    measured = {resolve(urlsplit(url).path).namespace for _who, _what, url in pages.PAGES}

    assert set(get_resolver().namespace_dict) - measured == {"admin"}


def test_words_choose_the_pages_that_are_measured_and_none_chooses_all():
    few = [("a", "RAD, budget", "/x/"), ("a", "city", "/y/"), ("b", "RAD of an OPD", "/z/")]

    assert pages.chosen(["rad"], few) == [few[0], few[2]]
    assert pages.chosen(["budget", "city"], few) == few[:2]
    assert (pages.chosen([], few), pages.chosen(["tiada"], few)) == (few, [])


@pytest.mark.parametrize(
    ("arguments", "asked"),
    [
        ([], [(name, len(pages.PAGES)) for name in pages.COUNTRIES]),
        (["514x10"], [("514x10", len(pages.PAGES))]),
        (["inbox"], [("1x10", 1)]),
        (["1x100", "inbox"], [("1x100", 1)]),
    ],
)
def test_a_word_is_measured_in_the_smallest_country_alone(monkeypatch, arguments, asked):
    seen = []
    monkeypatch.setattr(pages, "country", lambda name, few: seen.append((name, len(few))) or {})

    pages.main(arguments)

    assert seen == asked


def test_a_word_that_no_page_has_is_refused_with_those_there_are():
    with pytest.raises(SystemExit, match="No page has such a word: tiada"):
        pages.main(["tiada"])


def test_the_package_that_is_measured_holds_its_files_whole(monkeypatch):
    monkeypatch.setattr(package, "SIZE", 70_000)

    packed = b"".join(stream(package.package(2), storage=package.ZeroStorage()))

    assert packed.count(bytes(70_000)) == 2

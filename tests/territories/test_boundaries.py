"""Boundaries of units: read from GeoJSON, simplified, matched to units, kept and drawn."""

import json
from datetime import date
from itertools import pairwise

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from cities.models import CityActivity
from imports.lines import Standing, seen_of
from imports.services.staged import confirm, keep
from territories.boundaries import (
    MOST_BRACKETS,
    MOST_FEATURES,
    MOST_POSITIONS,
    Projection,
    doubled_area,
    path_of,
    place_of_letter,
    read_features,
    simplified,
)
from territories.models import UnitBoundary
from territories.services.boundaries import BOUNDARIES, read_boundaries, still_bare
from tests.assessments.situations import NOW
from tests.factories.cities import CityFactory, MembershipFactory
from tests.factories.territories import UnitFactory

WEST, SOUTH = 105.0, -5.0


def square(column=0, row=0, side=0.01):
    """A closed ring, its corner so many sides from the south-west."""
    x, y = WEST + column * side, SOUTH + row * side
    corners = [(x, y), (x + side, y), (x + side, y + side), (x, y + side), (x, y)]
    return [[round(one, 4), round(other, 4)] for one, other in corners]


def feature(coordinates=None, kind="Polygon", **properties):
    geometry = {"type": kind, "coordinates": [square()] if coordinates is None else coordinates}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features, **more):
    return json.dumps({"type": "FeatureCollection", "features": features, **more}).encode()


# --- Reading -------------------------------------------------------------------------------------


def test_positions_are_kept_as_ten_thousandths_without_the_repeated_last():
    [read], faults = read_features(collection(feature(kode="72.01.01.1001", nama="Mulyojati")))

    assert read.polygons == [
        [[(1050100, -50000), (1050100, -49900), (1050000, -49900), (1050000, -50000)]]
    ]
    assert (read.codes, read.names, faults) == (("7201011001",), ("Mulyojati",), [])


def test_an_altitude_a_hole_and_several_parts_are_read():
    hole = [[one + 0.002, other + 0.002] for one, other in square(side=0.004)]
    high = [[*position, 12.5] for position in square(5)]

    [read], _faults = read_features(
        collection(feature([[square(), hole], [high]], "MultiPolygon", nama="A"))
    )

    assert [len(polygon) for polygon in read.polygons] == [2, 1]


@pytest.mark.parametrize(
    "content", [b"", b"[", b"\xff", b"[" * 200_000, b'{"a": 1, "a": 2}', b"1" * 5000]
)
def test_what_is_no_json_is_refused_with_what_to_do(content):
    with pytest.raises(ValidationError) as refusal:
        read_features(content)

    assert "Ekspor lagi sebagai GeoJSON" in refusal.value.messages[0]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"[]", "FeatureCollection"),
        (json.dumps(feature()).encode(), "FeatureCollection"),
        (collection(), "tidak berisi satu pun"),
        (b'{"type": "FeatureCollection", "features": {}}', "tidak berisi satu pun"),
        (collection(*[None] * (MOST_FEATURES + 1)), "paling banyak 2000"),
        (b"[]" * (MOST_BRACKETS + 1), "terlalu banyak titik"),
        (collection(feature(), crs={"properties": {"name": "EPSG:32748"}}), "WGS84"),
        (collection(feature(), crs="EPSG:4326"), "WGS84"),
        (collection(feature([[[500_000, 9_400_000]] * 4])), "WGS84"),  # UTM
        (collection(feature([[[-5, 105]] * 4])), "bujur lebih dahulu"),
        (collection(feature([[[0, 0]] * 4])), "WGS84"),
        (collection(feature()).replace(b"105.01", b"1e999"), "WGS84"),
        (collection(feature()).replace(b"105.01", b"NaN"), "tidak dapat dibaca"),
        (collection(feature()).replace(b"105.01", b"-Infinity"), "tidak dapat dibaca"),
        (collection(feature()).replace(b"105.01", b"9" * 400), "WGS84"),
    ],
)
def test_a_file_that_is_no_map_of_a_city_is_refused_as_a_whole(content, words):
    with pytest.raises(ValidationError) as refusal:
        read_features(content)

    assert words in refusal.value.messages[0]


@pytest.mark.parametrize(
    "name", ["EPSG:4326", "urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:EPSG::4326"]
)
def test_a_file_may_say_that_it_is_in_wgs84(name):
    features, _faults = read_features(collection(feature(), crs={"properties": {"name": name}}))

    assert len(features) == 1


@pytest.mark.parametrize(
    ("edge", "is_read"),
    [((94, -12), True), ((142, 7), True), ((93.9999, -12), False), ((142, 7.0001), False)],
)
def test_indonesia_ends_where_it_ends(edge, is_read):
    x, y = edge
    ring = [[x, y], [120, 0], [121, 0], [x, y]]
    try:
        read_features(collection(feature([ring])))
    except ValidationError:
        assert not is_read
    else:
        assert is_read


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (feature([105, -5], "Point"), "bukan Polygon"),
        (feature([square()], "GeometryCollection"), "bukan Polygon"),
        ({"geometry": None}, "bukan Polygon"),
        ("x", "bukan Polygon"),
        (feature([square()[:-1]]), "tidak tertutup"),
        (feature([square()[:1] * 2]), "tidak tertutup"),
        (feature([square()[:1] * 4]), "tidak memiliki luas"),
        (feature([[[105, -5], [106, -5], [107, -5], [105, -5]]]), "tidak memiliki luas"),
        (feature([]), "tidak memiliki luas"),
        (feature([[["105", "-5"]] * 4]), "bukan angka"),
        (feature([[[True, -5]] * 4]), "bukan angka"),
        (feature([[[105]] * 4]), "tidak tersusun"),
        (feature([[105, -5]]), "tidak tersusun"),
        (feature({"x": 1}), "tidak tersusun"),
    ],
)
def test_a_feature_without_an_area_is_left_out_and_said(one, words):
    read, faults = read_features(collection(one, feature(nama="Utuh")))

    assert [found.names for found in read] == [("Utuh",)]
    [fault] = faults
    assert fault.startswith("Objek ke-1")
    assert words in fault


# What JSON can say at all, with the words of GeoJSON in it.
words = st.sampled_from(
    ["type", "features", "geometry", "coordinates", "properties", "kode", "Polygon"]
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None)
@given(properties=anything, kind=st.sampled_from(["Polygon", "MultiPolygon"]), coordinates=anything)
def test_odd_files_are_read_or_refused_and_nothing_else(properties, kind, coordinates):
    odd = {"properties": properties, "geometry": {"type": kind, "coordinates": coordinates}}
    try:
        read, faults = read_features(collection(odd, properties, feature()))
    except ValidationError:
        return

    assert len(read) + len(faults) == 3


# --- Simplifying and drawing ---------------------------------------------------------------------


def winding(column, row, bits=60):
    """A field whose borders wind; neighbours have the same positions."""
    corners = [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)]
    ring = []
    for (x, y), (to_x, to_y) in pairwise(corners):
        for bit in range(bits):
            px = (column + x) * bits + (to_x - x) * bit
            py = (row + y) * bits + (to_y - y) * bit
            bump = (px * 7 + py * 13) % 11 if px % bits and py % bits == 0 else 0
            lean = (px * 5 + py * 3) % 11 if py % bits and px % bits == 0 else 0
            ring.append((1_050_000 + 10 * px + lean, -50_000 + 10 * py + bump))
    return [[ring]]


def sides(polygons):
    return {
        frozenset(pair)
        for polygon in polygons
        for ring in polygon
        for pair in pairwise([*ring, ring[0]])
    }


@pytest.mark.parametrize("most", [40, 100, 300])
def test_neighbours_still_share_their_border_when_it_is_thinned(most):
    fields = [winding(column, row) for column in range(3) for row in range(2)]
    whole = sum(abs(doubled_area(one[0][0])) for one in fields)

    thin = simplified(fields, most)

    assert sum(len(ring) for one in thin for polygon in one for ring in polygon) <= most
    assert sum(abs(doubled_area(one[0][0])) for one in thin) == pytest.approx(whole, rel=0.05)
    of_sides = [sides(one) for one in thin]
    shared = sum(len(a & b) for place, a in enumerate(of_sides) for b in of_sides[:place])
    alone = sum(len(one) for one in of_sides) - 2 * shared
    outline = list(sides_of_outline(thin))
    assert alone == len(outline)  # nothing inside is a border of one alone


def sides_of_outline(thin):
    """Sides with both ends on the rim of the whole, along it."""
    xs = {1_050_000, 1_050_000 + 1800}
    ys = {-50_000, -50_000 + 1200}
    for side in set().union(*map(sides, thin)):
        (x, y), (to_x, to_y) = side
        on_rim = any(abs(x - rim) <= 11 and abs(to_x - rim) <= 11 for rim in xs)
        if on_rim or any(abs(y - rim) <= 11 and abs(to_y - rim) <= 11 for rim in ys):
            yield side


def test_what_is_small_enough_stays_as_it_is():
    fields = [winding(0, 0)]

    assert simplified(fields, 240) == fields
    assert simplified(fields, 239) != fields


def test_every_unit_keeps_an_area_however_little_is_allowed():
    fields = [winding(column, row) for column in range(3) for row in range(3)]

    thin = simplified(fields, 12)

    assert all(doubled_area(one[0][0]) for one in thin)


def test_neighbours_that_were_drawn_apart_are_thinned_too():
    """Every second position of one side is missing, so that lines seem to meet nearly everywhere."""
    field, beside = (
        winding(0, 0),
        [[[one for place, one in enumerate(winding(0, 0)[0][0]) if place % 2]]],
    )

    thin = simplified([field, beside], 60)

    assert sum(len(one[0][0]) for one in thin) <= 60


def test_a_large_map_stays_below_forty_kilobytes():
    fields = [winding(column, row) for column in range(12) for row in range(10)]

    [*thin] = simplified(fields, MOST_POSITIONS)
    projection = Projection.of(thin)
    paths = [path_of(projection.rings(one)) for one in thin]

    assert sum(len(ring) for one in fields for polygon in one for ring in polygon) > 28_000
    assert sum(map(len, paths)) < 40_000


def test_a_map_is_true_at_its_latitude_and_stays_on_its_paper():
    at_60_km = Projection.of([[[[(1_000_000, 60_000), (1_010_000, 60_000), (1_010_000, 50_000)]]]])
    at_equator = Projection.of([[[[(1_000_000, 5_000), (1_010_000, 5_000), (1_010_000, -5_000)]]]])

    assert at_equator.across == pytest.approx(at_equator.down, rel=1e-4)
    assert at_60_km.across == pytest.approx(at_60_km.down * 0.9954, rel=1e-3)
    assert at_60_km.place((1_000_000, 60_000)) == (4, 4)
    assert at_60_km.place((1_010_000, 50_000)) == (at_60_km.width - 4, at_60_km.height - 4)


def test_a_path_goes_from_each_position_to_the_next_and_closes():
    assert path_of([[(10, 20), (30, 20), (30, 50)], [(1, 1), (2, 1), (1, 2)]]) == (
        "M10 20l20 0 0 30zM1 1l1 0 -1 1z"
    )


def test_a_letter_stands_inside_its_area_if_there_is_room():
    horseshoe = [(0, 0), (100, 0), (100, 100), (70, 100), (70, 30), (30, 30), (30, 100), (0, 100)]

    assert place_of_letter([horseshoe]) == (15, 50)
    assert place_of_letter([[(0, 0), (25, 0), (25, 100), (0, 100)]]) is None
    assert place_of_letter([[(0, 0), (100, 0), (100, 25), (0, 25)]]) is None
    assert place_of_letter([[(0, 0), (26, 0), (26, 26), (0, 26)]]) == (13, 13)
    assert place_of_letter([]) is None


# --- Which feature is which unit -----------------------------------------------------------------


@pytest.fixture
def member(secretary, year):
    return secretary.memberships.get(city=year.city)


@pytest.fixture
def unit(year):
    return unit_of(year.city, "72.01.01.1001", "Mulyojati")


def unit_of(city, code, name, **facts):
    return UnitFactory(city=city, code=code, name=name, active_from=date(2020, 1, 1), **facts)


def staged(member, *features):
    return keep(
        city=member.city,
        kind=BOUNDARIES,
        reading=read_boundaries(collection(*features), "batas.geojson"),
        name="batas.geojson",
        by=member.user,
        at=NOW,
    )


def lines_of(member, *features):
    return list(BOUNDARIES.lines(staged(member, *features), member))


def take(member, *features):
    kept = staged(member, *features)
    return confirm(
        staged_id=kept.pk,
        city=member.city,
        kind=BOUNDARIES,
        ticked=(),
        seen=seen_of(BOUNDARIES.lines(kept, member)),
        by=member.user,
        at=NOW,
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    "properties",
    [
        {"kode": "72.01.01.1001"},
        {"KODE": 7201011001},
        {"kdepum": "72.01.01.1001", "namobj": "Mulyo Jati"},
        {"nama": "MULYOJATI"},
        {"kode": "9999999999", "nama": " Mulyojati "},  # of another list of codes
    ],
)
def test_a_feature_is_a_unit_by_its_code_else_by_its_name(member, unit, properties):
    [line] = lines_of(member, feature(**properties))

    assert (line.standing, line.item.unit) == (Standing.NEW, unit)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("properties", "words"),
    [
        ({}, "tidak memiliki kode atau nama"),
        ({"nama": None, "kode": 1.5}, "tidak memiliki kode atau nama"),
        ({"nama": "x" * 101}, "tidak memiliki kode atau nama"),
        ({"nama": "Asing"}, "tidak cocok dengan wilayah mana pun"),
        ({"nama": "Lama"}, "tidak cocok dengan wilayah mana pun"),  # it has ended
        ({"kode": "99.01.01.1001"}, "tidak cocok dengan wilayah mana pun"),  # of another city
        ({"nama": "Milik kota lain"}, "tidak cocok dengan wilayah mana pun"),
        ({"nama": "Kembar"}, "lebih dari satu wilayah"),
        ({"kode": "72.01.01.1001", "kode_desa": "72.01.01.1003"}, "lebih dari satu wilayah"),
        ({"kode": "72.01.01.1001", "nama": "Kembar"}, "tetapi namanya"),
    ],
)
def test_two_readings_and_none_are_refused_never_guessed(member, unit, properties, words):
    city = member.city
    for code in ("72.01.01.1003", "72.01.02.1003"):
        unit_of(city, code, "Kembar")
    unit_of(city, "72.01.01.1009", "Lama", active_to=date(2024, 1, 1))
    unit_of(CityFactory(), "99.01.01.1001", "Milik kota lain")

    [line] = lines_of(member, feature(**properties))
    with pytest.raises(ValidationError):
        take(member, feature(**properties))

    assert line.standing == Standing.REFUSED
    assert words in line.note
    assert not UnitBoundary.objects.exists()


@pytest.mark.django_db
def test_a_code_tells_apart_what_the_name_does_not_and_reaches_a_unit_that_ended(member):
    twin = unit_of(member.city, "72.01.01.1003", "Kembar")
    unit_of(member.city, "72.01.02.1003", "Kembar")
    ended = unit_of(member.city, "72.01.01.1009", "Lama", active_to=date(2024, 1, 1))

    lines = lines_of(
        member, feature(kode="7201011003", nama="Kembar"), feature(kode="7201011009", nama="Lama")
    )

    assert [line.item.unit for line in lines] == [twin, ended]


@pytest.mark.django_db
def test_two_features_of_one_unit_are_both_refused(member, unit):
    lines = lines_of(member, feature(nama="Mulyojati"), feature(kode=unit.code))

    assert [line.standing for line in lines] == [Standing.REFUSED] * 2
    assert "Gabungkan menjadi MultiPolygon" in lines[0].note


@pytest.mark.django_db
def test_boundaries_are_kept_once_and_a_later_file_replaces_only_its_own(member, unit):
    other = unit_of(member.city, "72.01.01.1002", "Hadimulyo")
    mine, theirs = feature(kode=unit.code), feature([square(1)], kode=other.code)

    first = take(member, mine, theirs)
    same = lines_of(member, mine)
    second = take(member, feature([square(side=0.02)], kode=unit.code))

    assert (first.added, first.changed, second.added, second.changed) == (2, 0, 0, 1)
    assert [line.standing for line in same] == [Standing.SAME]
    rows = {row.unit.name: row for row in UnitBoundary.objects.select_related("unit")}
    assert doubled_area(rows["Mulyojati"].polygons[0][0]) == 2 * 200**2
    assert doubled_area(rows["Hadimulyo"].polygons[0][0]) == 2 * 100**2
    told = CityActivity.objects.filter(deed="units_bounded").order_by("pk")
    assert [entry.after for entry in told] == [
        {"count": "2", "file": "batas.geojson"},
        {"count": "1", "file": "batas.geojson"},
    ]


@pytest.mark.django_db
def test_the_preview_names_kelurahan_that_stay_without(member, unit):
    rest = unit_of(member.city, "72.01.01.1002", "Hadimulyo")
    unit_of(member.city, "72.01.01.1009", "Lama", active_to=date(2024, 1, 1))
    unit_of(CityFactory(), "99.01.01.1001", "Milik kota lain")

    assert still_bare(staged(member, feature(kode=unit.code)), member) == [rest]


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["verifikator", "pimpinan", "pendamping", "wilayah"])
def test_nobody_else_gives_boundaries(year, unit, role):
    with pytest.raises(PermissionDenied):
        staged(MembershipFactory(city=year.city, role=role), feature(kode=unit.code))


# --- The pages -----------------------------------------------------------------------------------


@pytest.fixture
def client(secretary):
    client = Client()
    client.force_login(secretary)
    return client


def base_of(year):
    return f"/kota/{year.city.slug}/penilaian/{year.year}/wilayah/"


def uploaded(content, name="batas.geojson"):
    return {"file": SimpleUploadedFile(name, content)}


@pytest.mark.django_db
def test_from_file_to_picture(year, client, unit):
    bare = unit_of(year.city, "72.01.01.1002", "Hadimulyo", parent=unit.parent)
    gone = unit_of(year.city, "72.01.01.1009", "Lama", active_to=date(2024, 1, 1))
    content = collection(
        feature(kode=unit.code), feature(kode=gone.code), feature(nama="Asing"), "x"
    )

    preview = client.post(f"{base_of(year)}batas/", uploaded(content), follow=True)
    nothing = client.get(f"{base_of(year)}peringkat/")
    saved = client.post(
        preview.redirect_chain[-1][0], {"seen": preview.context["seen"]}, follow=True
    )

    assert preview.context["bare"] == [bare]
    assert preview.context["skipped"] == 2
    assert "Objek ke-3 (“Asing”): tidak cocok" in preview.text
    assert nothing.context["map"] is None
    assert "2 batas wilayah ditambahkan, 0 diperbarui." in saved.text
    shown = saved.context["map"]
    assert [area.unit for area in shown.areas] == [unit]
    assert [one for one, _rating in shown.bare] == [bare]
    assert shown.absent == [gone]
    assert 'aria-label="Mulyojati: Belum dapat dinilai' in saved.text
    assert "<title>Mulyojati: " in saved.text


@pytest.mark.django_db
def test_a_kecamatan_is_an_outline_above_its_kelurahan(year, member, client, unit):
    take(member, feature(kode=unit.code), feature([square(side=0.03)], kode=unit.parent.code))

    shown = client.get(f"{base_of(year)}peringkat/").context["map"]

    assert [area.unit for area in shown.areas] == [unit]
    assert len(shown.outlines) == 1


@pytest.mark.django_db
def test_boundaries_of_another_city_are_not_seen(year, client, unit):
    other = MembershipFactory(gugus_tugas=True)
    twin = unit_of(other.city, unit.code, unit.name)
    take(other, feature(kode=twin.code))

    assert client.get(f"{base_of(year)}peringkat/").context["map"] is None


@pytest.mark.django_db
def test_a_file_that_is_too_large_and_one_that_is_no_map_are_refused_on_the_form(year, client):
    large = client.post(f"{base_of(year)}batas/", uploaded(b" " * 6 * 1024 * 1024))
    wrong = client.post(f"{base_of(year)}batas/", uploaded(b"kode;nama", "batas.csv"))

    assert large.context["form"].errors["file"] == [
        "Berkas ini 6,0\xa0MB, paling besar 5,0\xa0MB. Sederhanakan batasnya dulu."
    ]
    assert "tidak dapat dibaca sebagai GeoJSON" in wrong.context["form"].errors["file"][0]


@pytest.mark.django_db
def test_a_map_of_thirty_units_takes_the_queries_of_a_map_of_one(
    year, member, client, unit, django_assert_num_queries
):
    take(member, feature(kode=unit.code))
    with CaptureQueriesContext(connection) as one:
        client.get(f"{base_of(year)}peringkat/")
    more = [unit_of(year.city, f"72.01.01.2{n:03d}", f"Desa {n}") for n in range(29)]
    take(member, *(feature([square(n)], kode=row.code) for n, row in enumerate(more)))
    with django_assert_num_queries(len(one)):
        page = client.get(f"{base_of(year)}peringkat/")

    assert len(page.context["map"].areas) == 30

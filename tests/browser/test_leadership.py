"""The year on one sheet: one page of A4, and one screen of a projector."""

import io
from datetime import timedelta
from decimal import Decimal

import pikepdf
import pytest
from django.utils import timezone

from assessments.choices import ScoreKind
from assessments.models import Assessment, Award
from assessments.services.answers import import_points
from cities.models import City, Opd
from clusters.library import packaged
from kla.demo.build import build
from tests.assessments.situations import (
    city_with_opds,
    secretary_of,
)
from tests.factories.assessments import AwardFactory, EvidenceFactory, answer_of, open_year
from tests.factories.cities import MembershipFactory
from tests.factories.clusters import make_instrument, small_spec

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG_CITY = "Kabupaten Kepulauan Siau Tagulandang Biaro"
LONG_OPD = "Dinas Pemberdayaan Perempuan, Perlindungan Anak, Keluarga B."
PROJECTOR = {"width": 1440, "height": 900}


def demo_city():
    make_instrument(packaged("kla-2023"))
    year = build(password="layak-anak-2024", at=timezone.now())
    return year.city


def full_city():
    """Long names, everything to decide, years of two instruments, four awards."""
    city = city_with_opds(name=LONG_CITY, slug="penuh")
    for number, opd in enumerate(Opd.objects.filter(city=city)):
        opd.name = f"{LONG_OPD} {number}"
        opd.save()
    spec = packaged("kla-2023")
    for number in (2021, 2022, 2023, 2025):
        one = open_year(city=city, spec=small_spec() if number == 2021 else spec, year=number)
        for kind in (ScoreKind.CLAIMED, ScoreKind.VF):
            facts = {"kind": kind, "points": {"1.1": Decimal(7)}, "overwrite": True}
            import_points(assessment=one, **facts, by=secretary_of(one), at=timezone.now())
        AwardFactory(city=city, year=number, predikat="Pratama")
    target = make_instrument(spec).bands.get(predikat="Utama")
    passed = timezone.localdate() - timedelta(days=3)
    year = open_year(city=city, spec=spec, target=target, deadline=passed)
    for code, trait in (("1.1", {}), ("1.2a", {"returned": True})):
        EvidenceFactory(answer=answer_of(year, code), **trait)
    return city


def pages_of(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        boxes = [[float(side) for side in page.mediabox] for page in opened.pages]
    return [(round(right - left), round(top - bottom)) for left, bottom, right, top in boxes]


@pytest.mark.parametrize("make", [demo_city, full_city])
def test_it_is_one_page_of_a4_and_one_screen(make, seat):
    city = make()
    page = seat(MembershipFactory(pimpinan=True, city=city).user, viewport=PROJECTOR)
    page.goto(f"/kota/{city.slug}/pimpinan/")

    heights = page.evaluate("[document.documentElement.scrollHeight, innerHeight]")
    decisions = page.locator(".brief__decisions > li").count()
    pdf = page.pdf(prefer_css_page_size=True)

    assert heights == [900, 900]
    assert 3 <= decisions <= 5
    assert pages_of(pdf) == [(595, 842)]


def test_the_sheet_of_a_city_with_nothing_is_one_page_too(seat):
    year = open_year()
    page = seat(MembershipFactory(pimpinan=True, city=year.city).user, viewport=PROJECTOR)
    page.goto(f"/kota/{year.city.slug}/pimpinan/")

    assert (Assessment.objects.count(), Award.objects.count(), City.objects.count()) == (1, 0, 1)
    assert pages_of(page.pdf(prefer_css_page_size=True)) == [(595, 842)]

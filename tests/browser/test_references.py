"""Every dashboard beside the picture of it that somebody looked at and kept.

How a letter is drawn may differ; where things stand and how dark they are may not. After a change that is meant: `KEEP_PICTURES=1 pytest tests/browser/test_references.py`,
look at the new pictures, commit them.
"""

import os
from datetime import UTC, datetime
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone
from PIL import Image, ImageChops, ImageStat

from assessments.models import Assessment
from cities.models import User
from kla.demo.build import build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOMENT = datetime(2026, 11, 19, 3, 0, tzinfo=UTC)  # a Thursday, 10.00 WIB
KEPT = Path(__file__).parent / "references"
TAKEN = Path("test-results")  # what differs, to look at
WIDTHS = (360, 768, 1440)
PAGES = {
    "kota": "",
    "kota-klaster": "klaster/",
    "kota-indikator": "indikator/",
    "kota-opd": "opd/",
    "kota-laju": "laju/",
    "kota-sisa": "sisa/",
    "opd": "opd/{opd}/",
    "indikator": "indikator/1/",
    "jalan": "jalan/",
    "andai": "andai/?klaster=klaster-1",
    "perkiraan": "perkiraan/",
    "pemeriksaan-data": "pemeriksaan-data/",
    "riwayat": "../../riwayat/",
    "pimpinan": "../../pimpinan/",
    "peringkat": "../../../../peringkat/",
}
# Pictures are compared small, so that only what a person would notice counts.
SMALL = 90
KEPT_WIDTH = 480
TALLEST_CITY = 2_700  # of each page of a city's year on a desk: three windows of 900
TALLEST = 12_000  # of a page on a phone; below that stand only more rows of the same
BLOCK = 15  # rows of a small picture
MOST_DIFFERENT = 6.0  # mean difference of a point in a block, of 255
LONGER = 0.08  # part of the height; a line more or less is no other page


@pytest.fixture
def demo(transactional_db, settings, tmp_path, monkeypatch):
    """The demonstration, on a day that never ends."""
    monkeypatch.setattr(timezone, "now", lambda: MOMENT)
    settings.MEDIA_ROOT = tmp_path
    for command in ("load_regions", "load_awards", "load_instrument kla-2023"):
        call_command(*command.split(), stdout=StringIO())
    return build(password="kata-sandi-peragaan", at=MOMENT)


# Every font is there, not one that stands in, and the page has been drawn at its new width.
SETTLED = """async () => {
  await Promise.allSettled([...document.fonts].map((font) => font.load()));
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
}"""


def pictures(page, year):
    """Each page at each width, and as it is printed."""
    opd = year.city.opds.get(code="DINKES")
    page.goto(year.get_absolute_url())  # from then on the font is there before a page is drawn
    page.wait_for_load_state("networkidle")
    for name, path in PAGES.items():
        page.emulate_media(media="screen")
        page.goto(year.get_absolute_url() + path.format(opd=opd.pk))
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.evaluate(SETTLED)
            yield f"{name}-{width}", page.screenshot(full_page=True)
        page.emulate_media(media="print")
        page.set_viewport_size({"width": 768, "height": 900})
        page.evaluate(SETTLED)
        yield f"{name}-cetak", page.screenshot(full_page=True)


def reduced(content: bytes) -> Image.Image:
    picture = Image.open(BytesIO(content)).convert("RGB")
    picture = picture.crop((0, 0, picture.width, min(picture.height, TALLEST)))
    width = min(KEPT_WIDTH, picture.width)
    return picture.resize((width, round(picture.height * width / picture.width)))


def difference(picture: Image.Image, kept: Image.Image) -> str:
    """What a person would notice first; empty where nothing."""
    if abs(picture.height - kept.height) > LONGER * kept.height:
        return f"height {picture.height}, was {kept.height}"
    apart = ImageChops.difference(small(picture), small(kept))  # as high as the lower one
    for top in range(0, apart.height, BLOCK):
        block = apart.crop((0, top, SMALL, min(top + BLOCK, apart.height)))
        mean = ImageStat.Stat(block).mean[0]
        if mean > MOST_DIFFERENT:
            return f"differs by {mean:.1f} from row {top} of {apart.height}"
    return ""


def small(picture: Image.Image) -> Image.Image:
    height = round(picture.height * SMALL / picture.width)
    return picture.convert("L").resize((SMALL, height))


def test_every_dashboard_looks_as_it_did_when_somebody_looked(demo, seat):
    page = seat(User.objects.get(email="gugustugas@kota-contoh.example"))
    found, taken = {}, set()
    for name, content in pictures(page, Assessment.objects.get(pk=demo.pk)):
        picture, kept = reduced(content), KEPT / f"{name}.webp"
        if name.startswith("kota") and name.endswith("-1440"):
            assert Image.open(BytesIO(content)).height <= TALLEST_CITY, name
        taken.add(kept.name)
        if os.environ.get("KEEP_PICTURES"):
            picture.save(kept, quality=55, method=6)
        elif told := difference(picture, Image.open(kept).convert("RGB")):
            found[name] = told
            TAKEN.mkdir(exist_ok=True)
            picture.save(TAKEN / f"{name}.png")

    assert found == {}
    assert {path.name for path in KEPT.iterdir()} == taken


def test_a_page_without_its_ladder_would_be_noticed():
    kept = Image.open(KEPT / "kota-1440.webp").convert("RGB")
    bare = kept.copy()
    bare.paste("white", (0, 130, kept.width, 240))

    assert difference(kept, kept) == ""
    assert difference(bare, kept).startswith("differs by")

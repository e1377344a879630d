"""Papers as people have them, from a phone to the reviewer's page and back out."""

import io
import time

import pytest
from PIL import Image
from playwright.sync_api import expect

from assessments.models import Evidence, Rendition
from assessments.models.rendition import RenditionState
from tests.assessments import corpus
from tests.assessments.signing import sign
from tests.assessments.situations import reviewer_of
from tests.browser.papers import upload

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"viewport": {"width": 360, "height": 740}}
PATIENCE = 60  # seconds; a busy machine turns a photo of 64 megapixels in ten


@pytest.fixture(autouse=True)
def _renditions_as_in_production(settings):
    settings.TASKS = {
        "default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend", "QUEUES": []}
    }


def photo_of_64_megapixels():
    """Noise scaled up: as many dots as a phone takes, and some megabytes."""
    exif = Image.Exif()
    exif[0x0112] = 6  # held upright
    exif.get_ifd(0x8825)[1] = "S"
    out = io.BytesIO()
    noise = Image.effect_noise((578, 434), 60).convert("RGB")
    noise.resize((9_248, 6_936)).save(out, "JPEG", quality=60, exif=exif)
    return out.getvalue()


def handed_in(page, answer, name, content):
    """Upload one file; the evidence once its rendition is settled."""
    page.goto(answer.get_absolute_url())
    upload(page, {"name": name, "mimeType": "", "buffer": content})
    expect(page.get_by_text("1 dokumen tersimpan, menunggu pemeriksaan.")).to_be_visible(
        timeout=PATIENCE * 1_000
    )
    evidence = Evidence.objects.select_related("document").latest("pk")
    until = time.monotonic() + PATIENCE
    rows = Rendition.objects.filter(document=evidence.document, state=RenditionState.PENDING)
    while rows.exists() and time.monotonic() < until:
        page.wait_for_timeout(200)
    return evidence


def review(seat, answer, evidence, **options):
    page = seat(reviewer_of(answer.assessment).user, **options)
    year = answer.assessment
    page.goto(f"/kota/{year.city.slug}/penilaian/{year.year}/periksa/{evidence.pk}/")
    return page


def downloaded(page):
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Unduh berkas asli").click()
    return waiting.value.suggested_filename, waiting.value.path().read_bytes()


@pytest.mark.parametrize(
    ("name", "make"),
    [("IMG_20240501.jpg", photo_of_64_megapixels), ("IMG_0007.HEIC", corpus.heic)],
    ids=["64 megapixels", "heic"],
)
def test_a_photo_of_a_phone_is_seen_upright_and_kept_as_it_came(name, make, answer, staff, seat):
    content = make()
    evidence = handed_in(seat(staff, **PHONE), answer, name, content)
    page = review(seat, answer, evidence)
    picture = page.locator("img.preview")

    expect(picture).to_be_visible()
    shown = picture.evaluate("image => [image.naturalWidth, image.naturalHeight]")
    assert shown == ([1_800, 2_400] if "HEIC" not in name else [64, 48])
    assert downloaded(page) == (name, content)


def test_a_signature_still_verifies_after_the_way_through_the_site(answer, staff, seat):
    signed = sign(corpus.pdf(2, corpus.plain_form))
    evidence = handed_in(seat(staff, **PHONE), answer, "SK BSrE 2024.pdf", signed.content)
    page = review(seat, answer, evidence)

    expect(page.locator(".pdf-view canvas").first).to_be_visible(timeout=PATIENCE * 1_000)
    expect(page.get_by_text("bertanda tangan elektronik")).to_be_visible()
    name, content = downloaded(page)
    assert (name, content) == ("SK BSrE 2024.pdf", signed.content)
    assert signed.is_valid(content)


def test_a_right_file_under_a_wrong_extension_comes_out_under_its_true_one(answer, staff, seat):
    content = corpus.picture("JPEG")
    evidence = handed_in(seat(staff, **PHONE), answer, "Foto kegiatan.pdf", content)
    page = review(seat, answer, evidence, **PHONE)

    expect(page.locator("img.preview")).to_be_visible()
    expect(page.get_by_text("akhiran nama tidak sesuai isi")).to_be_visible()
    assert downloaded(page) == ("Foto kegiatan.jpg", content)


def test_a_file_that_could_act_is_shown_without_it_and_stays_locked(answer, staff, seat):
    content = corpus.FOUND["skrip.pdf"][0]
    evidence = handed_in(seat(staff, **PHONE), answer, "Laporan.pdf", content)
    page = review(seat, answer, evidence)

    expect(page.locator(".pdf-view canvas").first).to_be_visible(timeout=PATIENCE * 1_000)
    expect(page.get_by_text("Berkas asli terkunci karena")).to_be_visible()
    expect(page.get_by_role("link", name="Unduh berkas asli")).to_have_count(0)

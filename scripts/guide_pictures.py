"""Take the pictures of the one-page guides anew, from a running demonstration.

    make run                                       # in another window
    .venv/bin/python scripts/guide_pictures.py     # [--url http://127.0.0.1:8000]

The lurah of Kota Contoh fills one criterion on a phone, without network, and the site takes it when
the network is back: the demonstration has that report from then on. The secretariat looks at a feed of
a JDIH and takes nothing. Pictures are 8 colours' worth of a page in grey and green, so that four of
them stay below 100 KB.
"""

from __future__ import annotations

import argparse
import io
import json
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

PLACE = Path(__file__).parent.parent / "static" / "img" / "guide"
WIDTH, HEIGHT = 360, 560  # CSS pixels of a picture
COLOURS = 32
OPEN = """field => {
  for (let one = field.closest("details"); one; one = one.parentElement.closest("details")) one.open = true;
}"""
FEED = json.dumps(
    [
        {"idData": "71", "jenis": "Peraturan Daerah", "noPeraturan": "4", "tahunPengundangan": "2021",
         "tanggalPengundangan": "2021-05-10", "judul": "Penyelenggaraan Kota Layak Anak"},
        {"idData": "88", "jenis": "Peraturan Wali Kota", "noPeraturan": "22",
         "tahunPengundangan": "2023", "judul": "Pengarusutamaan Hak Anak"},
    ]
)  # fmt: skip
QUEUE = "[data-field] li[data-state={}]"


def take(page: Page, name: str, anchor: str) -> None:
    """One screen of the phone, beginning a little above what `anchor` finds."""
    page.locator(anchor).first.evaluate(
        "one => window.scrollTo(0, one.getBoundingClientRect().top + window.scrollY - 24)"
    )
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    few = picture.quantize(COLOURS)
    few.save(PLACE / f"{name}.png", optimize=True)
    print(name, (PLACE / f"{name}.png").stat().st_size)


def sign_in(page: Page, url: str, who: str) -> str:
    """The address of the city, signed in."""
    page.goto(f"{url}/masuk/")
    page.get_by_label("E-mail").fill(f"{who}@kota-contoh.example")
    page.get_by_label("Kata sandi").fill("layak-anak-2024")
    page.locator("main button[type=submit]").click()
    page.wait_for_url(lambda address: "/masuk/" not in address)
    return f"{url}/kota/kota-contoh/"


def of_regulations(page: Page, url: str) -> None:
    city = sign_in(page, url, "gugustugas")
    page.goto(f"{city}produk-hukum/jdih/")
    file = {"name": "jdih.json", "mimeType": "application/json", "buffer": FEED.encode()}
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Periksa isinya").click()
    page.wait_for_selector(".sheet-counts")
    take(page, "hukum-1-pratinjau", "h1")
    page.goto(f"{city}produk-hukum/?keadaan=revoked")
    page.locator("table a").first.click()
    page.wait_for_selector("#hubungan")
    take(page, "hukum-2-dicabut", "h1")
    page.goto(f"{city}penilaian/2024/produk-hukum/")
    take(page, "hukum-3-cakupan", "h1")


def of_drafts(page: Page, url: str) -> None:
    city = sign_in(page, url, "dp3a")
    page.goto(f"{city}produk-hukum/rancangan/")
    take(page, "hukum-4-rancangan", "h1")


def of_meetings(page: Page, url: str) -> None:
    city = sign_in(page, url, "gugustugas")
    page.goto(f"{city}gugus-tugas/")
    take(page, "rakor-1-susunan", "h1")
    page.goto(f"{city}gugus-tugas/rapat/")
    page.locator("main a", has_text="kelengkapan dokumen").first.click()
    take(page, "rakor-3-notula", "h2:has-text('Keputusan')")
    page.goto(f"{city}gugus-tugas/tindak-lanjut/")
    take(page, "rakor-4-tindak-lanjut", "h1")
    page.goto(f"{city}gugus-tugas/rapat/")
    page.locator("main a", has_text="persiapan verifikasi").first.click()
    page.goto(f"{page.url}hadir/")
    page.goto(page.locator(".qr-panel a").get_attribute("href") or "")
    page.get_by_label("Nama").fill("Ani Contoh")
    page.get_by_label("Instansi atau lembaga").fill("PKK Kota")
    take(page, "rakor-2-hadir", "h1")


def of_action_plan(page: Page, url: str) -> None:
    city = sign_in(page, url, "gugustugas")
    page.goto(f"{city}rad/")
    page.locator("main table a").first.click()
    page.wait_for_load_state()
    take(page, "rad-1-rencana", "h1")
    page.locator("main a[href*='/tahun/']").first.click()
    page.wait_for_load_state()
    take(page, "rad-3-pemantauan", "main table tbody tr")
    page.goto(f"{city}target/")
    take(page, "rad-4-target", "h1")


def of_reports(page: Page, url: str) -> None:
    city = sign_in(page, url, "dinkes")
    page.goto(f"{city}rad/")
    page.locator("main table a").first.click()
    page.locator("main a[href*='/aksi/']").first.click()
    page.locator("main a[href*='/tw/']").first.click()
    page.wait_for_load_state()
    take(page, "rad-2-lapor", "h1")


def of_unit(page: Page, url: str) -> None:
    city = sign_in(page, url, "lurah")
    page.goto(f"{city}wilayah-saya/")
    page.wait_for_selector("[data-field][data-kept=yes]", state="attached")
    take(page, "1-wilayah", "h1")
    form = page.locator("form[data-field-form]")
    yes = form.locator("input[type=radio][value=ya]").first
    yes.evaluate(OPEN)
    yes.check()
    take(page, "2-kriteria", "form[data-field-form] details[open]")
    page.context.set_offline(True)
    form.get_by_role("button", name="Simpan dan kirim").click()
    page.wait_for_selector(QUEUE.format("menunggu"))
    take(page, "3-menunggu", "#judul-antrean")
    page.context.set_offline(False)
    page.wait_for_selector(QUEUE.format("terkirim"))
    take(page, "4-terkirim", "#judul-antrean")


WALKS = (of_unit, of_regulations, of_drafts, of_meetings, of_action_plan, of_reports)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument(
        "--browser", help="path of a Chromium, where Playwright has none of its own"
    )
    parser.add_argument("--only", nargs="*", choices=[walk.__name__ for walk in WALKS])
    asked = parser.parse_args()
    PLACE.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=asked.browser, args=["--no-sandbox", "--hide-scrollbars"]
        )
        size = {"width": WIDTH, "height": HEIGHT}
        for walk in WALKS:
            if not asked.only or walk.__name__ in asked.only:
                context = browser.new_context(viewport=size, locale="id-ID")
                walk(context.new_page(), asked.url)
                context.close()
        browser.close()


if __name__ == "__main__":
    main()

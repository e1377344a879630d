"""Take the pictures of the guide for a lurah anew, from a running demonstration.

    make run                                       # in another window
    .venv/bin/python scripts/guide_pictures.py     # [--url http://127.0.0.1:8000]

The lurah of Kota Contoh fills one criterion on a phone, without network, and the site takes it when
the network is back: the demonstration has that report from then on. Pictures are 8 colours' worth of
a page in grey and green, so that four of them stay below 100 KB.
"""

from __future__ import annotations

import argparse
import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

PLACE = Path(__file__).parent.parent / "static" / "img" / "guide"
WIDTH, HEIGHT = 360, 560  # CSS pixels of a picture
COLOURS = 32
OPEN = """field => {
  for (let one = field.closest("details"); one; one = one.parentElement.closest("details")) one.open = true;
}"""
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


def walk(page: Page, url: str) -> None:
    page.goto(f"{url}/masuk/")
    page.get_by_label("E-mail").fill("lurah@kota-contoh.example")
    page.get_by_label("Kata sandi").fill("layak-anak-2024")
    page.locator("main button[type=submit]").click()
    page.goto(f"{url}/kota/kota-contoh/wilayah-saya/")
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument(
        "--browser", help="path of a Chromium, where Playwright has none of its own"
    )
    asked = parser.parse_args()
    PLACE.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=asked.browser, args=["--no-sandbox", "--hide-scrollbars"]
        )
        size = {"width": WIDTH, "height": HEIGHT}
        walk(browser.new_page(viewport=size, locale="id-ID"), asked.url)
        browser.close()


if __name__ == "__main__":
    main()

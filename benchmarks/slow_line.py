"""What a phone on a bad line waits for: 360 px, 400 ms there and back, 50 KB/s, nothing cached.

    .venv/bin/python -m benchmarks.slow_line [word of a page …]

For each page of the benchmark a new browser: the bytes on the wire with styles, scripts and fonts,
when the first content is painted, when the page can be used (its scripts have run), how much of it
moves while it loads, and how many screens of 740 px it is long. Needs Chromium, as the browser
tests do. Prints a table in Markdown and the goals missed; with any, the exit code is 1.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable
from dataclasses import dataclass

from playwright.sync_api import Browser, sync_playwright

from benchmarks.pages import chosen
from benchmarks.server import get, prepared, served, sessions_of

WIDTH, HEIGHT = 360, 740
LATENCY_MS, BYTES_PER_SECOND = 400, 50 * 1024
LINE = {
    "offline": False,
    "latency": LATENCY_MS,
    "downloadThroughput": BYTES_PER_SECOND,
    "uploadThroughput": BYTES_PER_SECOND,
}
MOST_BYTES, MOST_PAINT, MOST_USABLE, MOST_SHIFT = 150 * 1024, 2000.0, 3000.0, 0.1
# Read when the page has loaded; what is painted later does not count.
READ = """() => new Promise((done) => {
  let shift = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) shift += entry.value;
  }).observe({type: "layout-shift", buffered: true});
  setTimeout(() => {
    const [page] = performance.getEntriesByType("navigation");
    const paint = performance.getEntriesByName("first-contentful-paint")[0];
    done([paint.startTime, page.domContentLoadedEventEnd, shift,
          document.documentElement.scrollHeight]);
  }, 300);
})"""


@dataclass(frozen=True, slots=True)
class Visit:
    wire: int  # bytes
    painted: float  # milliseconds, as is usable
    usable: float
    shift: float  # cumulative layout shift
    height: int  # pixels

    def missed(self) -> list[str]:
        return [
            sentence
            for is_missed, sentence in (
                (self.wire > MOST_BYTES, f"{self.wire / 1024:.0f} KB with nothing cached"),
                (self.painted > MOST_PAINT, f"first content after {self.painted / 1000:.1f} s"),
                (self.usable > MOST_USABLE, f"usable after {self.usable / 1000:.1f} s"),
                (self.shift > MOST_SHIFT, f"moves by {self.shift:.2f}"),
            )
            if is_missed
        ]


def visit(browser: Browser, url: str, session: str) -> Visit:
    context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT})
    host = {"name": "sessionid", "value": session, "domain": "127.0.0.1", "path": "/"}
    context.add_cookies([host])  # type: ignore[list-item]  # a TypedDict to playwright
    page = context.new_page()
    wire = [0]
    protocol = context.new_cdp_session(page)
    protocol.send("Network.enable")
    protocol.send("Network.emulateNetworkConditions", LINE)

    def count(event: dict[str, float]) -> None:
        wire[0] += int(event["encodedDataLength"])

    protocol.on("Network.loadingFinished", count)
    page.goto(url, wait_until="load")
    painted, usable, shift, height = page.evaluate(READ)
    context.close()
    return Visit(wire[0], painted, usable, shift, int(height))


def main(words: Iterable[str]) -> int:
    pages = chosen(words)
    named = ("chromium-headless-shell", "chromium", "google-chrome")
    chromium = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, named)), None)
    sessions: dict[str, str]
    print("| page | KB | first content, s | usable, s | moves | screens |")
    print("| --- |" + " ---: |" * 5)
    missed: list[str] = []
    with prepared(), served() as port, sync_playwright() as playwright:
        sessions = sessions_of(who for who, _what, _url in pages)
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for who, what, path in pages:
            # The server has read its code and templates; what is downloaded is no page.
            response, _body, _took = get(port, path, sessions[who])
            if not response.headers["Content-Type"].startswith("text/html"):
                continue
            seen = visit(browser, f"http://127.0.0.1:{port}{path}", sessions[who])
            print(
                f"| {what} | {seen.wire / 1024:.0f} | {seen.painted / 1000:.1f} "
                f"| {seen.usable / 1000:.1f} | {seen.shift:.2f} | {seen.height / HEIGHT:.1f} |"
            )
            missed += [f"{what}: {sentence}" for sentence in seen.missed()]
        browser.close()
    print("\n".join(["", f"{len(missed)} goals missed", *missed]))
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

// [data-countdown]: seconds left when the page was made; says how long there still is.
// The server decides; its clock, not the reader's, is counted down.

import { _ } from "./words.js";

const OVER = _("Sudah berakhir");

function words(seconds) {
  if (seconds < 0) return OVER;
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  if (hours || minutes >= 10) return _("%(hours)s jam %(minutes)s menit lagi", { hours, minutes });
  const rest = Math.floor(seconds % 60);
  return _("%(minutes)s menit %(rest)s detik lagi", { minutes, rest });
}

const clocks = [...document.querySelectorAll("[data-countdown]")];
const began = performance.now();

function tick() {
  const passed = (performance.now() - began) / 1000;
  for (const clock of clocks) clock.textContent = words(Number(clock.dataset.countdown) - passed);
}

if (clocks.length) setInterval(tick, 1000);

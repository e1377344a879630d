// [data-countdown]: seconds left when the page was made; says how long there still is.
// The server decides; its clock, not the reader's, is counted down.

const OVER = "Sudah berakhir";

function words(seconds) {
  if (seconds < 0) return OVER;
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  if (hours || minutes >= 10) return `${hours} jam ${minutes} menit lagi`;
  return `${minutes} menit ${Math.floor(seconds % 60)} detik lagi`;
}

const clocks = [...document.querySelectorAll("[data-countdown]")];
const began = performance.now();

function tick() {
  const passed = (performance.now() - began) / 1000;
  for (const clock of clocks) clock.textContent = words(Number(clock.dataset.countdown) - passed);
}

if (clocks.length) setInterval(tick, 1000);

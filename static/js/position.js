// [data-position] in a form: a button that asks the phone where it is and writes it into the fields
// `latitude` and `longitude` of the form, rounded to four places of a degree: some 10 metres. Nothing
// is asked before somebody taps.

import { _ } from "./words.js";

const PLACES = 4;
const PATIENCE_MS = 20_000;
const TAKE = _("Hapus posisi");
const WHY = {
  1: _("Ponsel tidak mengizinkan. Izinkan lokasi untuk situs ini, atau simpan tanpa posisi."),
  2: _("Posisi tidak ditemukan. Coba di luar ruangan, atau simpan tanpa posisi."),
  3: _("Posisi tidak ditemukan dalam 20 detik. Coba lagi, atau simpan tanpa posisi."),
};

function locate() {
  const options = { enableHighAccuracy: true, timeout: PATIENCE_MS };
  return new Promise((resolve, reject) => navigator.geolocation.getCurrentPosition(resolve, reject, options));
}

for (const box of document.querySelectorAll("[data-position]")) {
  const form = box.closest("form");
  const { latitude, longitude } = form.elements;
  const button = box.querySelector("button");
  const said = box.querySelector("[role=status]");
  const [ask, hint] = [button.textContent, said.textContent];
  const show = (words = "") => {
    const isKnown = latitude.value !== "";
    button.textContent = isKnown ? TAKE : ask;
    const place = _("Posisi: %(north)s, %(east)s", { north: latitude.value, east: longitude.value });
    said.textContent = words || (isKnown ? place : hint);
  };
  const fill = (north = "", east = "") => {
    latitude.value = north;
    longitude.value = east;
    show();
  };
  button.addEventListener("click", async () => {
    if (latitude.value) {
      fill();
      return;
    }
    button.disabled = true;
    try {
      const { coords } = await locate();
      fill(coords.latitude.toFixed(PLACES), coords.longitude.toFixed(PLACES));
    } catch (error) {
      show(WHY[error.code]);
    }
    button.disabled = false;
  });
  form.addEventListener("reset", () => fill());
  box.hidden = !("geolocation" in navigator);
  show();
}

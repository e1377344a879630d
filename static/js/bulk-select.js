// form[data-bulk]: ticks rows at once ([data-bulk-all]) and says how many are ticked
// ([data-bulk-count]); the button [data-bulk-submit] waits until there is one.
// The rows' boxes are input[data-bulk-row]. A box for all has the rows of the [data-bulk-scope]
// around it, or of the form, and of these only what is seen: nothing in a closed fold.

import { _ } from "./words.js";

const NONE = _("Pilih baris yang akan diubah.");

function some(count, folded) {
  if (!folded) return _("%(count)s baris dipilih.", { count });
  return _("%(count)s baris dipilih, %(folded)s di antaranya di bagian yang terlipat.", { count, folded });
}

function isFolded(box) {
  return box.closest("details:not([open])") !== null;
}

function watch(form) {
  const words = form.querySelector("[data-bulk-count]");
  const button = form.querySelector("[data-bulk-submit]");
  const rows = (part) => [...part.querySelectorAll("input[data-bulk-row]")];
  const ruled = (all) => rows(all.closest("[data-bulk-scope]") ?? form).filter((box) => !isFolded(box));

  function tell() {
    for (const all of form.querySelectorAll("[data-bulk-all]")) {
      const boxes = ruled(all);
      const count = boxes.filter((box) => box.checked).length;
      all.checked = count > 0 && count === boxes.length;
      all.indeterminate = count > 0 && count < boxes.length;
    }
    const ticked = rows(form).filter((box) => box.checked);
    if (words) words.textContent = ticked.length ? some(ticked.length, ticked.filter(isFolded).length) : NONE;
    if (button) button.disabled = ticked.length === 0;
  }

  form.addEventListener("change", (event) => {
    if (event.target.matches("[data-bulk-all]")) {
      for (const box of ruled(event.target)) box.checked = event.target.checked;
    }
    tell();
  });
  form.addEventListener("toggle", tell, true); // a fold opened or closed; it does not bubble
  window.addEventListener("pageshow", tell);
  tell();
}

for (const form of document.querySelectorAll("form[data-bulk]")) watch(form);

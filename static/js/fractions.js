// Buttons [data-fraction-value][data-fraction-target] fill a field with a usual number of points.

import { MARK } from "./words.js";

// As somebody types it, with a comma or a point.
function plain(text) {
  return Number(text.replace(",", "."));
}

function press(input) {
  const buttons = document.querySelectorAll(`[data-fraction-target="${CSS.escape(input.id)}"]`);
  for (const button of buttons) {
    const same = input.value !== "" && plain(button.dataset.fractionValue) === plain(input.value);
    button.setAttribute("aria-pressed", String(same));
  }
}

for (const group of document.querySelectorAll("[data-fractions]")) {
  const input = document.getElementById(
    group.querySelector("[data-fraction-target]")?.dataset.fractionTarget,
  );
  if (!input) continue;
  group.hidden = false;
  press(input);
  input.addEventListener("input", () => press(input));
  group.addEventListener("click", (event) => {
    const button = event.target.closest("[data-fraction-value]");
    if (!button) return;
    const value = button.dataset.fractionValue;
    input.value = value.replace(/[.,]/, input.type === "number" ? "." : MARK);
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

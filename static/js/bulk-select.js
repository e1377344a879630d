// form[data-bulk]: ticks all rows at once ([data-bulk-all]) and says how many are ticked
// ([data-bulk-count]); the button [data-bulk-submit] waits until there is one.
// The rows' boxes are input[data-bulk-row].

const NONE = "Pilih baris yang akan diubah.";

function some(count) {
  return `${count} baris dipilih.`;
}

function watch(form) {
  const all = form.querySelector("[data-bulk-all]");
  const words = form.querySelector("[data-bulk-count]");
  const button = form.querySelector("[data-bulk-submit]");
  const rows = () => [...form.querySelectorAll("input[data-bulk-row]")];

  function tell() {
    const boxes = rows();
    const ticked = boxes.filter((box) => box.checked).length;
    if (all) {
      all.checked = ticked > 0 && ticked === boxes.length;
      all.indeterminate = ticked > 0 && ticked < boxes.length;
    }
    if (words) words.textContent = ticked ? some(ticked) : NONE;
    if (button) button.disabled = ticked === 0;
  }

  form.addEventListener("change", (event) => {
    if (event.target === all) {
      for (const box of rows()) box.checked = all.checked;
    }
    tell();
  });
  window.addEventListener("pageshow", tell);
  tell();
}

for (const form of document.querySelectorAll("form[data-bulk]")) watch(form);

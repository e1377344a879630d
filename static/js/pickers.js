// input[type=file][data-picker]: a button in the words of the page and the names and sizes of what was chosen, in place of the browser's
// words, which follow the browser's language. The field itself stays reachable by keyboard; without this it is the browser's own.
//
// Whoever sets the files of a field by script tells so by an event `change`. In form[data-upload] the list is that of upload.js.
// Fields that come later are told of by an event `kla:added` on what holds them.

import { _, figure } from "./words.js";

const NONE = _("Belum ada berkas yang dipilih.");
const KB = 1024;
const MB = KB * KB;

function told({ name, size }) {
  const [amount, unit] = size < MB ? [Math.ceil(size / KB), "KB"] : [size / MB, "MB"];
  return `${name} (${figure(amount)} ${unit})`;
}

function listOf(field) {
  const list = document.createElement("span");
  list.className = "picker__chosen";
  list.setAttribute("role", "status");
  const show = () => {
    list.textContent = [...field.files].map(told).join(", ") || NONE;
  };
  field.addEventListener("change", show);
  field.form?.addEventListener("reset", () => setTimeout(show)); // the event comes before its effect
  show();
  return list;
}

function enhance(field) {
  if (field.closest(".picker")) return;
  const isHere = field === document.activeElement; // who was quicker than this script stays there
  const box = document.createElement("span");
  box.className = "picker";
  field.replaceWith(box);
  const button = document.createElement("label");
  button.className = "btn btn-outline-primary picker__button";
  field.classList.add("visually-hidden");
  button.append(field, field.accept.startsWith("image/") ? _("Pilih foto") : _("Pilih berkas"));
  box.append(button);
  if (isHere) field.focus();
  if (!field.form?.matches("[data-upload]")) box.append(listOf(field));
}

function enhanceAll(within) {
  for (const field of within.querySelectorAll("input[data-picker]")) enhance(field);
}

document.addEventListener("kla:added", (event) => enhanceAll(event.target));
enhanceAll(document);

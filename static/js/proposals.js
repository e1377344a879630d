// Proposes what is said of a document. Kind and title from the name of its file, by the tables that
// the server applies anyway to what is left empty (assessments/titles.py); number and dates from what
// the server has read in the file (assessments/proposals.py). Loaded by upload.js.
//
// Nothing that a person typed gives way, and a proposal counts once it is sent with the form.

import { _ } from "./words.js";

const SEPARATORS = /[_/+.,()-]/g;

function stemOf(name) {
  const whole = name.normalize("NFC").trim();
  const dot = whole.lastIndexOf(".");
  const extension = whole.slice(dot + 1);
  const isNamed = dot >= 0 && !extension.includes(" ") && extension.length <= 5;
  return isNamed ? whole.slice(0, dot).trim() : whole;
}

function wordsOf(text) {
  return text.toLowerCase().replace(SEPARATORS, " ").trim().split(/\s+/).join(" ");
}

function titleOf(name, tables) {
  const words = wordsOf(stemOf(name));
  const saysNothing = [...tables.nameless, ...tables.kinds.map(([said]) => said)].some((pattern) =>
    new RegExp(`^(?:${pattern})$`).test(words),
  );
  const stem = stemOf(name);
  return saysNothing ? "" : (stem.includes(" ") ? stem : stem.replaceAll("_", " ")).slice(0, 200);
}

function kindOf(name, options, tables) {
  const words = wordsOf(stemOf(name));
  for (const [said, begins] of tables.kinds) {
    if (!new RegExp(`(?:^| )(?:${said})(?: |$)`).test(words)) continue;
    const pattern = new RegExp(`^(?:${begins})(?: |$)`);
    const meant = options.filter((option) => pattern.test(wordsOf(option.text)));
    if (meant.length) return meant.length === 1 ? meant[0].value : "";
  }
  return "";
}

// What was proposed before gives way to a new proposal; what the person chose never does.
function proposeKind(select, files, tables) {
  if (select.value && select.value !== select.dataset.proposed) return;
  const options = [...select.options].filter((option) => option.value);
  if (options.length < 2) return;
  const [first = "", ...others] = files.map((file) => kindOf(file.name, options, tables));
  const proposed = others.every((kind) => kind === first) ? first : "";
  if (select.value === proposed) return;
  select.value = proposed;
  select.dataset.proposed = proposed;
}

// The title stays empty: the server fills it in, and several files get one each.
function proposeTitle(field, files, kind, tables) {
  const fallback = kind ? `${kind} – ${tables.code}` : "";
  field.placeholder = files.length === 1 ? titleOf(files[0].name, tables) || fallback : "";
}

// The field of this name in a block of them; those of one file among several bear a prefix.
function fieldIn(block, name) {
  return block.querySelector(`[name="${name}"], [name$="-${name}"]`);
}

// `block` holds the fields that are about these files.
export function propose(block, files) {
  const tables = JSON.parse(document.getElementById("usulan-judul").textContent);
  const kind = fieldIn(block, "kind");
  const title = fieldIn(block, "title");
  const show = () => {
    const [chosen] = kind.selectedOptions;
    proposeTitle(title, files, kind.value ? chosen.text : "", tables);
  };
  proposeKind(kind, files, tables);
  show();
  kind.onchange = show;
}

function element(tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

function tell(field, sentence) {
  const place = field.closest(".mb-3") ?? field.parentElement;
  place.querySelector(".proposal")?.remove();
  const words = element("p", "form-text proposal", sentence);
  words.id = `${field.id}_usulan`;
  place.append(words);
  field.setAttribute("aria-describedby", words.id);
  field.addEventListener("input", () => words.remove(), { once: true });
}

function labelOf(field) {
  return (field.labels[0]?.firstChild?.textContent ?? "").trim().toLowerCase();
}

// The fold shows on its one line what it holds, so that nothing is sent unseen.
function summarize(block, filled) {
  const summary = block.querySelector("details summary");
  summary?.querySelector(".proposal")?.remove();
  if (!summary || !filled.length) return;
  const said = filled.map((field) => `${labelOf(field)} ${field.value}`).join(", ");
  const sentence = _("Terbaca dari berkas: %(said)s. Periksa.", { said });
  const words = element("span", "proposal proposal--fold", sentence);
  words.setAttribute("role", "status");
  summary.append(words);
}

// Takes back what was proposed for another file.
export function clear(block) {
  for (const field of block.querySelectorAll("input[data-proposed]")) {
    if (field.value === field.dataset.proposed) field.value = "";
    delete field.dataset.proposed;
  }
  for (const words of block.querySelectorAll(".proposal")) words.remove();
}

// `found` is what the server has read: what is agreed, and what it found twice.
export function fill(block, found) {
  const filled = [];
  for (const { field: name, value, source } of found.agreed) {
    const field = fieldIn(block, name);
    if (!field || field.value || field === document.activeElement) continue;
    field.value = value;
    field.dataset.proposed = value;
    tell(field, _("Usulan %(source)s. Ubah bila keliru.", { source }));
    filled.push(field);
  }
  for (const { field: name, sentence } of found.doubtful) {
    const field = fieldIn(block, name);
    if (field && !field.value) tell(field, sentence);
  }
  summarize(block, filled);
}

// Proposes kind and title of a document from the name of its file, by the tables that the server
// applies anyway to what is left empty (assessments/titles.py). Loaded by upload.js.

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

export function propose(form, files) {
  const tables = JSON.parse(document.getElementById("usulan-judul").textContent);
  const { kind, title } = form.elements;
  const show = () => {
    const [chosen] = kind.selectedOptions;
    proposeTitle(title, files, kind.value ? chosen.text : "", tables);
  };
  proposeKind(kind, files, tables);
  show();
  kind.onchange = show;
}

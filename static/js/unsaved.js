// form[data-unsaved]: asks before leaving with unsaved input, and keeps a draft of it.
//
// data-draft-key  names the draft in this browser; without it no draft is kept
// data-saved-at   changes when the server has saved the form: older drafts are then thrown away
//
// [data-draft-left=KEY]: where the form is no longer, shows what its draft still holds, each field
// in the [data-draft-field=NAME] of that name, and a [data-draft-discard] to throw it away.

const PREFIX = "kla-draft:";
const RESTORED = "Isian yang belum disimpan dimuat kembali.";
const DISCARD = "Buang draf";
const DRAFTED =
  "textarea, select, input[type=text], input[type=number], input[type=radio], input:not([type])";

function fields(form) {
  return [...form.querySelectorAll(DRAFTED)].filter((field) => field.name);
}

// Of a radio group only the chosen one counts.
function values(form) {
  const counted = fields(form).filter((field) => field.type !== "radio" || field.checked);
  return Object.fromEntries(counted.map((field) => [field.name, field.value]));
}

// What stands in a field, for putting it back.
function state(field) {
  return field.type === "radio" ? field.checked : field.value;
}

function put(field, value) {
  if (field.type === "radio") field.checked = value;
  else field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + key));
  } catch {
    return null;
  }
}

function store(key, draft) {
  try {
    localStorage.setItem(PREFIX + key, JSON.stringify(draft));
  } catch {
    // Without room for a draft the question on leaving still stands.
  }
}

function drop(key) {
  try {
    localStorage.removeItem(PREFIX + key);
  } catch {
    // Nothing was kept, so nothing is left.
  }
}

function note(form, onDiscard) {
  const box = document.createElement("div");
  box.className = "draft-note";
  box.setAttribute("role", "status");
  const words = document.createElement("span");
  words.textContent = RESTORED;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-sm btn-outline-secondary";
  button.textContent = DISCARD;
  button.addEventListener("click", () => {
    onDiscard();
    box.remove();
  });
  box.append(words, button);
  form.prepend(box);
}

function restore(form, key) {
  const draft = read(key);
  if (!draft) return false;
  if (draft.savedAt !== (form.dataset.savedAt || "")) {
    drop(key);
    return false;
  }
  const before = new Map();
  for (const field of fields(form)) {
    const value = draft.values[field.name];
    if (value === undefined) continue;
    const kept = field.type === "radio" ? value === field.value : value;
    if (kept === state(field)) continue;
    // A choice that is offered no more stays unchosen.
    if (field.tagName === "SELECT" && ![...field.options].some((o) => o.value === kept)) continue;
    before.set(field, state(field));
    put(field, kept);
  }
  if (!before.size) return false;
  const fold = form.closest("details");
  if (fold) fold.open = true;
  note(form, () => {
    for (const [field, value] of before) put(field, value);
    // After the events above, which made a draft of the old values again.
    drop(key);
    form.dataset.dirty = "";
  });
  return true;
}

function showLeft(box) {
  const key = box.dataset.draftLeft;
  const draft = read(key);
  if (!draft) return;
  if (draft.savedAt !== (box.dataset.savedAt || "")) {
    drop(key);
    return;
  }
  for (const field of box.querySelectorAll("[data-draft-field]")) {
    const kept = draft.values[field.dataset.draftField];
    if (!kept) continue;
    if (!field.value) field.value = kept; // what the server has shown is newer
    box.hidden = false;
  }
  const discard = box.querySelector("[data-draft-discard]");
  if (!discard) return;
  discard.hidden = false;
  discard.addEventListener("click", () => {
    drop(key);
    box.hidden = true;
  });
}

function watch(form) {
  const key = form.dataset.draftKey;
  // What the server has refused is typed but not saved.
  const refused = form.querySelector("[data-form-errors], .is-invalid") !== null;
  const restored = key ? restore(form, key) : false;
  form.dataset.dirty = refused || restored ? "yes" : "";

  form.addEventListener("input", (event) => {
    form.dataset.dirty = "yes";
    if (!key) return;
    store(key, { savedAt: form.dataset.savedAt || "", values: values(form) });
  });

  // The draft outlives the sending: only the server's word that it was saved ends it.
  form.addEventListener("submit", (event) => {
    if (!event.defaultPrevented) form.dataset.dirty = "";
  });
}

for (const form of document.querySelectorAll("form[data-unsaved]")) watch(form);

for (const box of document.querySelectorAll("[data-draft-left]")) showLeft(box);

// A page that leads on by itself (upload.js tells) has not been left by the person: it asks nobody,
// and what stands in a form that keeps no draft is there again on the next page, once.
const ONCE = "kla-leaving:";
let isLeaving = false;

function typedIn(form) {
  const silent = ["file", "hidden", "radio", "checkbox", "submit", "button"];
  return [...form.elements].filter((field) => field.name && !silent.includes(field.type));
}

function keepOnce(form) {
  const typed = typedIn(form).map((field) => [field.name, field.value]);
  sessionStorage.setItem(ONCE + form.action, JSON.stringify(Object.fromEntries(typed)));
}

function restoreOnce(form) {
  const kept = sessionStorage.getItem(ONCE + form.action);
  if (!kept) return;
  sessionStorage.removeItem(ONCE + form.action);
  const values = JSON.parse(kept);
  for (const field of typedIn(form)) field.value = values[field.name] ?? field.value;
  for (let fold = form; fold; fold = fold.parentElement?.closest("details")) fold.open = true;
  form.dataset.dirty = "yes";
}

document.addEventListener("kla:leaving", () => {
  const dirty = document.querySelectorAll("form[data-unsaved][data-dirty=yes]:not([data-draft-key])");
  try {
    for (const form of dirty) keepOnce(form);
    isLeaving = true;
  } catch {
    // Nowhere to keep it: then the person is asked.
  }
});

try {
  for (const form of document.querySelectorAll("form[data-unsaved]")) restoreOnce(form);
} catch {
  // Nothing was kept, so nothing is left.
}

window.addEventListener("beforeunload", (event) => {
  if (isLeaving) return;
  if (document.querySelector("form[data-unsaved][data-dirty=yes]")) event.preventDefault();
});

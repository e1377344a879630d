// form[data-unsaved]: asks before leaving with unsaved input, and keeps a draft of it.
//
// data-draft-key  names the draft in this browser; without it no draft is kept
// data-saved-at   changes when the server has saved the form: older drafts are then thrown away

const PREFIX = "kla-draft:";
const RESTORED = "Isian yang belum tersimpan dari kunjungan sebelumnya telah dikembalikan.";
const DISCARD = "Buang draf";
const ONCE = "kla-leaving:";
const DRAFTED =
  "textarea, select, input[type=text], input[type=number], input[type=date], input:not([type])";

function fields(form) {
  return [...form.querySelectorAll(DRAFTED)].filter((field) => field.name);
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
    const kept = draft.values[field.name];
    if (kept === undefined || kept === field.value) continue;
    before.set(field, field.value);
    field.value = kept;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  if (!before.size) return false;
  note(form, () => {
    for (const [field, value] of before) {
      field.value = value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    // After the events above, which made a draft of the old values again.
    drop(key);
    form.dataset.dirty = "";
  });
  return true;
}

function valuesOf(form) {
  return Object.fromEntries(fields(form).map((field) => [field.name, field.value]));
}

// A page that leads on by itself has not been left by the person: what was typed in a form that
// keeps no draft is there again on the next page, once.
function restoreOnce(form) {
  let kept;
  try {
    kept = sessionStorage.getItem(ONCE + form.action);
    sessionStorage.removeItem(ONCE + form.action);
  } catch {
    return false;
  }
  if (!kept) return false;
  const values = JSON.parse(kept);
  for (const field of fields(form)) field.value = values[field.name] ?? field.value;
  for (const fold of form.querySelectorAll("details")) fold.open = true;
  form.closest("details")?.setAttribute("open", "");
  return true;
}

function watch(form) {
  const key = form.dataset.draftKey;
  // What the server has refused is typed but not saved.
  const refused = form.querySelector("[data-form-errors], .is-invalid") !== null;
  const restored = key ? restore(form, key) : restoreOnce(form);
  form.dataset.dirty = refused || restored ? "yes" : "";

  form.addEventListener("input", (event) => {
    form.dataset.dirty = "yes";
    if (!key) return;
    store(key, { savedAt: form.dataset.savedAt || "", values: valuesOf(form) });
  });

  // The draft outlives the sending: only the server's word that it was saved ends it.
  form.addEventListener("submit", (event) => {
    if (!event.defaultPrevented) form.dataset.dirty = "";
  });
}

for (const form of document.querySelectorAll("form[data-unsaved]")) watch(form);

let isLeaving = false;

// Sent by a page that is about to lead on by itself (upload.js).
document.addEventListener("kla:leaving", () => {
  isLeaving = true;
  for (const form of document.querySelectorAll("form[data-unsaved][data-dirty=yes]")) {
    if (form.dataset.draftKey) continue;
    try {
      sessionStorage.setItem(ONCE + form.action, JSON.stringify(valuesOf(form)));
    } catch {
      isLeaving = false; // nowhere to keep it: then the person is asked
    }
  }
});

window.addEventListener("beforeunload", (event) => {
  if (isLeaving) return;
  if (document.querySelector("form[data-unsaved][data-dirty=yes]")) event.preventDefault();
});

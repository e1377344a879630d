// Every form that is sent by POST and typed in: what is typed stays in this browser until the server
// has taken it, whatever happens in between. No markup asks for it, and no form can forget it.
//
// body[data-person]        whose drafts they are: nobody else at this desk is shown them
// form[data-drafts-end]    signs out, and all drafts of the person go with it
// [data-draft-left]        where the form of this page's address is no longer: shows what its draft
//                          still holds, each field in the [data-draft-field=NAME] of that name, and
//                          a [data-draft-discard] to throw it away. Without it a box is made.
//
// A draft is named for the person and the address that its form is sent to. Files, passwords and
// hidden fields are never kept, and no form with a password is. Which forms the server has taken it
// tells by the cookie (kla/once.py); a form that was sent without such an answer keeps its token, so
// that sending it again can't do the same twice.

import { _ } from "./words.js";

const PREFIX = "kla-draft:";
const TAKEN = "kla_taken";
const KEPT_DAYS = 14;
const RESTORED = _("Draf dipulihkan: isian yang belum tersimpan ada lagi di formulir ini.");
const LEFT = _("Yang Anda ketik dan belum tersimpan");
const DISCARD = _("Buang draf");
const UNTYPED = ["file", "hidden", "password", "submit", "button", "reset", "image"];
const CHOSEN = ["radio", "checkbox"];

const person = document.body.dataset.person;

function tokenOf(form) {
  return form.querySelector("input[name=form_token]");
}

function isKept(field) {
  const isField = field.matches("input, select, textarea");
  return isField && field.name && !UNTYPED.includes(field.type) && !field.readOnly;
}

function fieldsOf(form) {
  return [...form.elements].filter(isKept);
}

function isTyped(field) {
  return field.tagName !== "SELECT" && !CHOSEN.includes(field.type);
}

function isWatched(form) {
  if (!person || form.method !== "post" || form.querySelector("input[type=password]")) return false;
  return form.hasAttribute("data-unsaved") || fieldsOf(form).some(isTyped);
}

function addressOf(form) {
  return new URL(form.getAttribute("action") || window.location.href, window.location.href).pathname;
}

// Forms of one page that lead to the same address are told apart by their place.
function keyOf(form) {
  const address = addressOf(form);
  const same = [...document.forms].filter((one) => isWatched(one) && addressOf(one) === address);
  const place = same.indexOf(form);
  return `${PREFIX}${person}:${address}${place > 0 ? `#${place}` : ""}`;
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function store(key, draft) {
  try {
    localStorage.setItem(key, JSON.stringify(draft));
  } catch {
    // Without room for a draft the question on leaving still stands.
  }
}

function drop(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // Nothing was kept, so nothing is left.
  }
}

function keys() {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
  } catch {
    return [];
  }
}

// What stands in a field: whether it is chosen, which options are, or its text.
function state(field) {
  if (CHOSEN.includes(field.type)) return field.checked;
  if (field.multiple) return [...field.selectedOptions].map((option) => option.value);
  return field.value;
}

function isAsServed(field) {
  if (CHOSEN.includes(field.type)) return field.checked === field.defaultChecked;
  if (field.tagName !== "SELECT") return field.value === field.defaultValue;
  return [...field.options].every((option) => option.selected === option.defaultSelected);
}

// Where several fields share a name, the value tells them apart.
function nameOf(field) {
  return CHOSEN.includes(field.type) ? `${field.name}=${field.value}` : field.name;
}

function put(field, value) {
  if (CHOSEN.includes(field.type)) field.checked = value;
  else if (field.multiple) for (const one of field.options) one.selected = value.includes(one.value);
  else field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function labelOf(field) {
  const label = field.labels?.[0]?.textContent ?? field.getAttribute("aria-label") ?? "";
  return label.replaceAll("*", "").trim();
}

// Only what differs from the page as it was served, or has been typed in: a colleague's later words
// in the other fields are not overwritten when the draft comes back.
function keep(form, changed) {
  const key = keyOf(form);
  const draft = read(key) ?? { values: {}, labels: {} };
  for (const field of fieldsOf(form)) {
    const others = CHOSEN.includes(field.type) && field.name === changed?.name;
    if (field !== changed && !others && isAsServed(field)) continue;
    if (field.dataset.proposed !== undefined) continue; // a proposal, nobody typed it
    draft.values[nameOf(field)] = state(field);
    if (isTyped(field)) draft.labels[field.name] = labelOf(field);
  }
  const page = window.location.pathname + window.location.search;
  store(key, { ...draft, page, at: Date.now(), token: tokenOf(form)?.value ?? "", isSent: false });
}

function openFolds(field) {
  for (let fold = field.closest("details"); fold; fold = fold.parentElement.closest("details")) {
    fold.open = true;
  }
}

function discardButton(onDiscard) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-sm btn-outline-secondary";
  button.textContent = DISCARD;
  button.addEventListener("click", onDiscard);
  return button;
}

function note(form, onDiscard) {
  const box = document.createElement("div");
  box.className = "draft-note";
  box.setAttribute("role", "status");
  const words = document.createElement("span");
  words.textContent = RESTORED;
  const discard = discardButton(() => {
    onDiscard();
    box.remove();
  });
  box.append(words, discard);
  form.prepend(box);
}

function isOffered(field, value) {
  if (field.tagName !== "SELECT") return true;
  const offered = [...field.options].map((option) => option.value);
  return [value].flat().every((one) => offered.includes(one));
}

function restore(form) {
  const key = keyOf(form);
  const draft = read(key);
  if (!draft) return;
  const before = new Map();
  for (const field of fieldsOf(form)) {
    const value = draft.values[nameOf(field)];
    if (value === undefined || !isOffered(field, value)) continue;
    if (JSON.stringify(value) === JSON.stringify(state(field))) continue;
    // On a slow line somebody types before this script is there: that is newer than the draft.
    if (isAsServed(field)) before.set(field, state(field));
    else draft.values[nameOf(field)] = state(field);
  }
  const own = tokenOf(form);
  const fresh = own?.value;
  if (draft.isSent && own && draft.token) own.value = draft.token;
  if (!before.size) {
    store(key, draft);
    return;
  }
  for (const field of before.keys()) {
    put(field, draft.values[nameOf(field)]);
    openFolds(field);
  }
  form.dataset.dirty = ""; // it is kept here already: nobody is asked before leaving it
  note(form, () => {
    for (const [field, value] of before) put(field, value);
    if (own) own.value = fresh;
    // After the events above, which made a draft of the old values again.
    drop(key);
    form.dataset.dirty = "";
  });
  // The events above made it look unsent.
  store(key, draft);
}

// The words of a draft whose form the page no longer has: a colleague was first, a year was closed.
function leftBox(draft, words) {
  const box = document.createElement("section");
  box.className = "panel unsent mb-4";
  const title = document.createElement("h2");
  title.className = "section__title";
  title.textContent = LEFT;
  box.append(title);
  for (const [name, text] of words) {
    const label = document.createElement("label");
    label.className = "form-label d-block";
    label.textContent = draft.labels[name] || LEFT;
    const area = document.createElement("textarea");
    area.className = "form-control mt-1 w-100";
    area.rows = text.includes("\n") || text.length > 60 ? 4 : 1;
    area.readOnly = true;
    area.value = text;
    label.append(area);
    box.append(label);
  }
  return box;
}

function showLeft(key, draft) {
  const words = Object.entries(draft.values).filter(
    ([name, text]) => name in draft.labels && typeof text === "string" && text.trim(),
  );
  if (!words.length) return;
  const box = leftBox(draft, words);
  box.append(
    discardButton(() => {
      drop(key);
      box.remove();
    }),
  );
  document.querySelector("main [data-messages]")?.after(box);
}

function showInPlace(box, key, draft) {
  for (const field of box.querySelectorAll("[data-draft-field]")) {
    const kept = draft.values[field.dataset.draftField];
    if (!kept) continue;
    if (!field.value) field.value = kept; // what the server has shown is newer
    box.hidden = false;
  }
  const discard = box.querySelector("[data-draft-discard]");
  discard.hidden = false;
  discard.addEventListener("click", () => {
    drop(key);
    box.hidden = true;
  });
}

function forgetTaken() {
  const cookie = document.cookie.split("; ").find((one) => one.startsWith(`${TAKEN}=`));
  const taken = cookie ? cookie.slice(TAKEN.length + 1).replaceAll('"', "").split("~") : [];
  const oldest = Date.now() - KEPT_DAYS * 24 * 60 * 60 * 1000;
  for (const key of keys()) {
    const draft = read(key);
    const isTaken = draft && taken.includes((draft.token ?? "").split(":")[0]);
    if (!draft?.values || isTaken || !(draft.at > oldest)) drop(key);
  }
  // Told once: what is typed into the same form afterwards is another text.
  if (cookie) document.cookie = `${TAKEN}=; path=/; max-age=0; samesite=lax`;
}

function showDrafts() {
  const forms = [...document.forms].filter(isWatched);
  for (const form of forms) {
    form.dataset.draft = "kept";
    restore(form);
  }
  const shown = new Set(forms.map(keyOf));
  const { pathname, search } = window.location;
  const here = `${PREFIX}${person}:${pathname}`;
  const box = document.querySelector("[data-draft-left]");
  for (const key of keys()) {
    const draft = read(key);
    if (!draft || shown.has(key) || !key.startsWith(`${PREFIX}${person}:`)) continue;
    if (box && key === here) showInPlace(box, key, draft);
    else if (key === here || draft.page === pathname + search) showLeft(key, draft);
  }
}

function onTyping(event) {
  const { form } = event.target;
  if (form && isKept(event.target) && isWatched(form)) keep(form, event.target);
}

// What field.js keeps: pages go when somebody else signs in here, the queue too on signing out.
function dropField(andQueue) {
  if ("caches" in window) caches.delete("kla-field");
  drop("kla-field-person");
  if (andQueue) indexedDB.deleteDatabase("kla-field");
}

function isOthersField() {
  try {
    return ![null, person].includes(localStorage.getItem("kla-field-person"));
  } catch {
    return false;
  }
}

if (person) {
  if (isOthersField()) dropField(false);
  forgetTaken();
  showDrafts();
  for (const kind of ["input", "change"]) document.addEventListener(kind, onTyping);
  // The draft outlives the sending: only the server's word that it was taken ends it.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented && !form.matches("[data-upload]")) return;
    if (form.matches("[data-drafts-end]")) {
      for (const key of keys()) if (key.startsWith(`${PREFIX}${person}:`)) drop(key);
      dropField(true);
      return;
    }
    const draft = isWatched(form) ? read(keyOf(form)) : null;
    if (draft) store(keyOf(form), { ...draft, token: tokenOf(form)?.value ?? "", isSent: true });
  });
}

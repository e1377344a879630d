// Field pages work without network: the page and those it leads to are put away, and what is sent
// from their forms waits in a queue on this phone until the server has taken it.
//
// [data-field]             on the page: the queue is shown in it; data-idb and data-photos are the
//                          addresses of the modules, data-scope the folder of the pages
// form[data-field-form]    goes through the queue; its value says what it is
// a[data-field-page]       leads to a page that is put away too
// input[data-field-today]  has the day of today, also on a page that was put away before
//
// An item is {id, person, page, address, what, entries, state, reason}. The server does each
// once: `kunci`, made here, is part of the form's key (kla/once.py), and unique at photos, visits and
// findings. A field `visit_key` repeats the `kunci` of the form of the visit on the same page.

import { _, figure, language } from "./words.js";

const CACHE = "kla-field";
const OWNER = "kla-field-person";
const WORDS = { menunggu: _("Menunggu jaringan"), mengirim: _("Sedang dikirim"), terkirim: _("Terkirim"), ditolak: _("Ditolak") };
const AWAY = _("Server sedang tidak tersedia.");
const SOON_MS = 2_000;
const AGAIN_MS = 20_000;
let pause = SOON_MS;

const box = document.querySelector("[data-field]");
const { person } = document.body.dataset;
const { openDB } = await import(box.dataset.idb);
const db = await openDB("kla-field", 1, {
  upgrade: (fresh) => fresh.createObjectStore("queue", { keyPath: "id" }),
  blocking: (_now, _next, event) => event.target.close(),
});

const bare = (address) => address.split(/[?#]/)[0]; // a form without an action has that of its page
const ofPage = (text) => new DOMParser().parseFromString(text, "text/html");

async function own() {
  const all = await db.getAll("queue");
  return all.filter((one) => one.person === person).sort((a, b) => a.at - b.at);
}

// --- Pages put away -----------------------------------------------------------------------------

async function keepPages() {
  if (!("serviceWorker" in navigator) || !("caches" in window)) return;
  localStorage.setItem(OWNER, person);
  await navigator.serviceWorker.register("/field-worker.js", { scope: box.dataset.scope });
  const links = [...document.querySelectorAll("a[data-field-page]")].map((one) => one.href);
  const cache = await caches.open(CACHE);
  const assets = new Set([box.dataset.idb, box.dataset.photos].map((one) => new URL(one, location.href).href));
  for (const address of [bare(location.href), ...links]) {
    const response = await fetch(address);
    const copy = response.clone();
    const page = ofPage(await response.text());
    // Only what is for this person and says itself that it may be kept.
    if (!response.ok || page.body.dataset.person !== person || !page.querySelector("[data-field]")) continue;
    await cache.put(address, copy);
    for (const one of page.querySelectorAll("link[rel=stylesheet], link[rel=icon]")) assets.add(new URL(one.getAttribute("href"), address).href);
    for (const one of page.querySelectorAll("script[src], img[src]")) assets.add(new URL(one.getAttribute("src"), address).href);
  }
  for (const one of performance.getEntriesByType("resource")) if (one.name.includes("/static/")) assets.add(one.name);
  await Promise.all([...assets].map((one) => cache.add(one)));
  // What only an earlier version of the site used goes.
  for (const { url } of await cache.keys()) if (url.includes("/static/") && !assets.has(url)) await cache.delete(url);
  box.dataset.kept = "yes";
}

// --- The queue ----------------------------------------------------------------------------------

async function put(item, changes) {
  Object.assign(item, changes);
  await db.put("queue", item); // throws once signing out in another window took the queue away
  await show();
}

function reasonIn(page) {
  const told = page.querySelector("[data-form-errors], .invalid-feedback, .notice--error, .notice--danger");
  return (told ?? page.querySelector("h1"))?.textContent.replace(/\s+/g, " ").trim() ?? "";
}

// Where the person is signed in no more, or the server is not itself, the item goes on waiting.
async function deliver(item) {
  const asked = await fetch(item.page);
  const fresh = ofPage(await asked.text());
  if (asked.status >= 500) return { state: "menunggu", reason: AWAY };
  if (fresh.body.dataset.person !== person) return { state: "menunggu", reason: _("Masuk lagi untuk mengirimnya.") };
  const form = new FormData();
  for (const [name, value] of item.entries) if (name !== "csrfmiddlewaretoken") form.append(name, value);
  form.set("csrfmiddlewaretoken", fresh.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "");
  form.set("kunci", item.id);
  const response = await fetch(item.address, { method: "POST", body: form });
  const page = ofPage(await response.text());
  if (response.status >= 500 || response.status === 429) {
    return { state: "menunggu", reason: AWAY };
  }
  if (response.redirected && response.ok && page.body.dataset.person === person) {
    return { state: "terkirim", reason: "", entries: [], leads: response.url };
  }
  return { state: "ditolak", reason: reasonIn(page) };
}

async function sendAll() {
  await navigator.locks.request("kla-field", async () => {
    for (const item of await own()) {
      if (!["menunggu", "mengirim"].includes(item.state)) continue;
      await put(item, { state: "mengirim", reason: "" });
      try {
        await put(item, await deliver(item));
      } catch {
        await put(item, { state: "menunggu" });
        later();
        return;
      }
    }
    pause = SOON_MS;
  });
}

// A phone may call a dead net a net, and tells nothing when it lives again.
function later() {
  setTimeout(() => navigator.onLine && sendAll(), pause);
  pause = Math.min(2 * pause, AGAIN_MS);
}

// --- What people see ----------------------------------------------------------------------------

function button(words, deed) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn btn-outline-secondary";
  made.textContent = words;
  made.addEventListener("click", deed);
  return made;
}

function row(item) {
  const made = document.createElement("li");
  const said = document.createElement("span");
  said.textContent = `${item.what} – ${WORDS[item.state]}${item.reason ? `: ${item.reason}` : ""} `;
  made.append(said);
  made.dataset.state = item.state;
  // A fresh page knows what others sent meanwhile: looking at it comes before sending again.
  if (item.state === "ditolak") made.append(button(_("Perbaiki"), () => location.assign(`${item.page}?isi=${item.id}`)));
  if (["ditolak", "terkirim"].includes(item.state)) {
    made.append(button(_("Hapus dari daftar"), () => db.delete("queue", item.id).then(show)));
  }
  return made;
}

async function show() {
  const items = await own();
  box.hidden = items.length === 0;
  box.querySelector("ul").replaceChildren(...items.map(row));
}

// Of the photos, as they wait here: made smaller where that is worth it.
function sizesOf(entries) {
  const files = entries.map(([, value]) => value).filter((value) => value instanceof File && value.size > 0);
  return files.map((file) => _("foto %(size)s KB", { size: figure(Math.ceil(file.size / 1024)) }));
}

async function entriesOf(form, submitter) {
  const { smaller, smallerSize } = await import(box.dataset.photos);
  const entries = [...new FormData(form, submitter)];
  return Promise.all(
    entries.map(async ([name, value]) => {
      if (!(value instanceof File) || !(await smallerSize(value))) return [name, value];
      return [name, await smaller(value)];
    }),
  );
}

// The page may have been put away long ago, and opened more than once since: its keys are made anew.
function rekey(form, key) {
  const { kunci } = form.elements;
  if (!kunci) return;
  for (const one of document.querySelectorAll("input[name=visit_key]")) if (one.value === kunci.value) one.value = key;
  kunci.value = key;
}

// What was typed stays; a hidden field takes the day as ISO, one that people see as they write it.
function renewDays() {
  const parts = [new Date().getFullYear(), new Date().getMonth() + 1, new Date().getDate()];
  const [year, month, day] = parts.map((one) => String(one).padStart(2, "0"));
  for (const one of document.querySelectorAll("input[data-field-today]")) {
    if (one.type !== "hidden" && one.value !== one.defaultValue) continue;
    one.value = one.type === "hidden" ? `${year}-${month}-${day}` : `${day}-${month}-${year}`;
    one.defaultValue = one.value; // resetting the form comes back to it
  }
}

async function refill() {
  const item = await db.get("queue", new URLSearchParams(location.search).get("isi") ?? "");
  const form = [...document.querySelectorAll("form[data-field-form]")].find((one) => bare(one.action) === item?.address);
  if (!form || item.person !== person) return;
  form.dataset.replaces = item.id;
  rekey(form, item.id);
  for (const field of form.elements) {
    const said = item.entries.filter(([name]) => name === field.name).map(([, value]) => value);
    if (["hidden", "submit"].includes(field.type) || !field.name) continue;
    if (["radio", "checkbox"].includes(field.type)) field.checked = said.includes(field.value);
    else if (field.type !== "file" && said.length > 0) [field.value] = said;
    else if (field.type === "file" && said.length > 0) {
      const files = new DataTransfer();
      for (const one of said) files.items.add(one);
      field.files = files.files;
      field.dispatchEvent(new Event("change", { bubbles: true })); // for pickers.js
    }
  }
}

async function queue(form, submitter) {
  const entries = await entriesOf(form, submitter);
  const page = bare(location.href);
  const time = new Date().toLocaleTimeString(language, { timeStyle: "short", hourCycle: "h23" });
  const what = [form.dataset.fieldForm, time, ...sizesOf(entries)].join(", ");
  const item = { id: form.elements.kunci?.value || crypto.randomUUID(), person, page, address: bare(form.action), what, entries, at: Date.now() };
  Object.assign(item, { state: "menunggu", reason: "" });
  const change = db.transaction("queue", "readwrite"); // both or neither, whenever the battery dies
  change.store.put(item);
  if (form.dataset.replaces && form.dataset.replaces !== item.id) change.store.delete(form.dataset.replaces);
  await change.done;
  delete form.dataset.replaces;
  await show();
  form.dataset.dirty = "";
  localStorage.removeItem(`kla-draft:${person}:${new URL(form.action).pathname}`);
  await sendAll();
  const kept = await db.get("queue", item.id);
  if (kept?.state === "terkirim" && form.hasAttribute("data-field-leads")) location.assign(kept.leads);
  else if (kept?.state === "ditolak") form.dataset.replaces = item.id; // put right here, it is the same one
  else {
    form.reset();
    rekey(form, crypto.randomUUID());
    renewDays();
  }
  box.scrollIntoView({ block: "nearest" });
}

for (const form of document.querySelectorAll("form[data-field-form]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault(); // before once.js, so that the form stays usable
    if (form.dataset.queueing) return;
    form.dataset.queueing = "yes";
    queue(form, event.submitter).finally(() => delete form.dataset.queueing);
  });
}
window.addEventListener("online", sendAll);
setInterval(() => navigator.onLine && sendAll(), AGAIN_MS); // a server that was away is back
for (const form of document.querySelectorAll("form[data-field-form]")) rekey(form, crypto.randomUUID());
renewDays();
await refill();
await show();
box.dataset.ready = "yes";
if (navigator.onLine) {
  await sendAll();
  await keepPages().catch(() => {}); // without network now: what was put away before stays
}

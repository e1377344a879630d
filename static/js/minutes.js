// form[data-minutes]: saves what is typed every few seconds. Its address names the revision that the
// words were written from; the answer names the next one. Where somebody else has saved meanwhile
// nothing is stored or lost: the sentence says so, and the button shows both texts.

const PAUSE = 4000; // milliseconds after the last key

const form = document.querySelector("form[data-minutes]");
const field = form?.elements.minutes;
const status = form?.querySelector("[data-minutes-status]");
let timer = null;
let saved = field?.defaultValue;
let isStopped = false;

// As drafts.js names them; of this meeting they differ in the revision at their end.
function draftKey() {
  const { pathname } = new URL(form.action);
  return `kla-draft:${document.body.dataset.person}:${pathname}`;
}

// What was typed into an older revision and never arrived: shown beside the words that are newer.
function showOlder() {
  const box = document.querySelector("[data-minutes-left]");
  const here = `kla-draft:${document.body.dataset.person}:${window.location.pathname}`;
  const start = draftKey().replace(/[0-9]+\/$/, "");
  try {
    for (const key of Object.keys(localStorage)) {
      if (!key.startsWith(start) || key === draftKey() || key === here) continue;
      const { minutes } = JSON.parse(localStorage.getItem(key)).values;
      if (!minutes || saved.includes(minutes)) {
        localStorage.removeItem(key);
        continue;
      }
      box.querySelector("textarea").value = minutes;
      box.hidden = false;
      box.querySelector("button").addEventListener("click", () => {
        localStorage.removeItem(key);
        box.hidden = true;
      });
    }
  } catch {
    // Nothing can be read, so nothing is shown.
  }
}

// The words are on the server: a draft of the older revision would only be shown again.
function dropDraft() {
  try {
    localStorage.removeItem(draftKey());
  } catch {
    // Nothing was kept, so nothing is left.
  }
}

async function save() {
  timer = null;
  const text = field.value;
  if (isStopped || text === saved || form.dataset.sent) return;
  const body = new URLSearchParams({
    csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value,
    minutes: text,
  });
  let answer;
  try {
    answer = await fetch(form.action, { method: "POST", headers: { Accept: "application/json" }, body });
  } catch {
    timer = setTimeout(save, PAUSE); // no network: the draft of this browser keeps the words
    return;
  }
  if (!answer.headers.get("Content-Type")?.startsWith("application/json")) return;
  const said = await answer.json();
  status.textContent = said.sentence;
  if (!answer.ok) {
    isStopped = true;
    return;
  }
  dropDraft();
  form.action = said.url;
  saved = text;
  if (field.value === text) form.dataset.dirty = "";
  else field.dispatchEvent(new Event("input", { bubbles: true }));
}

if (form) showOlder();

function saveSoon() {
  clearTimeout(timer);
  timer = setTimeout(save, PAUSE);
}

field?.addEventListener("input", saveSoon);
// On a slow line people type before this script has arrived.
if (field && field.value !== saved) saveSoon();

// form[data-minutes]: saves what is typed every few seconds. Its address names the revision that the
// words were written from; the answer names the next one. Where somebody else has saved meanwhile
// nothing is stored or lost: the sentence says so, and the button shows both texts.

const PAUSE = 4000; // milliseconds after the last key

const form = document.querySelector("form[data-minutes]");
const field = form?.elements.minutes;
const status = form?.querySelector("[data-minutes-status]");
let timer = null;
let saved = field?.value;
let isStopped = false;

function draftKey() {
  const { pathname } = new URL(form.action);
  return `kla-draft:${document.body.dataset.person}:${pathname}`;
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

field?.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(save, PAUSE);
});

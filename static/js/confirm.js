// [data-confirm] on a form: asks before it is sent. data-confirm is the question,
// data-confirm-label the words of the button that goes on.
// [data-drafts-end] on a form that signs out: asks where the queue of field.js has not sent all, for
// signing out leaves nothing on this device.

import { _ } from "./words.js";

const CANCEL = _("Batal");
const GO_ON = _("Lanjutkan");
const LOSE = _("Keluar dan buang");
const SENT = "terkirim"; // as field.js stores it, no word on the page

function ask(question, label) {
  const dialog = document.createElement("dialog");
  dialog.className = "confirm";
  dialog.setAttribute("aria-labelledby", "confirm-question");

  const words = document.createElement("p");
  words.id = "confirm-question";
  words.textContent = question;

  const buttons = document.createElement("form");
  buttons.method = "dialog";
  buttons.className = "confirm__buttons";
  const choices = [["btn btn-outline-secondary", "no", CANCEL], ["btn btn-primary", "yes", label]];
  for (const [className, value, text] of choices) {
    const button = document.createElement("button");
    button.type = "submit";
    button.className = className;
    button.value = value;
    button.textContent = text;
    buttons.append(button);
  }

  dialog.append(words, buttons);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}

// How many things wait on this device, whoever filled them in: all of them would be lost.
function unsent() {
  return new Promise((resolve) => {
    const opening = indexedDB.open("kla-field");
    opening.onupgradeneeded = () => opening.transaction.abort(); // there is no queue
    opening.onerror = (event) => {
      event.preventDefault();
      resolve(0);
    };
    opening.onsuccess = () => {
      const db = opening.result;
      const all = db.transaction("queue").objectStore("queue").getAll();
      all.onsuccess = () => {
        db.close(); // or it could not be removed
        resolve(all.result.filter(({ state }) => state !== SENT).length);
      };
    };
  });
}

async function mayGoOn(form) {
  if (form.dataset.confirm) return ask(form.dataset.confirm, form.dataset.confirmLabel || GO_ON);
  const count = await unsent().catch(() => 0);
  if (!count) return true;
  const question = _("%(count)s kiriman di ponsel ini belum terkirim dan hilang bila Anda keluar. Tunggu sampai semuanya terkirim.", { count });
  return ask(question, LOSE);
}

// In the capture phase, so that no other script takes the form as sent before the answer.
document.addEventListener(
  "submit",
  async (event) => {
    const form = event.target;
    if (!form.matches("[data-confirm], [data-drafts-end]") || form.dataset.confirmed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { submitter } = event;
    if (!(await mayGoOn(form))) return;
    form.dataset.confirmed = "yes";
    form.requestSubmit(submitter);
    delete form.dataset.confirmed;
  },
  true,
);

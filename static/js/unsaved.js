// form[data-unsaved]: asks before leaving with input that was not sent. What was typed is kept
// anyway (drafts.js); files and the person's place on the page are not.

// On a slow line people type before this script has arrived.
function hasWords(form) {
  const fields = [...form.querySelectorAll("input:not([type=checkbox], [type=radio], [type=file]), textarea")];
  return fields.some((field) => field.value !== field.defaultValue);
}

function watch(form) {
  // What the server has refused is typed but not saved.
  if (form.querySelector("[data-form-errors], .is-invalid") || hasWords(form)) form.dataset.dirty = "yes";
  form.addEventListener("input", () => {
    form.dataset.dirty = "yes";
  });
  form.addEventListener("submit", (event) => {
    if (!event.defaultPrevented) form.dataset.dirty = "";
  });
}

for (const form of document.querySelectorAll("form[data-unsaved]")) watch(form);

// A page that leads on by itself (upload.js tells) has not been left by the person: it asks nobody.
let isLeaving = false;

document.addEventListener("kla:leaving", () => {
  isLeaving = true;
});

window.addEventListener("beforeunload", (event) => {
  if (isLeaving) return;
  if (document.querySelector("form[data-unsaved][data-dirty=yes]")) event.preventDefault();
});

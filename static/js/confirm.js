// [data-confirm] on a form: asks before it is sent. data-confirm is the question,
// data-confirm-label the words of the button that goes on.

const CANCEL = "Batal";
const GO_ON = "Lanjutkan";

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

// In the capture phase, so that no other script takes the form as sent before the answer.
document.addEventListener(
  "submit",
  async (event) => {
    const form = event.target;
    if (!form.matches("[data-confirm]") || form.dataset.confirmed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { submitter } = event;
    if (!(await ask(form.dataset.confirm, form.dataset.confirmLabel || GO_ON))) return;
    form.dataset.confirmed = "yes";
    form.requestSubmit(submitter);
    delete form.dataset.confirmed;
  },
  true,
);

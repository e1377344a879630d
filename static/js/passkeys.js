// form[data-passkey]: asks the browser for a passkey ("get") or for a new one ("create") and sends
// what it answers in the field `credential`. The options stand in #passkey-options.
// Without passkeys in this browser the form of "get" stays hidden.

const options = document.getElementById("passkey-options");

async function answer(kind) {
  const asked = JSON.parse(options.textContent);
  if (kind === "create") return window.webauthnJSON.create(asked.creation_options);
  return window.webauthnJSON.get(asked.request_options);
}

function watch(form) {
  const fault = form.querySelector("[data-passkey-fault]");
  form.hidden = false;
  form.querySelector("[data-passkey-button]").addEventListener("click", async () => {
    fault.hidden = true;
    try {
      form.elements.credential.value = JSON.stringify(await answer(form.dataset.passkey));
      form.submit();
    } catch {
      fault.hidden = false;
    }
  });
}

if (window.webauthnJSON?.supported()) {
  document.querySelectorAll("form[data-passkey]").forEach(watch);
}

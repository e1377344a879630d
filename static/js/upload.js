// form[data-upload]: files can be dropped, pasted and photographed as well as chosen; they are
// listed with their sizes, and sending shows progress. Without this the form works as it stands.
//
// data-max-bytes   the largest file that the server takes
// data-busy-label  the words on the button meanwhile
//
// The form needs an id: if the server answers with the same form and its errors, that form takes
// the place of this one and keeps the files. Otherwise the page that the server led to opens.

const MESSAGES = "kla-messages";
const HAS_ERRORS = ".is-invalid, .invalid-feedback, .form-errors, .alert-danger";
const UNITS = ["byte", "KB", "MB", "GB"];

function sizeOf(bytes) {
  let size = bytes;
  let unit = 0;
  while (size >= 1024 && unit < UNITS.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${size.toLocaleString("id", { maximumFractionDigits: 1 })} ${UNITS[unit]}`;
}

function element(tag, className, text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

function isTooLarge(form, file) {
  const limit = Number(form.dataset.maxBytes);
  return Boolean(limit) && file.size > limit;
}

function problemOf(form, file) {
  if (file.size === 0) return "Berkas ini kosong. Pilih berkas yang ada isinya.";
  if (!isTooLarge(form, file)) return "";
  const limit = sizeOf(Number(form.dataset.maxBytes));
  return `Ukurannya melebihi batas ${limit}. Kompres berkas lalu pilih kembali.`;
}

function fileInput(form) {
  return form.querySelector("input[type=file]:not([data-camera])");
}

function setFiles(input, files) {
  const carrier = new DataTransfer();
  for (const file of input.multiple ? files : files.slice(-1)) carrier.items.add(file);
  input.files = carrier.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

function addFiles(input, added) {
  if (!added.length) return;
  setFiles(input, [...(input.multiple ? input.files : []), ...added]);
}

function listFiles(form, input) {
  form.querySelector(".upload-list")?.remove();
  if (!input.files.length) return;
  const list = element("ul", "upload-list");
  list.setAttribute("aria-live", "polite");
  for (const file of input.files) {
    const item = element("li", "upload-list__item");
    item.append(element("span", "upload-list__name", file.name));
    item.append(element("span", "upload-list__size num", sizeOf(file.size)));
    const problem = problemOf(form, file);
    if (problem) item.append(element("p", "upload-list__problem", problem));
    list.append(item);
  }
  (input.closest("[data-drop]") ?? input).after(list);
}

function stateBox(form) {
  let box = form.querySelector(".upload-state");
  if (!box) {
    box = element("div", "upload-state");
    box.setAttribute("role", "status");
    form.append(box);
  }
  box.className = "upload-state";
  box.replaceChildren();
  return box;
}

function setBusy(form, isBusy) {
  for (const button of form.querySelectorAll("button[type=submit], input[type=submit]")) {
    button.disabled = isBusy;
    if (!button.matches("button")) continue;
    button.dataset.label ??= button.textContent;
    const busy = form.dataset.busyLabel || "Mengunggah …";
    button.textContent = isBusy ? busy : button.dataset.label;
  }
}

function fail(form, sentence) {
  setBusy(form, false);
  const box = stateBox(form);
  box.classList.add("upload-state--failed");
  const again = element("button", "btn btn-outline-primary", "Coba lagi");
  again.type = "button";
  again.addEventListener("click", () => form.requestSubmit());
  box.append(element("p", "upload-state__words", sentence), again);
}

// The request has already shown the messages to us, so the next page gets them from here.
function keepMessages(page) {
  const found = [...page.querySelectorAll("[data-messages] .notice")];
  const messages = found.map((notice) => [notice.className, notice.textContent.trim()]);
  if (messages.length) sessionStorage.setItem(MESSAGES, JSON.stringify(messages));
}

function showKeptMessages() {
  const kept = sessionStorage.getItem(MESSAGES);
  if (!kept) return;
  sessionStorage.removeItem(MESSAGES);
  const place = document.querySelector("[data-messages]");
  for (const [className, text] of JSON.parse(kept)) place?.append(element("p", className, text));
}

function replaceForm(form, fresh) {
  const files = [...fileInput(form).files];
  const shown = document.importNode(fresh, true);
  form.replaceWith(shown);
  enhance(shown);
  setFiles(fileInput(shown), files);
  shown.querySelector("[data-form-errors], .is-invalid, .alert-danger")?.focus();
}

function receive(form, request) {
  const page = new DOMParser().parseFromString(request.responseText, "text/html");
  const fresh = form.id ? page.getElementById(form.id) : null;
  if (fresh?.querySelector(HAS_ERRORS)) {
    replaceForm(form, fresh);
  } else if (request.status < 400) {
    keepMessages(page);
    form.dataset.dirty = "";
    window.location.assign(request.responseURL || form.action);
  } else {
    const said = page.querySelector("main h1")?.textContent.trim();
    fail(form, `${said || `Server menjawab dengan kode ${request.status}.`} Berkas belum terkirim.`);
  }
}

function send(form, submitter) {
  const data = new FormData(form, submitter);
  const box = stateBox(form);
  const bar = document.createElement("progress");
  bar.max = 100;
  bar.value = 0;
  bar.setAttribute("aria-label", "Kemajuan unggahan");
  const words = element("p", "upload-state__words num", "0%");
  box.append(bar, words);
  setBusy(form, true);

  const request = new XMLHttpRequest();
  request.upload.addEventListener("progress", (event) => {
    if (!event.lengthComputable) return;
    bar.value = Math.round((event.loaded / event.total) * 100);
    words.textContent = `${bar.value}% dari ${sizeOf(event.total)}`;
  });
  request.upload.addEventListener("load", () => {
    words.textContent = "Terkirim, sedang diperiksa server …";
  });
  request.addEventListener("load", () => receive(form, request));
  request.addEventListener("error", () => {
    fail(form, "Sambungan terputus. Berkas dan isian tetap ada di halaman ini.");
  });
  request.open("POST", form.action);
  request.send(data);
}

function enhanceDrop(form, input) {
  const drop = form.querySelector("[data-drop]");
  if (!drop) return;
  for (const part of drop.querySelectorAll("[data-drop-words]")) part.hidden = false;
  const camera = drop.querySelector("[data-camera]");
  if (camera && window.matchMedia("(pointer: coarse)").matches) {
    camera.closest("[data-drop-camera]").hidden = false;
  }
  camera?.addEventListener("change", (event) => {
    event.stopPropagation();
    addFiles(input, [...camera.files]);
    camera.value = "";
  });
  for (const kind of ["dragenter", "dragover"]) {
    drop.addEventListener(kind, (event) => {
      event.preventDefault();
      drop.classList.add("file-drop--over");
    });
  }
  for (const kind of ["dragleave", "drop"]) {
    drop.addEventListener(kind, () => drop.classList.remove("file-drop--over"));
  }
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    addFiles(input, [...event.dataTransfer.files]);
  });
}

function enhance(form) {
  const input = fileInput(form);
  if (!input) return;
  enhanceDrop(form, input);
  listFiles(form, input);
  input.addEventListener("change", () => listFiles(form, input));
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    event.preventDefault();
    const refused = [...input.files].find((file) => problemOf(form, file));
    if (refused) {
      input.focus();
      return;
    }
    send(form, event.submitter);
  });
}

document.addEventListener("paste", (event) => {
  const form = document.querySelector("form[data-upload]");
  const files = [...(event.clipboardData?.files ?? [])];
  if (!form || !files.length) return;
  event.preventDefault();
  addFiles(fileInput(form), files);
});

for (const form of document.querySelectorAll("form[data-upload]")) enhance(form);
showKeptMessages();

// form[data-upload]: files can be dropped, pasted and photographed as well as chosen; they are
// listed with their sizes, and sending shows progress. Without this the form works as it stands.
//
// data-max-bytes   the largest file that the server takes
// data-busy-label  the words on the button meanwhile
// data-resumable   resumable.js, which sends the files ahead in pieces and says what it needs;
//                  without it, or where it does not load, they go with the form in one piece.
//                  They set out as soon as they are chosen, unless the browser saves data
// [data-facts]     the fields about the files, of which several files get their own each
// data-stored      the places of the files, among those sent, that the server has stored already
// data-photos      photos.js, which offers to make large photographs smaller; nobody's photograph
//                  is made smaller unasked, for the original is the evidence
// data-proposals   proposals.js, which proposes what is said of the files
//
// The form needs an id: if the server answers with the same form and its errors, that form takes
// the place of this one and keeps the files. Otherwise the page that the server led to opens.

import { _, figure } from "./words.js";

const MESSAGES = "kla-messages";
const HAS_ERRORS = ".is-invalid, .invalid-feedback, .form-errors, .alert-danger";
const UNITS = [_("byte"), "KB", "MB", "GB"];
const madeSmaller = new Set(); // keys of the photographs that the person wants smaller
const estimates = new Map(); // key of a photograph → what it would have as a smaller one
const ownFacts = new Map(); // key of a file → its fields, where several are chosen
const readings = new Map(); // key of a file → what the server has read in it
const refused = new Set(); // keys of files that came back; the next time they go with the form only

function sizeOf(bytes) {
  let size = bytes;
  let unit = 0;
  while (size >= 1024 && unit < UNITS.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${figure(size)} ${UNITS[unit]}`;
}

function element(tag, className, text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

// The browser makes new objects of the same files whenever a choice is added to.
function keyOf(file) {
  return [file.name, file.size, file.lastModified].join(" ");
}

function isTooLarge(form, file) {
  const limit = Number(form.dataset.maxBytes);
  return Boolean(limit) && file.size > limit && !madeSmaller.has(keyOf(file));
}

// The module at an address that the form names, or null. Its absence is no fault: the form works.
async function moduleOf(address) {
  try {
    return address ? await import(address) : null;
  } catch {
    return null;
  }
}

async function resumableOf(form) {
  const resumable = await moduleOf(form.dataset.resumable);
  try {
    return resumable && (await resumable.prepare(form)) ? resumable : null;
  } catch {
    return null;
  }
}

function problemOf(form, file) {
  if (file.size === 0) return _("Berkas ini kosong. Pilih berkas yang ada isinya.");
  if (!isTooLarge(form, file)) return "";
  const limit = sizeOf(Number(form.dataset.maxBytes));
  return _("Ukurannya melebihi batas %(limit)s. Kompres berkas lalu pilih kembali.", { limit });
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

function showProblem(form, item, file) {
  item.querySelector(".upload-list__problem")?.remove();
  const problem = problemOf(form, file);
  if (problem) item.append(element("p", "upload-list__problem", problem));
}

function smallerSize(form, file) {
  const key = keyOf(file);
  if (!estimates.has(key)) {
    const photos = moduleOf(form.dataset.photos);
    estimates.set(key, photos.then((module) => module?.smallerSize(file) ?? null));
  }
  return estimates.get(key);
}

async function offerSmaller(form, item, file) {
  const estimate = await smallerSize(form, file);
  if (!estimate) return;
  const label = element("label", "upload-list__smaller");
  const box = element("input", "form-check-input");
  box.type = "checkbox";
  box.checked = madeSmaller.has(keyOf(file));
  box.addEventListener("change", () => {
    if (box.checked) madeSmaller.add(keyOf(file));
    else madeSmaller.delete(keyOf(file));
    showProblem(form, item, file);
  });
  const sizes = { before: sizeOf(file.size), after: sizeOf(estimate) };
  const words = _("Perkecil foto ini untuk menghemat kuota (%(before)s → kira-kira %(after)s). Tanggal dan lokasi di dalam foto ikut hilang; foto asli tidak tersimpan di sini.", sizes);
  label.append(box, element("span", "", words));
  item.append(label);
}

function removeButton(form, input, file) {
  const button = element("button", "btn btn-sm btn-link", _("Hapus"));
  button.type = "button";
  button.append(element("span", "visually-hidden", ` ${file.name}`));
  button.addEventListener("click", async () => {
    const kept = [...input.files].filter((other) => keyOf(other) !== keyOf(file));
    setFiles(input, kept);
    input.focus();
    (await resumableOf(form))?.drop(file);
  });
  return button;
}

// Fields of its own for one of several files: those of the form once more.
function factsFor(form, file) {
  const key = keyOf(file);
  if (!ownFacts.has(key)) {
    const block = form.querySelector("[data-facts]").cloneNode(true);
    block.removeAttribute("data-facts");
    block.hidden = false;
    block.className = "upload-list__facts";
    block.setAttribute("role", "group");
    block.setAttribute("aria-label", _("Keterangan %(name)s", { name: file.name }));
    for (const box of block.querySelectorAll(".day-input")) box.replaceWith(box.querySelector("input"));
    for (const old of block.querySelectorAll(".proposal, .invalid-feedback")) old.remove();
    const fold = block.querySelector("details");
    fold.open = false;
    for (const field of block.querySelectorAll("input, select")) {
      field.disabled = false;
      field.classList.remove("is-invalid");
      if (field.tagName === "INPUT") field.value = "";
      delete field.dataset.proposed;
    }
    ownFacts.set(key, block);
  }
  return ownFacts.get(key);
}

// Names as the server expects them of the file at this place.
function renumber(block, place) {
  const prefix = `berkas-${place}-`;
  for (const field of block.querySelectorAll("input[name], select[name]")) {
    field.name = prefix + field.name.replace(/^berkas-\d+-/, "");
    const label = field.id && block.querySelector(`label[for="${field.id}"]`);
    field.id = `id_${field.name}`;
    if (label) label.htmlFor = field.id;
  }
}

function isSeveral(form, input) {
  return input.files.length > 1 && Boolean(form.querySelector("[data-facts]"));
}

// The fields of the form are about a single file; hidden and unsent where there are several.
function showFacts(form, input) {
  const shared = form.querySelector("[data-facts]");
  if (!shared) return;
  shared.hidden = isSeveral(form, input);
  for (const field of shared.querySelectorAll("input, select")) field.disabled = shared.hidden;
}

function factsOf(form, input, file) {
  return isSeveral(form, input) ? ownFacts.get(keyOf(file)) : form.querySelector("[data-facts]");
}

// The button says what it does.
function nameButton(form, count) {
  const button = form.querySelector("[data-upload-submit]");
  if (!button || button.disabled) return;
  button.dataset.one ??= button.textContent;
  button.textContent = count > 1 ? _("Unggah %(count)s dokumen", { count }) : button.dataset.one;
  button.dataset.label = button.textContent;
}

function listFiles(form, input) {
  form.querySelector(".upload-list")?.remove();
  showFacts(form, input);
  nameButton(form, input.files.length);
  if (!input.files.length) return;
  const list = element("ul", "upload-list");
  list.setAttribute("aria-live", "polite");
  const several = isSeveral(form, input);
  for (const [place, file] of [...input.files].entries()) {
    const item = element("li", "upload-list__item");
    item.append(element("span", "upload-list__name", file.name));
    item.append(element("span", "upload-list__size num", sizeOf(file.size)));
    item.append(removeButton(form, input, file));
    showProblem(form, item, file);
    if (several) {
      const block = factsFor(form, file);
      renumber(block, place);
      item.append(block);
    }
    list.append(item);
    offerSmaller(form, item, file);
  }
  (input.closest("[data-drop]") ?? input).after(list);
  list.dispatchEvent(new Event("kla:added", { bubbles: true })); // for days.js
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
    const busy = form.dataset.busyLabel || _("Mengunggah …");
    button.textContent = isBusy ? busy : button.dataset.label;
  }
}

function fail(form, sentence) {
  setBusy(form, false);
  delete form.dataset.sending;
  const box = stateBox(form);
  box.classList.add("upload-state--failed");
  const again = element("button", "btn btn-outline-primary", _("Coba lagi"));
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

async function replaceForm(form, fresh) {
  document.querySelector("[data-messages]")?.replaceChildren(); // they spoke of what was before
  const stored = (fresh.dataset.stored ?? "").split(" ").filter(Boolean).map(Number);
  const files = [...fileInput(form).files].filter((_file, place) => !stored.includes(place));
  const shown = document.importNode(fresh, true);
  form.replaceWith(shown);
  for (const file of files) refused.add(keyOf(file));
  (await resumableOf(shown))?.askAgain();
  enhance(shown);
  shown.dispatchEvent(new Event("kla:added", { bubbles: true })); // for days.js
  setFiles(fileInput(shown), files);
  shown.dataset.dirty = "yes";
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
    // Our own way on asks nobody; unsaved.js keeps what is typed elsewhere on this page.
    document.dispatchEvent(new CustomEvent("kla:leaving"));
    window.location.assign(request.responseURL || form.action);
  } else {
    const said = page.querySelector("main h1")?.textContent.trim();
    const code = _("Server menjawab dengan kode %(status)s.", { status: request.status });
    fail(form, `${said || code} ${_("Berkas belum terkirim.")}`);
  }
}

function progressLine(className, label) {
  const bar = element("progress", className);
  bar.max = 100;
  bar.value = 0;
  bar.setAttribute("aria-label", label);
  return bar;
}

function totalProgress(form) {
  const bar = progressLine("", _("Kemajuan unggahan"));
  const words = element("p", "upload-state__words", "");
  stateBox(form).append(bar, words);
  return {
    show(sent, total) {
      bar.value = total ? Math.floor((sent / total) * 100) : 0;
      words.className = "upload-state__words num";
      const facts = { share: `${bar.value}%`, total: sizeOf(total) };
      words.textContent = _("%(share)s dari %(total)s", facts);
    },
    say(sentence) {
      words.className = "upload-state__words"; // numbers never break, sentences must
      words.textContent = sentence;
    },
  };
}

// The chosen files, the photographs among them as small as the person wants them.
async function filesToSend(form) {
  const photos = await moduleOf(form.dataset.photos);
  const files = [];
  for (const file of fileInput(form).files) {
    const wanted = photos && madeSmaller.has(keyOf(file));
    files.push(wanted ? await photos.smaller(file).catch(() => file) : file);
  }
  return files;
}

// What resumable.js tells while it works, shown in total and beside each file.
function reporter(form, files, total) {
  const items = [...form.querySelectorAll(".upload-list__item")];
  const sizes = files.reduce((sum, file) => sum + file.size, 0);
  const arrived = new Map();
  const bars = files.map((file, index) => {
    items[index]?.querySelector("progress")?.remove();
    const bar = progressLine("progress-line upload-list__progress", _("Kemajuan %(name)s", { name: file.name }));
    items[index]?.append(bar);
    return bar;
  });
  const show = () => total.show([...arrived.values()].reduce((sum, sent) => sum + sent, 0), sizes);
  return {
    progress(file, sent) {
      arrived.set(file, sent);
      bars[files.indexOf(file)].value = Math.floor((sent / file.size) * 100);
      show();
    },
    waiting(sentence) {
      if (sentence) total.say(sentence);
      else show();
    },
  };
}

async function send(form, submitter) {
  const data = new FormData(form, submitter);
  const { name } = fileInput(form);
  const total = totalProgress(form);
  setBusy(form, true);
  form.dataset.sending = "yes"; // nothing sets out ahead any more
  const files = await filesToSend(form);
  data.delete(name);
  const resumable = files.length ? await resumableOf(form) : null;
  if (resumable) {
    try {
      const ids = await resumable.sendInPieces(form, files, reporter(form, files, total));
      for (const id of ids) data.append("upload", id);
    } catch (error) {
      fail(form, error.message);
      return;
    }
  } else {
    for (const file of files) data.append(name, file);
  }
  post(form, data, total, !resumable);
}

function post(form, data, total, hasFiles) {
  const arrived = () => total.say(_("Terkirim, sedang diperiksa server …"));
  const request = new XMLHttpRequest();
  request.upload.addEventListener("progress", (event) => {
    if (hasFiles && event.lengthComputable) total.show(event.loaded, event.total);
  });
  request.upload.addEventListener("load", arrived);
  request.addEventListener("load", () => receive(form, request));
  request.addEventListener("error", () => {
    fail(form, _("Sambungan terputus. Berkas dan isian tetap ada di halaman ini."));
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

async function propose(form, input) {
  const proposals = await moduleOf(form.dataset.proposals);
  if (!proposals) return;
  const files = [...input.files];
  if (!isSeveral(form, input)) proposals.clear(form.querySelector("[data-facts]"));
  for (const file of files) {
    const block = factsOf(form, input, file);
    if (block) proposals.propose(block, [file]);
  }
  await sendAhead(form, input, files, proposals);
}

// The bytes travel while the person fills in the rest. Whatever fails is told when the form is sent.
async function sendAhead(form, input, files, proposals) {
  const resumable = await resumableOf(form);
  if (!resumable || navigator.connection?.saveData) return;
  for (const file of files) {
    const key = keyOf(file);
    const isChosen = () =>
      form.isConnected &&
      !form.dataset.sending &&
      [...input.files].some((chosen) => keyOf(chosen) === key);
    if (!isChosen() || problemOf(form, file) || (await smallerSize(form, file))) continue;
    try {
      if (!readings.has(key) && !refused.has(key)) {
        const { address } = await resumable.sendAhead(form, file);
        if (!isChosen()) continue; // the form went off meanwhile, and the upload with it
        const response = await fetch(new URL("usulan/", address));
        if (response.ok) readings.set(key, await response.json());
      }
      const block = factsOf(form, input, file);
      if (isChosen() && block && readings.has(key)) proposals.fill(block, readings.get(key));
    } catch {
      continue;
    }
  }
}

function enhance(form) {
  const input = fileInput(form);
  if (!input) return;
  enhanceDrop(form, input);
  listFiles(form, input);
  resumableOf(form); // now, for later the network may be away
  input.addEventListener("change", () => {
    form.dataset.dirty = "yes"; // for unsaved.js; files that were dropped come without `input`
    listFiles(form, input);
    propose(form, input);
  });
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    event.preventDefault();
    if ([...input.files].some((file) => problemOf(form, file))) {
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

// Sends files in pieces that survive a bad network, a reload and a restart of the server, by the
// tus protocol. Loaded by upload.js for a form with these:
//
// data-uploads       where uploads begin
// data-tus           tus-js-client
// A file may be sent ahead, before the form is: whatever has arrived by then need not be sent again.
//
// [data-unfinished]  anywhere on the page: the address of an upload that can go on once the same
//                    file is chosen, which data-sha256 tells

import { _ } from "./words.js";

const PIECE = 512 * 1024;
const AT_ONCE = 2;
const RETRY_AFTER = [0, 1000, 2000, 4000, 8000, 15_000, 30_000];
const CUT = _("Jaringan terputus; unggahan dilanjutkan begitu tersambung.");
const GAVE_UP = _("Server tidak menjawab. Bagian yang sudah terkirim tersimpan; coba lagi untuk melanjutkan.");
const SIGNED_OUT = _("Sesi Anda berakhir. Masuk lagi di tab lain, lalu coba lagi.");

const known = new Map(); // SHA-256 of a file → address of what has arrived of it
const onTheWay = new Map(); // what tells files apart → how far each is

// The browser makes new objects of the same files whenever a choice is added to.
export function keyOf(file) {
  return [file.name, file.size, file.lastModified].join(" ");
}

async function sha256Of(file) {
  // Absent on plain http from another machine; the server then counts and hashes alone.
  if (!window.crypto?.subtle) return "";
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function statusOf(error) {
  return error.originalResponse?.getStatus() ?? 0;
}

function sentenceFor(error) {
  const status = statusOf(error);
  if (status === 0 || status >= 500) return GAVE_UP;
  if (status < 400) return SIGNED_OUT; // the page for signing in, in place of an answer
  const type = error.originalResponse.getHeader("Content-Type") ?? "";
  if (type.startsWith("text/plain")) return error.originalResponse.getBody();
  return _("Server menjawab dengan kode %(status)s. Muat ulang halaman, lalu coba lagi.", { status });
}

function uploadFor(form, file, digest, report) {
  const endpoint = new URL(form.dataset.uploads, document.baseURI).href;
  const upload = new window.tus.Upload(file, {
    endpoint,
    uploadUrl: known.get(digest) ?? null,
    chunkSize: PIECE,
    retryDelays: RETRY_AFTER,
    metadata: { filename: file.name, sha256: digest },
    headers: { "X-CSRFToken": form.querySelector("[name=csrfmiddlewaretoken]").value },
    // By content: phones give the same photo another name and date each time.
    fingerprint: async () =>
      `kla ${endpoint} ${digest || [file.name, file.size, file.lastModified].join(" ")}`,
    removeFingerprintOnSuccess: true,
    onUploadUrlAvailable: () => {
      if (digest) known.set(digest, upload.url);
    },
    onAfterResponse: (request, response) => {
      // The library would begin anew; a server in trouble still has what arrived.
      if (request.getMethod() === "HEAD" && response.getStatus() >= 500) throw new Error(GAVE_UP);
    },
    onShouldRetry: (error) => {
      const status = statusOf(error);
      return status === 0 || status >= 500 || status === 409 || status === 423;
    },
    onProgress: (sent) => report.progress(file, sent),
  });
  return upload;
}

// The id of the whole upload. Waits as long as the network is away.
function finished(upload, report) {
  return new Promise((resolve, reject) => {
    const pause = () => {
      upload.abort();
      report.waiting(CUT);
    };
    const goOn = () => {
      report.waiting("");
      upload.start();
    };
    const end = (settle, value) => {
      window.removeEventListener("offline", pause);
      window.removeEventListener("online", goOn);
      settle(value);
    };
    window.addEventListener("offline", pause);
    window.addEventListener("online", goOn);
    upload.options.onSuccess = () => {
      end(resolve, new URL(upload.url, document.baseURI).pathname.split("/").at(-2));
    };
    upload.options.onError = (error) => end(reject, new Error(sentenceFor(error)));
    if (navigator.onLine) upload.start();
    else report.waiting(CUT);
  });
}

async function begin(form, file, report, way) {
  let digest;
  try {
    digest = await sha256Of(file);
  } catch {
    throw new Error(_("Berkas %(name)s tidak dapat dibaca lagi. Pilih kembali berkas itu.", { name: file.name }));
  }
  const upload = uploadFor(form, file, digest, report);
  way.upload = upload;
  if (!upload.options.uploadUrl) {
    const [previous] = await upload.findPreviousUploads();
    if (previous) upload.resumeFromPreviousUpload(previous);
  }
  const id = await finished(upload, report);
  report.progress(file, file.size);
  return id;
}

// One way a file, however often it is asked for; who comes later is told how far it is.
function sendOne(form, file, report) {
  const key = keyOf(file);
  if (!onTheWay.has(key)) {
    const way = { reports: new Set(), sent: 0, sentence: "" };
    const tell = {
      progress(_file, sent) {
        way.sent = sent;
        for (const one of way.reports) one.progress(one.file, sent);
      },
      waiting(sentence) {
        way.sentence = sentence;
        for (const one of way.reports) one.waiting(sentence);
      },
    };
    way.done = begin(form, file, tell, way).catch((error) => {
      onTheWay.delete(key); // the next try is a new one
      throw error;
    });
    onTheWay.set(key, way);
  }
  const way = onTheWay.get(key);
  if (report) {
    way.reports.add({ ...report, file });
    if (way.sent) report.progress(file, way.sent);
    if (way.sentence) report.waiting(way.sentence);
  }
  return way.done;
}

function readUnfinished() {
  for (const item of document.querySelectorAll("[data-unfinished][data-sha256]")) {
    const { sha256, unfinished } = item.dataset;
    if (sha256 && !known.has(sha256)) known.set(sha256, new URL(unfinished, document.baseURI).href);
  }
}

export async function prepare(form) {
  await import(form.dataset.tus);
  return Boolean(window.tus?.isSupported);
}

// The id of a file that is sent before the form is, and the address of what has arrived of it.
export async function sendAhead(form, file) {
  readUnfinished();
  const id = await sendOne(form, file);
  return { id, address: new URL(`${id}/`, new URL(form.dataset.uploads, document.baseURI)).href };
}

// The person does not want to hand in this file after all: nothing of it stays on the server.
export function drop(file) {
  const key = keyOf(file);
  const { upload } = onTheWay.get(key) ?? {};
  onTheWay.delete(key);
  upload?.abort(true).catch(() => {}); // swept by the server within a day
  upload?.options.onError?.(new Error("dropped"));
}

// The server has judged what it was sent and may have thrown some of it away.
export function askAgain() {
  onTheWay.clear();
}

// The ids of the files, in their order, once all of them have arrived. `report` is told of
// progress(file, bytes) and of waiting(sentence), which is empty when it goes on.
// Rejects with a sentence when a file could not be sent; the others are sent all the same.
export async function sendInPieces(form, files, report) {
  readUnfinished();
  const ids = [];
  const faults = [];
  const queue = [...files.entries()];
  const work = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [index, file] = next;
      try {
        ids[index] = await sendOne(form, file, report);
      } catch (error) {
        faults.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  if (faults.length) throw faults[0];
  return ids;
}

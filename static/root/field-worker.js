// Opens field pages without network: the network first, else the copy that field.js put away.
// It puts nothing away itself, so nothing but what a field page asked to keep can ever be shown.

const CACHE = "kla-field";
const PAGES = [
  /^\/kota\/[^/]+\/fasilitas\/rute\/\d+\/\d+\/$/,
  /^\/kota\/[^/]+\/fasilitas\/\d+\/temuan\/$/,
  /^\/kota\/[^/]+\/fasilitas\/\d+\/periksa\/[^/]+\/$/,
  /^\/kota\/[^/]+\/penilaian\/\d+\/wilayah\/[^/]+\/$/,
];

async function answer(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const cache = await caches.open(CACHE);
    const kept = await cache.match(request.url, { ignoreVary: true });
    if (kept) return kept;
    throw error;
  }
}

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  const isPage = request.mode === "navigate" && PAGES.some((one) => one.test(pathname));
  if (isPage || pathname.startsWith("/static/")) event.respondWith(answer(request));
});

/**
 * Says what is wrong when the page cannot be reached. It keeps that one small page and nothing else: the page itself, the
 * API and media always come from the service, and are never even looked at here.
 */
const kept = "smart-toggle-offline-2";
const offlinePage = new URL("offline.html", self.registration.scope).href;
/** A machine that is off answers nobody, and a browser would wait for minutes. */
const limitMs = 8000;

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(caches.open(kept).then((cache) => cache.add(new Request(offlinePage, { cache: "reload" }))));
});

self.addEventListener("activate", (event) => {
  const remove = (names) => names.filter((name) => name !== kept).map((name) => caches.delete(name));
  event.waitUntil(caches.keys().then((names) => Promise.all(remove(names))));
});

self.addEventListener("fetch", (event) => {
  if (event.request.mode === "navigate") event.respondWith(openPage(event.request));
});

async function openPage(request) {
  const late = new Promise((resolve) => setTimeout(resolve, limitMs, null));
  const answer = await Promise.race([fetch(request).catch(() => null), late]);
  return answer ?? explain();
}

/** The kept page, with the part shown that fits: this device has no network, or the service does not answer. */
async function explain() {
  const page = await caches.match(offlinePage);
  if (page === undefined) return Response.error();
  const text = await page.text();
  const shown = self.navigator.onLine ? "service" : "network";
  return new Response(text.replace('data-shown="service"', `data-shown="${shown}"`), { headers: page.headers });
}

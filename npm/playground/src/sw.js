// Keeps the files of the page, so that it opens without a network. A new build has a new version, which is fetched as a
// whole. Not here: anything of what is typed.

const cacheName = `keylint-${VERSION}`;

addEventListener("install", (event) => {
  event.waitUntil(caches.open(cacheName).then((cache) => cache.addAll(FILES)).then(() => skipWaiting()));
});

addEventListener("activate", (event) => {
  const old = async () => {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name.startsWith("keylint-") && name !== cacheName).map((name) => caches.delete(name)));
    await clients.claim();
  };
  event.waitUntil(old());
});

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method === "GET" && new URL(request.url).origin === location.origin) {
    const kept = async () => (await (await caches.open(cacheName)).match(request, { ignoreSearch: true })) ?? fetch(request);
    event.respondWith(kept());
  }
});

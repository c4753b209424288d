// The service worker: caches all files of one version of the book. The build fills in the version and
// the list, and copies this file to the root of the site, whose pages it serves. A page gets all its
// files from one version: that of a new one waits until no page of the old one is open, or until a
// page sends the message 'show', upon which all of them load again.

const VERSION = "__VERSION__";
const FILES = "__FILES__";

// Books on one origin share the cache storage: each has its own prefix.
const CACHE_PREFIX = `study ${registration.scope} `;
const CACHE = `${CACHE_PREFIX}${VERSION}`;
/** Trained weights: kept when a demo first asks for them, since few readers run every demo. */
const MODELS = new URL('models/', registration.scope).href;
/** Few, so that the reader's own requests come first. */
const PARALLEL_FETCHES = 4;

async function precache() {
  const cache = await caches.open(CACHE);
  const queue = [...FILES];
  const fetchQueued = async () => {
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
      // Revalidates, since the browser's HTTP cache may have another version.
      const response = await fetch(file, { cache: 'no-cache' });
      if (!response.ok) throw new Error(`${file}: ${response.status}`);
      await cache.put(file, response.redirected ? withoutRedirect(response) : response);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL_FETCHES }, fetchQueued));
}

/** Browsers open no page from a redirected response. @param {Response} response */
function withoutRedirect(response) {
  const { body, status, statusText, headers } = response;
  return new Response(body, { status, statusText, headers });
}

async function deleteOldCaches() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(CACHE_PREFIX) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await clients.claim();
}

/** From the cache, else from the network. @param {Request} request */
async function respond(request) {
  const url = new URL(request.url);
  if (url.pathname.endsWith('/')) url.pathname += 'index.html';
  const cache = await caches.open(CACHE);
  /** @param {URL | string} address */
  const match = (address) => cache.match(address, { ignoreSearch: true, ignoreVary: true });
  // Some hosts take `.html` out of the address.
  const found = (await match(url)) ?? (await match(`${url.origin}${url.pathname}.html`));
  return found ?? (url.href.startsWith(MODELS) ? fetchModel(request, cache) : fetch(request));
}

/** @param {Request} request @param {Cache} cache */
async function fetchModel(request, cache) {
  const response = await fetch(request, { cache: 'no-cache' });
  // What has no room is fetched again another time.
  if (response.ok) cache.put(request, response.clone()).catch(() => {});
  return response;
}

addEventListener('install', (event) => event.waitUntil(precache()));
addEventListener('message', ({ data }) => {
  if (data === 'show') skipWaiting();
});
addEventListener('activate', (event) => event.waitUntil(deleteOldCaches()));
addEventListener('fetch', (event) => {
  const { method, url } = event.request;
  if (method === 'GET' && new URL(url).origin === location.origin) event.respondWith(respond(event.request));
});

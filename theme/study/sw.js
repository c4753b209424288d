// Keeps all files of one version of the book. The build puts in the version and the list, and
// copies this file to the root of the site, whose pages it serves.

const VERSION = "__VERSION__";
const FILES = "__FILES__";

// Two books may share an origin: each keeps to the caches of its own folder.
const OURS = `study ${registration.scope} `;
const CACHE = `${OURS}${VERSION}`;
/** So many at a time: the reader's own requests come first. */
const AT_ONCE = 4;

async function fill() {
  const cache = await caches.open(CACHE);
  const queue = [...FILES];
  const fetchSome = async () => {
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
      // Asks the server even if the browser has a copy, which may be of another version.
      const response = await fetch(file, { cache: 'no-cache' });
      if (!response.ok) throw new Error(`${file}: ${response.status}`);
      await cache.put(file, response.redirected ? plain(response) : response);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, fetchSome));
}

/** A response that says nothing of a redirect: of those a browser opens no page. */
function plain(response) {
  const { body, status, statusText, headers } = response;
  return new Response(body, { status, statusText, headers });
}

async function forgetOldVersions() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(OURS) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await clients.claim();
}

async function answer(request) {
  const url = new URL(request.url);
  if (url.pathname.endsWith('/')) url.pathname += 'index.html';
  const cache = await caches.open(CACHE);
  const kept = (address) => cache.match(address, { ignoreSearch: true, ignoreVary: true });
  // Some hosts take `.html` out of the address.
  return (await kept(url)) ?? (await kept(`${url.origin}${url.pathname}.html`)) ?? fetch(request);
}

addEventListener('install', (event) => event.waitUntil(fill().then(() => skipWaiting())));
addEventListener('activate', (event) => event.waitUntil(forgetOldVersions()));
addEventListener('fetch', (event) => {
  const { method, url } = event.request;
  if (method === 'GET' && new URL(url).origin === location.origin) event.respondWith(answer(event.request));
});

// `sw.js` of a local build. A published book that was opened at the same address has left a service
// worker, which would go on serving that book. Browsers check `sw.js` with every page: this one
// deletes the caches and unregisters itself.

const CACHE_PREFIX = `study ${registration.scope} `;

async function uninstall() {
  const names = (await caches.keys()).filter((name) => name.startsWith(CACHE_PREFIX));
  await Promise.all(names.map((name) => caches.delete(name)));
  await registration.unregister();
  for (const page of await clients.matchAll({ type: 'window' })) page.navigate(page.url);
}

addEventListener('install', () => skipWaiting());
addEventListener('activate', (event) => event.waitUntil(uninstall()));

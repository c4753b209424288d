// Takes the place of `sw.js` in a local build. A published book that was once looked at under the
// same address has left its service worker, which would go on showing that book. The browser asks
// for a new worker with every page; this one takes the kept book away, and itself.

const OURS = `study ${registration.scope} `;

async function leave() {
  const names = (await caches.keys()).filter((name) => name.startsWith(OURS));
  await Promise.all(names.map((name) => caches.delete(name)));
  await registration.unregister();
  for (const page of await clients.matchAll({ type: 'window' })) page.navigate(page.url);
}

addEventListener('install', () => skipWaiting());
addEventListener('activate', (event) => event.waitUntil(leave()));

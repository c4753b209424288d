// Registers the service worker, which keeps the book for reading offline, once the page is loaded.

const script = new URL('../sw.js', import.meta.url);
/** @type {Navigator & { connection?: { saveData: boolean } }} */
const { connection } = navigator;

function register() {
  navigator.serviceWorker.register(script).catch(() => {
    // Private windows and plain http have no service worker; the book works without.
  });
}

if (navigator.serviceWorker && !connection?.saveData) {
  if (document.readyState === 'complete') register();
  else addEventListener('load', register, { once: true });
}

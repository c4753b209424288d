// Keeps the book for reading without a network, once the page has all it needs itself.

const worker = new URL('../sw.js', import.meta.url);

function register() {
  navigator.serviceWorker.register(worker).catch(() => {
    // Private windows and plain http have no service worker; the book works without.
  });
}

if (navigator.serviceWorker && !navigator.connection?.saveData) {
  if (document.readyState === 'complete') register();
  else addEventListener('load', register, { once: true });
}

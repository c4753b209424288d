// Registers the service worker, which keeps the book for reading offline, once the page is loaded.
// A new version of the book waits until no page of the old one is open, or the reader asks for it.

const script = new URL('../sw.js', import.meta.url);
/** @type {Navigator & { connection?: { saveData: boolean } }} */
const { connection, serviceWorker } = navigator;

const banner = document.createElement('div');
banner.className = 'study-banner';
banner.setAttribute('role', 'status');

async function register() {
  let isKept = Boolean(serviceWorker.controller);
  serviceWorker.addEventListener('controllerchange', () => {
    // Whoever asked for the new version, no page of the old one is left.
    if (isKept) location.reload();
    isKept = true;
  });
  const registration = await serviceWorker.register(script);
  const tell = () => {
    if (registration.waiting && serviceWorker.controller) show(registration);
  };
  registration.addEventListener('updatefound', () => {
    registration.installing?.addEventListener('statechange', tell);
  });
  tell();
}

/** @param {ServiceWorkerRegistration} registration */
function show(registration) {
  document.body.append(banner);
  banner.replaceChildren(
    'There is a new version of this book. To show it, its open pages load again. ',
    createButton('Show it', () => registration.waiting?.postMessage('show')),
    ' ',
    createButton('Later', () => banner.remove()),
  );
}

/** @param {string} text @param {() => void} onClick */
function createButton(text, onClick) {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = text;
  button.addEventListener('click', onClick);
  return button;
}

if (serviceWorker && !connection?.saveData) {
  // Private windows have no service worker; the book works without.
  const start = () => register().catch(() => {});
  if (document.readyState === 'complete') start();
  else addEventListener('load', start, { once: true });
}

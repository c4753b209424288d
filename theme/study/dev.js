// The local build: reloads the page when it was built anew, and shows what does not compile.

const banner = document.createElement('div');
banner.className = 'study-banner';
banner.setAttribute('role', 'status');
banner.hidden = true;
document.body.append(banner);

function show(title, text = '', failed = false) {
  const head = document.createElement('b');
  head.textContent = title;
  const parts = [head];
  if (text) {
    const body = document.createElement('pre');
    body.tabIndex = 0;
    body.textContent = text;
    parts.push(body);
  }
  banner.replaceChildren(...parts);
  banner.classList.toggle('failed', failed);
  banner.hidden = false;
}

// The server says in a header which build a page is of. Without this a page that was loaded just
// before a new build came out would miss its reload.
const [page] = performance.getEntriesByType('navigation');
const build = page?.serverTiming?.find(({ name }) => name === 'build')?.description ?? '';

/** The page's line to the server, while the page can be seen. */
let events = null;

function listen() {
  events = new EventSource(`/__study/events?build=${build}`);
  events.addEventListener('building', ({ data }) => show(data));
  events.addEventListener('failed', ({ data }) => {
    show('Not built: what you see is the last good build.', data, true);
  });
  events.addEventListener('ok', () => (banner.hidden = true));
  events.addEventListener('reload', () => location.reload());
}

// A browser opens six connections to a server and no more: tabs that nobody looks at would use them
// up. A tab that is looked at again says its build, and is told to reload if there is a newer one.
function seen() {
  events?.close();
  events = null;
  if (!document.hidden) listen();
}

document.addEventListener('visibilitychange', seen);
seen();

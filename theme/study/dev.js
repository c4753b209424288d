// Local builds only: reloads the page after a build, and shows build errors.

const banner = document.createElement('div');
banner.className = 'study-banner';
banner.setAttribute('role', 'status');
banner.hidden = true;
document.body.append(banner);

/** @param {string} title */
function show(title, text = '', failed = false) {
  const heading = document.createElement('b');
  heading.textContent = title;
  const body = document.createElement('pre');
  body.tabIndex = 0;
  body.textContent = text;
  banner.replaceChildren(heading, ...(text ? [body] : []));
  banner.classList.toggle('failed', failed);
  banner.hidden = false;
}

// The server sends the build's id in a header. Without the id, a page that was loaded just before a
// new build came out would miss its reload.
const [page] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType('navigation'));
const build = page?.serverTiming?.find(({ name }) => name === 'build')?.description ?? '';

/** @type {EventSource | null} Open while the page is visible. */
let events = null;

function connect() {
  events = new EventSource(`/__study/events?build=${build}`);
  events.addEventListener('building', ({ data }) => show(data));
  events.addEventListener('failed', ({ data }) => {
    show('Not built: what you see is the last good build.', data, true);
  });
  events.addEventListener('ok', () => (banner.hidden = true));
  events.addEventListener('reload', () => location.reload());
}

// A browser opens six connections to a server and no more: hidden tabs would use them up. A tab that
// becomes visible sends its build's id, and is told to reload if there is a newer build.
function onVisibilityChange() {
  events?.close();
  events = null;
  if (!document.hidden) connect();
}

document.addEventListener('visibilitychange', onVisibilityChange);
onVisibilityChange();

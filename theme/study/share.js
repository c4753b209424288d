// A demo's state in the address: `?demo.control=value` for what differs from the default, so that
// a link shows what its sender saw. What is too long for an address is kept for this tab only, so
// that at least a reload loses nothing.

/** A longer value would make links that break on their way. */
const MAX_LENGTH = 2000;
const DELAY = 300;

const pending = new Map();
let timer = 0;

/** Gives the controls the values of the address; returns `{found, refused}`, names of controls. */
export function read(demo, controls) {
  const query = new URLSearchParams(location.search);
  const found = [];
  const refused = [];
  for (const control of controls.values()) {
    const text = query.get(`${demo}.${control.name}`) ?? kept(`${demo}.${control.name}`);
    if (text === null) continue;
    (control.set(text) ? found : refused).push(control.name);
  }
  return { found, refused };
}

/** Puts what differs into the address, soon; returns in words what it cannot hold. */
export function write(demo, controls) {
  const leftOut = [];
  const notes = [];
  for (const control of controls.values()) {
    const { value, file } = control;
    const fits = value.length <= MAX_LENGTH && encodeURIComponent(value.toWellFormed()).length <= MAX_LENGTH;
    const differs = !control.isDefault;
    if (file?.chosen) {
      notes.push(`A link to this page will not hold “${file.chosen.file.name}”: a file stays on this device.`);
    } else if (differs && !fits) {
      leftOut.push(`“${control.label}”`);
    }
    pending.set(`${demo}.${control.name}`, {
      inAddress: differs && fits && value.isWellFormed() ? value : null,
      draft: differs && !fits ? value : null,
    });
  }
  // Browsers limit how often a page may change its address.
  timer ||= setTimeout(flush, DELAY);
  if (leftOut.length > 0) {
    notes.push(`A link to this page will not hold ${leftOut.join(' and ')}: too long for an address.`);
  }
  return notes.join(' ');
}

function kept(name) {
  try {
    return sessionStorage.getItem(name);
  } catch {
    return null;
  }
}

function keep(name, text) {
  try {
    if (text === null) sessionStorage.removeItem(name);
    else sessionStorage.setItem(name, text);
  } catch {
    // No storage, or no room: the text is still in its field.
  }
}

function flush() {
  clearTimeout(timer);
  timer = 0;
  const url = new URL(location.href);
  for (const [name, { inAddress, draft }] of pending) {
    if (inAddress === null) url.searchParams.delete(name);
    else url.searchParams.set(name, inAddress);
    keep(name, draft);
  }
  pending.clear();
  if (url.href !== location.href) history.replaceState(history.state, '', url);
}

addEventListener('pagehide', () => timer && flush());

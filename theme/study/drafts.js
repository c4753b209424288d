// Texts that no address can hold, kept in this browser until the reader resets the demo. A draft
// belongs to the default that it replaced: a demo with a new one starts from that.

/** A longer draft would leave no room for the scores: it lasts as long as the tab. */
const LONG = 200_000;

/** The drafts that this page shows; one that it never showed is not its to drop. */
const shown = new Set();

/** Where a control's draft is. */
const keyOf = (demo, control) => `study-draft ${demo}.${control.name} ${hash(control.default)}`;

/** The draft of a control, or null. */
export function recall(demo, control) {
  const key = keyOf(demo, control);
  // What is only in the tab is newer: see `keep`.
  for (const storage of ['sessionStorage', 'localStorage']) {
    try {
      const text = JSON.parse(window[storage].getItem(key));
      if (typeof text !== 'string') continue;
      shown.add(key);
      return text;
    } catch {
      // No storage, or something else under this name.
    }
  }
  return null;
}

/** Keeps a control's value, at least for this tab; false if this browser has no room for it. */
export function keep(demo, control) {
  const key = keyOf(demo, control);
  // As JSON, since not every browser stores half a character.
  const text = JSON.stringify(control.value);
  shown.add(key);
  if (text.length <= LONG && store('localStorage', key, text)) {
    remove('sessionStorage', key);
    return true;
  }
  return store('sessionStorage', key, text);
}

/** Drops the draft of a control that needs none any more. */
export function drop(demo, control) {
  if (shown.has(keyOf(demo, control))) forget(demo, control);
}

/** Drops the draft of a control, whatever it is. */
export function forget(demo, control) {
  const key = keyOf(demo, control);
  shown.delete(key);
  remove('localStorage', key);
  remove('sessionStorage', key);
}

function store(storage, key, text) {
  try {
    window[storage].setItem(key, text);
    return true;
  } catch {
    return false;
  }
}

function remove(storage, key) {
  try {
    window[storage].removeItem(key);
  } catch {
    // No storage, no draft.
  }
}

/** FNV-1a of a text, as hexadecimal digits. */
function hash(text) {
  let sum = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) sum = Math.imul(sum ^ text.charCodeAt(i), 0x01000193);
  return (sum >>> 0).toString(16);
}

// Drafts: values too long for the URL, kept in this browser until the reader resets the demo. A key
// has a hash of the control's default, so that a new default is not hidden by an old draft.

import { hash } from './units.js';

/** Longer drafts are kept for the session only, to leave room for the scores. */
const MAX_LENGTH = 200_000;

/** Keys of the drafts that this page has read or written. */
const used = new Set();

/** @param {string} demo @param {Control} control */
const keyOf = (demo, control) => `study-draft ${demo}.${control.name} ${hash(control.default)}`;

/** The draft of a control, or null. @param {string} demo @param {Control} control */
export function recall(demo, control) {
  const key = keyOf(demo, control);
  // The session's draft is the newer one: see `keep`.
  for (const storage of /** @type {const} */ (['sessionStorage', 'localStorage'])) {
    try {
      const text = JSON.parse(window[storage].getItem(key) ?? 'null');
      if (typeof text !== 'string') continue;
      used.add(key);
      return text;
    } catch {
      // No storage, or not JSON.
    }
  }
  return null;
}

/** Stores a control's value; false if there is no room. @param {string} demo @param {Control} control */
export function keep(demo, control) {
  const key = keyOf(demo, control);
  // As JSON, since some browsers cannot store lone surrogates.
  const text = JSON.stringify(control.value);
  used.add(key);
  if (text.length <= MAX_LENGTH && store('localStorage', key, text)) {
    remove('sessionStorage', key);
    return true;
  }
  return store('sessionStorage', key, text);
}

/** Drops a draft if this page has used it. @param {string} demo @param {Control} control */
export function dropUsed(demo, control) {
  if (used.has(keyOf(demo, control))) drop(demo, control);
}

/** @param {string} demo @param {Control} control */
export function drop(demo, control) {
  const key = keyOf(demo, control);
  used.delete(key);
  remove('localStorage', key);
  remove('sessionStorage', key);
}

/** @param {StorageName} storage @param {string} key @param {string} text */
function store(storage, key, text) {
  try {
    window[storage].setItem(key, text);
    return true;
  } catch {
    return false;
  }
}

/** @param {StorageName} storage @param {string} key */
function remove(storage, key) {
  try {
    window[storage].removeItem(key);
  } catch {
    // No storage, no draft.
  }
}

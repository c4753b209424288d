// A demo's state in the address: `?demo.control=value` for what differs from the default, so that
// a link shows what its sender saw. What no address can hold is a draft of this browser.

import * as drafts from './drafts.js';

/** A longer value would make links that break on their way. */
const MAX_LENGTH = 2000;
const DELAY = 300;

/** The demos that changed since the address did: `{controls, say}` by name. */
const pending = new Map();
let timer = 0;

/** Controls in words. */
const named = (controls) => controls.map(({ label }) => `“${label}”`).join(' and ');

/**
 * Gives the controls the values of the address, or else their drafts; returns `{found, refused}`,
 * names of controls, and `note`, what to say of drafts.
 */
export function read(demo, controls) {
  const query = new URLSearchParams(location.search);
  const found = [];
  const refused = [];
  const recalled = [];
  for (const control of controls.values()) {
    const text = query.get(`${demo}.${control.name}`);
    if (text !== null) {
      (control.set(text) ? found : refused).push(control.name);
      continue;
    }
    const draft = drafts.recall(demo, control);
    if (draft === null || !control.set(draft)) continue;
    found.push(control.name);
    recalled.push(control);
  }
  const isDraft = `${named(recalled)}: as you left it in this browser. Reset brings back the default.`;
  return { found, refused, note: recalled.length > 0 ? isDraft : '' };
}

/** Puts what differs into the address, soon; `say` hears in words what it cannot hold. */
export function write(demo, controls, say) {
  pending.set(demo, { controls, say });
  say(note(controls));
  // Browsers limit how often a page may change its address.
  timer ||= setTimeout(flush, DELAY);
}

/** Drops all drafts of a demo. */
export function forget(demo, controls) {
  for (const control of controls.values()) drafts.forget(demo, control);
}

/** Why no address can hold a text, or an empty text. */
function unfit(text) {
  if (!text.isWellFormed()) return 'no address can hold half a character';
  const fits = text.length <= MAX_LENGTH && encodeURIComponent(text).length <= MAX_LENGTH;
  return fits ? '' : 'too long for an address';
}

function note(controls, lost = []) {
  const lines = [];
  for (const control of controls.values()) {
    const { chosen } = control.file ?? {};
    const why = control.isDefault ? '' : unfit(control.value);
    if (chosen) {
      lines.push(`A link to this page will not hold “${chosen.file.name}”: a file stays on this device.`);
    } else if (why) {
      lines.push(`A link to this page will not hold ${named([control])}: ${why}.`);
    }
  }
  if (lost.length > 0) {
    lines.push(`This browser has no room to keep ${named(lost)}: copy it before you leave the page.`);
  }
  return lines.join(' ');
}

function flush() {
  clearTimeout(timer);
  timer = 0;
  const url = new URL(location.href);
  for (const [demo, { controls, say }] of pending) {
    const lost = [];
    for (const control of controls.values()) {
      const name = `${demo}.${control.name}`;
      const isDraft = !control.isDefault && unfit(control.value) !== '';
      if (control.isDefault || isDraft) url.searchParams.delete(name);
      else url.searchParams.set(name, control.value);
      if (!isDraft) drafts.drop(demo, control);
      else if (!drafts.keep(demo, control)) lost.push(control);
    }
    if (lost.length > 0) say(note(controls, lost));
  }
  pending.clear();
  if (url.href !== location.href) history.replaceState(history.state, '', url);
}

addEventListener('pagehide', () => timer && flush());

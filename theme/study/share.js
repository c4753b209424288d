// The settings of a demo in the URL: `?demo.control=value` for what differs from the default, so that
// a link shows what its sender saw. What does not fit into a URL becomes a draft (`drafts.js`).

import * as drafts from './drafts.js';

/** Longer values would make URLs that some programs cut off. */
const MAX_LENGTH = 2000;
const DELAY = 300;

/** @type {Map<string, { controls: Controls, showNote: (note: string) => void }>} By demo. */
const pending = new Map();
let timer = 0;

/** @param {Control[]} controls */
const labelsOf = (controls) => controls.map(({ label }) => `“${label}”`).join(' and ');

/**
 * Sets controls to their values in the URL, or else to their drafts. Returns the names of those that
 * were set and of those whose value was rejected, and a note on drafts.
 * @param {string} demo @param {Controls} controls
 */
export function restoreSettings(demo, controls) {
  const query = new URLSearchParams(location.search);
  const restored = [];
  const rejected = [];
  const fromDrafts = [];
  for (const control of controls.values()) {
    const text = query.get(`${demo}.${control.name}`);
    if (text !== null) {
      if (control.set(text)) restored.push(control.name);
      else rejected.push(control.name);
      continue;
    }
    const draft = drafts.recall(demo, control);
    if (draft === null || !control.set(draft)) continue;
    restored.push(control.name);
    fromDrafts.push(control);
  }
  const isDraft = `${labelsOf(fromDrafts)}: as you left it in this browser. Reset brings back the default.`;
  return { restored, rejected, note: fromDrafts.length > 0 ? isDraft : '' };
}

/**
 * Updates the URL and the drafts, soon, and notes at once what a link will not hold.
 * @param {string} demo @param {Controls} controls @param {(note: string) => void} showNote
 */
export function saveSettings(demo, controls, showNote) {
  pending.set(demo, { controls, showNote });
  showNote(note(controls));
  // Browsers limit how often a page may change its URL.
  timer ||= setTimeout(flush, DELAY);
}

/** @param {string} demo @param {Controls} controls */
export function dropDrafts(demo, controls) {
  for (const control of controls.values()) drafts.drop(demo, control);
}

/** An empty text if it can be in the URL. @param {string} text */
function whyNotInUrl(text) {
  if (!text.isWellFormed()) return 'no address can hold half a character';
  const fits = text.length <= MAX_LENGTH && encodeURIComponent(text).length <= MAX_LENGTH;
  return fits ? '' : 'too long for an address';
}

/** @param {Controls} controls @param {Control[]} unsaved */
function note(controls, unsaved = []) {
  const lines = [];
  for (const control of controls.values()) {
    const chosen = control.file?.chosen;
    const why = control.isDefault ? '' : whyNotInUrl(control.value);
    if (chosen) {
      lines.push(`A link to this page will not hold “${chosen.file.name}”: a file stays on this device.`);
    } else if (why) {
      lines.push(`A link to this page will not hold ${labelsOf([control])}: ${why}.`);
    }
  }
  if (unsaved.length > 0) {
    lines.push(`This browser has no room to keep ${labelsOf(unsaved)}: copy it before you leave the page.`);
  }
  return lines.join(' ');
}

function flush() {
  clearTimeout(timer);
  timer = 0;
  const url = new URL(location.href);
  for (const [demo, { controls, showNote }] of pending) {
    const unsaved = [];
    for (const control of controls.values()) {
      const name = `${demo}.${control.name}`;
      const isDraft = !control.isDefault && whyNotInUrl(control.value) !== '';
      if (control.isDefault || isDraft) url.searchParams.delete(name);
      else url.searchParams.set(name, control.value);
      if (!isDraft) drafts.dropUsed(demo, control);
      else if (!drafts.keep(demo, control)) unsaved.push(control);
    }
    if (unsaved.length > 0) showNote(note(controls, unsaved));
  }
  pending.clear();
  if (url.href !== location.href) history.replaceState(history.state, '', url);
}

addEventListener('pagehide', () => timer && flush());

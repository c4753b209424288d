// Scores in local storage, in the format of `cargo study grade --format json`
// (crates/grading/src/report.rs). Nothing is lost: merging keeps the better result of each check,
// sheets of earlier content (another hash) stay beside the current ones, and each sheet has a key of
// its own, so that pages which save at the same time do not overwrite each other.

import { hash } from './units.js';

/** Begins the key of every sheet; earlier versions of the book had all sheets under it. */
const KEY = 'study-progress';
const FORMAT = 'genai-study-buddy/progress/2';
/** In it the points of a check were those to be had, and there was no `max_points`. */
const OLD_FORMAT = 'genai-study-buddy/progress/1';
/** From worst to best. */
const STATUSES = ['unavailable', 'unfinished', 'timeout', 'failed', 'passed'];
const MAX_POINTS = 1000;

/** Sent to `document` when scores change. */
export const CHANGED = 'study-progress';

export const NOT_SAVED =
  'This score could not be kept: the storage of this browser is full or switched off. ' +
  'It is gone when you leave the page.';

/** @type {Sheet[]} What this page has saved, or could not save: the next save tries again. */
let own = [];

export const loadSheets = () => mergeSheets(keys().flatMap(readSheets), own);

/** @param {string} key */
function readSheets(key) {
  const text = getItem(key);
  if (!text) return [];
  try {
    return parseSheets(text);
  } catch {
    // A copy for repair: the next save overwrites the text.
    setAside(key, text);
    return [];
  }
}

/** Adds sheets; false if they could not be stored. @param {Sheet[]} sheets */
export function saveSheets(sheets) {
  own = mergeSheets(own, sheets);
  const isSaved = sheets.map(store).every(Boolean) && storeMissing();
  document.dispatchEvent(new Event(CHANGED));
  return isSaved;
}

/** @param {Sheet} sheet */
const keyOf = ({ lesson, part, hash }) => `${KEY} ${lesson} ${part} ${hash}`;

/** @param {Sheet} sheet */
const store = (sheet) => setItem(keyOf(sheet), toJson(mergeSheets(readSheets(keyOf(sheet)), [sheet])));

/** Stores what this page has and the storage has not: another page may have written meanwhile. */
function storeMissing() {
  const isMissing = (/** @type {Sheet} */ sheet) => {
    const stored = readSheets(keyOf(sheet)).flatMap(({ checks }) => checks);
    return sheet.checks.some(({ name, status }) => {
      const found = stored.find((check) => check.name === name);
      return !found || rank(found) < STATUSES.indexOf(status);
    });
  };
  return own.filter(isMissing).map(store).every(Boolean);
}

addEventListener('storage', ({ key }) => {
  if (key?.startsWith(KEY)) storeMissing();
});

/** Keeps a copy of a text that is no score of this book. Returns its key, empty if there is no room.
 * @param {string} what @param {string} text */
export function setAside(what, text) {
  const key = `study-aside ${what} ${hash(text)}`;
  return setItem(key, text) ? key : '';
}

export const exportJson = () => toJson(loadSheets());

/** @param {string} [lesson] @param {string} [part] @param {string} [hash] */
export function findSheet(lesson, part, hash) {
  return loadSheets().find((sheet) => sheet.lesson === lesson && sheet.part === part && sheet.hash === hash);
}

/** Throws an error that says what is wrong with the text. @param {string} text @returns {Sheet[]} */
export function parseSheets(text) {
  let progress;
  try {
    progress = JSON.parse(text);
  } catch (error) {
    throw new Error(`It is not JSON (${/** @type {Error} */ (error).message}).`);
  }
  if (![FORMAT, OLD_FORMAT].includes(progress?.format)) throw new Error(`It does not say "format": "${FORMAT}".`);
  if (!Array.isArray(progress.sheets)) throw new Error('It has no list of sheets.');
  return progress.sheets.map(validateSheet);
}

/** @param {any} sheet Any JSON value. @param {number} index */
function validateSheet(sheet, index) {
  /** @param {unknown} ok @param {string} error */
  const expect = (ok, error) => {
    if (!ok) throw new Error(`Sheet ${index + 1}: ${error}.`);
  };
  const isText = (/** @type {unknown} */ value) => typeof value === 'string';
  expect(isText(sheet?.lesson) && /^[\w-]{1,100}$/.test(sheet.lesson), 'the lesson has no name');
  expect(['checks', 'quiz'].includes(sheet.part), 'the part is neither "checks" nor "quiz"');
  expect(isText(sheet.hash) && /^[0-9a-f]{16}$/.test(sheet.hash), 'the hash is not 16 hexadecimal digits');
  expect(Array.isArray(sheet.checks), 'there is no list of checks');
  const names = new Set();
  for (const check of sheet.checks) {
    expect(isText(check?.name) && check.name, 'a check has no name');
    expect(!names.has(check.name), `the check ${check.name} comes twice`);
    names.add(check.name);
    expect(isText(check.title), `the check ${check.name} has no title`);
    expect(STATUSES.includes(check.status), `the check ${check.name} has no known status`);
    const max = check.max_points ?? check.points;
    for (const points of [check.points, max]) {
      const fits = Number.isInteger(points) && points >= 0 && points <= max && max <= MAX_POINTS;
      expect(fits, `the check ${check.name} has no points from 0 to ${MAX_POINTS}`);
    }
    expect(isText(check.message ?? ''), `the message of the check ${check.name} is no text`);
  }
  return withTotals(sheet);
}

/** Computes the totals from the checks. @param {Sheet} sheet @returns {Sheet} */
function withTotals({ lesson, part, hash, checks: results }) {
  const checks = results.map(withPoints);
  /** @param {'points' | 'max_points'} field */
  const sum = (field) => checks.reduce((total, check) => total + check[field], 0);
  return { lesson, part, hash, points: sum('points'), max_points: sum('max_points'), checks };
}

/** A check gives all of its points or none. @param {CheckResult} check @returns {CheckResult} */
function withPoints(check) {
  const max_points = check.max_points ?? check.points;
  return { ...check, points: check.status === 'passed' ? max_points : 0, max_points };
}

/** @param {CheckResult} check */
const rank = ({ status }) => STATUSES.indexOf(status);

/** @param {Sheet[]} old @param {Sheet[]} added */
function mergeSheets(old, added) {
  /** @type {Map<string, Sheet>} */
  const sheets = new Map();
  for (const sheet of [...old, ...added]) {
    const before = sheets.get(keyOf(sheet));
    sheets.set(keyOf(sheet), before ? mergeChecks(before, sheet) : sheet);
  }
  return [...sheets.values()];
}

/** Keeps the better result of each check. @param {Sheet} old @param {Sheet} added */
function mergeChecks(old, added) {
  const checks = new Map(old.checks.map((check) => [check.name, check]));
  for (const check of added.checks) {
    const before = checks.get(check.name);
    if (!before || rank(check) >= rank(before)) checks.set(check.name, check);
  }
  return withTotals({ ...old, checks: [...checks.values()] });
}

/** @param {Sheet[]} sheets */
export const toJson = (sheets) => `${JSON.stringify({ format: FORMAT, sheets }, null, 2)}\n`;

function keys() {
  try {
    return Object.keys(localStorage).filter((key) => key === KEY || key.startsWith(`${KEY} `)).sort();
  } catch {
    return [];
  }
}

/** @param {string} key */
function getItem(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** @param {string} key @param {string} text */
function setItem(key, text) {
  try {
    localStorage.setItem(key, text);
    return true;
  } catch {
    return false;
  }
}

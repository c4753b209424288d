// Scores in local storage, in the format of `cargo study grade --format json`
// (crates/grading/src/report.rs). Nothing is lost: merging keeps the better result of each check, and
// sheets of earlier content (another hash) stay beside the current ones.

const KEY = 'study-progress';
const FORMAT = 'genai-study-buddy/progress/2';
/** In it the points of a check were those to be had, and there was no `max_points`. */
const OLD_FORMAT = 'genai-study-buddy/progress/1';
/** From worst to best. */
const STATUSES = ['unavailable', 'unfinished', 'timeout', 'failed', 'passed'];

/** Sent to `document` when scores change. */
export const CHANGED = 'study-progress';

export const NOT_SAVED =
  'This score could not be kept: the storage of this browser is full or switched off. ' +
  'It is gone when you leave the page.';

/** @type {Sheet[]} What could not be stored; the next save tries again. */
let unsaved = [];

export const loadSheets = () => mergeSheets(readSheets(), unsaved);

function readSheets() {
  const text = getItem();
  if (!text) return [];
  try {
    return parseSheets(text);
  } catch {
    // A copy for repair: the next save overwrites the text.
    setItem(`${KEY}-broken`, text);
    return [];
  }
}

/** Adds sheets; false if they could not be stored. @param {Sheet[]} sheets */
export function saveSheets(sheets) {
  const all = mergeSheets(loadSheets(), sheets);
  const isSaved = setItem(KEY, toJson(all));
  unsaved = isSaved ? [] : all;
  document.dispatchEvent(new Event(CHANGED));
  return isSaved;
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
  expect(typeof sheet?.lesson === 'string' && sheet.lesson, 'the lesson has no name');
  expect(['checks', 'quiz'].includes(sheet.part), 'the part is neither "checks" nor "quiz"');
  expect(/^[0-9a-f]{16}$/.test(sheet.hash), 'the hash is not 16 hexadecimal digits');
  expect(Array.isArray(sheet.checks), 'there is no list of checks');
  for (const check of sheet.checks) {
    expect(typeof check?.name === 'string' && check.name, 'a check has no name');
    expect(typeof check.title === 'string', `the check ${check.name} has no title`);
    expect(STATUSES.includes(check.status), `the check ${check.name} has no known status`);
    for (const points of [check.points, check.max_points ?? check.points]) {
      expect(Number.isInteger(points) && points >= 0, `the check ${check.name} has no points`);
    }
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

/** @param {Sheet[]} old @param {Sheet[]} added */
function mergeSheets(old, added) {
  /** @type {Map<string, Sheet>} */
  const sheets = new Map();
  for (const sheet of [...old, ...added]) {
    const key = [sheet.lesson, sheet.part, sheet.hash].join(' ');
    const before = sheets.get(key);
    sheets.set(key, before ? mergeChecks(before, sheet) : sheet);
  }
  return [...sheets.values()];
}

/** Keeps the better result of each check. @param {Sheet} old @param {Sheet} added */
function mergeChecks(old, added) {
  const checks = new Map(old.checks.map((check) => [check.name, check]));
  for (const check of added.checks) {
    const before = checks.get(check.name);
    const isWorse = before && STATUSES.indexOf(check.status) < STATUSES.indexOf(before.status);
    if (!isWorse) checks.set(check.name, check);
  }
  return withTotals({ ...old, checks: [...checks.values()] });
}

/** @param {Sheet[]} sheets */
const toJson = (sheets) => `${JSON.stringify({ format: FORMAT, sheets }, null, 2)}\n`;

function getItem() {
  try {
    return localStorage.getItem(KEY);
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

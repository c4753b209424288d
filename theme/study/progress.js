// Scores in this browser, in the format of `cargo study grade --format json`
// (crates/grading/src/report.rs). Nothing that was ever scored is lost: merging keeps the better
// result of every check, and scores of earlier content stay beside the current ones.

const KEY = 'study-progress';
const FORMAT = 'genai-study-buddy/progress/1';
const STATES = ['unavailable', 'unfinished', 'timeout', 'failed', 'passed'];

/** Sent on `document` whenever scores changed. */
export const CHANGED = 'study-progress';

/** What to tell a reader whose score could not be kept. */
export const NOT_KEPT =
  'This score could not be kept: the storage of this browser is full or switched off. ' +
  'It is gone when you leave the page.';

/** Sheets this browser did not keep (no room, private mode, storage switched off), until it does. */
let unkept = [];

/** All sheets. */
export const load = () => merge(kept(), unkept);

function kept() {
  const text = stored();
  if (!text) return [];
  try {
    return parse(text);
  } catch {
    // Set aside, not overwritten: somebody may still want to mend it.
    store(`${KEY}-broken`, text);
    return [];
  }
}

/** Adds sheets to what is kept; false if this browser keeps them only until the page is left. */
export function add(sheets) {
  const all = merge(load(), sheets);
  const isKept = store(KEY, write(all));
  unkept = isKept ? [] : all;
  document.dispatchEvent(new Event(CHANGED));
  return isKept;
}

/** Adds one sheet; false as `add`. */
export const keep = (sheet) => add([sheet]);

/** The scores as the text of a file. */
export const exported = () => write(load());

/** The sheet of these checks or this quiz. */
export function find(lesson, part, hash) {
  return load().find((sheet) => sheet.lesson === lesson && sheet.part === part && sheet.hash === hash);
}

/** The sheets in a file's text; throws an error that says what is wrong with it. */
export function parse(text) {
  let progress;
  try {
    progress = JSON.parse(text);
  } catch (error) {
    throw new Error(`It is not JSON (${error.message}).`);
  }
  if (progress?.format !== FORMAT) throw new Error(`It does not say "format": "${FORMAT}".`);
  if (!Array.isArray(progress.sheets)) throw new Error('It has no list of sheets.');
  return progress.sheets.map((sheet, i) => checkedSheet(sheet, `Sheet ${i + 1}`));
}

function checkedSheet(sheet, where) {
  const need = (ok, what) => {
    if (!ok) throw new Error(`${where}: ${what}.`);
  };
  need(typeof sheet?.lesson === 'string' && sheet.lesson, 'the lesson has no name');
  need(['checks', 'quiz'].includes(sheet.part), 'the part is neither "checks" nor "quiz"');
  need(/^[0-9a-f]{16}$/.test(sheet.hash), 'the hash is not 16 hexadecimal digits');
  need(Array.isArray(sheet.checks), 'there is no list of checks');
  for (const check of sheet.checks) {
    need(typeof check?.name === 'string' && check.name, 'a check has no name');
    need(typeof check.title === 'string', `the check ${check.name} has no title`);
    need(STATES.includes(check.status), `the check ${check.name} has no known status`);
    need(Number.isInteger(check.points) && check.points >= 0, `the check ${check.name} has no points`);
  }
  return summed(sheet);
}

/** A sheet whose sums are those of its checks, whatever the file said. */
function summed({ lesson, part, hash, checks }) {
  const sum = (list) => list.reduce((total, check) => total + check.points, 0);
  const passed = checks.filter((check) => check.status === 'passed');
  return { lesson, part, hash, points: sum(passed), max_points: sum(checks), checks };
}

function merge(old, added) {
  const sheets = new Map();
  for (const sheet of [...old, ...added]) {
    const key = [sheet.lesson, sheet.part, sheet.hash].join(' ');
    const before = sheets.get(key);
    sheets.set(key, before ? better(before, sheet) : sheet);
  }
  return [...sheets.values()];
}

function better(old, added) {
  const checks = new Map(old.checks.map((check) => [check.name, check]));
  for (const check of added.checks) {
    const before = checks.get(check.name);
    const worse = before && STATES.indexOf(check.status) < STATES.indexOf(before.status);
    if (!worse) checks.set(check.name, check);
  }
  return summed({ ...old, checks: [...checks.values()] });
}

const write = (sheets) => `${JSON.stringify({ format: FORMAT, sheets }, null, 2)}\n`;

function stored() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function store(key, text) {
  try {
    localStorage.setItem(key, text);
    return true;
  } catch {
    return false;
  }
}

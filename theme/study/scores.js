// Shows the saved scores, on the progress page and in a lesson's table of checks.

import * as progress from './progress.js';

const MAX_FILE = 10_000_000;

const { findSheet } = progress;
const page = document.querySelector('section.progress');
/** The parts of all lessons. */
const cells = /** @type {HTMLElement[]} */ ([...(page?.querySelectorAll('td[data-lesson]') ?? [])]);
const tables = document.querySelectorAll('table.checks');

function refresh() {
  if (page) showProgress(page);
  tables.forEach(showPassed);
}

/** @param {Element} page */
function showProgress(page) {
  const scores = cells.map(showPoints);
  for (const sum of /** @type {NodeListOf<HTMLElement>} */ (page.querySelectorAll('td[data-sum]'))) {
    const points = scores.filter((_, i) => cells[i].dataset.part === sum.dataset.sum);
    const score = /** @type {HTMLElement} */ (sum.querySelector('.score'));
    score.textContent = `${points.reduce((total, x) => total + x, 0)}`;
  }
  // What is next: the first lesson that is not done.
  const open = cells.find((cell, i) => scores[i] < Number(cell.dataset.max));
  const lesson = /** @type {HTMLAnchorElement | null} */ (open?.closest('tr')?.querySelector('a') ?? null);
  const next = /** @type {HTMLElement} */ (page.querySelector('.next-lesson'));
  next.hidden = !lesson;
  if (!lesson) return;
  const link = /** @type {HTMLAnchorElement} */ (next.querySelector('a'));
  link.textContent = lesson.textContent;
  link.href = lesson.href;
}

/** @param {HTMLElement} cell @returns {number} The points. */
function showPoints(cell) {
  const { lesson, part, hash, max } = cell.dataset;
  const sheet = findSheet(lesson, part, hash);
  const score = /** @type {HTMLElement} */ (cell.querySelector('.score'));
  score.textContent = sheet ? `${sheet.points}` : '–';
  cell.style.setProperty('--v', `${sheet ? sheet.points / Number(max) : 0}`);
  cell.querySelector('.older')?.remove();
  const hasOlder = progress.loadSheets().some((other) => other.lesson === lesson && other.part === part);
  if (!sheet && hasOlder) {
    const note = document.createElement('span');
    note.className = 'older';
    note.textContent = 'scored on an earlier version';
    cell.append(note);
  }
  return sheet?.points ?? 0;
}

/** @param {HTMLElement} table */
function showPassed(table) {
  const sheet = findSheet(table.dataset.lesson, 'checks', table.dataset.hash);
  for (const row of table.querySelectorAll('tr[data-check]')) {
    row.querySelector('.mark')?.remove();
    const check = sheet?.checks.find(({ name }) => name === row.dataset.check);
    if (check?.status !== 'passed') continue;
    const mark = document.createElement('span');
    mark.className = 'mark';
    mark.textContent = ' ✓ passed';
    row.querySelector('th')?.append(mark);
  }
}

/** @param {string} text */
function showStatus(text, failed = false) {
  const line = /** @type {HTMLElement} */ (page?.querySelector('.status'));
  line.textContent = text;
  line.classList.toggle('failed', failed);
}

function exportFile() {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([progress.exportJson()], { type: 'application/json' }));
  link.download = 'study-progress.json';
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  showStatus('Exported as study-progress.json.');
}

/** Keeps what does not fit this book, and says so. @param {string} file @param {Sheet[]} unfit
 * @param {string[]} reasons */
function keepAside(file, unfit, reasons) {
  if (unfit.length === 0) return '';
  const list = unfit.map(({ lesson, part }, i) => `${lesson}, ${part}: ${reasons[i]}`);
  const key = progress.setAside(file, progress.toJson(unfit));
  const where = key ? `A copy is in the storage of this browser, as “${key}”.` : 'Keep your file.';
  return `Left out, since it does not fit this book: ${list.join('; ')}. ${where}`;
}

/** @param {HTMLInputElement} field */
async function importFile(field) {
  const file = field.files?.[0];
  if (!file) return;
  try {
    if (file.size > MAX_FILE) throw new Error('It is larger than any file of scores.');
    const sheets = progress.parseSheets(await file.text());
    const { whyUnfit } = await import('./fits.js');
    const reasons = sheets.map((sheet) => whyUnfit(sheet, cells));
    const fit = sheets.filter((_, i) => !reasons[i]);
    const unfit = sheets.filter((_, i) => reasons[i]);
    const leftOut = keepAside(file.name, unfit, reasons.filter(Boolean));
    if (fit.length === 0 && leftOut) throw new Error(leftOut);
    const isSaved = progress.saveSheets(fit);
    const count = fit.length === 1 ? '1 sheet' : `${fit.length} sheets`;
    const note =
      'This browser could not keep them: its storage is full or switched off. ' +
      'Export them before you leave the page.';
    const said = [`Imported ${count} of scores.`, isSaved ? '' : note, leftOut];
    showStatus(said.filter(Boolean).join(' '), !isSaved || leftOut !== '');
  } catch (error) {
    const { message } = /** @type {Error} */ (error);
    showStatus(`“${file.name}” was not imported. ${message} Your scores are as they were.`, true);
  }
  // Otherwise the same file, chosen again, would fire no event.
  field.value = '';
}

page?.querySelector('.unloaded')?.remove();
page?.querySelector('.export')?.addEventListener('click', exportFile);
page?.querySelector('.import input')?.addEventListener('change', (event) => {
  importFile(/** @type {HTMLInputElement} */ (event.target));
});
document.addEventListener(progress.CHANGED, refresh);
addEventListener('storage', refresh);
refresh();

// Shows scores in the pages: on the progress page, and in a lesson's table of checks.

import { add, CHANGED, exported, find, load, parse } from './progress.js';

const MAX_FILE = 10_000_000;

const page = document.querySelector('section.progress');
const tables = document.querySelectorAll('table.checks');

function refresh() {
  page?.querySelectorAll('tr[data-lesson]').forEach(showRow);
  tables.forEach(showChecks);
}

function showRow(row) {
  const { lesson, part, hash, max } = row.dataset;
  const sheet = find(lesson, part, hash);
  const cell = row.querySelector('.points');
  row.querySelector('.score').textContent = sheet ? sheet.points : '–';
  cell.style.setProperty('--v', sheet ? sheet.points / max : 0);
  cell.querySelector('.older')?.remove();
  const older = load().some((other) => other.lesson === lesson && other.part === part);
  if (sheet || !older) return;
  const note = document.createElement('span');
  note.className = 'older';
  note.textContent = 'scored on an earlier version';
  cell.append(note);
}

function showChecks(table) {
  const sheet = find(table.dataset.lesson, 'checks', table.dataset.hash);
  for (const row of table.querySelectorAll('tr[data-check]')) {
    row.querySelector('.mark')?.remove();
    const check = sheet?.checks.find((one) => one.name === row.dataset.check);
    if (check?.status !== 'passed') continue;
    const mark = document.createElement('span');
    mark.className = 'mark';
    mark.textContent = ' ✓ passed';
    row.querySelector('th').append(mark);
  }
}

function say(text, failed = false) {
  const line = page.querySelector('.status');
  line.textContent = text;
  line.classList.toggle('failed', failed);
}

function exportFile() {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([exported()], { type: 'application/json' }));
  link.download = 'study-progress.json';
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  say('Exported as study-progress.json.');
}

async function importFile(field) {
  const file = field.files[0];
  if (!file) return;
  try {
    if (file.size > MAX_FILE) throw new Error('It is larger than any file of scores.');
    const sheets = parse(await file.text());
    const isKept = add(sheets);
    const count = sheets.length === 1 ? '1 sheet' : `${sheets.length} sheets`;
    const note =
      ' This browser could not keep them: its storage is full or switched off. ' +
      'Export them before you leave the page.';
    say(`Imported ${count} of scores.${isKept ? '' : note}`, !isKept);
  } catch (error) {
    say(`“${file.name}” was not imported. ${error.message} Your scores are as they were.`, true);
  }
  // The same file again must be a change again.
  field.value = '';
}

page?.querySelector('.export').addEventListener('click', exportFile);
page?.querySelector('.import input').addEventListener('change', (event) => importFile(event.target));
document.addEventListener(CHANGED, refresh);
addEventListener('storage', refresh);
refresh();

// Grades the quiz of a page, explains the chosen answers, and saves the score.

import { findSheet, NOT_SAVED, saveSheets } from './progress.js';

document.querySelectorAll('section.quiz').forEach(mount);

/** @param {HTMLElement} section */
function mount(section) {
  const form = /** @type {HTMLFormElement} */ (section.querySelector('form'));
  const questions = [...form.querySelectorAll('[data-question]')];
  const status = /** @type {HTMLElement} */ (section.querySelector('.status'));
  section.querySelector('.unloaded')?.remove();
  section.dataset.live = '';

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    grade(section, questions, status);
  });
  form.addEventListener('reset', () => {
    questions.forEach(clear);
    status.textContent = '';
  });
  form.addEventListener('change', (event) => {
    clear(/** @type {Element} */ (event.target).closest('[data-question]'));
  });
  // mdBook turns the page on arrow keys, which choose an answer here.
  form.addEventListener('keydown', (event) => event.stopPropagation());

  const sheet = findSheet(section.dataset.lesson, 'quiz', section.dataset.hash);
  if (sheet) status.textContent = `Your best score so far: ${sheet.points} of ${sheet.max_points}.`;
}

/** @param {Element | null} question */
function clear(question) {
  question?.classList.remove('unanswered');
  question?.querySelectorAll('.choice').forEach((choice) => {
    choice.classList.remove('correct', 'wrong');
    /** @type {HTMLElement} */ (choice.querySelector('.why')).hidden = true;
    choice.querySelector('.why > b')?.remove();
  });
}

/** @param {HTMLElement} section @param {HTMLElement[]} questions @param {HTMLElement} status */
function grade(section, questions, status) {
  const checks = questions.map(gradeQuestion);
  const answered = checks.filter((check) => check.status !== 'unfinished');
  const points = checks.filter((check) => check.status === 'passed').length;
  const { lesson = '', hash = '' } = section.dataset;
  const max_points = checks.length;
  /** @type {Sheet} */
  const sheet = { lesson, part: 'quiz', hash, points, max_points, checks };
  const isSaved = answered.length === 0 || saveSheets([sheet]);
  const left = checks.length - answered.length;
  const rest =
    left === 0
      ? ''
      : left === 1
        ? ' 1 question has no answer yet.'
        : ` ${left} questions have no answer yet.`;
  status.textContent = `${points} of ${checks.length} right.${rest}${isSaved ? '' : ` ${NOT_SAVED}`}`;
}

/** @param {HTMLElement} question @returns {CheckResult} */
function gradeQuestion(question) {
  clear(question);
  /** @type {HTMLInputElement | null} */
  const chosen = question.querySelector('input:checked');
  const right = chosen?.value === question.dataset.answer;
  question.classList.toggle('unanswered', !chosen);
  if (chosen) {
    const choice = /** @type {HTMLElement} */ (chosen.closest('.choice'));
    const why = /** @type {HTMLElement} */ (choice.querySelector('.why'));
    const verdict = document.createElement('b');
    verdict.textContent = right ? '✓ Right.' : '✗ Not quite.';
    choice.classList.add(right ? 'correct' : 'wrong');
    why.prepend(verdict, ' ');
    why.hidden = false;
  }
  const title = question.querySelector('legend')?.textContent.replace(/\s+/g, ' ').trim() ?? '';
  const status = !chosen ? 'unfinished' : right ? 'passed' : 'failed';
  return { name: question.dataset.question ?? '', title, status, points: right ? 1 : 0, max_points: 1 };
}

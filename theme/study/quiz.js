// Grades the quiz of a page, explains every chosen answer, and keeps the score.

import { find, keep, NOT_KEPT } from './progress.js';

document.querySelectorAll('section.quiz').forEach(enliven);

function enliven(section) {
  const form = section.querySelector('form');
  const questions = [...form.querySelectorAll('[data-question]')];
  const status = section.querySelector('.status');

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    grade(section, questions, status);
  });
  form.addEventListener('reset', () => {
    questions.forEach(clear);
    status.textContent = '';
  });
  form.addEventListener('change', (event) => clear(event.target.closest('[data-question]')));
  // The book's own keys must not turn the page while a reader picks a choice.
  form.addEventListener('keydown', (event) => event.stopPropagation());

  const sheet = find(section.dataset.lesson, 'quiz', section.dataset.hash);
  if (sheet) status.textContent = `Your best score so far: ${sheet.points} of ${sheet.max_points}.`;
}

function clear(question) {
  question.classList.remove('unanswered');
  for (const choice of question.querySelectorAll('.choice')) {
    choice.classList.remove('correct', 'wrong');
    choice.querySelector('.why').hidden = true;
    choice.querySelector('.why > b')?.remove();
  }
}

function grade(section, questions, status) {
  const checks = questions.map(judge);
  const answered = checks.filter((check) => check.status !== 'unfinished');
  const points = checks.filter((check) => check.status === 'passed').length;
  const { lesson, hash } = section.dataset;
  const sheet = { lesson, part: 'quiz', hash, points, max_points: checks.length, checks };
  const isKept = answered.length === 0 || keep(sheet);
  const left = checks.length - answered.length;
  const rest =
    left === 0
      ? ''
      : left === 1
        ? ' 1 question has no answer yet.'
        : ` ${left} questions have no answer yet.`;
  status.textContent = `${points} of ${checks.length} right.${rest}${isKept ? '' : ` ${NOT_KEPT}`}`;
}

/** Marks a question, explains the choice, and returns its result as a check. */
function judge(question) {
  clear(question);
  const chosen = question.querySelector('input:checked');
  const right = chosen?.value === question.dataset.answer;
  question.classList.toggle('unanswered', !chosen);
  if (chosen) {
    const choice = chosen.closest('.choice');
    const why = choice.querySelector('.why');
    const verdict = document.createElement('b');
    verdict.textContent = right ? '✓ Right.' : '✗ Not quite.';
    choice.classList.add(right ? 'correct' : 'wrong');
    why.prepend(verdict, ' ');
    why.hidden = false;
  }
  const title = question.querySelector('legend').textContent.replace(/\s+/g, ' ').trim();
  const status = !chosen ? 'unfinished' : right ? 'passed' : 'failed';
  return { name: question.dataset.question, title, status, points: 1 };
}

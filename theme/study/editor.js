// Makes a text area a code editor: colors, line numbers, marks at lines with errors, indentation.
// The text area stays the field. Its letters are transparent, and the same text lies colored under
// it, where nothing but the eye finds it.

import { tokens } from './wgsl.js';

/** A longer text is not colored, so that typing stays quick. */
const MAX_COLORED = 64 << 10;

/** @param {HTMLElement} box */
export function createEditor(box) {
  const area = /** @type {HTMLTextAreaElement} */ (box.querySelector('textarea'));
  const gutter = /** @type {HTMLElement} */ (box.querySelector('.gutter'));
  let lines = 0;
  /** @type {Set<number>} */
  let marked = new Set();

  const renderGutter = () => {
    const parts = [];
    let unmarked = '';
    for (let line = 1; line <= lines; line++) {
      if (marked.has(line)) {
        const mark = document.createElement('mark');
        mark.textContent = `${line}`;
        parts.push(unmarked, mark);
        unmarked = '\n';
      } else {
        unmarked += `${line}\n`;
      }
    }
    gutter.replaceChildren(...parts, unmarked);
    syncScroll();
  };
  const colors = addColors(box);
  const syncScroll = () => {
    gutter.scrollTop = area.scrollTop;
    colors.style.transform = `translate(${-area.scrollLeft}px, ${-area.scrollTop}px)`;
  };
  const updateText = () => {
    const { value } = area;
    const colored = value.length <= MAX_COLORED;
    colors.replaceChildren(colored ? inColors(value) : '');
    box.toggleAttribute('data-colored', colored);
    syncScroll();
    updateLines();
  };
  const updateLines = () => {
    const count = area.value.split('\n').length;
    if (count !== lines) {
      lines = count;
      renderGutter();
    }
  };
  /** Marks these lines and no others. @param {number[]} errors */
  const markLines = (errors) => {
    if (marked.size === 0 && errors.length === 0) return;
    marked = new Set(errors);
    renderGutter();
  };
  /** Moves the cursor, counted from 1, and scrolls to it. @param {number} line @param {number} column */
  const goTo = (line, column) => {
    const texts = area.value.split('\n');
    const start = texts.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
    // A column counts characters, a text area UTF-16 units.
    const at = start + [...(texts[line - 1] ?? '')].slice(0, column - 1).join('').length;
    area.focus();
    area.setSelectionRange(at, at);
    const height = parseFloat(getComputedStyle(area).lineHeight);
    area.scrollTop = Math.max(0, (line - 1) * height - area.clientHeight / 2);
  };

  area.addEventListener('scroll', syncScroll, { passive: true });
  area.addEventListener('input', updateText);
  area.addEventListener('keydown', (event) => {
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing;
    if (event.key === 'Enter' && plain) indent(area, event);
  });
  updateText();
  return { markLines, goTo, updateText };
}

/** The place of the colored text. @param {HTMLElement} box */
function addColors(box) {
  const clip = document.createElement('div');
  clip.className = 'colors';
  clip.ariaHidden = 'true';
  clip.translate = false;
  const text = document.createElement('div');
  clip.append(text);
  box.prepend(clip);
  return text;
}

/** What is typed is never read as HTML. @param {string} text */
function inColors(text) {
  const colored = document.createDocumentFragment();
  for (const { part, kind } of tokens(text)) {
    if (!kind) {
      colored.append(part);
      continue;
    }
    const span = document.createElement('span');
    span.className = kind;
    span.textContent = part;
    colored.append(span);
  }
  return colored;
}

/**
 * Indents a new line like the last one, and deeper after an opening brace.
 * @param {HTMLTextAreaElement} area @param {Event} event
 */
function indent(area, event) {
  const before = area.value.slice(
    area.value.lastIndexOf('\n', area.selectionStart - 1) + 1,
    area.selectionStart,
  );
  const space = (before.match(/^[ \t]+/)?.[0] ?? '') + (/\{\s*$/.test(before) ? '    ' : '');
  if (!space) return;
  // Deprecated, but the only way that keeps the undo history. If it fails, the plain key works.
  if (document.execCommand('insertText', false, `\n${space}`)) event.preventDefault();
}

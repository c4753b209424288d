// Makes a text area a code editor: colors, line numbers, marks at lines with errors, indentation.
// The text area stays the field. Its letters are transparent, and the same text lies colored under
// it, where nothing but the eye finds it.

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
  const code = addColors(box);
  const syncScroll = () => {
    gutter.scrollTop = area.scrollTop;
    code.style.transform = `translate(${-area.scrollLeft}px, ${-area.scrollTop}px)`;
  };
  const updateText = () => {
    colorize(code, area.value);
    box.toggleAttribute('data-colored', code.childNodes.length > 0);
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
  const colors = document.createElement('pre');
  colors.className = 'colors';
  colors.ariaHidden = 'true';
  const code = document.createElement('code');
  colors.append(code);
  box.prepend(colors);
  return code;
}

/** Leaves it empty where it cannot be colored. @param {HTMLElement} code @param {string} text */
function colorize(code, text) {
  // mdBook's copy of highlight.js, which every page loads.
  const { hljs } = globalThis;
  if (!hljs?.getLanguage('wgsl') || text.length > MAX_COLORED) code.replaceChildren();
  else code.innerHTML = hljs.highlight('wgsl', text, true).value;
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

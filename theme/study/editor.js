// A text area as a code editor: line numbers, marks at lines with errors, indentation.

/** Makes `<div class="editor">` one; returns `{mark, jump}`. */
export function edit(box) {
  const area = box.querySelector('textarea');
  const gutter = box.querySelector('.gutter');
  let lines = 0;
  let marked = new Set();

  const draw = () => {
    const parts = [];
    let run = '';
    for (let line = 1; line <= lines; line++) {
      if (marked.has(line)) {
        const mark = document.createElement('mark');
        mark.textContent = line;
        parts.push(run, mark);
        run = '\n';
      } else {
        run += `${line}\n`;
      }
    }
    gutter.replaceChildren(...parts, run);
    follow();
  };
  const follow = () => (gutter.scrollTop = area.scrollTop);
  const count = () => {
    const now = area.value.split('\n').length;
    if (now !== lines) {
      lines = now;
      draw();
    }
  };
  /** Marks these lines and forgets all others. */
  const mark = (errors) => {
    if (marked.size === 0 && errors.length === 0) return;
    marked = new Set(errors);
    draw();
  };
  /** Puts the cursor at a place, counted from 1, and shows it. */
  const jump = (line, column) => {
    const texts = area.value.split('\n');
    const start = texts.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
    // A column counts characters, a text area UTF-16 units.
    const at = start + [...(texts[line - 1] ?? '')].slice(0, column - 1).join('').length;
    area.focus();
    area.setSelectionRange(at, at);
    const height = parseFloat(getComputedStyle(area).lineHeight);
    area.scrollTop = Math.max(0, (line - 1) * height - area.clientHeight / 2);
  };

  area.addEventListener('scroll', follow, { passive: true });
  area.addEventListener('input', count);
  area.addEventListener('keydown', (event) => {
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing;
    if (event.key === 'Enter' && plain) indent(area, event);
  });
  count();
  return { mark, jump, count };
}

/** A new line starts where the last one started, and deeper after an opening brace. */
function indent(area, event) {
  const before = area.value.slice(
    area.value.lastIndexOf('\n', area.selectionStart - 1) + 1,
    area.selectionStart,
  );
  const space = before.match(/^[ \t]*/)[0] + (/\{\s*$/.test(before) ? '    ' : '');
  if (!space) return;
  // The only way that keeps the browser's undo history. Where it is gone, the plain key works.
  if (document.execCommand('insertText', false, `\n${space}`)) event.preventDefault();
}
